//! Several runs at once: one does the work, the others leave.

use std::fs::File;
use std::io::Write as _;
use std::thread;

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::{Answer, Barrier, Fault};

use crate::stage::{Running, Stage, arrived};

#[test]
fn a_second_run_leaves_at_once_and_asks_nobody() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let barrier = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(barrier.clone()));
    let first = stage.start(&["--send"]);
    arrived(&barrier, 1);
    stage.netdata.forget_requests();
    stage.told();
    assert_eq!(stage.send_well(), [""; 0]);
    assert_eq!(stage.netdata.requests(), [""; 0]);
    barrier.open();
    first.wait().is(0);
    assert_eq!(stage.told(), ["ALERT cpu critical"]);
    assert_eq!(stage.history(), ["cpu critical"]);
}

#[test]
fn what_a_person_does_by_hand_waits_for_the_run() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.ilert.answer_all(Some(Answer::Status(400)));
    stage.send().is(4);
    stage.ilert.recover();
    let barrier = Barrier::new();
    stage.netdata.fail(Some(Fault::Stall(barrier.clone())));
    let run = stage.start(&["--send"]);
    arrived(&barrier, 1);
    let retry = stage.start(&["--retry"]);
    // Reading needs no lock.
    assert_eq!(stage.listed("failed"), ["ALERT cpu critical"]);
    barrier.open();
    run.wait().is(0);
    retry.wait().is(0);
    stage.told();
    stage.netdata.fail(None);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn a_run_that_goes_on_for_long_is_worth_a_word() {
    let stage = Stage::new();
    stage.send_well();
    let mut lock = File::options().write(true).truncate(true).open(stage.state().join("lock")).unwrap();
    lock.lock().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    writeln!(lock, "{}", now - 61_000).unwrap();
    stage.send().is(75).says("another run has been under way for 61 s");
    lock.set_len(0).unwrap();
    stage.send().is(0);
    drop(lock);
    // A dead owner's lock is free, whatever is written in it.
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn many_first_runs_at_once_tell_everything_once() {
    for _ in 0..5 {
        let stage = Stage::new();
        stage.set("cpu", Status::Critical);
        let runs: Vec<_> = (0..8)
            .map(|at| if at % 4 == 3 { stage.command(&["--status"]) } else { stage.command(&["--send"]) })
            .map(Running::start)
            .collect();
        let ended: Vec<_> = thread::scope(|scope| {
            let waits: Vec<_> = runs.into_iter().map(|run| scope.spawn(|| run.wait())).collect();
            waits.into_iter().map(|wait| wait.join().unwrap()).collect()
        });
        for run in ended {
            assert!(matches!(run.code, Some(0 | 75)) && run.stderr.is_empty(), "{run:#?}");
        }
        stage.send_well();
        assert_eq!(stage.history(), ["cpu critical"]);
        assert_eq!(stage.ilert.received().len(), 1);
    }
}
