//! What came and went: nothing that was critical pages nobody, and nothing that is over goes before what stands.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk, started, told};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, Scene};
use crate::delivery::world::alert;

/// Priorities of what ilert took from then on.
fn priorities(scene: &Scene, from: usize) -> Vec<(String, Option<&'static str>)> {
    let taken = scene.ilert.taken.borrow();
    taken[from..]
        .iter()
        .map(|(_, key, priority)| (key.rsplit('/').next().unwrap().to_owned(), *priority))
        .collect()
}

#[test]
fn a_warning_that_was_critical_and_cleared_between_runs_pages() {
    let mut scene = told(Warning);
    scene.world.set(&disk(), Critical);
    scene.wait(40);
    scene.world.set(&disk(), Clear);
    scene.wait(10);
    let from = scene.ilert.taken.borrow().len();
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE warning", "RESOLVE critical"]);
    assert_eq!(priorities(&scene, from)[0], ("critical".to_owned(), Some("HIGH")));
    assert_eq!((scene.open(), scene.watch_for(600)), (NOTHING, NOTHING));
}

#[test]
fn critical_and_warning_again_between_runs_is_told_as_if_it_had_been_seen() {
    for before in [false, true] {
        let mut scene = if before { told(Warning) } else { Scene::new(&["own"]) };
        scene.run();
        scene.wait(60);
        scene.world.set(&disk(), Critical);
        scene.wait(20);
        scene.world.set(&disk(), Warning);
        scene.wait(20);
        let told = scene.run();
        let expected: &[&str] = if before {
            &["ALERT critical", "RESOLVE warning", "COMMENT critical"]
        } else {
            &["ALERT critical", "COMMENT critical"]
        };
        assert_eq!(told, expected);
        assert_eq!(scene.open(), ["own/guid-own/chart.disk/disk/critical"]);
        assert_eq!(scene.watch_for(300), NOTHING);
        scene.world.set(&disk(), Clear);
        assert_eq!(scene.run(), ["RESOLVE critical"]);
    }
}

#[test]
fn a_critical_while_ilert_was_away_pages_if_it_is_recent() {
    let mut scene = told(Warning);
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.watch_for(27 * 60), NOTHING);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.watch_for(3 * 60), NOTHING);
    scene.ilert.always.set(None);
    let from = scene.ilert.taken.borrow().len();
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE warning", "COMMENT critical"]);
    assert_eq!(priorities(&scene, from)[0].1, Some("HIGH"));
}

#[test]
fn a_critical_that_fell_long_ago_is_a_line_of_the_warning() {
    let mut scene = told(Warning);
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.world.set(&disk(), Critical);
    scene.watch_for(5 * 60);
    scene.world.set(&disk(), Warning);
    scene.watch_for(16 * 60);
    scene.ilert.always.set(None);
    assert_eq!(scene.run(), ["ALERT warning"]);
    let summary = scene.ilert.summaries.borrow().last().unwrap().clone();
    assert!(summary.contains("was critical from"), "{summary}");
    assert_eq!(scene.watch_for(300), NOTHING);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn a_critical_while_the_agent_was_away_pages_by_its_log() {
    let mut scene = started();
    scene.world.away = Some("connection refused".into());
    scene.watch_for(60);
    scene.world.set(&disk(), Critical);
    scene.watch_for(18 * 60);
    scene.world.set(&disk(), Clear);
    scene.wait(30);
    scene.world.set(&disk(), Warning);
    scene.wait(30);
    scene.world.away = None;
    let from = scene.ilert.taken.borrow().len();
    let told = scene.run();
    assert_eq!(told[told.len() - 3..], ["ALERT critical", "RESOLVE critical", "ALERT warning"], "{told:?}");
    let pages = priorities(&scene, from);
    assert!(pages.contains(&("critical".to_owned(), Some("HIGH"))), "{pages:?}");
    assert_eq!(scene.open(), ["own/guid-own/chart.disk/disk/warning"]);
}

#[test]
fn a_warning_that_came_and_went_long_ago_is_dropped_and_counted() {
    let mut scene = started();
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.world.set(&disk(), Warning);
    scene.watch_for(60);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.watch_for(14 * 60), NOTHING);
    assert_eq!(scene.untold, 0);
    scene.watch_for(2 * 60);
    assert_eq!(scene.untold, 1);
    scene.ilert.always.set(None);
    assert_eq!(scene.watch_for(600), NOTHING);
    assert_eq!(scene.untold, 1, "counted once");
}

#[test]
fn what_was_silenced_before_it_was_told_is_not_told_when_it_clears() {
    let mut scene = started();
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.world.alerts.get_mut(&disk()).unwrap().silent = true;
    scene.wait(60);
    scene.run();
    scene.world.set(&disk(), Clear);
    scene.ilert.always.set(None);
    assert_eq!(scene.watch_for(120), NOTHING);
}

#[test]
fn what_is_over_is_not_paged_before_what_stands() {
    let nodes: Vec<String> = (0..1_000).map(|number| format!("node{number:03}")).collect();
    let mut hosts = vec!["own"];
    hosts.extend(nodes.iter().map(String::as_str));
    let mut scene = Scene::with(&hosts, &CONFIG.replace("1000", "45"));
    scene.run();
    let reach = |scene: &mut Scene, reachable: bool| {
        for node in scene.world.nodes.iter_mut().skip(1) {
            node.reachable = reachable;
        }
    };
    reach(&mut scene, false);
    scene.watch_for(4 * 60);
    let pages_before = scene.ilert.pages();
    reach(&mut scene, true);
    scene.world.set(&alert("own", "real"), Critical);
    let from = scene.ilert.taken.borrow().len();
    scene.wait(60);
    scene.run();
    assert_eq!(priorities(&scene, from)[0], ("critical".to_owned(), Some("HIGH")), "what stands goes first");
    scene.watch_for(30 * 60);
    assert_eq!(scene.ilert.pages() - pages_before, 1, "nothing that is over pages");
    assert_eq!(scene.open(), ["own/guid-own/chart.real/real/critical"]);
}

#[test]
fn a_part_of_the_pace_is_kept_for_pages() {
    let mut scene = Scene::with(&["own"], &CONFIG.replace("1000", "45"));
    scene.run();
    for number in 0..200 {
        scene.world.set(&alert("own", &format!("w{number:03}")), Warning);
    }
    assert_eq!(scene.run().len(), 40);
    scene.world.set(&disk(), Critical);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT critical"], "not after the minute of the warnings");
}

#[test]
fn thousands_that_came_and_went_do_not_open_for_hours() {
    let mut scene = Scene::with(&["own"], &CONFIG.replace("1000", "45"));
    scene.run();
    let alerts: Vec<_> = (0..2_000).map(|number| alert("own", &format!("w{number:04}"))).collect();
    for one in &alerts {
        scene.world.set(one, Warning);
    }
    scene.watch_for(10 * 60);
    for one in &alerts {
        scene.world.set(one, Clear);
    }
    let from = scene.ilert.taken.borrow().len();
    scene.watch_for(16 * 60);
    scene.world.set(&disk(), Warning);
    scene.wait(60);
    assert_eq!(scene.run()[0], "ALERT warning", "told at once");
    let after = scene.ilert.taken.borrow().len() - from;
    assert!(after <= 45 * 18, "{after}");
    assert_eq!(scene.watch_for(20 * 60), NOTHING);
    assert_eq!(scene.open().len(), 1);
}

#[test]
fn what_was_over_long_ago_pages_nobody_though_clears_are_waited_for() {
    for resolve_after in ["2m", "20m"] {
        let mut scene = Scene::with(&["own"], &format!("{CONFIG}resolve_after = \"{resolve_after}\"\n"));
        scene.run();
        scene.world.set(&disk(), Critical);
        scene.wait(1);
        scene.world.set(&disk(), Clear);
        scene.wait(1000);
        let from = scene.ilert.taken.borrow().len();
        assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"], "{resolve_after}");
        assert_eq!(priorities(&scene, from)[0], ("critical".to_owned(), Some("LOW")));
        assert_eq!((scene.open(), scene.watch_for(600)), (NOTHING, NOTHING));
    }
}

#[test]
fn what_netdata_removed_long_ago_pages_nobody() {
    for was_tried in [false, true] {
        let mut scene = started();
        scene.world.set(&disk(), Critical);
        if was_tried {
            scene.ilert.always.set(Some(Fault::Reset));
            assert_eq!(scene.run(), NOTHING);
            scene.ilert.always.set(None);
        }
        scene.wait(1);
        scene.world.delay = 45;
        scene.world.set(&disk(), Clear);
        scene.world.vanish(&disk());
        scene.wait(1200);
        let from = scene.ilert.taken.borrow().len();
        assert_eq!(scene.run(), ["ALERT critical"]);
        assert_eq!(priorities(&scene, from)[0], ("critical".to_owned(), Some("LOW")), "tried: {was_tried}");
        scene.watch_for(600);
        assert_eq!(scene.open(), NOTHING);
    }
}

#[test]
fn a_page_that_was_not_taken_and_has_been_clear_for_long_pages_nobody_whatever_resolve_after() {
    for (before, fault) in [Clear, Warning].into_iter().zip([Fault::Reset, Fault::Unsent]) {
        let mut scene = Scene::with(&["own"], &format!("{CONFIG}resolve_after = \"2m\"\n"));
        scene.run();
        scene.wait(60);
        scene.world.set(&disk(), before);
        scene.run();
        scene.wait(60);
        scene.world.set(&disk(), Critical);
        scene.ilert.always.set(Some(fault));
        assert_eq!(scene.run(), NOTHING);
        scene.world.set(&disk(), Clear);
        scene.wait(16 * 60);
        scene.ilert.always.set(None);
        let from = scene.ilert.taken.borrow().len();
        assert_eq!(scene.watch_for(600).last().unwrap(), "RESOLVE critical");
        assert!(
            priorities(&scene, from).iter().all(|(_, priority)| *priority != Some("HIGH")),
            "{before} {fault:?}"
        );
        assert_eq!(scene.open(), NOTHING);
    }
}

#[test]
fn what_was_over_long_before_its_node_was_replaced_pages_nobody() {
    // The clear waits for its delay, or is read by the very look that drops the node.
    for delay in [300, 0] {
        let mut scene = Scene::new(&["own", "child"]);
        scene.run();
        let disk = alert("child", "disk");
        scene.ilert.jinx("disk", Fault::Unsent);
        scene.world.set(&disk, Critical);
        scene.run();
        scene.world.nodes.retain(|node| node.id.host != "child");
        scene.world.add_node("child", "guid-rebuilt");
        scene.world.alerts.remove(&disk);
        assert_eq!(scene.watch_for(120), NOTHING);
        scene.world.delay = delay;
        scene.world.set(&disk, Clear);
        if delay > 0 {
            assert_eq!(scene.run(), NOTHING);
        }
        scene.wait(1000);
        scene.ilert.unjinx();
        let from = scene.ilert.taken.borrow().len();
        assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
        assert_eq!(priorities(&scene, from)[0], ("critical".to_owned(), Some("LOW")), "delay {delay}");
    }
}
