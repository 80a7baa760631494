//! What is raised, grows, falls and clears.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk, started, told};
use crate::delivery::scene::Scene;
use crate::delivery::world::alert;

#[test]
fn a_raise_is_told_and_its_clear_resolves() {
    let mut scene = told(Warning);
    assert_eq!(scene.open(), ["own/guid-own/chart.disk/disk/warning"]);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
    assert_eq!(scene.open(), NOTHING);
    assert_eq!(scene.watch_for(600), NOTHING);
    assert!(scene.ledger().entries.is_empty(), "nothing needs to be remembered");
}

#[test]
fn a_warning_that_grows_critical_is_told_before_it_is_resolved() {
    let mut scene = told(Warning);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE warning"]);
}

#[test]
fn a_critical_that_falls_to_warning_gets_a_comment_and_stays_until_clear() {
    let mut scene = told(Critical);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["COMMENT critical"]);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn a_critical_that_fell_and_rose_again_is_told_again() {
    let mut scene = told(Critical);
    scene.world.set(&disk(), Warning);
    scene.run();
    scene.wait(60);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn what_cleared_and_came_back_between_runs_is_resolved_and_told_anew() {
    let mut scene = told(Warning);
    scene.world.set(&disk(), Clear);
    scene.wait(5);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["RESOLVE warning", "ALERT warning"]);
}

#[test]
fn what_came_and_went_between_runs_is_told_and_resolved() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.wait(30);
    scene.world.set(&disk(), Clear);
    scene.wait(30);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
    assert_eq!(scene.ilert.taken.borrow()[0].2, Some("HIGH"));
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn old_news_pages_nobody() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.wait(30);
    scene.world.set(&disk(), Clear);
    scene.wait(15 * 60 + 1);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
    assert_eq!(scene.ilert.taken.borrow()[0].2, Some("LOW"));
}

#[test]
fn another_value_of_the_same_status_is_no_news() {
    let mut scene = told(Critical);
    for _ in 0..3 {
        scene.wait(3);
        scene.world.set(&disk(), Critical);
    }
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn the_first_run_tells_what_is_raised_and_no_history() {
    let mut scene = Scene::new(&["own"]);
    scene.world.set(&alert("own", "past"), Warning);
    scene.world.set(&alert("own", "past"), Clear);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
}
