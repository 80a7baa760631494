//! When all is well: what is raised, grows, falls and clears, on both of Netdata's APIs.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::config::Priority;
use netdata_ilert::simulator::{Definition, World};

use crate::stage::{Stage, chart};

fn both() -> [Stage; 2] {
    [Api::V1, Api::V3].map(|api| Stage::of(World::new(api, "web-1")))
}

#[test]
fn a_quiet_agent_costs_ilert_nothing() {
    for stage in both() {
        stage.set("cpu", Status::Clear);
        for _ in 0..3 {
            assert_eq!(stage.send_well(), [""; 0]);
        }
        assert_eq!(stage.endpoint.connections(), 0);
    }
}

#[test]
fn an_alert_is_told_grows_and_is_resolved() {
    for stage in both() {
        stage.set("cpu", Status::Clear);
        stage.send_well();
        stage.set("cpu", Status::Warning);
        assert_eq!(stage.send_well(), ["ALERT cpu warning"]);
        assert_eq!(stage.send_well(), [""; 0]);
        stage.set("cpu", Status::Critical);
        assert_eq!(stage.send_well(), ["ALERT cpu critical", "RESOLVE cpu warning"]);
        assert_eq!(stage.open(), ["cpu critical"]);
        stage.set("cpu", Status::Warning);
        assert_eq!(stage.send_well(), ["COMMENT cpu critical"]);
        stage.set("cpu", Status::Clear);
        assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
        assert_eq!(stage.open(), [""; 0]);
        assert_eq!(stage.send_well(), [""; 0]);
        let priorities: Vec<_> = stage.ilert.history().iter().map(|alert| alert.priority).collect();
        assert_eq!(priorities, [Priority::Low, Priority::High]);
    }
}

#[test]
fn what_is_raised_at_the_first_run_is_told_and_history_is_not() {
    for stage in both() {
        stage.set("past", Status::Critical);
        stage.set("past", Status::Clear);
        stage.set("present", Status::Critical);
        assert_eq!(stage.send_well(), ["ALERT present critical"]);
    }
}

#[test]
fn what_came_and_went_between_two_runs_is_told() {
    for stage in both() {
        stage.send_well();
        stage.set("cpu", Status::Critical);
        stage.set("cpu", Status::Clear);
        assert_eq!(stage.send_well(), ["ALERT cpu critical", "RESOLVE cpu critical"]);
        assert_eq!(stage.send_well(), [""; 0]);
    }
}

#[test]
fn a_person_who_resolves_in_ilert_is_respected() {
    for stage in both() {
        stage.set("cpu", Status::Critical);
        stage.send_well();
        let key = stage.ilert.open()[0].key.clone();
        assert!(stage.ilert.resolve_by_hand(&key));
        assert_eq!(stage.send_well(), [""; 0]);
        stage.set("cpu", Status::Clear);
        stage.set("cpu", Status::Critical);
        assert_eq!(stage.send_well(), ["RESOLVE cpu critical", "ALERT cpu critical"]);
    }
}

#[test]
fn netdatas_own_delay_and_silence_are_honoured() {
    for stage in both() {
        let delayed = Definition { delay_up: 60, delay_down: 60, ..Definition::new(&chart("cpu"), "cpu") };
        let silent = Definition { to: "silent".into(), ..Definition::new(&chart("ram"), "ram") };
        stage.world().define(World::OWN, delayed);
        stage.world().define(World::OWN, silent);
        stage.world().advance(100);
        stage.set("cpu", Status::Critical);
        stage.set("ram", Status::Critical);
        assert_eq!(stage.send_well(), [""; 0]);
        stage.world().advance(60);
        assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
        stage.set("cpu", Status::Clear);
        assert_eq!(stage.send_well(), [""; 0]);
        stage.world().advance(60);
        assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
    }
}

#[test]
fn filters_hold_and_a_filter_that_changes_resolves_what_it_left() {
    for mut stage in both() {
        stage.configure("notification.notify", vec!["critical", "clear"]);
        stage.set("cpu", Status::Critical);
        stage.set("ram", Status::Warning);
        assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
        stage.configure("notification.rooms", vec!["Databases"]);
        stage.write_private(
            "config.toml",
            &format!(
                "{}\n[[room]]\nname = \"Databases\"\nnodes = \"db-*\"\n",
                std::fs::read_to_string(stage.path("config.toml")).unwrap()
            ),
        );
        assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
    }
}

#[test]
fn pages_come_first_and_what_the_pace_leaves_is_no_failure() {
    let mut stage = Stage::new();
    stage.configure("delivery.events_per_minute", 3);
    for alert in ["a", "b", "c", "d"] {
        stage.set(alert, Status::Warning);
    }
    stage.set("e", Status::Critical);
    stage.set("f", Status::Critical);
    let told = stage.send_well();
    assert_eq!(told.len(), 3);
    assert_eq!(told[..2], ["ALERT e critical", "ALERT f critical"]);
    assert_eq!(stage.send_well(), [""; 0], "the pace holds across runs");
    stage.run(&["--status"]).is(75);
    assert_eq!(stage.listed("waiting").len(), 3);
}

#[test]
fn what_is_previewed_is_what_is_sent_in_that_order() {
    for stage in both() {
        stage.set("a", Status::Warning);
        stage.set("b", Status::Warning);
        stage.set("c", Status::Warning);
        stage.send_well();
        stage.set("a", Status::Critical);
        stage.set("b", Status::Clear);
        stage.set("d", Status::Critical);
        stage.set("e", Status::Warning);
        let before = stage.state_files();
        let dry = stage.run(&["--send", "--dry-run", "--json"]);
        dry.is(0);
        let contents = |files: Vec<(std::path::PathBuf, u32, Vec<u8>)>| {
            files.into_iter().filter(|(path, ..)| !path.ends_with("state.db-shm")).collect::<Vec<_>>()
        };
        assert_eq!(contents(before), contents(stage.state_files()), "a dry run changes nothing");
        assert_eq!(stage.told(), [""; 0]);
        let shown: serde_json::Value = serde_json::from_str(&dry.stdout).unwrap();
        let mut shown = shown["events"].as_array().unwrap().clone();
        for event in &mut shown {
            let key = event.as_object_mut().unwrap().remove("integrationKey").unwrap();
            assert_eq!(key, crate::stage::MASKED);
        }
        let already = stage.ilert.received().len();
        stage.send_well();
        let sent = stage.ilert.received();
        let sent = sent[already..].iter().map(|one| one.event.as_ref().unwrap().json.clone().into());
        let sent: Vec<serde_json::Value> = sent.collect();
        assert_eq!(shown.len(), 5);
        // Within a class several are on the wire at once: the most urgent is alone at first, the rest is a set.
        assert_eq!(shown[0], sent[0]);
        let kinds = |events: &[serde_json::Value]| {
            events.iter().map(|one| (one["eventType"].clone(), one["priority"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&shown), kinds(&sent));
        let sorted = |mut events: Vec<serde_json::Value>| {
            events.sort_by_key(ToString::to_string);
            events
        };
        assert_eq!(sorted(shown), sorted(sent));
    }
}

#[test]
fn preview_tells_what_is_raised_whatever_was_told() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.send_well();
    let preview = stage.run(&["--preview", "--json"]);
    preview.is(0);
    let shown: serde_json::Value = serde_json::from_str(&preview.stdout).unwrap();
    assert_eq!(shown["events"].as_array().unwrap().len(), 1);
    stage.run(&["--send", "--dry-run"]).is(0).says("nothing to send now");
    assert_eq!(stage.told(), [""; 0]);
}

#[test]
fn preview_is_what_was_sent_word_for_word() {
    for api in [Api::V1, Api::V3] {
        let stage = Stage::of(World::new(api, "web-1"));
        stage.send_well();
        stage.world().advance(60);
        stage.set("cpu", Status::Critical);
        stage.send_well();
        let sent = stage.ilert.received().pop().unwrap().event.unwrap().json.clone();
        let shown: serde_json::Value =
            serde_json::from_str(&stage.run(&["--preview", "--json"]).stdout).unwrap();
        for part in ["summary", "details", "alertKey", "priority", "customDetails", "labels", "links"] {
            assert_eq!(shown["events"][0].get(part), sent.get(part), "{api:?}: {part}");
        }
    }
}

#[test]
fn preview_says_that_what_is_raised_is_not_told() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.run(&["--silence", "*", "--for", "2h"]).is(0);
    let preview = stage.run(&["--preview"]);
    preview.is(0).says("alerts raised now: 1, and ilert is told of none of them");
}
