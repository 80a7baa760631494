//! What a person sees of runs: `--status`, `-v`, and words on stderr.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::ilert::EventType;
use netdata_ilert::simulator::{Answer, Definition, World};

use crate::stage::{Stage, chart};
use crate::{picture, timeless};

/// Two open, one waiting, one failed.
fn eventful() -> Stage {
    let mut stage = Stage::new();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    stage.world().set_now(i64::try_from(now).unwrap() - 30);
    stage.configure("delivery.events_per_minute", 5);
    for (alert, status) in [("cpu", Status::Critical), ("ram", Status::Warning), ("disk", Status::Critical)] {
        stage.set(alert, status);
    }
    stage.ilert.answer_by(|event| {
        let refused = event.event_type == EventType::Alert && event.alert_key.contains("/disk/");
        refused.then(|| Answer::StatusBody(400, r#"{"message":"severity must be 1 to 5"}"#.to_owned()))
    });
    stage.send().is(4);
    stage.ilert.recover();
    stage.set("net", Status::Critical);
    stage.set("swap", Status::Warning);
    stage.send().is(0);
    stage
}

#[test]
fn status_shows_what_is_open_what_waits_and_what_failed() {
    let stage = eventful();
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
    let json = stage.status();
    assert_eq!(json["last_run"]["exit"], 0);
    assert_eq!(json["last_run"]["criticals"], 3);
    assert_eq!(json["open"].as_array().unwrap().len(), 3);
    assert_eq!(stage.listed("waiting"), ["ALERT swap warning"]);
    assert_eq!(json["failed"][0]["status"], 400);
}

#[test]
fn status_before_any_run_is_empty() {
    let stage = Stage::new();
    insta::assert_snapshot!(picture(&stage, &stage.run(&["--status"])));
    assert!(!stage.state().exists());
}

#[test]
fn status_says_what_went_wrong_in_the_last_run() {
    let stage = Stage::new();
    stage.send().is(0);
    stage.world().refuse(Some(412));
    stage.send().is(75);
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
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
