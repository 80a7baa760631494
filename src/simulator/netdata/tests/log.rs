//! The log: what is in it, since when, and how it lags behind the state.

use serde_json::Value;

use super::{CHART, get, json, parent, text, world};
use crate::alert::Api;
use crate::alert::Status::{Clear, Critical, Warning};
use crate::simulator::World;
use crate::simulator::world::{Definition, LogTrouble};

#[test]
fn transitions_need_a_window_and_default_to_one() {
    let (mut world, _) = parent(Api::V3);
    let mut count = |query: &str| {
        let found = json(&mut world, &format!("/api/v3/alert_transitions?{query}"));
        let items = &found["items"];
        assert_eq!(items["returned"], found["transitions"].as_array().unwrap().len());
        [&items["evaluated"], &items["returned"], &items["before"], &items["after"]]
            .map(|n| n.as_u64().unwrap())
    };
    assert_eq!(count("last=100"), [0, 0, 0, 0]);
    assert_eq!(count("after=-60"), [2, 1, 0, 1]);
    assert_eq!(count("after=-60&last=100"), [2, 2, 0, 0]);
    assert_eq!(count("after=-1&before=-60&last=100"), [0, 0, 0, 0]);
    assert_eq!(count("after=-60&last=100&anchor_gi=99999999999999999"), [2, 0, 2, 0]);
}

#[test]
fn of_too_many_transitions_the_newest_are_kept() {
    let mut world = world(Api::V3);
    for value in 0..10 {
        world.set(World::OWN, CHART, "flip", if value % 2 == 0 { Warning } else { Clear }, f64::from(value));
    }
    world.advance(2);
    let found = json(&mut world, "/api/v3/alert_transitions?after=-60&last=3");
    let values: Vec<_> =
        found["transitions"].as_array().unwrap().iter().map(|t| &t["new"]["value"]).collect();
    assert_eq!(values, [9, 8, 7]);
    assert_eq!((&found["items"]["after"], &found["items"]["max_to_return"]), (&7.into(), &3.into()));
}

#[test]
fn the_present_second_is_not_searched_yet_but_shown() {
    let mut world = world(Api::V3);
    world.set_log_lag(0);
    world.set(World::OWN, CHART, "flip", Warning, 60.0);
    let raised = json(&mut world, "/api/v3/alerts?options=instances&status=raised");
    assert_eq!(raised["alert_instances"][0]["st"], "WARNING");
    let log = "/api/v3/alert_transitions?after=-60&last=9";
    assert_eq!(json(&mut world, log)["items"]["returned"], 0);
    let one = raised["alert_instances"][0]["tr_i"].as_str().unwrap().to_owned();
    let found = json(&mut world, &format!("/api/v3/alert_transitions?transition={one}"));
    assert_eq!(found["transitions"][0]["transition_id"], one);
    world.advance(1);
    assert_eq!(json(&mut world, log)["items"]["returned"], 1);
}

#[test]
fn the_log_lags_and_the_state_does_not() {
    let mut world = world(Api::V3);
    world.set(World::OWN, CHART, "flip", Warning, 60.0);
    let raised = json(&mut world, "/api/v3/alerts?options=instances&status=raised");
    let one = raised["alert_instances"][0]["tr_i"].as_str().unwrap().to_owned();
    let mut found = |seconds: i64| {
        world.advance(seconds);
        let targets = ["after=-60&last=9".to_owned(), format!("transition={one}")];
        targets.map(|query| {
            json(&mut world, &format!("/api/v3/alert_transitions?{query}"))["items"]["returned"].clone()
        })
    };
    assert_eq!(
        (found(0), found(1), found(1)),
        ([0, 0].map(Value::from), [0, 0].map(Value::from), [1, 1].map(Value::from))
    );
}

#[test]
fn the_log_cuts_names_and_info_and_the_state_does_not() {
    let mut world = world(Api::V3);
    let (name, info) = (format!("{}ü2", "n".repeat(46)), format!("{}ü2", "i".repeat(510)));
    world.define(World::OWN, Definition { info: info.clone(), ..Definition::new(CHART, &name) });
    world.set(World::OWN, CHART, &name, Warning, f64::NAN);
    world.advance(2);
    let alerts = json(&mut world, "/api/v3/alerts?options=instances,values&status=raised");
    let shown = &alerts["alert_instances"][0];
    assert_eq!((shown["nm"].as_str(), shown["info"].as_str()), (Some(&*name), Some(&*info)));
    assert_eq!((&shown["v"], &shown["tr_v"]), (&Value::Null, &Value::Null));
    let log = get(&mut world, "/api/v3/alert_transitions?after=-60&last=9").body;
    let log = String::from_utf8_lossy(&log);
    assert!(log.contains(&format!("\"{}\u{fffd}\"", "n".repeat(46))), "{log}");
    assert!(log.contains(&format!("\"{}\u{fffd}\"", "i".repeat(510))), "{log}");
    assert!(log.contains("\"value\":0"), "{log}");
}

#[test]
fn a_troubled_log_is_endless_or_breaks_off() {
    let (mut world, _) = parent(Api::V3);
    world.advance(2);
    let log = "/api/v3/alert_transitions?after=-60&last=9";
    world.trouble_log(Some(LogTrouble::Endless(90_000)));
    let found = json(&mut world, log);
    assert_eq!([&found["items"]["matched"], &found["items"]["after"]], [90_002, 90_000]);
    world.trouble_log(Some(LogTrouble::Unreadable));
    let broken = text(&mut world, log);
    assert!(serde_json::from_str::<Value>(&broken).is_err());
    world.trouble_log(None);
    assert_eq!(json(&mut world, log)["items"]["after"], 0);
}

#[test]
fn a_clear_out_of_uninitialized_is_in_v1_alone() {
    let mut world = world(Api::V3);
    world.set(World::OWN, CHART, "flip", Critical, 90.0);
    world.restart_agent(10);
    world.set(World::OWN, CHART, "flip", Clear, 1.0);
    world.advance(20);
    let found = json(&mut world, "/api/v3/alert_transitions?after=-60&last=99");
    let told: Vec<_> =
        found["transitions"].as_array().unwrap().iter().map(|t| t["new"]["status"].clone()).collect();
    assert_eq!(told, ["REMOVED", "CRITICAL"]);
    let log = json(&mut world, "/api/v1/alarm_log");
    assert_eq!((&log[0]["status"], &log[0]["old_status"]), (&"CLEAR".into(), &"UNINITIALIZED".into()));
}
