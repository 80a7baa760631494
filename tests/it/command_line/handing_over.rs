//! The wizard gives the sender another key, or the delivery to Netdata Cloud: what is open is not left open.

use std::path::Path;

use netdata_ilert::alert::Status;
use netdata_ilert::config;
use netdata_ilert::setup::{Former, hand_over};

use crate::command_line::wizard::plain;
use crate::stage::{Ended, KEY, Stage};

const OTHER: &str = "il1api-another-key-of-nobody-77aa";

/// All answers: who delivers, the key, and what is said at *Review and write*. The live test is skipped.
fn answers<'a>(delivery: &'a str, key: &'a str, last: &[&'a str]) -> Vec<&'a str> {
    let source = ["", delivery, "3", "y", "y", "y", "y", ""];
    let netdata = [""; 4];
    let notification = [""; 4];
    let preview = [""; 2];
    let mut answers: Vec<&str> = source.into_iter().chain([key, ""]).chain(netdata).collect();
    answers.extend(notification.into_iter().chain(preview).chain(["3"]));
    if config::is_root() && Path::new("/run/systemd/system").exists() {
        // Root's systemd is there whatever the environment says. No schedule:
        answers.push("2");
    }
    answers.extend(last);
    answers
}

/// What was told, each with the tail of the key that it came with.
fn told(stage: &Stage) -> Vec<String> {
    let received = stage.ilert.received();
    let told = received.iter().map(|one| {
        let event = one.event.as_ref().unwrap();
        format!("{:?} {}", event.event_type, one.key.as_ref().unwrap())
    });
    told.collect()
}

/// A critical alert is open under the key that is configured.
fn open() -> Stage {
    let stage = Stage::new();
    stage.ilert.add_key(OTHER);
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
    stage
}

fn run(stage: &Stage, answers: &[&str]) -> Ended {
    let ended = plain(stage, answers);
    ended.is(0);
    assert!(!ended.stdout.contains(KEY) && !ended.stdout.contains(OTHER), "{}", ended.stdout);
    ended
}

fn tail(key: &str) -> String {
    format!("****{}", &key[key.len() - 4..])
}

#[test]
fn what_is_open_under_the_former_key_is_resolved_with_it() {
    let stage = open();
    let ended = run(&stage, &answers("", OTHER, &["", "y"]));
    let words = "resolved what was open under the old key (alerts: 1)";
    assert!(ended.stdout.contains(words), "{}", ended.stdout);
    assert_eq!(told(&stage), [format!("Alert {}", tail(KEY)), format!("Resolve {}", tail(KEY))]);
    assert!(stage.ilert.open().is_empty());
    // It is raised still: told under the new key, once, and nothing is said of a key before.
    let sent = stage.run(&["--send"]);
    sent.is(0);
    assert_eq!(sent.stderr, "");
    assert_eq!(told(&stage)[2..], [format!("Alert {}", tail(OTHER))]);
    assert_eq!(stage.status()["set_aside"].as_array().map(Vec::len), Some(0));
}

#[test]
fn it_stays_open_where_that_is_wanted_and_is_shown() {
    let stage = open();
    run(&stage, &answers("", OTHER, &["n", "y"]));
    assert_eq!(stage.ilert.open().len(), 1);
    stage.run(&["--send"]).says("the API key has changed");
    assert_eq!(stage.status()["set_aside"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_the_sender_opened_is_resolved_where_netdata_cloud_delivers_from_now_on() {
    let stage = open();
    let source = ["", "2", "3", "y", "y", "y", "y", "", "", ""];
    let netdata = [""; 4];
    // Name, rooms and preset; what is done in Cloud.
    let notification = ["", "", "", "y", "y", "y", "y", "y"];
    let rest = ["", "", "3", "", "y"];
    let answers: Vec<&str> = source.into_iter().chain(netdata).chain(notification).chain(rest).collect();
    let ended = run(&stage, &answers);
    assert!(ended.stdout.contains("resolved what was open"), "{}", ended.stdout);
    assert!(stage.ilert.open().is_empty());
    stage.run(&["--send"]).is(3);
}

#[test]
fn an_ilert_that_is_away_leaves_them_open_and_it_is_said() {
    let mut stage = open();
    stage.stop_ilert();
    let ended = run(&stage, &answers("", OTHER, &["", "y"]));
    assert!(ended.stdout.contains("1 of 1 alerts stay open under the old key"), "{}", ended.stdout);
    stage.start_ilert();
    // What is raised is told all the same, and what was left is shown.
    stage.run(&["--send"]).is(0).says("the API key has changed");
    assert_eq!(told(&stage).last(), Some(&format!("Alert {}", tail(OTHER))));
    assert_eq!(stage.status()["set_aside"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_same_key_asks_nothing_of_the_kind() {
    let stage = open();
    let ended = run(&stage, &answers("", "", &["y"]));
    assert!(!ended.stdout.contains("old key"), "{}", ended.stdout);
    assert_eq!(stage.ilert.open().len(), 1);
}

#[tokio::test]
async fn what_waits_to_be_handed_over_is_told_as_that_once_it_is_sent_again() {
    let mut stage = open();
    stage.stop_ilert();
    let config = stage.config();
    let former = Former { key: config.api_key().unwrap(), config };
    let stopped = hand_over(&former, &stage.state(), "its key", "resolve them in ilert").await;
    assert!(stopped.unwrap_err().words.contains("1 of 1 alerts stay open"));
    stage.start_ilert();
    // It is raised still, and this configuration sends on.
    assert_eq!(stage.send_well(), ["RESOLVE cpu critical", "ALERT cpu critical"]);
    let received = stage.ilert.received();
    let resolve = received
        .iter()
        .filter_map(|one| one.event.as_ref())
        .rfind(|event| format!("{:?}", event.event_type) == "Resolve");
    let resolve = resolve.unwrap();
    assert!(resolve.summary.contains("handed over") && !resolve.details.contains("CLEAR"), "{resolve:?}");
}
