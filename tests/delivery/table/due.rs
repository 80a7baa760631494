//! Netdata's own delays, and the sender's patience.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk, told};
use crate::scene::{CONFIG, Scene};

#[test]
fn a_raise_waits_for_netdatas_own_delay() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.world.delay = 60;
    scene.world.set(&disk(), Warning);
    scene.wait(59);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT warning"]);
}

#[test]
fn a_raise_that_is_over_before_its_delay_never_happened() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
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
