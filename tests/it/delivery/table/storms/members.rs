//! The members of a storm: who joins, who leaves, and what is told of them singly.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};
use netdata_ilert::ilert::event::EventType;

use super::{on_nodes, parent, said, set, storms_open};
use crate::delivery::ilert::Fault;
use crate::delivery::table::NOTHING;
use crate::delivery::world::alert;

#[test]
fn a_warning_member_that_grows_critical_pages_and_a_critical_member_that_falls_stays() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=10, "disk"), Warning);
    assert_eq!(scene.run().len(), 1);
    scene.wait(60);
    scene.world.set(&alert("web-01", "disk"), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.wait(60);
    set(&mut scene, &on_nodes(2..=8, "disk"), Critical);
    assert_eq!(said(&mut scene), ["[STORM] 7 critical alerts on 7 nodes: disk ×7"]);
    scene.wait(60);
    set(&mut scene, &on_nodes(2..=8, "disk"), Warning);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(storms_open(&scene), 2);
    set(&mut scene, &on_nodes(2..=8, "disk"), Clear);
    assert_eq!(scene.run().len(), 1, "the storm of criticals is resolved");
    set(&mut scene, &on_nodes(9..=10, "disk"), Clear);
    set(&mut scene, &on_nodes(1..=1, "disk"), Clear);
    scene.run();
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_warning_that_was_told_is_resolved_once_the_storm_of_its_critical_is_told() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=1, "disk"), Warning);
    scene.run();
    scene.wait(60);
    scene.ilert.jinx("/storm/", Fault::Unavailable);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.open(), ["web-01/guid-web-01/chart.disk/disk/warning"]);
    scene.ilert.unjinx();
    scene.wait(60);
    scene.run();
    scene.wait(60);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
    assert_eq!(storms_open(&scene), 1);
    assert_eq!(scene.open().len(), 1);
}

#[test]
fn what_came_and_went_in_a_storm_is_a_pair_of_events() {
    let mut scene = parent(20);
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    scene.wait(30);
    set(&mut scene, &on_nodes(1..=20, "disk"), Clear);
    scene.wait(30);
    assert_eq!(
        said(&mut scene),
        [
            "[STORM] 20 critical alerts on 20 nodes: disk ×20 (over since)",
            "[RESOLVED] storm of 20 critical alerts on 20 nodes: all over"
        ]
    );
    assert_eq!(scene.watch_for(600), NOTHING);
}

#[test]
fn what_waits_when_the_storm_opens_becomes_a_member() {
    let mut scene = parent(20);
    scene.ilert.always.set(Some(Fault::Unavailable));
    set(&mut scene, &on_nodes(1..=4, "disk"), Critical);
    scene.run();
    scene.wait(60);
    set(&mut scene, &on_nodes(5..=9, "disk"), Critical);
    scene.run();
    scene.ilert.always.set(None);
    scene.wait(60);
    let told = said(&mut scene);
    // One or two were tried before: they may be open.
    assert!(told.iter().any(|said| said.starts_with("[STORM] ")), "{told:?}");
    assert!(told.len() <= 4, "{told:?}");
}

#[test]
fn unknown_is_not_clear_for_a_member_either() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    scene.world.away = Some("connection refused".to_owned());
    scene.watch_for(60);
    scene.world.away = None;
    for number in 1..=10 {
        scene.world.node_mut(&format!("web-{number:02}")).reachable = false;
    }
    scene.watch_for(60);
    assert_eq!(storms_open(&scene), 1);
}

#[test]
fn without_criticals_among_the_types_a_warning_that_grows_stays_in_its_storm() {
    let mut scene = parent(10);
    scene.config.notification.notify.critical = false;
    set(&mut scene, &on_nodes(1..=10, "disk"), Warning);
    assert_eq!(scene.run().len(), 1);
    scene.wait(60);
    set(&mut scene, &on_nodes(1..=3, "disk"), Critical);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.open().len(), 1);
}

#[test]
fn what_passes_through_a_warning_on_its_way_out_is_not_told_again() {
    for way in [&[Warning, Clear][..], &[Warning, Critical, Clear], &[Warning, Critical, Warning, Clear]] {
        let mut scene = parent(10);
        set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
        scene.run();
        for status in way {
            scene.wait(30);
            set(&mut scene, &on_nodes(1..=10, "disk"), *status);
            scene.run();
        }
        scene.watch_for(1_200);
        let taken: Vec<_> = scene.ilert.taken.borrow().iter().map(|(kind, _, _)| *kind).collect();
        assert_eq!(taken, [EventType::Alert, EventType::Resolve], "{way:?}");
    }
}

#[test]
fn a_warning_member_that_was_critical_for_a_moment_is_late_news() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=10, "disk"), Warning);
    scene.run();
    scene.world.set(&alert("web-01", "disk"), Critical);
    scene.wait(30);
    scene.world.set(&alert("web-01", "disk"), Clear);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
}

#[test]
fn what_leaves_a_storm_and_comes_back_is_counted_once() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    for _ in 0..3 {
        scene.wait(60);
        set(&mut scene, &on_nodes(1..=2, "disk"), Clear);
        scene.run();
        scene.wait(60);
        set(&mut scene, &on_nodes(1..=2, "disk"), Critical);
        scene.run();
    }
    set(&mut scene, &on_nodes(1..=10, "disk"), Clear);
    let told = said(&mut scene);
    assert!(
        told.last().unwrap().starts_with("[RESOLVED] storm of 10 critical alerts on 10 nodes"),
        "{told:?}"
    );
}

#[test]
fn an_adopted_storm_waits_for_its_members_and_pages_nobody_again() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    scene.lose_state();
    scene.wait(60);
    scene.adopt();
    scene.world.away = Some("503".to_owned());
    assert_eq!(scene.run(), NOTHING, "unknown is not clear");
    scene.world.away = None;
    for number in 1..=5 {
        scene.world.node_mut(&format!("web-{number:02}")).reachable = false;
    }
    let told = scene.watch_for(60);
    assert!(told.iter().all(|told| told.starts_with("COMMENT")), "those that are seen join it: {told:?}");
    for number in 1..=5 {
        scene.world.node_mut(&format!("web-{number:02}")).reachable = true;
    }
    assert!(scene.watch_for(600).iter().all(|told| told.starts_with("COMMENT")));
    set(&mut scene, &on_nodes(1..=10, "disk"), Clear);
    assert_eq!(said(&mut scene).len(), 1);
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn what_is_silenced_before_the_storm_is_told_leaves_it() {
    let mut scene = parent(10);
    scene.ilert.always.set(Some(Fault::Unsent));
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    for id in on_nodes(1..=9, "disk") {
        scene.world.alerts.get_mut(&id).unwrap().silent = true;
    }
    scene.ilert.always.set(None);
    scene.wait(60);
    scene.run();
    assert_eq!(
        scene.ledger().storms().map(|(_, entry)| entry.storm.as_ref().unwrap().storm.standing).max(),
        Some(1)
    );
    for id in on_nodes(1..=9, "disk") {
        scene.world.alerts.get_mut(&id).unwrap().silent = false;
    }
    scene.wait(20 * 60);
    scene.run();
    let standing =
        scene.ledger().storms().map(|(_, entry)| entry.storm.as_ref().unwrap().storm.standing).max();
    assert_eq!(
        standing,
        Some(10),
        "what is still raised when a silence ends joins the storm that speaks of it"
    );
}
