//! Silences of the configuration, and rooms by labels: what they keep from being told, and for how long.

use std::collections::BTreeSet;

use netdata_ilert::alert::Labels;
use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk};
use crate::delivery::scene::{CONFIG, Cut, Scene};
use crate::delivery::world::alert;

/// In force from 08:10 to 09:00; the world begins at 08:00.
const SILENCE: &str = "[[silence]]\nname = 'Friday batch'\nfrom = '2027-01-15T08:10'\nuntil = '2027-01-15T09:00'\n\
                       timezone = 'UTC'\n";
const TO_ITS_BEGIN: i64 = 600;
const TO_ITS_END: i64 = 3000;

/// Nothing is raised yet, and a first run was made.
fn scene(hosts: &[&str], criteria: &str) -> Scene {
    let mut scene = Scene::with(hosts, &format!("{CONFIG}{SILENCE}{criteria}\n"));
    assert_eq!(scene.run(), NOTHING);
    scene
}

/// The same, and the silence has begun.
fn silenced(hosts: &[&str], criteria: &str) -> Scene {
    let mut scene = scene(hosts, criteria);
    scene.wait(TO_ITS_BEGIN);
    assert_eq!(scene.run(), NOTHING);
    scene
}

#[test]
fn what_is_still_raised_when_it_ends_is_told_without_a_new_transition() {
    for criteria in ["", "nodes = 'o*'", "alerts = 'disk'", "charts = 'chart.*'"] {
        let mut scene = silenced(&["own"], criteria);
        scene.world.set(&disk(), Critical);
        assert_eq!(scene.watch_for(TO_ITS_END - 1), NOTHING, "{criteria}");
        scene.wait(1);
        assert_eq!(scene.run(), ["ALERT critical"], "{criteria}");
        scene.world.set(&disk(), Clear);
        assert_eq!(scene.run(), ["RESOLVE critical"], "{criteria}");
    }
}

#[test]
fn what_it_does_not_cover_is_told() {
    for criteria in ["nodes = 'web-*'", "alerts = 'ram'", "contexts = 'disk.*'", "roles = 'dba'"] {
        let mut scene = silenced(&["own"], criteria);
        scene.world.set(&disk(), Critical);
        assert_eq!(scene.run(), ["ALERT critical"], "{criteria}");
    }
}

#[test]
fn what_was_told_before_is_followed() {
    let mut scene = scene(&["own"], "");
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    scene.wait(TO_ITS_BEGIN);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), NOTHING, "the warning stays open: nothing took its place");
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn what_grew_meanwhile_is_told_when_it_ends() {
    let mut scene = scene(&["own"], "");
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    scene.wait(TO_ITS_BEGIN);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.watch_for(TO_ITS_END - 1), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE warning"]);
}

#[test]
fn what_came_and_went_is_never_told_even_if_nobody_looked_meanwhile() {
    for looks in [true, false] {
        let mut scene = silenced(&["own"], "");
        scene.world.set(&disk(), Critical);
        scene.wait(60);
        assert_eq!(if looks { scene.run() } else { NOTHING }, NOTHING);
        scene.world.set(&disk(), Clear);
        assert_eq!(if looks { scene.run() } else { NOTHING }, NOTHING);
        scene.wait(TO_ITS_END);
        assert_eq!(scene.run(), NOTHING, "looks: {looks}");
    }
}

#[test]
fn what_was_not_told_by_its_begin_waits_for_its_end() {
    let mut scene = scene(&["own"], "");
    scene.wait(TO_ITS_BEGIN - 1);
    scene.world.set(&disk(), Critical);
    scene.wait(1);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(TO_ITS_END);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn a_run_that_is_killed_changes_nothing_of_it() {
    for cut in [Cut::BeforeRecord, Cut::BeforeDispatch] {
        let mut scene = silenced(&["own"], "");
        scene.world.set(&disk(), Critical);
        scene.try_run(Some(cut));
        assert_eq!(scene.run(), NOTHING, "{cut:?}");
        scene.wait(TO_ITS_END);
        scene.try_run(Some(cut));
        assert_eq!(scene.run(), ["ALERT critical"], "{cut:?}");
    }
}

#[test]
fn it_covers_that_a_node_is_unreachable_unless_it_names_alerts() {
    for (criteria, told) in [
        ("", false),
        ("nodes = 'child'", false),
        ("nodes = 'own'", true),
        ("nodes = 'child'\nalerts = '*'", true),
        ("roles = '*'", true),
    ] {
        let mut scene = silenced(&["own", "child"], criteria);
        scene.world.node_mut("child").reachable = false;
        let expected = if told { vec!["ALERT unreachable".to_owned()] } else { NOTHING };
        assert_eq!(scene.watch_for(600), expected, "{criteria}");
        scene.wait(TO_ITS_END);
        let at_its_end = if told { NOTHING } else { vec!["ALERT unreachable".to_owned()] };
        assert_eq!(scene.run(), at_its_end, "{criteria}");
        scene.world.node_mut("child").reachable = true;
        assert_eq!(scene.run(), ["RESOLVE unreachable"], "{criteria}");
    }
}

#[test]
fn a_node_that_is_back_before_it_ends_is_never_told() {
    let mut scene = silenced(&["own", "child"], "");
    scene.world.node_mut("child").reachable = false;
    assert_eq!(scene.watch_for(600), NOTHING);
    scene.world.node_mut("child").reachable = true;
    assert_eq!(scene.watch_for(TO_ITS_END), NOTHING);
}

#[test]
fn an_agent_that_does_not_answer_is_covered_with_its_own_node() {
    for (criteria, told) in
        [("", false), ("nodes = 'own'", false), ("nodes = 'child'", true), ("alerts = '*'", true)]
    {
        let mut scene = silenced(&["own", "child"], criteria);
        scene.world.away = Some("connection refused".to_owned());
        let expected = if told { vec!["ALERT unreachable".to_owned()] } else { NOTHING };
        assert_eq!(scene.watch_for(600), expected, "{criteria}");
        scene.wait(TO_ITS_END);
        let at_its_end = if told { NOTHING } else { vec!["ALERT unreachable".to_owned()] };
        assert_eq!(scene.run(), at_its_end, "{criteria}");
    }
}

#[test]
fn it_releases_only_what_is_known() {
    let mut scene = silenced(&["own", "child"], "");
    let fan = alert("child", "fan");
    scene.world.set(&fan, Critical);
    assert_eq!(scene.run(), NOTHING);
    scene.world.node_mut("child").reachable = false;
    assert_eq!(scene.watch_for(600), NOTHING);
    scene.wait(TO_ITS_END);
    assert_eq!(scene.run(), ["ALERT unreachable"], "of its alerts nothing is known");
    scene.world.node_mut("child").reachable = true;
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE unreachable"]);
}

/// The labels of a node, as an agent gives them.
fn labels(env: Option<&str>) -> Labels {
    Labels::pick(&BTreeSet::from(["env".to_owned()]), |_| env)
}

const ROOM: &str = "[[room]]\nname = 'Production'\nlabels = { env = 'prod*' }\n";

#[test]
fn a_room_by_labels_covers_the_nodes_that_bear_them() {
    let config = CONFIG.replace("[integration]", "rooms = ['Production']\n[integration]") + ROOM;
    let mut scene = Scene::with(&["own", "child"], &config);
    scene.world.node_mut("own").labels = labels(None);
    scene.world.node_mut("child").labels = labels(Some("production"));
    scene.run();
    let fan = alert("child", "fan");
    scene.world.set(&disk(), Critical);
    scene.world.set(&fan, Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    assert!(scene.open()[0].starts_with("child/"));
    // Labels that are not known are the last known ones, over any number of runs.
    scene.world.node_mut("child").labels = Labels::NONE;
    assert_eq!(scene.watch_for(600), NOTHING);
    // Nothing but a full look tells of other labels.
    scene.world.node_mut("child").labels = labels(Some("test"));
    assert_eq!(scene.watch_for(300), ["RESOLVE critical"]);
    scene.world.node_mut("child").labels = labels(Some("prod"));
    assert_eq!(scene.watch_for(300), ["ALERT critical"]);
}

#[test]
fn a_node_whose_labels_nobody_ever_saw_stays_as_it_was() {
    let mut scene = Scene::with(&["own", "child"], CONFIG);
    scene.run();
    let fan = alert("child", "fan");
    scene.world.set(&fan, Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    // From now on a label decides, which the agent does not give.
    let config = CONFIG.replace("[integration]", "rooms = ['Production']\n[integration]") + ROOM;
    scene.config = crate::delivery::scene::parse(&config);
    assert_eq!(scene.watch_for(300), NOTHING, "covered before, so covered as long as nothing else is known");
    scene.world.add_node("new", "guid-new");
    scene.world.set(&alert("new", "fan"), Critical);
    assert_eq!(scene.watch_for(300), NOTHING, "never covered");
    scene.world.node_mut("child").labels = labels(None);
    assert_eq!(scene.watch_for(300), ["RESOLVE critical"]);
}

#[test]
fn a_silence_by_labels_goes_on_while_the_node_is_not_listed() {
    let mut scene =
        Scene::with(&["own", "child"], &format!("{CONFIG}{SILENCE}labels = {{ env = 'prod' }}\n"));
    scene.world.node_mut("own").labels = labels(None);
    scene.world.node_mut("child").labels = labels(Some("prod"));
    scene.run();
    scene.wait(TO_ITS_BEGIN);
    scene.world.nodes.retain(|node| node.id.host != "child");
    assert_eq!(scene.watch_for(1200), NOTHING);
    scene.wait(TO_ITS_END);
    assert_eq!(scene.run(), ["ALERT unreachable"]);
}
