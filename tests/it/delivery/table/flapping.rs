//! What comes and goes too often stays open until it has been clear for a while.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk};
use crate::delivery::scene::{CONFIG, Scene};

fn flappable() -> Scene {
    let mut scene = Scene::with(&["own", "child"], &CONFIG.replace("flap_after = 0", "flap_after = 3"));
    assert_eq!(scene.run(), NOTHING);
    scene.wait(60);
    scene
}

/// Raised, and clear two minutes later.
fn comes_and_goes(scene: &mut Scene) -> Vec<String> {
    scene.world.set(&disk(), Critical);
    let mut told = scene.run();
    scene.wait(120);
    scene.world.set(&disk(), Clear);
    told.extend(scene.run());
    scene.wait(120);
    told
}

fn flapping() -> Scene {
    let mut scene = flappable();
    for _ in 0..2 {
        assert_eq!(comes_and_goes(&mut scene), ["ALERT critical", "RESOLVE critical"]);
    }
    assert_eq!(comes_and_goes(&mut scene), ["ALERT critical", "COMMENT critical"]);
    scene
}

#[test]
fn it_stays_open_with_one_comment_until_it_has_been_clear_for_a_quarter_of_an_hour() {
    let mut scene = flapping();
    assert!(
        scene
            .ilert
            .summaries
            .borrow()
            .last()
            .unwrap()
            .ends_with("disk on own: clear now, and flapping: resolved once it has been clear for 15 min"),
        "{:?}",
        scene.ilert.summaries.borrow()
    );
    assert_eq!(scene.watch_for(12 * 60), NOTHING);
    assert_eq!(scene.watch_for(60), ["RESOLVE critical"]);
    assert_eq!(scene.watch_for(30 * 60), NOTHING);
    assert!(scene.ledger().entries.is_empty(), "nothing needs to be remembered");
}

#[test]
fn a_raise_meanwhile_is_a_line_at_most_every_five_minutes() {
    let mut scene = flapping();
    // Six minutes after the ALERT before.
    scene.wait(120);
    assert_eq!(comes_and_goes(&mut scene), ["ALERT critical"], "one comment is enough");
    assert_eq!(comes_and_goes(&mut scene), NOTHING, "four minutes later");
    assert_eq!(comes_and_goes(&mut scene), ["ALERT critical"], "eight minutes later");
    assert_eq!(scene.open().len(), 1);
}

#[test]
fn what_stands_for_long_is_resolved_at_once() {
    let mut scene = flappable();
    for _ in 0..2 {
        comes_and_goes(&mut scene);
    }
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.watch_for(31 * 60);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn what_flapped_in_a_silence_and_is_clear_when_it_ends_is_not_told() {
    let mut scene = flappable();
    scene.world.set(&disk(), Clear);
    scene.world.alerts.get_mut(&disk()).unwrap().silent = true;
    for _ in 0..5 {
        assert_eq!(comes_and_goes(&mut scene), NOTHING);
    }
    scene.world.alerts.get_mut(&disk()).unwrap().silent = false;
    assert_eq!(scene.watch_for(20 * 60), NOTHING);
}

#[test]
fn with_flapping_switched_off_meanwhile_a_clear_counts_at_once() {
    let mut scene = flapping();
    scene.config.delivery.flap_after = 0;
    assert_eq!(scene.watch_for(60), ["RESOLVE critical"]);
}

#[test]
fn a_node_that_comes_and_goes_flaps_too() {
    let mut scene = flappable();
    scene.run();
    let mut told = Vec::new();
    for _ in 0..3 {
        scene.world.node_mut("child").reachable = false;
        told.extend(scene.watch_for(180));
        scene.world.node_mut("child").reachable = true;
        told.extend(scene.watch_for(60));
    }
    assert_eq!(
        told,
        [
            "ALERT unreachable",
            "RESOLVE unreachable",
            "ALERT unreachable",
            "RESOLVE unreachable",
            "ALERT unreachable",
            "COMMENT unreachable"
        ]
    );
    assert_eq!(scene.watch_for(13 * 60), NOTHING);
    assert_eq!(scene.watch_for(120), ["RESOLVE unreachable"]);
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_removed_alert_is_resolved_as_such() {
    let mut scene = flapping();
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.world.vanish(&disk());
    let told = scene.watch_for(600);
    assert_eq!(told.last().map(String::as_str), Some("RESOLVE critical"));
}

/// Raised to critical, and a warning again two minutes later.
fn rises_and_falls(scene: &mut Scene) -> Vec<String> {
    scene.world.set(&disk(), Critical);
    let mut told = scene.run();
    scene.wait(60);
    scene.world.set(&disk(), Warning);
    told.extend(scene.run());
    scene.wait(60);
    told
}

const TO_AND_FRO: [&str; 2] = ["ALERT critical", "COMMENT critical"];

#[test]
fn what_returns_to_critical_again_and_again_flaps() {
    let mut scene = flappable();
    for _ in 0..3 {
        assert_eq!(rises_and_falls(&mut scene), TO_AND_FRO);
    }
    // Two, and four minutes after the ALERT before.
    for _ in 0..2 {
        assert_eq!(rises_and_falls(&mut scene), NOTHING, "ilert shows it as a warning, which it is again");
    }
    assert_eq!(rises_and_falls(&mut scene), TO_AND_FRO, "six minutes after the ALERT before");
    assert_eq!(scene.open().len(), 1);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["COMMENT critical"], "clear now, and flapping");
    assert_eq!(scene.watch_for(14 * 60), NOTHING);
    assert_eq!(scene.watch_for(60), ["RESOLVE critical"]);
}

#[test]
fn a_return_to_critical_that_lasts_is_told_after_five_minutes() {
    let mut scene = flappable();
    for _ in 0..3 {
        rises_and_falls(&mut scene);
    }
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.watch_for(120), NOTHING);
    assert_eq!(scene.watch_for(60), ["ALERT critical"], "five minutes after the ALERT before");
    assert_eq!(scene.watch_for(600), NOTHING);
}

#[test]
fn the_first_rise_to_critical_is_no_raise_of_its_own() {
    let mut scene = flappable();
    for _ in 0..2 {
        scene.world.set(&disk(), Warning);
        assert_eq!(scene.run(), ["ALERT warning"]);
        scene.wait(60);
        scene.world.set(&disk(), Critical);
        assert_eq!(scene.run(), ["ALERT critical", "RESOLVE warning"]);
        scene.wait(60);
        scene.world.set(&disk(), Clear);
        assert_eq!(scene.run(), ["RESOLVE critical"]);
        scene.wait(60);
    }
}

#[test]
fn what_grows_and_falls_without_criticals_among_the_types_does_not_flap() {
    let mut scene = flappable();
    scene.config.notification.notify.critical = false;
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    for _ in 0..5 {
        assert_eq!(rises_and_falls(&mut scene), NOTHING);
    }
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn with_flapping_switched_off_every_return_to_critical_is_told() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    for _ in 0..6 {
        assert_eq!(rises_and_falls(&mut scene), TO_AND_FRO);
    }
}

#[test]
fn with_flapping_switched_off_every_raise_pages() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    for _ in 0..6 {
        assert_eq!(comes_and_goes(&mut scene), ["ALERT critical", "RESOLVE critical"]);
    }
}
