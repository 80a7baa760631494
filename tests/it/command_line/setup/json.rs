//! `--json`: what a program reads of a call, and of its plan.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::Host;
use crate::stage::{Ended, KEY, end};

fn read(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

/// The states of all parts, in their order.
fn states(json: &Value) -> Vec<(String, String)> {
    let text = |part: &Value, key: &str| part[key].as_str().unwrap().to_owned();
    json["parts"].as_array().unwrap().iter().map(|part| (text(part, "part"), text(part, "state"))).collect()
}

#[track_caller]
fn assert_states(json: &Value, expected: &[(&str, &str)]) {
    let states = states(json);
    let states: Vec<_> = states.iter().map(|(part, state)| (part.as_str(), state.as_str())).collect();
    assert_eq!(states, expected, "{json:#}");
}

const ALL: [&str; 5] = ["--json", "--name", "Production", "--schedule", "cron"];

#[test]
fn tells_a_call_that_changes_from_one_that_does_not() {
    let host = Host::new();
    let plan = read(host.by_key(&[&ALL[..], &["--dry-run"]].concat()).is(0));
    assert_eq!(
        (&plan["changed"], &plan["dry_run"], &plan["proven"]),
        (&json!(true), &json!(true), &Value::Null)
    );
    let parts = ["live-test", "api-key", "configuration", "schedule", "dry-run"];
    assert_states(&plan, &parts.map(|part| (part, "planned")));
    assert!(plan["diff"].as_str().unwrap().contains("+ name = \"Production\"\n"), "{plan:#}");
    host.is_untouched();

    let made = host.by_key(&ALL);
    let json = read(made.is(0).says("ALERT: accepted").says("wrote `"));
    assert_eq!(
        (&json["changed"], &json["dry_run"], &json["diff"]),
        (&json!(true), &json!(false), &plan["diff"])
    );
    assert_states(&json, &parts.map(|part| (part, "done")));
    assert_eq!(json["proven"]["priority"], "LOW");
    assert!(json["configuration"].as_str().unwrap().ends_with("etc/config.toml"));

    let unchanged = ["live-test", "api-key", "configuration", "schedule"].map(|part| (part, "unchanged"));
    for (more, dry_run) in [(&[][..], "done"), (&["--dry-run"], "planned")] {
        let again = host.by_key(&[&ALL[..], more].concat());
        let json = read(again.is(0));
        assert_eq!((&json["changed"], &json["diff"]), (&json!(false), &json!("")));
        assert_states(&json, &[&unchanged[..], &[("dry-run", dry_run)]].concat());
        assert!(json["proven"]["at"].as_i64().unwrap() > 0);
    }
    let removed = read(host.by_key(&["--json", "--schedule", "none"]).is(0));
    assert_eq!((&removed["changed"], &removed["diff"]), (&json!(true), &json!("")), "{removed:#}");
}

#[test]
fn says_how_far_a_call_came_that_failed() {
    let host = Host::new();
    host.write_crontab("echo the disk is full >&2; exit 1");
    let json = read(host.by_key(&ALL).is(1));
    assert_eq!(json["changed"], true);
    let parts = [("live-test", "done"), ("api-key", "done"), ("configuration", "done")];
    assert_states(&json, &[&parts[..], &[("schedule", "failed"), ("dry-run", "not-done")]].concat());
    assert!(json["parts"][3]["says"].as_str().unwrap().contains("the disk is full"), "{json:#}");

    let host = Host::new();
    host.0.stage.ilert.remove_key(KEY);
    let json = read(host.by_key(&ALL).is(4).says("ALERT: "));
    assert_eq!((&json["changed"], &json["proven"]), (&json!(false), &Value::Null));
    let rest = ["api-key", "configuration", "schedule", "dry-run"].map(|part| (part, "not-done"));
    assert_states(&json, &[&[("live-test", "failed")], &rest[..]].concat());
    // Nothing was begun: the words say why.
    assert_eq!(end(host.command(&ALL)).is(2).says("the API key").stdout, "");
}

#[test]
fn of_an_alert_source_only_ilert_knows() {
    let host = Host::new();
    host.by_token(&["--name", "a", "--json"]).is(0);
    let plan = read(host.by_token(&["--dry-run", "--json"]).is(0));
    assert_eq!(plan["changed"], Value::Null);
    let unknown = ["alert-source", "live-test", "api-key"].map(|part| (part, "unknown"));
    let rest = [("configuration", "unchanged"), ("schedule", "unchanged"), ("dry-run", "planned")];
    assert_states(&plan, &[&unknown[..], &rest].concat());
    let json = read(host.by_token(&["--json"]).is(0));
    assert_eq!((&json["changed"], &json["parts"][0]["state"]), (&json!(false), &json!("unchanged")));
    let other = read(host.by_token(&["--dry-run", "--json", "--notify", "critical,clear"]).is(0));
    assert_eq!(other["changed"], true);
}

#[test]
fn the_readme_names_every_key_and_word() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, section) = readme.split_once("`--setup --json` prints").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let host = Host::new();
    let json = read(host.by_key(&ALL).is(0));
    let keys = json.as_object().unwrap().keys().map(String::as_str);
    let words = [
        "alert-source",
        "live-test",
        "api-key",
        "netdata-password",
        "netdata-token",
        "heartbeat-url",
        "configuration",
        "schedule",
        "old-key",
        "dry-run",
    ];
    let states = ["planned", "unknown", "unchanged", "skipped", "done", "failed", "not-done"];
    for word in keys.chain(["part", "state", "says", "priority", "at"]).chain(words).chain(states) {
        assert!(section.contains(&format!("`{word}`")), "the README does not name `{word}`");
    }
}
