//! What the configuration and Netdata keep from being told.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk, pages_and_resolves, started, told};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, Scene, parse};
use crate::delivery::world::alert;

#[test]
fn silent_alerts_are_not_told_until_the_silence_ends() {
    let mut scene = started();
    scene.world.set(&disk(), Clear);
    scene.world.alerts.get_mut(&disk()).unwrap().silent = true;
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), NOTHING);
    scene.world.alerts.get_mut(&disk()).unwrap().silent = false;
    assert_eq!(scene.run(), ["ALERT warning"]);
}

#[test]
fn what_was_told_is_followed_through_a_silence() {
    let mut scene = told(Warning);
    scene.world.alerts.get_mut(&disk()).unwrap().silent = true;
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), NOTHING, "the warning stays open: nothing took its place");
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

fn with_types(types: &str) -> String {
    CONFIG.replace(r#""critical", "warning", "clear", "reachable", "unreachable""#, types)
}

#[test]
fn without_warning_an_alert_counts_from_critical_on_and_is_followed_until_clear() {
    let mut scene = Scene::with(&["own"], &with_types(r#""critical", "clear""#));
    scene.run();
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), NOTHING);
    pages_and_resolves(&mut scene);
}

#[test]
fn without_clear_only_what_grew_or_was_removed_is_resolved() {
    let mut scene = Scene::with(&["own"], &with_types(r#""critical", "warning""#));
    scene.run();
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE warning"]);
    scene.world.vanish(&disk());
    scene.run();
    assert_eq!(scene.watch_for(180), ["RESOLVE critical"]);
}

#[test]
fn a_filter_that_changes_resolves_what_it_no_longer_covers() {
    let mut scene = told(Warning);
    scene.config = parse(&with_types(r#""critical", "clear""#));
    assert_eq!(scene.run(), ["RESOLVE warning"]);
    scene.config = parse(CONFIG);
    assert_eq!(scene.run(), ["ALERT warning"]);
    let room = CONFIG.replace("name = \"test\"", "name = \"test\"\nrooms = [\"db\"]");
    scene.config = parse(&format!("{room}[[room]]\nname = \"db\"\nnodes = \"db-*\"\n"));
    assert_eq!(scene.run(), ["RESOLVE warning"]);
    assert_eq!(scene.watch_for(600), NOTHING);
    assert!(scene.ledger().entries.is_empty(), "nothing needs to be remembered");
}

#[test]
fn what_waits_for_an_answer_and_is_taken_out_is_only_resolved() {
    let mut scene = Scene::new(&["own", "db-1"]);
    scene.run();
    scene.world.set(&alert("own", "disk"), Critical);
    scene.ilert.jinx("disk", Fault::AnswerLost);
    scene.run();
    scene.ilert.unjinx();
    let room = CONFIG.replace("name = \"test\"", "name = \"test\"\nrooms = [\"db\"]");
    scene.config = parse(&format!("{room}[[room]]\nname = \"db\"\nnodes = \"db-*\"\n"));
    scene.wait(60);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
    assert_eq!((scene.open(), scene.watch_for(600)), (NOTHING, NOTHING));
}

#[test]
fn rooms_choose_nodes() {
    let room = CONFIG.replace("name = \"test\"", "name = \"test\"\nrooms = [\"db\"]");
    let mut scene = Scene::with(
        &["own", "db-1", "db-test"],
        &format!("{room}[[room]]\nname = \"db\"\nnodes = \"!db-test* db-*\"\n"),
    );
    scene.run();
    for host in ["own", "db-1", "db-test"] {
        scene.world.set(&alert(host, "disk"), Critical);
    }
    scene.run();
    assert_eq!(scene.open(), ["db-1/guid-db-1/chart.disk/disk/critical"]);
}
