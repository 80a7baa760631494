//! Netdata 2.x: what is asked, in which order, and what is made of it.

mod alert_configs;
mod consistent;
mod future;
mod log;
mod names;
mod notification_delay;
mod slow;

use serde_json::{Value, json};

use super::server::{CannedReply, Server};
use super::*;
use crate::alert::{AlertDetails, Health, Sighting, Status};

const GUID: &str = "5c6fb82f-092b-4509-83f1-ab7e4de141ad";
const INFO: &str = "/api/v3/info";
const NODES: &str = "/api/v3/nodes?options=minify";
const OVERLAP: &str = "/api/v3/alert_transitions?after=-120&last=200";
const NOW: i64 = 1_795_407_300;

fn info(now: i64) -> Value {
    json!({"agents": [{"mg": GUID.to_uppercase(), "nm": "nd2", "now": now,
        "application": {"package": {"version": "v2.11.0"}}}]})
}

fn nodes() -> Value {
    json!({"nodes": [
        {"mg": GUID, "nm": "nd2", "ni": 0, "state": "reachable", "health": {"status": "online"}},
        {"mg": "c1", "nm": "child1", "ni": 1, "state": "reachable"}]})
}

/// The id of the n-th transition.
fn id(number: i64) -> String {
    format!("{number:08x}-43df-4b5a-8e8b-efbd679ca4c2")
}

fn instance(node: u8, name: &str, status: &str, transition: i64, when: i64) -> Value {
    json!({"ni": node, "nm": name, "ch": "system.load", "ctx": "system.load", "st": status, "info": "why",
        "units": "%", "tr_i": id(transition), "tr_v": 80, "tr_t": when, "to": "sysadmin", "v": null})
}

fn alerts(instances: &[Value]) -> Value {
    json!({"nodes": [{"mg": GUID, "nm": "nd2", "ni": 0}, {"mg": "c1", "nm": "child1", "ni": 1}],
        "alert_instances": instances})
}

fn transition(name: &str, status: &str, number: i64, when: i64, flags: &[&str]) -> Value {
    json!({"gi": number, "alert": name, "transition_id": id(number), "machine_guid": GUID, "hostname": "nd2",
        "instance": "system.load", "when": when, "new": {"status": status, "value": 80}, "old": null,
        "notification": {"delay_up_to_time": when + 60, "flags": flags, "to": "sysadmin"}})
}

fn transitions(list: &[Value], left_out: usize) -> Value {
    json!({"transitions": list, "items": {"matched": list.len() + left_out, "after": left_out}})
}

fn look_up(number: i64) -> String {
    format!("/api/v3/alert_transitions?transition={}", id(number))
}

fn of(name: &str) -> AlertId {
    alert(GUID, "nd2", "system.load", name)
}

fn seen<'a>(observation: &'a Observation, name: &str) -> &'a Sighting {
    observation.sightings.iter().find(|seen| seen.alert.name == name).unwrap()
}

/// A quiet agent, and the cursor after its first observation.
async fn quiet() -> (Server, Cursor) {
    let server = Server::start().await;
    server
        .on(INFO, info(NOW))
        .on(NODES, nodes())
        .on(RAISED, alerts(&[]))
        .on(ALL, alerts(&[]))
        .on(OVERLAP, transitions(&[], 0));
    let (_, cursor) = Ask::default().of(&server).await.unwrap();
    (server, cursor)
}

#[tokio::test]
async fn the_log_is_asked_before_the_state() {
    let (server, cursor) = quiet().await;
    server.asked();
    let (observation, _) = Ask::since(cursor).following(of("a"), &id(1), false).of(&server).await.unwrap();
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES, ALL]);
    assert!(observation.sightings.is_empty());
    assert_eq!(observation.agent.node.guid, GUID);
    // A node without a word on its health is taken as healthy.
    assert!(
        observation
            .nodes
            .iter()
            .all(|node| node.reachable && node.health == Health::Online && !node.ephemeral)
    );
}

#[tokio::test]
async fn all_alerts_are_not_listed_for_one_that_the_log_says_is_clear() {
    let (server, cursor) = quiet().await;
    server.asked();
    let clear = transition("a", "CLEAR", 2, NOW, &[]);
    server.now(OVERLAP, transitions(std::slice::from_ref(&clear), 0));
    Ask::since(cursor.clone()).following(of("a"), &id(1), false).of(&server).await.unwrap();
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES]);

    // After a restart a CLEAR in the log proves nothing: the alert itself must be seen.
    let removed = transition("a", "REMOVED", 2, NOW, &[]);
    let clear = transition("a", "CLEAR", 3, NOW, &[]);
    server.now(OVERLAP, transitions(&[clear, removed], 0));
    Ask::since(cursor).following(of("a"), &id(1), false).of(&server).await.unwrap();
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES, ALL]);
}

#[tokio::test]
async fn a_followed_alert_is_seen_in_any_status() {
    let (server, cursor) = quiet().await;
    server.now(
        ALL,
        alerts(&[
            instance(0, "followed", "CLEAR", 5, NOW),
            instance(0, "other", "CLEAR", 6, NOW),
            instance(1, "raised", "CRITICAL", 7, NOW),
        ]),
    );
    server.on(&look_up(5), transitions(&[transition("followed", "CLEAR", 5, NOW, &[])], 0));
    let ask = Ask::since(cursor).following(of("followed"), &id(1), false);
    let (observation, _) = ask.of(&server).await.unwrap();
    assert_eq!(observation.sightings.len(), 2);
    let cleared = seen(&observation, "followed");
    assert_eq!((cleared.facts.status, cleared.due), (Status::Clear, Some(NOW + 60)));
    assert_eq!(seen(&observation, "raised").alert.node.host, "child1");
}

#[tokio::test]
async fn only_covered_nodes_are_told() {
    let (server, cursor) = quiet().await;
    server
        .now(
            RAISED,
            alerts(&[instance(0, "here", "WARNING", 1, NOW), instance(1, "there", "WARNING", 2, NOW)]),
        )
        .now(OVERLAP, transitions(&[transition("here", "WARNING", 1, NOW, &[])], 0));
    server.asked();
    let followed = alert("c1", "child1", "system.load", "there");
    let ask = Ask { only: Some("nd2"), ..Ask::since(cursor.clone()) }.following(followed, &id(2), true);
    let (observation, _) = ask.of(&server).await.unwrap();
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES]);
    assert_eq!((observation.sightings.len(), observation.nodes.len()), (1, 2));
    let ask = Ask { only: Some("child1"), ..Ask::since(cursor) };
    let (observation, _) = ask.of(&server).await.unwrap();
    assert!(observation.transitions.is_empty() && observation.sightings[0].alert.name == "there");
}

#[tokio::test]
async fn a_probe_counts_what_is_raised() {
    let (server, _) = quiet().await;
    server.now(
        RAISED,
        alerts(&[
            instance(0, "a", "WARNING", 1, NOW),
            instance(0, "b", "CRITICAL", 2, NOW),
            instance(1, "c", "CRITICAL", 3, NOW),
            instance(1, "d", "CLEAR", 4, NOW),
        ]),
    );
    let client = AgentClient::new(&server.url, None, Credentials::default()).unwrap();
    let probe = client.probe().await.unwrap();
    assert_eq!((probe.raised, probe.nodes.len(), &*probe.agent.version), ((1, 2), 2, "v2.11.0"));
}

#[tokio::test]
async fn the_agents_own_node_is_listed_always() {
    let (server, cursor) = quiet().await;
    let mut ephemeral = json!({"nodes": [{"mg": "c1", "nm": "child1", "state": "stale",
        "health": {"status": "disabled"}, "labels": {"_is_ephemeral": "true"}}]});
    ephemeral["nodes"][0]["labels"]["_os"] = "linux".into();
    server.now(NODES, ephemeral);
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    let [child, own] = observation.nodes.as_slice() else { panic!("{observation:?}") };
    assert_eq!((child.reachable, child.health, child.ephemeral), (false, Health::Disabled, true));
    assert_eq!((&*own.id.host, own.reachable, own.health), ("nd2", true, Health::Disabled));
}
