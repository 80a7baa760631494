//! What runs say: `-v`, and words on stderr.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Answer, Definition, World};

use crate::command_line::{picture, timeless};
use crate::stage::{Stage, chart};

#[test]
fn a_first_run_that_may_not_be_one_says_so_once() {
    const HINT: &str = "no run has left a state here yet, although a heartbeat is configured";
    let age = |stage: &Stage, minutes: u64| {
        let then = std::time::SystemTime::now() - std::time::Duration::from_secs(minutes * 60);
        std::fs::File::options()
            .write(true)
            .open(stage.path("config.toml"))
            .unwrap()
            .set_modified(then)
            .unwrap();
    };
    let mut stage = Stage::new();
    stage.ilert.add_heartbeat("il1hbt0123");
    stage.configure("heartbeat.url", format!("{}/api/pings/il1hbt0123", stage.endpoint.url()));
    age(&stage, 60);
    stage.run(&["--doctor"]);
    let first = stage.send();
    let adopt = format!("{} takes over", stage.called("--adopt"));
    first.is(0).says(HINT).says(&adopt);
    assert_eq!(first.stderr.lines().count(), 1, "{first:?}");
    assert!(!stage.send().stderr.contains(HINT));
    // A silence by hand makes a state, and is no run.
    std::fs::remove_dir_all(stage.state()).unwrap();
    stage.run(&["--silence", "db-*", "--for", "2h"]).is(0);
    assert!(stage.run(&["--doctor"]).is(0).stdout.contains(HINT));
    stage.send().is(0).says(HINT);
    assert!(!stage.send().stderr.contains(HINT));
    // Set up a moment ago: it is a first run.
    std::fs::remove_dir_all(stage.state()).unwrap();
    age(&stage, 1);
    assert_eq!(stage.send().stderr, "");
    // A schedule that runs this very configuration.
    let stage = Stage::new();
    stage.write_program("crontab", "[ \"$1\" = -l ] && cat tab || cat > tab");
    let with_cron = |arguments: &[&str]| {
        let mut command = stage.command(arguments);
        command.env("PATH", format!("{}:/usr/bin:/bin", stage.path("bin").display()));
        crate::stage::end(command)
    };
    std::fs::write(stage.path("tab"), "").unwrap();
    with_cron(&["--install-schedule", "cron"]).is(0);
    age(&stage, 60);
    with_cron(&["--send"]).is(0).says("although a crontab line runs this");
    assert_eq!(with_cron(&["--send"]).stderr, "");
}

#[test]
fn each_decision_has_a_line_with_its_reason() {
    let stage = Stage::new();
    let delayed = Definition { delay_down: 600, ..Definition::new(&chart("cpu"), "cpu") };
    let silent = Definition { to: "silent".into(), ..Definition::new(&chart("ram"), "ram") };
    stage.world().define(World::OWN, delayed);
    stage.world().define(World::OWN, silent);
    for alert in ["cpu", "ram", "disk"] {
        stage.set(alert, Status::Critical);
    }
    stage.send().is(0);
    stage.set("cpu", Status::Clear);
    stage.set("disk", Status::Warning);
    let ended = stage.run(&["--send", "-v"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &ended)));
}

#[test]
fn what_is_due_is_not_unknown_in_the_same_run() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.ilert.answer_all(Some(Answer::Status(503)));
    stage.send().is(75);
    stage.world().refuse(Some(503));
    let ended = stage.run(&["--send", "-v"]);
    let lines: Vec<&str> = ended.stderr.lines().filter(|line| line.contains("cpu on web-1")).collect();
    assert!(matches!(lines[..], [line] if line.contains("due: ALERT")), "{lines:?}");
}

#[test]
fn quiet_says_errors_all_the_same() {
    let stage = Stage::new();
    stage.world().refuse(Some(503));
    stage.run(&["--send", "-q"]).is(75).says("503");
    assert_eq!(stage.run(&["--preview", "-q"]).code, Some(75));
}

#[test]
fn names_from_elsewhere_steer_no_terminal() {
    let stage = Stage::of(World::new(Api::V3, "web\u{1b}[2J-1"));
    let alert = "cpu\u{1b}]0;owned\u{7}\u{9b}31m\r\n";
    stage.set(alert, Status::Critical);
    stage.set(&format!("{alert}2"), Status::Critical);
    stage.ilert.answer_by(|event| event.alert_key.ends_with("2/critical").then_some(Answer::Status(400)));
    let mut seen = vec![stage.run(&["--send", "-v", "-v"])];
    seen.push(stage.run(&["--retry", "-v"]));
    seen.push(stage.run(&["--send", "--dry-run", "-v"]));
    seen.push(stage.run(&["--status"]));
    seen.push(stage.run(&["--preview", "-v"]));
    let host = stage.world().host(World::OWN).to_owned();
    seen.push(stage.run(&["--forget", &host, "-v"]));
    stage.world().refuse(Some(503));
    seen.push(stage.run(&["--send", "-v"]));
    for ended in seen {
        let text = format!("{}{}", ended.stdout, ended.stderr);
        let steers = |c: char| c.is_control() && c != '\n';
        assert!(!text.contains(steers), "{ended:?}");
    }
}
