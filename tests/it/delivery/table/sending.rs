//! The outbox: order, refusals, pace, and another key.

use netdata_ilert::alert::Health;
use netdata_ilert::alert::Status::{Clear, Critical, Warning};
use netdata_ilert::secret::Secret;

use super::{NOTHING, disk, started, told};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, Scene};
use crate::delivery::world::alert;

#[test]
fn an_untried_warning_is_dropped_when_critical_takes_over() {
    let mut scene = started();
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Critical);
    scene.ilert.always.set(None);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn an_event_without_an_answer_is_sent_again_before_anything_after_it() {
    let mut scene = started();
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
    let mut scene = started();
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
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.world.set(&alert("own", "ram"), Critical);
    scene.ilert.faults.borrow_mut().extend([Some(Fault::Invalid), Some(Fault::Invalid)]);
    let sent = scene.try_run(None).unwrap();
    assert_eq!((sent.accepted, sent.refused.len(), sent.stop), (1, 1, None));
    assert_eq!(scene.open(), ["own/guid-own/chart.ram/ram/critical"]);
    assert_eq!(scene.run(), NOTHING, "not tried again until raised anew");
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(600), NOTHING);
    assert_eq!(scene.ledger().entries.len(), 1, "only the other one is remembered");
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn a_refused_alert_may_pass_with_the_minimal_payload() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.ilert.faults.borrow_mut().push_back(Some(Fault::Invalid));
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn a_wrong_key_stops_the_run_once_a_second_alert_has_shown_that_it_is_the_key() {
    let mut scene = started();
    for name in ["a", "b", "c"] {
        scene.world.set(&alert("own", name), Critical);
    }
    scene.ilert.always.set(Some(Fault::KeyWrong));
    let sent = scene.try_run(None).unwrap();
    assert!(matches!(sent.stop, Some(netdata_ilert::delivery::dispatch::Stop::KeyWrong(_))));
    assert_eq!(scene.ilert.arrivals.borrow().len(), 2);
    scene.ilert.always.set(None);
    assert_eq!(scene.run().len(), 3);
}

#[test]
fn a_429_stops_the_key_across_runs() {
    let mut scene = started();
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
    let mut scene = started();
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
    (child.reachable, child.health) = (false, Health::Disabled);
    scene.run();
    assert_eq!(scene.watch_for(119), NOTHING);
    scene.wait(1);
    scene.world.set(&alert("own", "cleared"), Clear);
    scene.world.set(&alert("own", "fell"), Warning);
    scene.world.set(&alert("own", "new"), Warning);
    scene.world.set(&alert("own", "z"), Critical);
    assert_eq!(
        scene.run(),
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
    let mut scene = started();
    scene.ilert.always.set(Some(Fault::KeyWrong));
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.world.set(&disk(), Clear);
    scene.run();
    scene.ilert.always.set(None);
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
}

#[test]
fn what_is_handed_over_is_resolved_and_told_under_the_new_key() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.run();
    scene.world.set(&disk(), Critical);
    scene.world.node_mut("child").reachable = false;
    scene.watch_for(180);
    assert_eq!(scene.open().len(), 2, "{:?}", scene.open());
    let mut resolved = scene.hand_over();
    resolved.sort();
    assert_eq!(resolved, ["RESOLVE critical", "RESOLVE unreachable"]);
    assert_eq!(scene.hand_over(), NOTHING, "once");
    scene.key = Secret::new("il1api-another-key-0000".into());
    let mut told = scene.run();
    told.sort();
    assert_eq!(told, ["ALERT critical", "ALERT unreachable"], "the node that is away is not forgotten");
}

#[test]
fn what_was_not_told_is_not_told_to_be_handed_over() {
    let mut scene = started();
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.ilert.always.set(None);
    assert_eq!(scene.hand_over(), NOTHING);
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn what_is_set_aside_already_is_handed_over_with_its_own_key() {
    let mut scene = told(Warning);
    let former = scene.key.clone();
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT warning"]);
    let present = std::mem::replace(&mut scene.key, former);
    assert_eq!(scene.hand_over(), ["RESOLVE warning"]);
    scene.key = present;
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"], "and the present key's own is resolved when it clears");
}

#[test]
fn a_retry_loses_nothing_whatever_ilert_may_have() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.ilert.always.set(Some(Fault::Unavailable));
    scene.run();
    scene.ilert.always.set(Some(Fault::Invalid));
    scene.wait(60);
    scene.run();
    assert_eq!(scene.failed().len(), 1);
    scene.ilert.always.set(None);
    scene.wait(60);
    assert_eq!(scene.run(), NOTHING, "not before it is asked for");
    scene.retry();
    assert_eq!(scene.failed().len(), 0);
    assert_eq!(scene.run(), ["ALERT critical"]);
    assert_eq!(scene.open().len(), 1);
}

#[test]
fn a_retry_of_what_has_long_been_over_pages_nobody_and_invents_no_time() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.ilert.jinx("alert", Fault::Invalid);
    scene.run();
    scene.ilert.unjinx();
    scene.world.set(&disk(), Clear);
    scene.watch_for(5 * 3600);
    scene.retry();
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
    assert_eq!(scene.ilert.taken.borrow()[0].2, Some("LOW"));
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn another_endpoint_is_another_ilert() {
    let mut scene = told(Critical);
    scene.config = crate::delivery::scene::parse(&format!(
        "{CONFIG}[ilert]\nendpoint = \"https://elsewhere.example\"\n"
    ));
    assert_eq!(scene.run(), ["ALERT critical"], "what is raised is told there");
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn a_state_that_cannot_be_written_silences_no_page() {
    let mut scene = told(Warning);
    scene.world.set(&disk(), Critical);
    scene.world.set(&alert("own", "ram"), Warning);
    scene.writable = false;
    assert_eq!(scene.run(), ["ALERT critical"], "a warning waits");
    scene.wait(60);
    assert_eq!(scene.run(), ["ALERT critical"], "told again at worst: nobody knows of it");
    scene.writable = true;
    scene.wait(60);
    scene.run();
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
    for _ in 0..60 {
        scene.wait(60);
        assert_eq!(scene.run().len(), 5, "a quarter of the pace, for nobody knows of the run before");
    }
    assert_eq!(scene.open().len(), 12);
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
    scene.world.set(&disk(), Clear);
    scene.wait(5);
    scene.world.set(&disk(), Critical);
    for _ in 0..3 {
        scene.wait(60);
        assert_eq!(scene.run(), ["ALERT critical"], "a line of the alert that is open");
    }
    scene.writable = true;
    scene.wait(60);
    assert_eq!(scene.run(), ["RESOLVE critical", "ALERT critical"]);
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
