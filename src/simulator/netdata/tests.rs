//! Answers against recorded ones (same members, same types), and each trap by name.

mod log;
mod v1;

use serde_json::Value;

use super::super::world::{Definition, NodeHandle};
use super::*;
use crate::alert::Health;
use crate::alert::Status::{Clear, Critical, Warning};

const CHART: &str = "statsd_flip.temp_gauge";

fn world(api: Api) -> World {
    let mut world = World::new(api, "agent");
    world.define(
        World::OWN,
        Definition { units: "C".to_owned(), calc: "$gauge".to_owned(), ..Definition::new(CHART, "flip") },
    );
    world.advance(1);
    world
}

/// A parent with a child, one alert raised on each.
fn parent(api: Api) -> (World, NodeHandle) {
    let mut world = world(api);
    let child = world.add_node("child");
    world.set(World::OWN, CHART, "flip", Warning, 60.5);
    world.set(child, CHART, "flip", Critical, 90.0);
    world.advance(2);
    (world, child)
}

fn get(world: &mut World, target: &str) -> Response {
    answer(world, target, None)
}

fn text(world: &mut World, target: &str) -> String {
    String::from_utf8(get(world, target).body.to_vec()).unwrap()
}

fn json(world: &mut World, target: &str) -> Value {
    let text = text(world, target);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{target}: {error} in {text}"))
}

fn recorded(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/shape/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Members that are named by their content: labels, functions, alarms.
const FREE: [&str; 4] = [".labels", ".host_labels", ".functions", ".alarms"];

/// Same members and types; of lists the first items are compared, `null` is like anything.
fn assert_same_shape(path: &str, ours: &Value, theirs: &Value) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) if FREE.iter().any(|free| path.ends_with(free)) => {
            if let (Some(ours), Some(theirs)) = (ours.values().next(), theirs.values().next()) {
                assert_same_shape(&format!("{path}.*"), ours, theirs);
            }
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            assert_eq!(
                ours.keys().collect::<Vec<_>>(),
                theirs.keys().collect::<Vec<_>>(),
                "members of {path}"
            );
            for (name, value) in ours {
                assert_same_shape(&format!("{path}.{name}"), value, &theirs[name]);
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert_same_shape(&format!("{path}[]"), ours, theirs);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        _ => {
            assert_eq!(
                std::mem::discriminant(ours),
                std::mem::discriminant(theirs),
                "type of {path}: {ours}"
            );
        }
    }
}

#[test]
fn answers_look_as_recorded() {
    let cases = [
        (Api::V3, "/api/v3/info", "v3-info"),
        (Api::V3, "/api/v3/nodes", "v3-nodes"),
        (Api::V3, "/api/v3/alerts?options=instances,values&status=raised", "v3-alerts"),
        (Api::V3, "/api/v2/alerts", "v3-alerts-without-options"),
        (Api::V3, "/api/v3/alert_transitions?after=-60&last=2", "v3-transitions"),
        (Api::V3, "/api/v3/alert_transitions?last=100", "v3-transitions-without-window"),
        (Api::V3, "/api/v1/info", "v1-info"),
        (Api::V3, "/api/v3/versions", "v3-versions"),
        (Api::V3, "/api/v1/alarms", "v1-alarms"),
        (Api::V3, "/host/child/api/v1/alarm_log", "v1-alarm_log"),
        (Api::V1, "/api/v1/info", "v1.37-info"),
        (Api::V1, "/api/v1/alarms", "v1.37-alarms"),
        (Api::V1, "/api/v1/alarm_log", "v1.37-alarm_log"),
    ];
    for (api, target, name) in cases {
        let (mut world, child) = parent(api);
        if name == "v3-nodes" {
            world.disconnect(child);
        }
        assert_same_shape(name, &json(&mut world, target), &recorded(name));
    }
}

#[test]
fn says_how_an_alert_is_configured() {
    let (mut world, _) = parent(Api::V3);
    let recorded = recorded("v3-alert_config");
    world.define(World::OWN, Definition { crit: String::new(), ..Definition::new(CHART, "silent") });
    world.define(
        World::OWN,
        Definition {
            lookup: Some(("max".to_owned(), -60, "load15".to_owned())),
            ..Definition::new(CHART, "load")
        },
    );
    let mut config = |number: usize| {
        let alerts = json(&mut world, "/api/v3/alerts?options=instances");
        let hash = alerts["alert_instances"][number]["cfg"].as_str().unwrap().to_owned();
        json(&mut world, &format!("/api/v3/alert_config?config={hash}"))
    };
    let flip = config(0);
    assert_eq!(
        (&flip["status"]["warn"], &flip["status"]["crit"]),
        (&"$this > 80".into(), &"$this > 90".into())
    );
    let mut silent = config(1);
    silent["value"]["calc"] = "$gauge".into();
    assert_same_shape("v3-alert_config", &silent, &recorded);
    assert_eq!(config(2)["value"]["db"]["method"], "max");
    for (target, status) in
        [("", 400), ("?config=", 400), ("?config=03b27439-dd18-407b-b632-7038cec1cbb5", 404)]
    {
        assert_eq!(get(&mut world, &format!("/api/v3/alert_config{target}")).status, status, "{target}");
    }
}

#[test]
fn v1_agents_know_no_other_api() {
    let mut world = world(Api::V1);
    for target in ["/api/v2/info", "/api/v3/info", "/api/v3/alerts", "/host/agent/api/v3/nodes"] {
        assert_eq!(get(&mut world, target).status, 404, "{target}");
    }
}

#[test]
fn without_a_status_every_status_is_listed() {
    let (mut world, _) = parent(Api::V3);
    world.set(World::OWN, CHART, "other", Clear, 1.0);
    let mut statuses = |query: &str| {
        let found = json(&mut world, &format!("/api/v3/alerts?options=instances,values{query}"));
        let instances = found["alert_instances"].as_array().unwrap().clone();
        instances.iter().map(|instance| instance["st"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(statuses(""), ["WARNING", "CLEAR", "CRITICAL"]);
    assert_eq!(statuses("&status=raised"), ["WARNING", "CRITICAL"]);
    assert_eq!(statuses("&status=clear,critical"), ["CLEAR", "CRITICAL"]);
}

#[test]
fn a_stale_child_is_listed_without_health_and_alerts() {
    let (mut world, child) = parent(Api::V3);
    world.disconnect(child);
    world.advance(2);
    let nodes = json(&mut world, "/api/v3/nodes");
    assert_eq!(nodes["nodes"][1]["state"], "stale");
    assert_eq!(nodes["nodes"][1]["health"], serde_json::json!({"status": "disabled"}));
    let raised = json(&mut world, "/api/v3/alerts?options=instances&status=raised");
    assert_eq!(raised["alert_instances"].as_array().unwrap().len(), 1);
    let removed = json(&mut world, "/api/v3/alert_transitions?after=-60");
    assert_eq!(removed["transitions"][0]["new"]["status"], "REMOVED");
    let alarms = json(&mut world, "/host/child/api/v1/alarms?all");
    assert_eq!((&alarms["status"], &alarms["alarms"]), (&false.into(), &serde_json::json!({})));
    assert_eq!(json(&mut world, "/api/v1/info")["mirrored_hosts_status"][1]["reachable"], false);
    world.forget(child);
    assert_eq!(json(&mut world, "/api/v3/nodes")["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(get(&mut world, "/host/child/api/v1/alarms").status, 404);
}

#[test]
fn nodes_tell_health_ephemerality_and_new_names() {
    let (mut world, child) = parent(Api::V3);
    world.set_health(child, Health::Initializing);
    world.set_ephemeral(child, true);
    world.rename(child, "renamed");
    let node = json(&mut world, "/api/v3/nodes")["nodes"][1].clone();
    assert_eq!((&node["nm"], &node["health"]["status"]), (&"renamed".into(), &"initializing".into()));
    assert_eq!(node["labels"]["_is_ephemeral"], "true");
    assert_eq!(node["mg"], world.guid(child));
}

#[test]
fn refusals_leave_open_what_netdata_leaves_open() {
    let mut world = world(Api::V3);
    for (status, info) in [(451, 200), (412, 200), (403, 200), (503, 503)] {
        world.refuse(Some(status));
        assert_eq!(get(&mut world, "/api/v3/info").status, info);
        for target in
            ["/api/v3/alerts", "/api/v3/nodes", "/api/v1/info", "/api/v1/alarms", "/host/agent/api/v1/alarms"]
        {
            assert_eq!(get(&mut world, target).status, status, "{target}");
        }
    }
    world.refuse(Some(412));
    assert_eq!(json(&mut world, "/api/v3/info")["agents"][0]["api"]["bearer_protection"], true);
    world.refuse(None);
    assert_eq!(get(&mut world, "/api/v3/alerts").status, 200);
}

#[test]
fn lets_in_who_has_the_right_authorization() {
    let mut world = world(Api::V3);
    world.require_authorization(Some(("Bearer token", 412)));
    assert_eq!(get(&mut world, "/api/v3/alerts").status, 412);
    assert_eq!(answer(&mut world, "/api/v3/alerts", Some("Bearer wrong")).status, 412);
    assert_eq!(answer(&mut world, "/api/v3/alerts", Some("Bearer token")).status, 200);
    world.require_authorization(Some(("Basic dTpw", 401)));
    assert_eq!(get(&mut world, "/api/v3/info").status, 401);
}

#[test]
fn something_else_answers_html() {
    let mut world = world(Api::V3);
    world.not_netdata(true);
    let response = get(&mut world, "/api/v3/info");
    assert_eq!(response.status, 200);
    assert!(response.body.starts_with(b"<!DOCTYPE html>"));
}

#[test]
fn counts_what_changes() {
    let (mut world, child) = parent(Api::V3);
    let versions = |world: &mut World| {
        let versions = json(world, "/api/v3/versions")["versions"].clone();
        [versions["alerts_hard_hash"].as_u64().unwrap(), versions["alerts_soft_hash"].as_u64().unwrap()]
    };
    let before = versions(&mut world);
    world.silence(World::OWN, CHART, "flip", true);
    world.set_label(child, "env", "prod");
    world.advance(60);
    assert_eq!(versions(&mut world), before, "it does not tell of silences and labels");
    world.set(child, CHART, "flip", Clear, 10.0);
    let cleared = versions(&mut world);
    assert_eq!((cleared[0], cleared[1] > before[1]), (before[0], true));
    world.remove_chart(child, CHART, "flip");
    let removed = versions(&mut world);
    assert!(removed[0] > cleared[0] && removed[1] > cleared[1]);
    world.restart_agent(0);
    assert!(versions(&mut world)[1] < removed[1], "both start anew with the agent");
}
