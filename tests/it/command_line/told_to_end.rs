//! Ctrl-C and what is like it end every mode, whatever it waits for.

use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::{Answer, Barrier};
use rustix::process::Signal;

use crate::stage::{Running, Stage, arrived};

/// How much a pipe holds, at the most, bytes.
const PIPE: usize = 64 << 10;

/// Starts it with a standard input that does not end as long as what comes along is there. It has begun to read: more was
/// written than a pipe holds.
fn start_with_open_input(mut command: Command) -> (Running, ChildStdin) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child: Child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&vec![b' '; PIPE + 1]).unwrap();
    (Running::of(child), input)
}

#[test]
fn ctrl_c_ends_what_waits_for_another_run() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let barrier = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(barrier.clone()));
    let sender = stage.start(&["--send"]);
    arrived(&barrier, 1);
    for arguments in [&["--retry"][..], &["--discard", "1"], &["--forget", "web-1"]] {
        for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
            let mut waits = stage.start(arguments);
            waits.until_says("waiting for its end");
            waits.signal(signal);
            waits.wait().is(code);
        }
    }
    barrier.open();
    sender.wait().is(0);
}

#[test]
fn ctrl_c_ends_what_waits_for_its_input() {
    let stage = Stage::new();
    // Whether it is heard is not to be a matter of luck.
    for _ in 0..4 {
        let (run, input) = start_with_open_input(stage.command(&["--preview", "--event", "-"]));
        run.signal(Signal::INT);
        run.wait().is(130);
        drop(input);
    }
}

#[test]
fn watching_ends_after_the_run_under_way() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 0), (Signal::HUP, 129)] {
        let stage = Stage::new();
        stage.set("cpu", Status::Critical);
        let barrier = Barrier::new();
        stage.ilert.answer_next(Answer::Stall(barrier.clone()));
        let watch = stage.start(&["--watch", "3600"]);
        arrived(&barrier, 1);
        watch.signal(signal);
        barrier.open();
        watch.wait().is(code);
        assert_eq!(stage.open(), ["cpu critical"]);
    }
}

#[test]
fn what_is_ignored_from_outside_stays_ignored() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let barrier = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(barrier.clone()));
    // As `nohup` does it.
    let run = Running::start(stage.command_after("trap '' HUP", &["--send"]));
    arrived(&barrier, 1);
    run.signal(Signal::HUP);
    barrier.open();
    run.wait().is(0);
    assert_eq!(stage.open(), ["cpu critical"]);
}
