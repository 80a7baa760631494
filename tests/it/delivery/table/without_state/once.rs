//! What left without a record is told once, whatever happens until there can be one again.

use netdata_ilert::alert::Status::{Clear, Critical};

use super::super::{NOTHING, disk, started};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::Scene;

#[test]
fn what_nobody_sees_for_a_while_is_not_told_again() {
    let mut scene = started();
    scene.writable = false;
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.wait(60);
    scene.world.away = Some("HTTP 503".to_owned());
    scene.run();
    scene.wait(10);
    scene.world.away = None;
    assert_eq!(scene.run(), NOTHING, "it stood all the time");
}

#[test]
fn what_is_seen_to_be_over_without_the_state_is_only_resolved_with_it() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.run();
    scene.writable = false;
    scene.world.set(&disk(), Critical);
    scene.world.node_mut("child").reachable = false;
    scene.watch_for(240);
    assert_eq!(scene.open().len(), 2);
    scene.world.set(&disk(), Clear);
    scene.world.node_mut("child").reachable = true;
    assert_eq!(scene.watch_for(120), NOTHING);
    scene.writable = true;
    let mut told = scene.run();
    told.sort();
    assert_eq!(told, ["RESOLVE critical", "RESOLVE unreachable"]);
    // And a node that leaves again is another page.
    scene.writable = false;
    for again in 0..2 {
        scene.world.node_mut("child").reachable = false;
        assert_eq!(scene.watch_for(240), ["ALERT unreachable"], "{again}");
        scene.world.node_mut("child").reachable = true;
        assert_eq!(scene.watch_for(60), NOTHING);
    }
}

#[test]
fn a_page_that_waited_for_an_answer_and_left_without_a_record_is_told_once() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.ilert.jinx("disk", Fault::Unavailable);
    scene.run();
    scene.ilert.unjinx();
    scene.writable = false;
    scene.wait(60);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.writable = true;
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn another_key_or_endpoint_has_a_list_of_its_own() {
    let mut scene = started();
    scene.writable = false;
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.wait(60);
    scene.config.ilert.endpoint = "https://other.example".to_owned();
    assert_eq!(scene.run(), ["ALERT critical"], "nobody told it there");
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING);
    scene.writable = true;
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn a_page_that_is_not_taken_does_not_hide_the_one_before_it() {
    for fault in [Fault::Unsent, Fault::Invalid] {
        let mut scene = started();
        scene.writable = false;
        scene.world.set(&disk(), Critical);
        assert_eq!(scene.run(), ["ALERT critical"]);
        scene.wait(60);
        scene.world.set(&disk(), Clear);
        scene.run();
        scene.wait(60);
        scene.world.set(&disk(), Critical);
        scene.ilert.always.set(Some(fault));
        scene.run();
        scene.ilert.always.set(None);
        scene.world.set(&disk(), Clear);
        scene.wait(60);
        scene.writable = true;
        scene.run();
        assert_eq!(scene.open(), NOTHING, "{fault:?}");
    }
}
