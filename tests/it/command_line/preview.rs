//! `--preview`: what ilert would get, with the key masked; nothing goes anywhere.

use netdata_ilert::alert::Status;
use serde_json::Value;

use crate::command_line::picture;
use crate::stage::{KEY, MASKED, Stage, end_with_input};

const ALERT: &str = r#"{"host": "db-1", "guid": "5c6f9a1e-0000-4000-8000-000000000001",
    "chart": "disk_space./var", "name": "disk_space_usage", "status": "CRITICAL", "old_status": "WARNING",
    "value": 96.2, "units": "%", "summary": "Disk /var space usage",
    "info": "Total space utilization of disk /var", "when": 1795348800, "duration": 600}"#;

#[test]
fn an_alert_given_as_json_is_shown_as_ilert_would_get_it() {
    let stage = Stage::new();
    let path = stage.write_private("alert.json", ALERT);
    let from_file = stage.run(&["--preview", "--event", path.to_str().unwrap()]);
    insta::assert_snapshot!(picture(&stage, &from_file));
    let from_stdin = end_with_input(stage.command(&["--preview", "--event", "-"]), ALERT);
    assert_eq!(from_stdin.stdout, from_file.stdout);
    let json = end_with_input(stage.command(&["--preview", "--event", "-", "--json"]), ALERT);
    let [json, plain]: [Value; 2] =
        [json.stdout, from_file.stdout].map(|it| serde_json::from_str(&it).unwrap());
    assert_eq!(json["events"], Value::Array(vec![plain]));
    assert_eq!(stage.endpoint.connections() + stage.netdata.connections(), 0);
}

#[test]
fn a_given_alert_is_bounded_and_text_with_or_without_a_byte_order_mark() {
    let stage = Stage::new();
    let given = |bytes: &[u8]| {
        let path = stage.path("alert.json");
        std::fs::write(&path, bytes).unwrap();
        let from_stdin = end_with_input(stage.command(&["--preview", "--event", "-"]), bytes);
        [stage.run(&["--preview", "--event", path.to_str().unwrap()]), from_stdin]
    };
    let plain = given(ALERT.as_bytes());
    for (marked, plain) in given(format!("\u{feff}{ALERT}").as_bytes()).iter().zip(&plain) {
        assert_eq!((marked.code, &marked.stdout), (Some(0), &plain.stdout), "{marked:?}");
    }
    // The largest one, and one byte more.
    let largest = format!("{ALERT}{}", " ".repeat((1 << 20) - ALERT.len()));
    for ended in given(largest.as_bytes()) {
        ended.is(0);
    }
    for ended in given(format!("{largest} ").as_bytes()) {
        ended.is(2).says("it is larger than 1 MiB");
    }
    for ended in given(b"{\"host\":\n\"caf\xe9\"}") {
        ended.is(2).says("it is not UTF-8 text (byte 0xe9 in line 2)");
    }
}

#[test]
fn samples_need_no_agent_and_show_each_kind() {
    let stage = Stage::new();
    let ended = stage.run(&["--preview", "--sample", "--json"]);
    ended.is(0);
    assert_eq!(ended.stderr, "");
    let shown: Value = serde_json::from_str(&ended.stdout).unwrap();
    let events = shown["events"].as_array().unwrap();
    for kind in ["ALERT", "RESOLVE"] {
        assert!(events.iter().any(|event| event["eventType"] == kind), "{kind}");
    }
    assert!(events.iter().all(|event| event["integrationKey"] == MASKED));
    let mut events = events.clone();
    for event in &mut events {
        // Samples are of just now.
        let event = event.as_object_mut().unwrap();
        event.retain(|name, _| {
            matches!(name.as_str(), "eventType" | "summary" | "alertKey" | "priority" | "severity")
        });
        let key = event["alertKey"].as_str().unwrap();
        if let Some((storm, _)) = key.rsplit_once('/').filter(|(storm, _)| storm.contains("/storm/")) {
            event["alertKey"] = format!("{storm}/(now)").into();
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&events).unwrap());
    assert_eq!(stage.endpoint.connections() + stage.netdata.connections(), 0);
    assert!(!stage.state().exists());
}

#[test]
fn what_is_raised_now_is_shown_and_told_to_nobody() {
    let stage = Stage::new();
    let nothing = stage.run(&["--preview"]);
    nothing.is(0).says("is raised now").says("--sample");
    assert_eq!(nothing.stdout, "");
    stage.set("cpu", Status::Critical);
    stage.set("ram", Status::Warning);
    insta::assert_snapshot!(picture(&stage, &stage.run(&["--preview"])));
    assert_eq!(stage.endpoint.connections(), 0);
    assert!(!stage.state().exists());
    stage.world().refuse(Some(451));
    stage.run(&["--preview"]).is(75).says("allow dashboard from");
}

#[test]
fn what_was_told_singly_is_no_part_of_a_storm() {
    let mut stage = Stage::new();
    stage.configure("delivery.storm_after", 3);
    let shown = || {
        let ended = stage.run(&["--preview", "--json"]);
        let shown: Value = serde_json::from_str(&ended.is(0).stdout).unwrap();
        let events = shown["events"].as_array().unwrap().iter();
        let mut said: Vec<String> =
            events.map(|event| event["summary"].as_str().unwrap().chars().take(27).collect()).collect();
        said.sort();
        said
    };
    let set = |numbers: std::ops::RangeInclusive<usize>, status| {
        numbers.for_each(|number| stage.set(&format!("disk_{number}"), status));
    };
    set(1..=3, Status::Critical);
    stage.send_well();
    set(4..=8, Status::Critical);
    let storm = "[STORM] 5 critical alerts o";
    let before = shown();
    assert_eq!((before.len(), before.iter().filter(|said| *said == storm).count()), (4, 1), "{before:?}");
    stage.send_well();
    assert_eq!(stage.open().len(), 4);
    assert_eq!(shown(), before, "a storm that is told stays one");
    set(6..=8, Status::Clear);
    stage.send_well();
    let left = shown();
    assert!(left.len() == 4 && left.iter().any(|said| said == "[STORM] 2 critical alerts o"), "{left:?}");
}

#[test]
fn the_key_is_masked_or_not_known() {
    let stage = Stage::new();
    for mode in [&["--preview", "--sample"][..], &["--preview", "--sample", "--json"]] {
        let ended = stage.run(mode);
        assert!(ended.stdout.contains(MASKED) && !ended.stdout.contains(KEY), "{ended:?}");
    }
    std::fs::remove_file(stage.path("key")).unwrap();
    let ended = stage.run(&["--preview", "--sample"]);
    assert!(ended.is(0).stdout.contains("\"****\""), "{ended:?}");
    stage.run(&["--preview"]).is(3);
}

#[test]
fn what_is_no_alert_is_a_misuse_with_the_reason() {
    let stage = Stage::new();
    for (input, words) in [
        ("", "this is not JSON"),
        ("{\"host\": \"a\" \"status\": 1", "this is not JSON"),
        ("[]", "expected one alert"),
        ("7", "expected one alert"),
        ("{\"alarms\": {}}", "take one of its `alarms`"),
        ("{}", "`host` is missing"),
        (r#"{"host": "a", "status": "CRITICAL"}"#, "`chart` is missing"),
        (r#"{"host": "a", "chart": "c", "name": "n", "status": "UNDEFINED"}"#, "expected CRITICAL"),
        (r#"{"host": "a", "chart": "c", "name": "n", "status": "CLEAR", "value": []}"#, "`value` is a list"),
    ] {
        let ended = end_with_input(stage.command(&["--preview", "--event", "-"]), input);
        ended.is(2).says(words);
        assert_eq!(ended.stdout, "", "{input}");
    }
    stage.run(&["--preview", "--event", "/no/such/file"]).is(2).says("/no/such/file");
    stage.run(&["--preview", "--event", "/"]).is(2).says("cannot read the alert");
}

#[test]
fn a_template_that_fails_is_said_and_replaced() {
    let mut stage = Stage::new();
    stage.configure("templates.summary", "{{ 1 // 0 }}");
    let ended = end_with_input(stage.command(&["--preview", "--event", "-"]), ALERT);
    ended.is(0).says("the built-in payload is sent instead");
    assert!(ended.stdout.contains("disk_space_usage"), "{ended:?}");
}
