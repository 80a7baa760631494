//! The outbox: order, refusals, pace, retries.

use netdata_ilert::alert::Health;
use netdata_ilert::alert::Status::{Clear, Critical, Warning};

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
