//! Ctrl-C and what is like it end every mode, whatever it waits for.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::{Answer, Barrier};
use rustix::process::Signal;

use crate::stage::{Running, Stage, arrived};

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts it with a standard input that never ends, which comes along.
fn start_with_open_input(mut command: Command) -> (Running, Child) {
    let mut endless = Command::new("/bin/sleep").arg("600").stdout(Stdio::piped()).spawn().unwrap();
    command.stdin(endless.stdout.take().unwrap()).stdout(Stdio::piped()).stderr(Stdio::piped());
    (Running::of(command.spawn().unwrap()), endless)
}

/// Waits until it catches Ctrl-C: from then on that does not end it by itself. The kernel alone knows, and has to be
/// asked again and again.
fn listens(run: &Running) {
    let status = format!("/proc/{}/status", run.id());
    let caught = || {
        let status = fs::read_to_string(&status).unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(mask.trim(), 16).unwrap() & 0b10 != 0
    };
    let start = Instant::now();
    while !caught() {
        assert!(start.elapsed() < PATIENCE, "it does not catch Ctrl-C");
        thread::sleep(Duration::from_millis(1));
    }
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
        let (run, mut endless) = start_with_open_input(stage.command(&["--preview", "--event", "-"]));
        listens(&run);
        run.signal(Signal::INT);
        run.wait().is(130);
        endless.kill().unwrap();
        endless.wait().unwrap();
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
