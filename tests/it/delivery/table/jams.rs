//! Events that are never taken: they hold up no other alert's.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk, pages_and_resolves, started};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::Scene;
use crate::delivery::world::alert;

/// An alert whose every event meets the same fault, raised before the others.
fn jinxed(fault: Fault) -> Scene {
    let mut scene = started();
    scene.ilert.jinx("/disk/", fault);
    scene.world.set(&disk(), Critical);
    scene
}

#[test]
fn one_event_that_is_never_taken_stops_no_other_whatever_the_answer() {
    for fault in [
        Fault::Unavailable,
        Fault::AnswerLost,
        Fault::Reset,
        Fault::Stranger,
        Fault::Unsent,
        Fault::KeyWrong,
        Fault::Limited,
        Fault::Invalid,
    ] {
        let mut scene = jinxed(fault);
        scene.run();
        for (number, name) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
            scene.world.set(&alert("own", name), if number % 2 == 0 { Critical } else { Warning });
        }
        scene.watch_for(180);
        let open = scene.open();
        let others = open.iter().filter(|key| !key.contains("/disk/")).count();
        assert_eq!(others, 5, "{fault:?}: {open:?}");
        for name in ["a", "b", "c", "d", "e"] {
            scene.world.set(&alert("own", name), Clear);
        }
        scene.watch_for(180);
        let open = scene.open();
        assert!(open.iter().all(|key| key.contains("/disk/")), "{fault:?}: {open:?}");
    }
}

#[test]
fn many_that_are_never_taken_stop_no_other() {
    for fault in [Fault::Unavailable, Fault::KeyWrong, Fault::Limited, Fault::Unsent] {
        let mut scene = started();
        for number in 0..20 {
            scene.world.set(&alert("own", &format!("bad{number}")), Critical);
        }
        scene.ilert.jinx("/bad", fault);
        scene.world.set(&alert("own", "good"), Warning);
        scene.world.set(&alert("own", "page"), Critical);
        // A limit ends the run: each shows of one event that it is not taken.
        scene.watch_for(if fault == Fault::Limited { 1500 } else { 900 });
        let open = scene.open();
        let good = open.iter().filter(|key| !key.contains("/bad")).count();
        assert_eq!(good, 2, "{fault:?}: {open:?}");
    }
}

#[test]
fn an_event_at_fault_rests_longer_each_time_is_made_minimal_and_fails_in_the_end() {
    let mut scene = jinxed(Fault::Unavailable);
    let mut tries = Vec::new();
    let start = scene.world.now;
    for minute in 0..100 {
        // Something else is there to be taken at each run.
        scene.world.set(&alert("own", &format!("other{minute}")), Warning);
        let before = scene.ilert.attempts_of("/disk/");
        scene.run();
        let requests = scene.ilert.attempts_of("/disk/") - before;
        assert!(requests <= 1, "once in a run");
        if requests == 1 {
            tries.push((scene.world.now - start) / 60);
        }
        scene.world.now = start + (minute + 1) * 60;
    }
    let rests: Vec<i64> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(rests, [1, 2, 4, 8, 15, 15, 15, 15, 15], "minutes between tries");
    let ledger = scene.ledger();
    let entry = ledger.entries.values().find(|entry| entry.keys.critical.refused.alert).unwrap();
    assert!(entry.waiting.is_empty() && entry.is_raised());
    let failed = scene.failed();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].reason.contains("10 times") && failed[0].reason.contains("503"), "{failed:?}");
}

#[test]
fn an_endpoint_at_fault_puts_nothing_to_rest() {
    let mut scene = started();
    for name in ["a", "b", "c", "d"] {
        scene.world.set(&alert("own", name), Critical);
    }
    scene.ilert.always.set(Some(Fault::Unavailable));
    for _ in 0..5 {
        let before = scene.ilert.arrivals.borrow().len();
        scene.wait(60);
        scene.run();
        assert_eq!(scene.ilert.arrivals.borrow().len() - before, 3);
    }
    scene.ilert.always.set(None);
    scene.wait(60);
    scene.run();
    assert_eq!(scene.open().len(), 4, "the next run tells everything at once");
}

#[test]
fn a_refused_resolve_ends() {
    let mut scene = started();
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
    scene.ilert.jinx("resolve", Fault::Invalid);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    assert_eq!(scene.watch_for(360), NOTHING);
    assert_eq!(scene.ilert.attempts.borrow().len(), 4, "the RESOLVE once, and once minimal");
    assert_eq!(scene.failed().len(), 1);
    scene.world.set(&alert("own", "other"), Warning);
    assert_eq!(scene.run(), ["ALERT warning"]);
}

#[test]
fn a_refused_resolve_does_not_keep_the_next_raise_from_being_told() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.ilert.jinx("resolve", Fault::Invalid);
    scene.world.set(&disk(), Clear);
    scene.wait(5);
    scene.world.set(&disk(), Critical);
    scene.wait(5);
    assert_eq!(scene.run(), ["ALERT critical"]);
    assert_eq!(scene.watch_for(300), NOTHING);
    // Cleared anew, it is tried anew.
    scene.ilert.unjinx();
    scene.world.set(&disk(), Clear);
    scene.wait(5);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn a_refused_comment_ends() {
    let mut scene = started();
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.ilert.jinx("comment", Fault::Invalid);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.watch_for(300), NOTHING);
    assert_eq!(scene.ilert.attempts.borrow().len(), 3);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn whatever_is_refused_whole_may_pass_minimal() {
    let mut scene = started();
    scene.ilert.refuse_labels();
    pages_and_resolves(&mut scene);
    assert_eq!((scene.open(), scene.failed().len()), (NOTHING, 0));
}

#[test]
fn a_comment_that_is_never_taken_holds_nothing_back() {
    for end in [Critical, Clear] {
        let mut scene = started();
        scene.world.set(&disk(), Critical);
        scene.run();
        scene.ilert.jinx("comment", Fault::Unavailable);
        scene.world.set(&disk(), Warning);
        assert_eq!(scene.watch_for(180), NOTHING);
        scene.wait(60);
        scene.world.set(&disk(), end);
        let expected = if end == Clear { "RESOLVE critical" } else { "ALERT critical" };
        assert_eq!(scene.run(), [expected]);
    }
}

#[test]
fn a_warnings_event_that_is_never_taken_does_not_hold_back_its_critical() {
    for part in [
        "alert netdata/own/guid-own/chart.disk/disk/warning",
        "resolve netdata/own/guid-own/chart.disk/disk/warning",
    ] {
        let mut scene = started();
        scene.ilert.jinx(part, Fault::Unavailable);
        scene.world.set(&disk(), Warning);
        let others = |scene: &mut Scene, number: i64| {
            scene.world.set(&alert("own", &format!("other{number}")), Warning);
            scene.wait(60);
            scene.run()
        };
        for number in 0..3 {
            others(&mut scene, number);
        }
        scene.world.set(&disk(), Critical);
        let told = [others(&mut scene, 3), others(&mut scene, 4)].concat();
        assert!(told.contains(&"ALERT critical".to_owned()), "{part}: {told:?}");
        scene.world.set(&disk(), Clear);
        others(&mut scene, 5);
        others(&mut scene, 6);
        scene.world.set(&disk(), Critical);
        let told = [others(&mut scene, 7), others(&mut scene, 8)].concat();
        assert!(told.contains(&"ALERT critical".to_owned()), "{part}: {told:?}");
    }
}

#[test]
fn a_rest_that_was_noted_before_the_clock_was_set_back_is_over() {
    let mut scene = jinxed(Fault::Unavailable);
    scene.world.set(&alert("own", "ram"), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    scene.ilert.unjinx();
    scene.wait(-86_400);
    assert_eq!(scene.run(), ["ALERT critical"]);
    assert_eq!(scene.open().len(), 2);
}
