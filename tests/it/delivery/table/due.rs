//! Netdata's own delays, and the sender's patience.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk, started, told};
use crate::delivery::scene::{CONFIG, Scene};
use crate::delivery::world::alert;

#[test]
fn a_raise_waits_for_netdatas_own_delay() {
    let mut scene = started();
    scene.world.delay = 60;
    scene.world.set(&disk(), Warning);
    scene.wait(59);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT warning"]);
}

#[test]
fn a_raise_that_is_over_before_its_delay_never_happened() {
    let mut scene = started();
    scene.world.delay = 60;
    scene.world.set(&disk(), Warning);
    scene.wait(30);
    scene.run();
    scene.world.delay = 0;
    scene.world.set(&disk(), Clear);
    scene.wait(600);
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn a_clear_waits_for_its_delay_across_runs_and_is_undone_by_a_raise() {
    let mut scene = told(Warning);
    scene.world.delay = 900;
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(300);
    scene.world.delay = 0;
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(900);
    assert_eq!(scene.run(), NOTHING);
    scene.world.delay = 900;
    scene.world.set(&disk(), Clear);
    scene.wait(900);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn the_first_run_honours_a_delay_too() {
    let mut scene = Scene::new(&["own"]);
    scene.world.delay = 60;
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(60);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

fn with_delivery(lines: &str) -> String {
    format!("{CONFIG}{lines}\n")
}

#[test]
fn resolve_after_makes_one_alert_of_flapping_and_each_raise_a_line_in_its_log() {
    let mut scene = Scene::with(&["own"], &with_delivery("resolve_after = \"5m\""));
    scene.run();
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    for _ in 0..3 {
        scene.wait(60);
        scene.world.set(&disk(), Clear);
        assert_eq!(scene.run(), NOTHING);
        scene.wait(60);
        scene.world.set(&disk(), Warning);
        // A page, had a person resolved it.
        assert_eq!(scene.run(), ["ALERT warning"]);
        assert_eq!(scene.run(), NOTHING);
    }
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.watch_for(299), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn what_the_log_does_not_have_yet_is_held() {
    for silent in [false, true] {
        let mut scene = Scene::new(&["own"]);
        scene.world.lag = 3;
        scene.run();
        scene.world.delay = if silent { 0 } else { 300 };
        scene.world.set(&disk(), Critical);
        scene.world.alerts.get_mut(&disk()).unwrap().silent = silent;
        scene.world.log.last_mut().unwrap().silent = silent;
        for _ in 0..5 {
            assert_eq!(scene.run(), NOTHING, "silent: {silent}");
            scene.wait(1);
        }
        scene.wait(200);
        assert_eq!(scene.run(), NOTHING);
    }
}

#[test]
fn a_clear_that_the_log_does_not_have_yet_is_held_and_told_once() {
    let mut scene = told(Warning);
    scene.world.lag = 3;
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(4);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
    assert_eq!(scene.watch_for(300), NOTHING);
}

#[test]
fn a_log_that_tells_what_the_state_has_told_tells_nothing_twice() {
    let mut scene = started();
    // The state is taken in before the log shows it, as where the log does not come in time.
    scene.world.log_is_late = true;
    for number in 0..7 {
        scene.world.set(&alert("own", &format!("a{number}")), Critical);
    }
    assert_eq!(scene.run().len(), 7);
    scene.wait(1);
    scene.world.set(&alert("own", "a0"), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
    scene.world.log_is_late = false;
    scene.wait(1);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(600), NOTHING);
}

#[test]
fn repeats_that_the_log_shows_late_page_nobody() {
    let mut scene = told(Critical);
    scene.wait(10);
    scene.world.set(&disk(), Critical);
    scene.wait(2);
    scene.world.log_is_late = true;
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
    scene.world.log_is_late = false;
    scene.wait(3);
    assert_eq!(scene.run(), NOTHING, "the repeat is older than the clear");
    assert_eq!(scene.watch_for(600), NOTHING);
}

#[test]
fn resolve_after_a_person_has_resolved_it_pages_again() {
    let mut scene = Scene::with(&["own"], &with_delivery("resolve_after = \"5m\""));
    scene.run();
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.wait(60);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), NOTHING);
    scene.ilert.open.borrow_mut().clear();
    scene.wait(60);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn resolve_after_counts_only_time_that_was_seen() {
    let mut scene = Scene::with(&["own"], &with_delivery("resolve_after = \"5m\""));
    scene.run();
    scene.world.set(&disk(), Warning);
    scene.run();
    scene.watch_for(120);
    scene.world.set(&disk(), Clear);
    scene.run();
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(300), ["RESOLVE warning"]);
}
