//! Nodes and agents that come and go.

use netdata_ilert::alert::Health;
use netdata_ilert::alert::Status::{Critical, Warning};

use super::NOTHING;
use crate::scene::Scene;
use crate::world::alert;

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
