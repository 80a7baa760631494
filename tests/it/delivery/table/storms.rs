//! More raises than a person can read are told as one alert.

mod members;

use std::collections::BTreeMap;

use netdata_ilert::alert::AlertId;
use netdata_ilert::alert::Status::{Clear, Critical, Warning};
use netdata_ilert::config::{Pattern, Room};
use netdata_ilert::delivery::plan::PlanInput;
use netdata_ilert::delivery::reason::Reasons;
use netdata_ilert::delivery::store::Store;
use netdata_ilert::payload::Subject;

use super::NOTHING;
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, Scene};
use crate::delivery::world::alert;

/// A parent with nodes; more than five raises in 15 minutes are a storm.
fn parent(nodes: usize) -> Scene {
    let hosts: Vec<String> = (1..=nodes).map(|number| format!("web-{number:02}")).collect();
    let hosts: Vec<&str> = std::iter::once("own").chain(hosts.iter().map(String::as_str)).collect();
    let mut scene = Scene::with(&hosts, &CONFIG.replace("storm_after = 0", "storm_after = 5"));
    assert_eq!(scene.run(), NOTHING);
    scene.wait(60);
    scene
}

fn on_nodes(range: std::ops::RangeInclusive<usize>, name: &str) -> Vec<AlertId> {
    range.map(|number| alert(&format!("web-{number:02}"), name)).collect()
}

fn set(scene: &mut Scene, ids: &[AlertId], status: netdata_ilert::alert::Status) {
    for id in ids {
        scene.world.set(id, status);
    }
}

/// What ilert took in a run: its type and the summary.
fn said(scene: &mut Scene) -> Vec<String> {
    let before = scene.ilert.summaries.borrow().len();
    scene.run();
    scene.ilert.summaries.borrow()[before..].to_vec()
}

fn storms_open(scene: &Scene) -> usize {
    scene.open().iter().filter(|key| key.contains("/storm/")).count()
}

#[test]
fn as_many_as_the_limit_are_told_singly_and_one_more_opens_a_storm() {
    let mut scene = parent(20);
    set(&mut scene, &on_nodes(1..=5, "disk"), Critical);
    assert_eq!(scene.run(), vec!["ALERT critical"; 5]);
    scene.wait(60);
    set(&mut scene, &on_nodes(6..=6, "disk"), Critical);
    assert_eq!(said(&mut scene), ["[STORM] 1 critical alert on 1 node: disk ×1"]);
    assert_eq!(scene.open().len(), 6);
}

/// Why the alerts of a kind are told or not, as `-v` says it.
fn reasons(scene: &Scene, name: &str) -> Vec<String> {
    let mut ledger = scene.ledger();
    ledger.reasons = Some(Reasons::default());
    ledger.replan(&PlanInput::without_agent(scene.config.notification.notify, scene.now()));
    let of_kind = |subject: &Subject| matches!(subject, Subject::Alert(alert) if alert.name == name);
    let noted = ledger.reasons.iter().flat_map(Reasons::iter).filter(|(subject, _)| of_kind(subject));
    noted.map(|(_, reason)| reason.words(scene.now())).collect()
}

#[test]
fn members_are_told_by_a_storm_only_once_it_is_accepted() {
    let mut scene = parent(10);
    scene.ilert.jinx("/storm/", Fault::Unavailable);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    assert_eq!(reasons(&scene, "disk"), vec!["waits to be told as one of a storm"; 10]);
    scene.ilert.unjinx();
    scene.wait(60);
    scene.run();
    assert_eq!(reasons(&scene, "disk"), vec!["told as one of a storm"; 10]);
}

#[test]
fn members_of_a_storm_that_was_refused_are_not_told_and_neither_once_it_is_discarded() {
    let mut scene = parent(10);
    scene.ilert.jinx("/storm/", Fault::Invalid);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    let words = "not told: ilert refused the storm that it is one of";
    assert_eq!(reasons(&scene, "disk"), vec![words; 10]);
    Store::open(scene.folder.path()).unwrap().discard_all().unwrap();
    scene.ilert.unjinx();
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(reasons(&scene, "disk"), vec![words; 10]);
}

#[test]
fn a_storm_whose_nodes_leave_the_rooms_is_no_longer_covered() {
    let mut scene = parent(20);
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    assert_eq!(scene.run().len(), 1);
    scene.wait(60);
    set(&mut scene, &on_nodes(1..=10, "disk"), Clear);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(60);
    choose(&mut scene, "own");
    let ended = "[RESOLVED] storm of 20 critical alerts on 20 nodes: no longer covered by the configuration";
    assert_eq!(said(&mut scene), [ended]);
    assert_eq!(scene.open(), NOTHING);
    assert_eq!(scene.watch_for(300), NOTHING);
}

#[test]
fn a_storm_whose_last_members_clear_is_all_over_whatever_left_the_rooms_before() {
    let mut scene = parent(20);
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    scene.run();
    scene.wait(60);
    choose(&mut scene, "own web-01 web-02 web-03");
    assert_eq!(scene.run(), NOTHING);
    scene.wait(60);
    set(&mut scene, &on_nodes(1..=3, "disk"), Clear);
    assert_eq!(said(&mut scene), ["[RESOLVED] storm of 20 critical alerts on 20 nodes: all over after 2m"]);
}

/// Only the nodes that match are covered from now on.
fn choose(scene: &mut Scene, nodes: &str) {
    scene.config.rooms =
        vec![Room { name: "chosen".into(), nodes: Pattern::new(nodes), labels: BTreeMap::default() }];
    scene.config.notification.rooms = vec!["chosen".into()];
}

#[test]
fn a_storm_is_told_once_whole_and_resolved_when_all_is_over() {
    let mut scene = parent(20);
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    set(&mut scene, &on_nodes(1..=2, "ram"), Critical);
    assert_eq!(said(&mut scene), ["[STORM] 22 critical alerts on 20 nodes: disk ×20, ram ×2"]);
    let key = scene.open().remove(0);
    assert_eq!(key, "own/guid-own/storm/critical/2027-01-15t08:01:00z");
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(240);
    set(&mut scene, &on_nodes(1..=12, "disk"), Clear);
    let progress = said(&mut scene).remove(0);
    assert!(
        progress.ends_with(
            ": 10 of 22 still raised: ram on web-01, ram on web-02, disk on web-13, disk on web-14, disk on web-15, \
             disk on web-16, disk on web-17, disk on web-18, disk on web-19, disk on web-20"
        ),
        "{progress}"
    );
    scene.wait(60);
    set(&mut scene, &on_nodes(13..=20, "disk"), Clear);
    assert_eq!(scene.run(), NOTHING, "a comment at most every five minutes");
    set(&mut scene, &on_nodes(1..=2, "ram"), Clear);
    assert_eq!(said(&mut scene), ["[RESOLVED] storm of 22 critical alerts on 20 nodes: all over after 6m"]);
    assert_eq!(scene.open(), NOTHING);
    assert_eq!(scene.watch_for(45 * 60), NOTHING);
    assert!(scene.ledger().entries.is_empty(), "nothing needs to be remembered");
}

#[test]
fn each_class_has_storms_of_its_own() {
    let mut scene = parent(20);
    set(&mut scene, &on_nodes(1..=10, "disk"), Warning);
    set(&mut scene, &on_nodes(11..=15, "disk"), Critical);
    assert_eq!(scene.run().len(), 6, "one storm of warnings, five criticals singly");
    let priorities: Vec<_> = scene.ilert.taken.borrow().iter().map(|(_, _, priority)| *priority).collect();
    assert_eq!(priorities, [&[Some("LOW")][..], &[Some("HIGH"); 5]].concat(), "the storm comes first");
}

#[test]
fn nodes_are_a_class_too_and_an_agent_that_is_away_is_no_member() {
    let mut scene = parent(10);
    scene.run();
    for number in 1..=10 {
        scene.world.node_mut(&format!("web-{number:02}")).reachable = false;
    }
    let told = scene.watch_for(300);
    assert_eq!(told.len(), 1);
    let summaries = scene.ilert.summaries.borrow().clone();
    assert_eq!(
        summaries,
        ["[STORM] 10 nodes unreachable: web-01, web-02, web-03, web-04, web-05 and 5 more"]
    );
    scene.world.away = Some("connection refused".to_owned());
    let told = scene.watch_for(300);
    assert_eq!(told, ["ALERT unreachable"], "the agent itself");
    scene.world.away = None;
    for number in 1..=10 {
        scene.world.node_mut(&format!("web-{number:02}")).reachable = true;
    }
    scene.watch_for(120);
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn what_the_storm_speaks_of_joins_it_and_what_is_news_is_told_singly() {
    let mut scene = parent(40);
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    assert_eq!(scene.run().len(), 1);
    scene.wait(60);
    set(&mut scene, &on_nodes(21..=30, "disk"), Critical);
    scene.world.set(&alert("web-01", "raid"), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    assert!(scene.open().iter().any(|key| key.contains("/raid/")));
    scene.wait(300);
    assert_eq!(
        said(&mut scene),
        ["[CRITICAL] storm of 30 critical alerts on 30 nodes: 30 of 30 still raised"]
    );
}

#[test]
fn too_much_news_opens_another_storm_with_another_key() {
    let mut scene = parent(40);
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    scene.run();
    scene.wait(60);
    set(&mut scene, &on_nodes(1..=5, "ram"), Critical);
    assert_eq!(scene.run().len(), 5);
    scene.wait(60);
    set(&mut scene, &on_nodes(6..=9, "ram"), Critical);
    assert_eq!(said(&mut scene), ["[STORM] 4 critical alerts on 4 nodes: ram ×4"]);
    assert_eq!(storms_open(&scene), 2);
    scene.wait(60);
    set(&mut scene, &on_nodes(10..=12, "ram"), Critical);
    set(&mut scene, &on_nodes(21..=23, "disk"), Critical);
    assert_eq!(scene.run(), NOTHING, "each joins the storm that speaks of it");
}

#[test]
fn when_it_is_calm_again_every_raise_is_told_singly() {
    let mut scene = parent(40);
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    scene.run();
    scene.wait(15 * 60);
    set(&mut scene, &on_nodes(21..=25, "disk"), Critical);
    assert_eq!(scene.run(), vec!["ALERT critical"; 5]);
    assert_eq!(storms_open(&scene), 1);
}

#[test]
fn a_raise_after_the_storm_is_news_again() {
    let mut scene = parent(40);
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    scene.run();
    scene.wait(240);
    set(&mut scene, &on_nodes(1..=20, "disk"), Clear);
    assert_eq!(scene.run(), ["RESOLVE 2027-01-15t08:01:00z"]);
    scene.wait(60);
    scene.world.set(&alert("own", "raid"), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn another_key_hears_of_all_of_it_anew() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    assert_eq!(scene.run().len(), 1);
    scene.key = netdata_ilert::secret::Secret::new("il1api-of-another-source".into());
    scene.ilert.open.borrow_mut().clear();
    scene.wait(60);
    assert_eq!(scene.run().len(), 1, "one storm");
    assert_eq!(storms_open(&scene), 1);
    set(&mut scene, &on_nodes(1..=10, "disk"), Clear);
    scene.wait(60);
    scene.run();
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_type_that_is_switched_off_resolves_its_storm() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=10, "disk"), Warning);
    scene.run();
    scene.config.notification.notify.warning = false;
    scene.wait(60);
    let ended = "[RESOLVED] storm of 10 warning alerts on 10 nodes: no longer covered by the configuration";
    assert_eq!(said(&mut scene), [ended]);
    assert_eq!(scene.open(), NOTHING);
    assert_eq!(scene.watch_for(300), NOTHING);
}

#[test]
fn a_storm_that_failed_and_is_over_is_told_whole_when_tried_again() {
    let mut scene = parent(20);
    scene.ilert.jinx("/storm/", Fault::Invalid);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    set(&mut scene, &on_nodes(1..=10, "disk"), Clear);
    scene.watch_for(40 * 60);
    assert!(scene.ledger().entries.is_empty());
    scene.ilert.unjinx();
    scene.retry();
    scene.wait(60);
    let told = said(&mut scene);
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("[STORM] 10 critical alerts on 10 nodes: disk ×10"), "{told:?}");
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_storm_after_the_state_was_lost_is_adopted_and_resolved() {
    let mut scene = parent(10);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    set(&mut scene, &on_nodes(1..=10, "disk"), Clear);
    scene.lose_state();
    scene.wait(60);
    let adopted = scene.adopt();
    assert_eq!((adopted.taken, adopted.not_understood), (1, Vec::new()));
    assert_eq!(scene.watch_for(240), NOTHING);
    assert_eq!(scene.watch_for(120).len(), 1);
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_storm_that_is_refused_is_kept_as_failed_and_takes_in_no_more() {
    let mut scene = parent(20);
    scene.ilert.jinx("/storm/", Fault::Invalid);
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.failed().len(), 1);
    scene.ilert.unjinx();
    scene.wait(60);
    set(&mut scene, &on_nodes(11..=12, "disk"), Critical);
    assert_eq!(scene.run(), vec!["ALERT critical"; 2]);
    scene.retry();
    scene.wait(60);
    assert_eq!(said(&mut scene), ["[STORM] 10 critical alerts on 10 nodes: disk ×10"]);
}

#[test]
fn without_a_state_pages_are_sent_singly() {
    let mut scene = parent(10);
    scene.writable = false;
    set(&mut scene, &on_nodes(1..=10, "disk"), Critical);
    scene.run();
    assert_eq!(storms_open(&scene), 0);
    assert_eq!(scene.open().len(), 10);
    scene.writable = true;
    scene.wait(60);
    scene.run();
    set(&mut scene, &on_nodes(1..=10, "disk"), Clear);
    scene.wait(60);
    scene.run();
    assert_eq!(scene.open(), NOTHING);
}

/// From 08:10 to 09:00 nothing is sent of `disk`; the world begins at 08:00.
const SILENCED: &str = "[[silence]]\nname = 'disks'\nfrom = '2027-01-15T08:10'\nuntil = '2027-01-15T09:00'\n\
                        timezone = 'UTC'\nalerts = 'disk'\n";

#[test]
fn a_silence_over_its_members_neither_ends_it_nor_tells_it_again() {
    let mut scene = parent(20);
    scene.config.silences = Scene::with(&["own"], &format!("{CONFIG}{SILENCED}")).config.silences;
    set(&mut scene, &on_nodes(1..=20, "disk"), Critical);
    assert_eq!(scene.run().len(), 1);
    scene.wait(600);
    assert_eq!(scene.watch_for(3600), NOTHING, "through the silence, and after it");
    assert_eq!(storms_open(&scene), 1);
    set(&mut scene, &on_nodes(1..=20, "disk"), Clear);
    assert_eq!(scene.watch_for(120).len(), 1);
    assert_eq!(scene.open(), NOTHING);
}
