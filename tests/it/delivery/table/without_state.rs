//! A state that cannot be written: pages go out all the same, none is lost, and none stays open.

mod once;

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk, started, told};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, Scene, parse};
use crate::delivery::world::alert;

#[test]
fn a_state_that_cannot_be_written_silences_no_page() {
    let mut scene = told(Warning);
    scene.world.set(&disk(), Critical);
    scene.world.set(&alert("own", "ram"), Warning);
    scene.writable = false;
    assert_eq!(scene.run(), ["ALERT critical"], "a warning waits");
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING, "told, as a list beside the lock says");
    scene.writable = true;
    scene.wait(60);
    assert_eq!(scene.run(), ["RESOLVE warning", "ALERT warning"]);
    let mut open = scene.open();
    open.sort();
    assert_eq!(open, ["own/guid-own/chart.disk/disk/critical", "own/guid-own/chart.ram/ram/warning"]);
    scene.world.set(&disk(), Clear);
    scene.world.set(&alert("own", "ram"), Clear);
    scene.run();
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_page_that_left_without_a_record_and_is_over_since_is_resolved() {
    let mut scene = started();
    scene.writable = false;
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.wait(60);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), NOTHING);
    scene.writable = true;
    scene.wait(60);
    scene.run();
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn every_page_has_its_turn_while_the_state_cannot_be_written() {
    let mut scene = Scene::with(&["own"], &CONFIG.replace("1000", "20"));
    scene.run();
    for number in 0..12 {
        scene.world.set(&alert("own", &format!("a{number:02}")), Critical);
    }
    scene.writable = false;
    let mut turns = || {
        scene.wait(60);
        scene.run().len()
    };
    assert_eq!([turns(), turns(), turns(), turns()], [5, 5, 2, 0], "at most a quarter of the pace");
    scene.left.loses_lists = true;
    scene.writable = true;
    scene.run();
    for number in 0..12 {
        scene.world.set(&alert("own", &format!("b{number:02}")), Critical);
    }
    scene.writable = false;
    for _ in 0..60 {
        scene.wait(60);
        assert_eq!(scene.run().len(), 5, "nobody knows of the run before");
    }
    assert_eq!(scene.open().len(), 24);
}

#[test]
fn the_order_without_a_state_comes_from_the_random_numbers_alone() {
    let told = |seed| {
        let mut scene = Scene::with(&["own"], &CONFIG.replace("1000", "20"));
        scene.random.replace(fastrand::Rng::with_seed(seed));
        scene.run();
        for number in 0..12 {
            scene.world.set(&alert("own", &format!("a{number:02}")), Critical);
        }
        scene.writable = false;
        scene.watch_for(300);
        scene.ilert.taken.take()
    };
    assert_eq!(told(1), told(1));
    assert_ne!(told(1), told(2));
}

#[test]
fn a_page_that_was_told_before_the_disk_was_full_is_no_second_page() {
    let mut scene = told(Critical);
    scene.writable = false;
    for _ in 0..2 {
        scene.world.set(&disk(), Clear);
        scene.wait(5);
        scene.world.set(&disk(), Critical);
        scene.wait(60);
        assert_eq!(scene.run(), ["ALERT critical"], "a line of the alert that is open");
        scene.wait(60);
        assert_eq!(scene.run(), NOTHING);
    }
    scene.writable = true;
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING, "it is raised, and told");
}

#[test]
fn a_page_that_did_not_leave_while_the_disk_was_full_is_not_taken_to_be_open() {
    let mut scene = started();
    scene.writable = false;
    scene.world.set(&alert("own", "ram"), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.world.set(&disk(), Critical);
    scene.ilert.jinx("disk", Fault::Unsent);
    scene.writable = true;
    scene.wait(60);
    scene.run();
    scene.world.set(&disk(), Warning);
    scene.ilert.unjinx();
    scene.watch_for(300);
    let disk_open = "own/guid-own/chart.disk/disk/critical";
    assert!(scene.open().iter().any(|key| key == disk_open), "Netdata shows it");
    scene.world.set(&disk(), Clear);
    scene.run();
    assert_eq!(scene.open(), ["own/guid-own/chart.ram/ram/critical"]);
}

#[test]
fn an_agent_that_was_told_away_without_a_record_is_resolved_when_it_answers() {
    let mut scene = started();
    scene.world.away = Some("connection refused".to_owned());
    for _ in 0..2 {
        assert_eq!(scene.run(), NOTHING);
        scene.wait(60);
    }
    scene.writable = false;
    assert_eq!(scene.run(), ["ALERT unreachable"]);
    scene.wait(60);
    scene.world.away = None;
    scene.writable = true;
    assert_eq!(scene.run(), ["RESOLVE unreachable"]);
    assert_eq!((scene.open(), scene.watch_for(600)), (NOTHING, NOTHING));
}

#[test]
fn such_a_page_is_not_forgotten_while_the_agent_is_away() {
    let mut scene = started();
    scene.wait(200);
    scene.world.away = Some("connection refused".to_owned());
    scene.writable = false;
    assert_eq!(scene.run(), ["ALERT unreachable"]);
    scene.wait(20);
    scene.writable = true;
    assert_eq!(scene.run(), NOTHING);
    scene.world.away = None;
    scene.wait(20);
    assert_eq!(scene.run(), ["RESOLVE unreachable"]);
}

#[test]
fn a_node_that_was_told_unreachable_without_a_record_is_resolved_once_it_is_back() {
    for is_back_at_once in [true, false] {
        let mut scene = Scene::new(&["own", "child"]);
        scene.run();
        scene.world.node_mut("child").reachable = false;
        scene.writable = false;
        scene.watch_for(240);
        assert_eq!(scene.open(), ["child/guid-child/unreachable"]);
        scene.writable = true;
        scene.world.node_mut("child").reachable = is_back_at_once;
        scene.run();
        scene.world.node_mut("child").reachable = true;
        scene.wait(20);
        scene.run();
        assert_eq!((scene.open(), scene.watch_for(600)), (NOTHING, NOTHING), "{is_back_at_once}");
    }
}

#[test]
fn a_raise_that_left_after_a_clear_was_recorded_is_not_told_twice() {
    let mut scene = told(Critical);
    scene.world.set(&disk(), Clear);
    scene.ilert.jinx("disk", Fault::Unsent);
    scene.run();
    scene.ilert.unjinx();
    scene.writable = false;
    scene.wait(60);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.writable = true;
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Clear);
    assert_eq!((scene.run(), scene.open()), (vec!["RESOLVE critical".to_owned()], vec![]));
}

#[test]
fn a_page_that_nobody_answered_is_told_again() {
    for loses_lists in [false, true] {
        let mut scene = started();
        scene.left.loses_lists = loses_lists;
        scene.writable = false;
        scene.world.set(&disk(), Critical);
        scene.ilert.jinx("disk", Fault::Reset);
        scene.run();
        scene.ilert.unjinx();
        scene.writable = true;
        scene.wait(60);
        assert_eq!(scene.run(), ["ALERT critical"]);
        scene.world.set(&disk(), Clear);
        assert_eq!((scene.run(), scene.open()), (vec!["RESOLVE critical".to_owned()], vec![]));
    }
}

#[test]
fn what_left_without_a_record_needs_no_log() {
    let mut scene = started();
    scene.writable = false;
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.wait(60);
    scene.world.set(&disk(), Clear);
    scene.read = Some(scene.world.log.len());
    scene.writable = true;
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn a_page_that_was_refused_before_and_left_without_a_record_is_resolved() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.ilert.jinx("disk", Fault::Invalid);
    scene.run();
    scene.ilert.unjinx();
    // A state that cannot be read knows of no refusal.
    let state = std::mem::replace(&mut scene.folder, Scene::new(&["own"]).folder);
    scene.writable = false;
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.folder = state;
    scene.writable = true;
    scene.world.set(&disk(), Clear);
    scene.wait(60);
    scene.run();
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_node_that_was_told_unreachable_without_a_record_is_resolved_though_it_is_dropped_at_once() {
    let room = CONFIG.replace("name = \"test\"", "name = \"test\"\nrooms = [\"own\"]");
    let room = format!("{room}[[room]]\nname = \"own\"\nnodes = \"own\"\n");
    let replaced = |scene: &mut Scene| scene.world.add_node("child", "guid-rebuilt");
    let renamed = |scene: &mut Scene| scene.world.add_node("renamed", "guid-child");
    let not_covered = |scene: &mut Scene| scene.config = parse(&room);
    let drops: [&dyn Fn(&mut Scene); 3] = [&replaced, &renamed, &not_covered];
    for (drop, loses_lists) in drops.into_iter().flat_map(|drop| [(drop, false), (drop, true)]) {
        let mut scene = Scene::new(&["own", "child"]);
        scene.left.loses_lists = loses_lists;
        scene.run();
        scene.world.nodes.retain(|node| node.id.host != "child");
        assert_eq!(scene.watch_for(120), NOTHING);
        scene.writable = false;
        scene.wait(600);
        assert_eq!(scene.run(), ["ALERT unreachable"]);
        scene.writable = true;
        scene.wait(60);
        drop(&mut scene);
        scene.run();
        assert_eq!((scene.open(), scene.watch_for(600)), (NOTHING, NOTHING));
    }
}

#[test]
fn a_node_that_is_remembered_for_flapping_and_was_told_without_a_record_is_resolved() {
    let mut scene = Scene::with(&["own", "child"], &CONFIG.replace("flap_after = 0", "flap_after = 4"));
    scene.left.loses_lists = true;
    scene.run();
    for writable in [true, false] {
        scene.world.node_mut("child").reachable = false;
        scene.writable = writable;
        assert_eq!(scene.watch_for(240).first().unwrap(), "ALERT unreachable");
        scene.world.node_mut("child").reachable = true;
        scene.writable = true;
        scene.watch_for(60);
        assert_eq!(scene.open(), NOTHING, "the state could be written: {writable}");
    }
}

#[test]
fn a_page_that_left_without_a_record_and_is_silenced_since_is_resolved() {
    for loses_lists in [false, true] {
        let mut scene = told(Warning);
        scene.left.loses_lists = loses_lists;
        scene.world.set(&disk(), Critical);
        scene.writable = false;
        assert_eq!(scene.run(), ["ALERT critical"]);
        scene.world.alerts.get_mut(&disk()).unwrap().silent = true;
        scene.writable = true;
        scene.wait(60);
        scene.run();
        scene.world.set(&disk(), Clear);
        scene.run();
        assert_eq!(scene.open(), NOTHING, "{loses_lists}");
    }
}

#[test]
fn what_is_clear_by_now_is_no_page_though_the_clear_does_not_count_yet() {
    for held_back in ["flap_after = 4", "flap_after = 0\nresolve_after = \"5m\""] {
        let mut scene = Scene::with(&["own"], &CONFIG.replace("flap_after = 0", held_back));
        scene.run();
        scene.writable = false;
        for _ in 0..5 {
            scene.world.set(&disk(), Critical);
            scene.wait(20);
            scene.world.set(&disk(), Clear);
            scene.wait(40);
            assert_eq!(scene.run(), NOTHING, "{held_back}");
        }
        scene.writable = true;
        scene.wait(60);
        assert_eq!(scene.run(), ["ALERT critical"], "{held_back}");
        scene.watch_for(1200);
        assert_eq!(scene.open(), NOTHING);
    }
}
