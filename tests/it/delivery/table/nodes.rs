//! Nodes and agents that come and go.

use netdata_ilert::alert::Health;
use netdata_ilert::alert::Status::{Critical, Warning};

use super::NOTHING;
use crate::delivery::scene::{CONFIG, Scene, parse};
use crate::delivery::world::{alert, alert_on, node};

#[test]
fn a_child_that_goes_away_is_told_after_its_delay_and_its_alerts_stay() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.world.set(&alert("child", "disk"), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    let child = scene.world.node_mut("child");
    (child.reachable, child.health) = (false, Health::Disabled);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(119), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT unreachable"]);
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    let child = scene.world.node_mut("child");
    (child.reachable, child.health) = (true, Health::Online);
    assert_eq!(scene.run(), ["RESOLVE unreachable"]);
}

#[test]
fn a_node_never_seen_reachable_is_not_told() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.world.node_mut("child").reachable = false;
    scene.run();
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn an_ephemeral_node_is_not_told_and_its_alerts_end_once_it_is_unlisted() {
    let mut scene = Scene::new(&["own", "job"]);
    scene.world.node_mut("job").ephemeral = true;
    scene.world.set(&alert("job", "disk"), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.world.node_mut("job").reachable = false;
    scene.run();
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    scene.world.nodes.pop();
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(180), ["RESOLVE critical"]);
}

#[test]
fn a_node_with_a_new_name_takes_its_alerts_along() {
    let mut scene = Scene::new(&["own", "old"]);
    scene.world.set(&alert("old", "disk"), Critical);
    scene.run();
    let id = netdata_ilert::alert::NodeId { guid: "guid-old".into(), host: "new".into() };
    let mut moved = alert("old", "disk");
    moved.node = id.into();
    scene.world.node_mut("old").id = moved.node.clone();
    scene.world.alerts.clear();
    scene.world.set(&moved, Critical);
    scene.run();
    assert_eq!(scene.open(), ["new/guid-old/chart.disk/disk/critical"]);
}

#[test]
fn an_agent_that_does_not_answer_is_one_alert_and_its_children_are_unknown() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.world.set(&alert("child", "disk"), Warning);
    scene.run();
    scene.world.away = Some("connection refused".into());
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(120), ["ALERT unreachable"]);
    assert_eq!(scene.open(), ["child/guid-child/chart.disk/disk/warning", "own/guid-own/unreachable"]);
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    scene.world.away = None;
    assert_eq!(scene.run(), ["RESOLVE unreachable"]);
}

#[test]
fn an_agent_never_seen_is_no_event() {
    let mut scene = Scene::new(&["own"]);
    scene.world.away = Some("connection refused".into());
    scene.run();
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn the_clocks_of_children_start_anew_with_some_grace_when_the_agent_is_back() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.run();
    scene.world.node_mut("child").reachable = false;
    assert_eq!(scene.watch_for(110), NOTHING);
    scene.world.away = Some("connection refused".into());
    assert_eq!(scene.watch_for(60), NOTHING);
    scene.world.away = None;
    // A parent that restarts shows its children one by one.
    assert_eq!(scene.watch_for(300), NOTHING);
    assert_eq!(scene.watch_for(60), ["ALERT unreachable"]);
}

#[test]
fn the_death_of_an_agent_outside_the_rooms_is_told() {
    let rooms = CONFIG.replace("name = \"test\"", "name = \"test\"\nrooms = [\"db\"]");
    let mut scene =
        Scene::with(&["own", "db-1"], &format!("{rooms}[[room]]\nname = \"db\"\nnodes = \"db-*\"\n"));
    scene.run();
    scene.world.away = Some("connection refused".into());
    assert_eq!(scene.watch_for(240), ["ALERT unreachable"]);
    assert_eq!(scene.open(), ["own/guid-own/unreachable"]);
    scene.world.away = None;
    assert_eq!(scene.run(), ["RESOLVE unreachable"]);
    scene.world.set(&alert("own", "disk"), Critical);
    assert_eq!(scene.run(), NOTHING, "its alerts are not");
}

#[test]
fn a_rebuilt_node_is_not_told_unreachable_and_its_alerts_are_resolved() {
    for listed in [true, false] {
        let mut scene = Scene::new(&["own", "db"]);
        scene.world.set(&alert("db", "disk"), Critical);
        scene.run();
        scene.world.node_mut("db").reachable = false;
        if !listed {
            scene.world.nodes.pop();
        }
        scene.world.add_node("db", "guid-rebuilt");
        assert_eq!(scene.watch_for(60), NOTHING);
        assert_eq!(scene.watch_for(120), ["RESOLVE critical"], "listed: {listed}");
        assert_eq!(scene.watch_for(600), NOTHING);
        scene.world.set(&alert_on("db", "guid-rebuilt", "disk"), Critical);
        assert_eq!(scene.run(), ["ALERT critical"]);
        assert_eq!(scene.open(), ["db/guid-rebuilt/chart.disk/disk/critical"]);
    }
}

#[test]
fn two_reachable_nodes_of_one_name_are_two_nodes() {
    let mut scene = Scene::new(&["own", "db"]);
    scene.world.add_node("db", "guid-twin");
    scene.world.set(&alert("db", "disk"), Critical);
    scene.world.set(&alert_on("db", "guid-twin", "disk"), Critical);
    assert_eq!(scene.run().len(), 2);
    assert_eq!(scene.watch_for(600), NOTHING);
}

#[test]
fn nodes_that_another_agent_does_not_know_are_left_behind_and_not_told_unreachable() {
    let mut scene = Scene::new(&["own", "db"]);
    scene.world.set(&alert("db", "disk"), Critical);
    scene.run();
    let before = std::mem::replace(&mut scene.world, crate::delivery::world::World::new(&["elsewhere"]));
    (scene.world.now, scene.read) = (before.now, Some(0));
    assert_eq!(scene.watch_for(120), NOTHING, "unknown");
    assert_eq!(scene.watch_for(180), ["RESOLVE critical"]);
    assert!(scene.ilert.summaries.borrow().last().unwrap().contains("no longer watched"));
    assert_eq!((scene.watch_for(3600), scene.open()), (NOTHING, NOTHING));
}

#[test]
fn a_node_that_is_not_listed_for_a_day_is_not_expected_any_more() {
    let mut scene = Scene::new(&["own", "db"]);
    scene.config = parse(&format!("{CONFIG}forget_after = \"1h\"\n"));
    scene.world.set(&alert("db", "disk"), Critical);
    scene.run();
    scene.world.nodes.pop();
    assert_eq!(scene.watch_for(180), ["ALERT unreachable"]);
    let mut told = scene.watch_for(3600);
    told.sort();
    assert_eq!(told, ["RESOLVE critical", "RESOLVE unreachable"]);
    assert!(scene.ledger().nodes.keys().all(|node| node.host == "own"));
}

#[test]
fn a_node_that_becomes_ephemeral_while_it_is_away_is_resolved() {
    let mut scene = Scene::new(&["own", "db"]);
    scene.run();
    scene.world.node_mut("db").reachable = false;
    assert_eq!(scene.watch_for(180), ["ALERT unreachable"]);
    scene.world.node_mut("db").ephemeral = true;
    assert_eq!(scene.run(), ["RESOLVE unreachable"]);
    assert_eq!(scene.watch_for(600), NOTHING);
}

#[test]
fn a_pause_of_the_machine_or_a_step_of_its_clock_tells_nothing() {
    for seconds in [600, 3600, -3600] {
        let mut scene = Scene::new(&["own", "db"]);
        scene.world.set(&alert("own", "disk"), Critical);
        scene.run();
        scene.watch_for(120);
        scene.world.node_mut("db").reachable = false;
        scene.world.vanish(&alert("own", "disk"));
        scene.run();
        scene.wait(seconds);
        assert_eq!(scene.run(), NOTHING, "{seconds} s that nobody saw");
        let mut told = scene.watch_for(240);
        told.sort();
        assert_eq!(told, ["ALERT unreachable", "RESOLVE critical"], "{seconds}");
    }
}

#[test]
fn a_forgotten_name_means_only_nodes_that_are_not_reachable() {
    let mut scene = Scene::new(&["own", "db"]);
    scene.world.set(&alert("db", "disk"), Critical);
    scene.run();
    scene.world.node_mut("db").reachable = false;
    scene.world.add_node("db", "guid-twin");
    scene.world.set(&alert_on("db", "guid-twin", "disk"), Critical);
    scene.run();
    let forgotten = scene.forget("db");
    assert_eq!(forgotten.nodes.into_iter().collect::<Vec<_>>(), [(*node("db")).clone()]);
    assert_eq!(forgotten.reachable.iter().map(|node| node.guid.as_str()).collect::<Vec<_>>(), ["guid-twin"]);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
    assert_eq!(scene.open(), ["db/guid-twin/chart.disk/disk/critical"]);
}
