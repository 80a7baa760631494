//! The key is in the body of a request to ilert, and nowhere else.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::process::Command;

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::{Answer, Barrier};
use rustix::process::{Signal, geteuid};

use crate::stage::{KEY, MASKED, Running, Stage, arrived, has, holds};

const TOKEN: &str = "0b9a2c5e-1d7f-4c53-9f0e-77d2a1c4e6b8";

#[test]
fn no_secret_is_seen_from_outside_while_an_event_is_on_the_wire_or_after() {
    let mut stage = Stage::new();
    fs::create_dir(stage.path("secrets")).unwrap();
    stage.write_private("secrets/key", KEY);
    stage.write_private("secrets/token", TOKEN);
    fs::remove_file(stage.path("key")).unwrap();
    for (key, file) in [("integration.api_key", "secrets/key"), ("netdata.bearer_token", "secrets/token")] {
        stage.configure(key, toml::Table::from_iter([("file".to_owned(), file.into())]));
    }
    stage.world().require_authorization(Some((&format!("Bearer {TOKEN}"), 412)));
    for alert in ["a", "b", "c"] {
        stage.set(alert, Status::Critical);
    }
    let barrier = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(barrier.clone()));
    stage.ilert.answer_next(Answer::StatusBody(400, format!(r#"{{"message":"no {KEY}"}}"#)));
    stage.ilert.answer_next(Answer::Status(400));
    let run = stage.start(&["--send", "-v", "-v"]);
    arrived(&barrier, 1);
    let process = format!("/proc/{}", run.id());
    for file in ["cmdline", "environ", "comm", "status", "stat"] {
        // Only root can read `environ`.
        let seen = fs::read(format!("{process}/{file}")).unwrap_or_default();
        assert!(!has(&seen, KEY) && !has(&seen, TOKEN), "{file}");
    }
    let at_rest = |secret| holds(&stage.state(), secret);
    assert!(!at_rest(KEY) && !at_rest(TOKEN));
    barrier.open();
    let ended = run.wait();
    assert_eq!(ended.stdout, "");
    assert!(
        ended.stderr.contains("asked Netdata") && ended.stderr.contains("(400: no ****3f9a)"),
        "{ended:?}"
    );
    assert!(!ended.stderr.contains(KEY) && !ended.stderr.contains(TOKEN), "{ended:?}");
    assert!(!at_rest(KEY), "in the state afterwards");
    let keys: Vec<_> = stage.ilert.received().into_iter().map(|received| received.key.unwrap()).collect();
    assert!(keys.len() > 3 && keys.iter().all(|key| key.expose() == KEY));
    assert!(stage.netdata.requests().iter().all(|request| !request.contains(TOKEN)));
    for mode in [
        &["--status"][..],
        &["--status", "--json"],
        &["--preview", "-v", "-v"],
        &["--send", "--dry-run", "--json", "-v", "-v"],
        &["--test", "-v", "-v"],
        &["--retry", "-v", "-v"],
        &["--forget", "web-1", "-v", "-v"],
    ] {
        let shown = stage.run(mode);
        assert!(!shown.stdout.contains(KEY) && !shown.stderr.contains(KEY), "{mode:?}: {shown:#?}");
    }
    assert!(!at_rest(KEY));
}

#[test]
fn the_key_may_come_from_the_environment_or_stand_in_a_private_file() {
    let mut stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.configure("integration.api_key", toml::Table::from_iter([("env".to_owned(), "A_KEY".into())]));
    stage.send().is(3).says("`A_KEY` is not set");
    let ended = crate::stage::end({
        let mut command = stage.command(&["--preview"]);
        command.env("A_KEY", KEY);
        command
    });
    assert!(ended.is(0).stdout.contains(MASKED));
    stage.configure("integration.api_key", KEY);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
    assert!(!holds(&stage.state(), KEY));
}

#[test]
fn a_run_that_dies_leaves_no_memory_behind_and_shows_none_while_it_lives() {
    let stage = Stage::new();
    for signal in [Signal::ABORT, Signal::FPE] {
        stage.set("cpu", Status::Critical);
        let barrier = Barrier::new();
        stage.ilert.answer_next(Answer::Stall(barrier.clone()));
        let mut command = stage.command_after("ulimit -c unlimited", &["--send"]);
        command.current_dir(stage.folder.path());
        let run = Running::start(command);
        arrived(&barrier, 1);
        let process = format!("/proc/{}", run.id());
        let limits = fs::read_to_string(format!("{process}/limits")).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
        // What cannot be dumped is root's, whoever runs it: nobody else can read its memory or its environment.
        for file in ["environ", "mem", "maps"] {
            assert_eq!(fs::metadata(format!("{process}/{file}")).unwrap().uid(), 0, "{file}");
        }
        run.signal(signal);
        assert_eq!(run.wait().code, None);
        barrier.open();
        let left = fs::read_dir(stage.folder.path()).unwrap().flatten().map(|entry| entry.file_name());
        assert!(left.into_iter().all(|name| !name.to_string_lossy().contains("core")));
    }
}

#[test]
fn not_even_the_same_user_reads_the_environment_of_a_run() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    if geteuid().is_root() {
        for path in [stage.folder.path().to_owned(), stage.path("config.toml"), stage.path("key")] {
            chown(path, Some(65534), Some(65534)).unwrap();
        }
    }
    let nobody = |mut inner: Command| {
        if !geteuid().is_root() {
            return inner;
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(inner.get_program()).args(inner.get_args());
        inner.env_clear();
        command
    };
    if crate::stage::end(nobody(stage.command(&["--version"]))).code != Some(0) {
        eprintln!("skipped: another user cannot run the binary where it is");
        return;
    }
    let barrier = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(barrier.clone()));
    let mut command = nobody(stage.command(&["--send"]));
    command.env("A_KEY", KEY);
    let run = Running::start(command);
    arrived(&barrier, 1);
    let mut cat = Command::new("cat");
    cat.arg(format!("/proc/{}/environ", run.id()));
    let seen = crate::stage::end(nobody(cat));
    assert_ne!(seen.code, Some(0));
    assert_eq!(seen.stdout, "");
    seen.says("Permission denied");
    barrier.open();
    run.wait().is(0);
}
