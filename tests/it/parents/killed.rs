//! A run with two parents that is killed while a parent answers, or ilert does: the next one ends in the same place.

use std::os::unix::process::ExitStatusExt;
use std::sync::{Arc, Mutex};

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::{Answer, Barrier, Fault};
use rustix::process::{Pid, Signal, kill_process};

use super::{NOTHING, Pair};
use crate::stage::{Running, arrived};

/// Told: a critical, b warning. Now: both parents see b critical and a clear, one sees c, and d came and went at both.
fn busy() -> Pair {
    let pair = Pair::new();
    pair.set("a", Status::Critical);
    pair.set("b", Status::Warning);
    assert_eq!(pair.stage.send_well().len(), 2);
    pair.set("a", Status::Clear);
    pair.set("b", Status::Critical);
    pair.set1("c", Status::Warning);
    for status in [Status::Critical, Status::Clear] {
        pair.set1("d", status);
        pair.set2("d", status);
    }
    pair
}

/// What must be so after the next run, whatever was on its way before.
fn ends_well(pair: &Pair, when: &str) {
    pair.stage.ilert.recover();
    let ended = pair.stage.send();
    assert!(ended.is(0).stderr.is_empty(), "{when}: {ended:#?}");
    let mut open = pair.stage.open();
    open.sort();
    assert_eq!(open, ["b critical", "c warning"], "{when}");
    let mut history = pair.stage.history();
    history.sort();
    assert_eq!(history, ["a critical", "b critical", "b warning", "c warning", "d critical"], "{when}");
    pair.stage.told();
    pair.pass(60);
    assert_eq!(pair.stage.send_well(), NOTHING, "{when}");
}

/// How many requests to ilert a run that is let be makes for that.
const REQUESTS: usize = 6;

#[test]
fn killed_with_any_event_on_the_wire() {
    for count in 1..=REQUESTS {
        let pair = busy();
        let victim: Arc<Mutex<Option<Pid>>> = Arc::default();
        let killer = Arc::clone(&victim);
        let arrivals = Mutex::new(0);
        pair.stage.ilert.answer_by(move |_| {
            let mut arrivals = arrivals.lock().unwrap();
            *arrivals += 1;
            (*arrivals >= count).then_some(())?;
            // It may be gone already.
            let _ = kill_process(killer.lock().unwrap().unwrap(), Signal::KILL);
            count.is_multiple_of(2).then_some(Answer::Reset)
        });
        let mut pid = victim.lock().unwrap();
        let mut run = pair.stage.command(&["--send"]).spawn().unwrap();
        *pid = Some(Pid::from_child(&run));
        drop(pid);
        assert_eq!(run.wait().unwrap().signal(), Some(9), "request {count}");
        ends_well(&pair, &format!("request {count}"));
    }
    let pair = busy();
    let before = pair.stage.ilert.received().len();
    pair.stage.send().is(0);
    assert_eq!(pair.stage.ilert.received().len() - before, REQUESTS);
}

#[test]
fn killed_while_either_parent_answers() {
    for second in [false, true] {
        let pair = busy();
        let barrier = Barrier::new();
        let asked = if second { &pair.port } else { &pair.stage.netdata };
        asked.fail(Some(Fault::Stall(barrier.clone())));
        let run = Running::start(pair.stage.command(&["--send"]));
        arrived(&barrier, 1);
        run.signal(Signal::KILL);
        run.wait();
        asked.fail(None);
        barrier.open();
        ends_well(&pair, if second { "p2" } else { "p1" });
    }
}
