//! What fails or is killed in the middle: what was done is said, and the same call goes on.

use std::fs;

use netdata_ilert::simulator::{Answer, Barrier};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::Signal;

use super::{Host, Running};
use crate::stage::{KEY, TOKEN, arrived, has};

const ALL: [&str; 4] = ["--name", "Production", "--schedule", "cron"];

/// A call by token whose live test waits at the barrier.
fn testing(host: &Host) -> (Running, Barrier) {
    let barrier = Barrier::new();
    let test = barrier.clone();
    host.0.stage.ilert.answer_by(move |_| Some(Answer::Stall(test.clone())));
    let run = Running::start(host.token_command(&ALL));
    arrived(&barrier, 1);
    (run, barrier)
}

#[test]
fn killed_in_the_live_test_it_goes_on_with_the_alert_source_that_was_made() {
    let host = Host::new();
    let (run, barrier) = testing(&host);
    for file in ["cmdline", "environ", "comm", "status"] {
        let shown = fs::read(format!("/proc/{}/{file}", run.id())).unwrap_or_default();
        // Root reads the environment of any process; others are kept out.
        assert!(file == "environ" || !has(&shown, TOKEN), "{file}");
    }
    run.kill();
    barrier.open();
    host.is_untouched();
    host.0.stage.ilert.recover();
    host.by_token(&ALL).is(0).says("exists already and is used").says("added a line to the crontab");
    assert_eq!(host.0.stage.ilert.sources().len(), 1);
    host.by_token(&ALL).is(0).says("so there is no live test");
}

#[test]
fn told_to_end_it_resolves_its_test_and_writes_nothing() {
    let host = Host::new();
    let (mut run, barrier) = testing(&host);
    run.signal(Signal::TERM);
    run.until_says("resolving the alert");
    barrier.open();
    run.wait().is(143).says("nothing was written");
    host.is_untouched();
    assert_eq!(host.tests(), 1);
}

#[test]
fn a_schedule_that_fails_is_said_and_done_by_the_next_call() {
    let host = Host::new();
    host.write_crontab("echo the disk is full >&2; exit 1");
    let ended = host.by_key(&ALL);
    ended.is(1).says("config.toml`\n").says("cannot write the crontab: the disk is full");
    ended.says("not done: the schedule, a dry run of the sender; what was done stays");
    let text = host.text();
    host.write_crontab("cat > crontab");
    let again = host.by_key(&ALL);
    again.is(0).says("so there is no live test").says("added a line to the crontab");
    assert_eq!((host.text(), host.tests()), (text, 1));
}

#[test]
fn killed_before_the_schedule_it_goes_on_from_there() {
    let host = Host::new();
    let fifo = host.0.stage.path("fifo");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    // Nobody writes to it: the new crontab is never taken.
    host.write_crontab("read -r line < fifo; exit 1");
    let mut command = host.command(&ALL);
    command.env("ILERT_API_KEY", KEY);
    let mut run = Running::start(command);
    run.until_says("config.toml`\n");
    run.kill();
    // Lets that `crontab` end.
    let _end = fs::File::options().read(true).write(true).open(&fifo).unwrap();
    let text = host.text();
    host.write_crontab("cat > crontab");
    let again = host.by_key(&ALL);
    again.is(0).says("so there is no live test").says("added a line to the crontab");
    assert_eq!((host.text(), host.tests()), (text, 1));
}

#[test]
fn a_dry_run_that_fails_leaves_what_was_written() {
    let mut host = Host::new();
    let (mut run, barrier) = testing(&host);
    run.until_says("testing ");
    host.0.stage.stop_netdata();
    barrier.open();
    host.0.stage.ilert.recover();
    let ended = run.wait();
    ended.is(75).says("added a line to the crontab").says("a dry run of the sender: ");
    assert!(!ended.stderr.contains("not done"), "{ended:?}");
    assert_eq!(host.config().notification.name, "Production");
}
