//! What is due when: every row of the table, and every rule beside it.

use netdata_ilert::alert::Status::{Clear, Critical, Removed, Uninitialized, Warning};
use netdata_ilert::secret::Secret;

use super::ilert::Fault;
use super::scene::{CONFIG, Scene, parse};
use super::world::alert;

const NOTHING: Vec<String> = Vec::new();

fn told(status: netdata_ilert::alert::Status) -> Scene {
    let mut scene = Scene::new(&["own"]);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(60);
    scene.world.set(&disk(), status);
    assert_eq!(scene.run().len(), 1);
    scene.wait(60);
    scene
}

fn disk() -> netdata_ilert::alert::AlertId {
    alert("own", "disk")
}

#[test]
fn a_raise_is_told_and_its_clear_resolves() {
    let mut scene = told(Warning);
    assert_eq!(scene.open(), ["own/guid-own/chart.disk/disk/warning"]);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
    assert_eq!(scene.open(), NOTHING);
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
    let mut scene = Scene::new(&["own"]);
    scene.run();
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
    let mut scene = Scene::new(&["own"]);
    scene.run();
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

#[test]
fn a_raise_waits_for_netdatas_own_delay() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.world.delay = 60;
    scene.world.set(&disk(), Warning);
    scene.wait(59);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT warning"]);
}

#[test]
fn a_raise_that_is_over_before_its_delay_never_happened() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.world.delay = 60;
    scene.world.set(&disk(), Warning);
    scene.wait(30);
    scene.run();
    scene.world.delay = 0;
    scene.world.set(&disk(), Clear);
    scene.wait(600);
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn a_clear_waits_for_its_delay_across_runs_and_is_undone_by_a_raise() {
    let mut scene = told(Warning);
    scene.world.delay = 900;
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(300);
    scene.world.delay = 0;
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(900);
    assert_eq!(scene.run(), NOTHING);
    scene.world.delay = 900;
    scene.world.set(&disk(), Clear);
    scene.wait(900);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn the_first_run_honours_a_delay_too() {
    let mut scene = Scene::new(&["own"]);
    scene.world.delay = 60;
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(60);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

fn with_delivery(lines: &str) -> String {
    format!("{CONFIG}{lines}\n")
}

#[test]
fn resolve_after_makes_one_alert_of_flapping() {
    let mut scene = Scene::with(&["own"], &with_delivery("resolve_after = \"5m\""));
    scene.run();
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    for _ in 0..3 {
        scene.wait(60);
        scene.world.set(&disk(), Clear);
        assert_eq!(scene.run(), NOTHING);
        scene.wait(60);
        scene.world.set(&disk(), Warning);
        assert_eq!(scene.run(), NOTHING);
    }
    scene.world.set(&disk(), Clear);
    scene.wait(299);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn a_restart_with_the_alert_still_raised_changes_nothing() {
    let mut scene = told(Warning);
    scene.world.restart("own");
    assert_eq!(scene.run(), NOTHING);
    scene.wait(10);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(600);
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn a_clear_while_the_agent_was_down_resolves_though_the_log_never_tells() {
    let mut scene = told(Warning);
    scene.world.restart("own");
    assert_eq!(scene.run(), NOTHING);
    scene.world.set_unlogged(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn a_clear_in_the_log_that_follows_a_restart_is_no_clear() {
    let mut scene = told(Warning);
    for status in [Removed, Uninitialized, Clear, Warning] {
        scene.world.set(&disk(), status);
    }
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn an_alert_that_is_gone_is_resolved_after_its_time_and_not_before() {
    let mut scene = told(Critical);
    scene.world.vanish(&disk());
    assert_eq!(scene.run(), NOTHING);
    scene.wait(179);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn any_other_state_restarts_the_clock_of_a_gone_alert() {
    let mut scene = told(Critical);
    scene.world.vanish(&disk());
    scene.run();
    scene.wait(120);
    scene.world.set(&disk(), Uninitialized);
    scene.run();
    scene.wait(60);
    scene.world.vanish(&disk());
    scene.run();
    scene.wait(120);
    scene.world.away = Some("connection refused".into());
    scene.run();
    scene.world.away = None;
    assert_eq!(scene.run(), NOTHING);
    scene.wait(170);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(10);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn unknown_is_not_clear() {
    let mut scene = told(Critical);
    scene.world.node_mut("own").health = false;
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    scene.world.node_mut("own").health = true;
    scene.world.set_unlogged(&disk(), netdata_ilert::alert::Status::Undefined);
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn silent_alerts_are_not_told_until_the_silence_ends() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
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
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["COMMENT critical"]);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
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
    scene.wait(180);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
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
    assert!(scene.ledger().entries.is_empty());
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

#[test]
fn a_child_that_goes_away_is_told_after_its_delay_and_its_alerts_stay() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.world.set(&alert("child", "disk"), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    let child = scene.world.node_mut("child");
    (child.reachable, child.health) = (false, false);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(119);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT unreachable"]);
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    let child = scene.world.node_mut("child");
    (child.reachable, child.health) = (true, true);
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
    scene.wait(180);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
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
    scene.wait(120);
    assert_eq!(scene.run(), ["ALERT unreachable"]);
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
fn the_clocks_of_children_stand_still_while_the_agent_is_away() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.run();
    scene.world.node_mut("child").reachable = false;
    scene.run();
    scene.wait(60);
    scene.run();
    scene.world.away = Some("connection refused".into());
    scene.wait(60);
    scene.run();
    scene.wait(30);
    scene.world.away = None;
    assert_eq!(scene.run(), NOTHING);
    scene.wait(59);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT unreachable"]);
}

#[test]
fn an_untried_warning_is_dropped_when_critical_takes_over() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Critical);
    scene.ilert.always.set(None);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn an_event_without_an_answer_is_sent_again_before_anything_after_it() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.world.set(&disk(), Warning);
    scene.ilert.always.set(Some(Fault::Unavailable));
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Critical);
    scene.ilert.always.set(None);
    assert_eq!(scene.run(), ["ALERT warning", "ALERT critical", "RESOLVE warning"]);
}

#[test]
fn a_resolve_without_an_answer_goes_before_the_next_alert() {
    let mut scene = told(Warning);
    scene.world.set(&disk(), Clear);
    scene.ilert.always.set(Some(Fault::AnswerLost));
    scene.run();
    scene.world.set(&disk(), Warning);
    scene.ilert.always.set(None);
    assert_eq!(scene.run(), ["RESOLVE warning", "ALERT warning"]);
    assert_eq!(scene.open().len(), 1);
}

#[test]
fn an_outage_leaves_what_matters_now_and_not_a_diary() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.ilert.always.set(Some(Fault::Unsent));
    for status in [Warning, Critical, Clear, Warning, Clear, Critical, Warning, Clear] {
        scene.wait(60);
        scene.world.set(&disk(), status);
        scene.run();
    }
    scene.ilert.always.set(None);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
}

#[test]
fn a_refused_alert_is_sent_once_more_and_then_fails_while_others_go_on() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.world.set(&disk(), Critical);
    scene.world.set(&alert("own", "ram"), Critical);
    scene.ilert.faults.borrow_mut().extend([Some(Fault::Invalid), Some(Fault::Invalid)]);
    let sent = scene.try_run(None).unwrap();
    assert_eq!((sent.accepted, sent.refused.len(), sent.stop), (1, 1, None));
    assert_eq!(scene.open(), ["own/guid-own/chart.ram/ram/critical"]);
    assert_eq!(scene.run(), NOTHING, "not tried again until raised anew");
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.ledger().entries.len(), 1, "only the other one is remembered");
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn a_refused_alert_may_pass_with_the_minimal_payload() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.world.set(&disk(), Critical);
    scene.ilert.faults.borrow_mut().push_back(Some(Fault::Invalid));
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn a_wrong_key_stops_the_run_at_its_first_request_and_keeps_everything() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    for name in ["a", "b", "c"] {
        scene.world.set(&alert("own", name), Critical);
    }
    scene.ilert.always.set(Some(Fault::KeyWrong));
    let sent = scene.try_run(None).unwrap();
    assert!(matches!(sent.stop, Some(netdata_ilert::delivery::dispatch::Stop::KeyWrong(_))));
    assert_eq!(scene.ilert.arrivals.borrow().len(), 1);
    scene.ilert.always.set(None);
    assert_eq!(scene.run().len(), 3);
}

#[test]
fn a_429_stops_the_key_across_runs() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.world.set(&disk(), Critical);
    scene.ilert.faults.borrow_mut().push_back(Some(Fault::Limited));
    assert_eq!(scene.run(), NOTHING);
    scene.wait(14);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.ilert.arrivals.borrow().len(), 1);
    scene.wait(1);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn a_failing_endpoint_gets_two_further_tries_in_a_run() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.world.set(&disk(), Critical);
    scene.ilert.always.set(Some(Fault::Unavailable));
    scene.run();
    assert_eq!(scene.ilert.arrivals.borrow().len(), 3);
}

#[test]
fn pages_go_first_then_resolves_then_warnings_then_comments() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.world.set(&alert("own", "cleared"), Warning);
    scene.world.set(&alert("own", "fell"), Critical);
    scene.run();
    let child = scene.world.node_mut("child");
    (child.reachable, child.health) = (false, false);
    scene.run();
    scene.wait(120);
    scene.world.set(&alert("own", "cleared"), Clear);
    scene.world.set(&alert("own", "fell"), Warning);
    scene.world.set(&alert("own", "new"), Warning);
    scene.world.set(&alert("own", "z"), Critical);
    let mut sent = scene.run();
    sent[..2].sort();
    assert_eq!(
        sent,
        ["ALERT critical", "ALERT unreachable", "RESOLVE warning", "ALERT warning", "COMMENT critical"]
    );
}

#[test]
fn the_pace_holds_across_runs() {
    let mut scene = Scene::with(&["own"], &CONFIG.replace("1000", "10"));
    scene.run();
    for number in 0..25 {
        scene.world.set(&alert("own", &format!("a{number:02}")), Critical);
    }
    assert_eq!(scene.run().len(), 10);
    scene.wait(30);
    assert_eq!(scene.run().len(), 0);
    scene.wait(30);
    assert_eq!(scene.run().len(), 10);
    scene.wait(61);
    assert_eq!(scene.run().len(), 5);
}

#[test]
fn a_changed_key_is_told_what_is_raised_and_sets_the_old_ledger_aside() {
    let mut scene = told(Warning);
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT warning"]);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
    scene.key = Secret::new("il1api-of-the-model-0000".into());
    assert_eq!(scene.run(), ["RESOLVE warning"], "what is still open under the old key");
}

#[test]
fn what_waited_under_a_revoked_key_is_told_under_the_new_one() {
    let mut scene = Scene::new(&["own"]);
    scene.run();
    scene.ilert.always.set(Some(Fault::KeyWrong));
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.world.set(&disk(), Clear);
    scene.run();
    scene.ilert.always.set(None);
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
}
