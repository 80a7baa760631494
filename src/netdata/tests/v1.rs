//! Agents before 2.x: one host an answer.

mod bonus;

use serde_json::{Value, json};

use super::server::Server;
use super::*;
use crate::alert::{Health, Status};

const GUID: &str = "38a90ac8e6ee";
const INFO: &str = "/api/v1/info";
const STATE: &str = "/api/v1/alarms?all";
const CHILD_STATE: &str = "/host/c1/api/v1/alarms?all";
const NOW: i64 = 1_795_404_800;

fn info(children: &[Value]) -> Value {
    let own = json!({"guid": GUID.to_uppercase(), "hostname": "deb", "reachable": true});
    let hosts: Vec<_> = std::iter::once(&own).chain(children).collect();
    json!({"version": "v1.37.1", "uid": GUID, "mirrored_hosts_status": hosts,
        "host_labels": {"_is_ephemeral": "false"}})
}

fn child(reachable: bool) -> Value {
    json!({"guid": "c1", "hostname": "child1", "reachable": reachable, "hops": 1})
}

fn state(latest: i64, alarms: &[Value]) -> Value {
    let alarms: serde_json::Map<_, _> =
        alarms.iter().map(|alarm| (format!("system.load.{}", alarm["name"]), alarm.clone())).collect();
    json!({"hostname": "deb", "latest_alarm_log_unique_id": latest, "status": true, "now": NOW, "alarms": alarms})
}

fn alarm(name: &str, status: &str) -> Value {
    json!({"name": name, "chart": "system.load", "status": status, "silenced": "false", "recipient": "sysadmin",
        "last_status_change": NOW, "delay_up_to_timestamp": NOW + 60, "value": 4.25})
}

fn entry(id: i64, name: &str, status: &str, when: i64) -> Value {
    json!({"unique_id": id, "name": name, "chart": "system.load", "context": "system.load", "status": status,
        "old_status": "CLEAR", "when": when, "delay_up_to_timestamp": when + 60, "silenced": "false",
        "recipient": "sysadmin", "value": null, "old_value": "nan"})
}

fn log(after: i64) -> String {
    format!("/api/v1/alarm_log?after={after}")
}

fn of(name: &str) -> AlertId {
    alert(GUID, "deb", "system.load", name)
}

/// A quiet agent whose log ends at 100, and the cursor after its first observation.
async fn quiet() -> (Server, Cursor) {
    let server = Server::start().await;
    server.on(INFO, info(&[])).on(STATE, state(100, &[])).on(&log(100), json!([]));
    let (observation, cursor) = Ask::default().of(&server).await.unwrap();
    assert!(observation.transitions.is_empty());
    assert_eq!(server.asked(), ["/api/v3/info", INFO, STATE]);
    (server, cursor)
}

#[tokio::test]
async fn the_log_goes_on_after_the_last_entry_read() {
    let (server, cursor) = quiet().await;
    // 104 came between the two answers: the state shows it already, so it is told now. 105 came after both.
    server
        .now(
            &log(100),
            json!([
                entry(103, "a", "CLEAR", NOW),
                entry(102, "a", "WARNING", NOW),
                entry(100, "x", "CLEAR", NOW)
            ]),
        )
        .now(STATE, state(104, &[alarm("a", "CRITICAL"), alarm("b", "CLEAR"), alarm("c", "CLEAR")]))
        .on(&log(103), json!([entry(105, "a", "WARNING", NOW + 1), entry(104, "a", "CRITICAL", NOW)]))
        .on(&log(104), json!([entry(105, "a", "WARNING", NOW + 1)]));
    let ask = Ask::since(cursor).following(of("b"), "99", false);
    let (observation, cursor) = ask.of(&server).await.unwrap();
    assert_eq!(server.asked(), ["/api/v3/info", INFO, &log(100), STATE, &log(103)]);
    assert_eq!(transition_ids(&observation), ["102", "103", "104"]);
    let first = &observation.transitions[0];
    assert_eq!(
        (first.due, first.silent, first.facts.value, first.facts.old_value),
        (NOW + 60, false, None, None)
    );
    let names: Vec<_> =
        observation.sightings.iter().map(|seen| (&*seen.alert.name, seen.facts.status)).collect();
    assert_eq!(names, [("a", Status::Critical), ("b", Status::Clear)]);
    let raised = &observation.sightings[0];
    assert_eq!((raised.due, raised.silent, raised.facts.value), (Some(NOW + 60), Some(false), Some(4.25)));
    assert!(observation.sightings.iter().all(|seen| !seen.pending));
    assert_eq!((&*raised.facts.transition, &*raised.facts.context), ("104", "system.load"));
    server.now(STATE, state(105, &[alarm("a", "WARNING")]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), ["105"]);
}

#[tokio::test]
async fn silences_are_told_as_they_are_now() {
    let (server, cursor) = quiet().await;
    let (mut api, mut role) = (alarm("api", "WARNING"), alarm("role", "WARNING"));
    (api["silenced"], role["recipient"]) = ("true".into(), "silent".into());
    server.now(STATE, state(100, &[api, role]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(
        observation.sightings.len() == 2
            && observation.sightings.iter().all(|seen| seen.silent == Some(true))
    );
}

#[tokio::test]
async fn a_log_that_was_cut_is_a_gap() {
    let (server, cursor) = quiet().await;
    let entries: Vec<_> = (0..1000).map(|number| entry(2000 - number, "a", "WARNING", NOW)).collect();
    server.now(&log(100), Value::Array(entries)).now(STATE, state(2000, &[]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(observation.transitions.len(), 1000);
    assert!(
        observation.gaps[0].starts_with("deb's log was cut at its newest 1000"),
        "{:?}",
        observation.gaps
    );
}

#[tokio::test]
async fn a_wiped_database_is_noticed() {
    let (server, cursor) = quiet().await;
    let whole = json!([entry(5, "a", "WARNING", NOW + 1), entry(4, "b", "WARNING", NOW - 900)]);
    server
        .now(STATE, state(5, &[]))
        .on(STATE, state(5, &[alarm("a", "WARNING")]))
        .on("/api/v1/alarm_log", whole)
        .on(&log(5), json!([]));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(server.asked()[2..], [log(100), STATE.into(), "/api/v1/alarm_log".into(), STATE.into()]);
    assert_eq!(transition_ids(&observation), ["5"]);
    // The state is asked again, so as not to be older than the log.
    assert_eq!(observation.sightings.len(), 1);
    assert!(observation.notes[0].contains("wiped"));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty() && observation.notes.is_empty());
}

#[tokio::test]
async fn a_log_that_is_empty_while_health_starts_is_no_wiped_one() {
    let (server, cursor) = quiet().await;
    let mut starting = state(0, &[]);
    starting["status"] = false.into();
    server.now(STATE, starting);
    let (observation, after) = Ask::since(cursor.clone()).of(&server).await.unwrap();
    assert_eq!((observation.notes.len(), observation.nodes[0].health), (0, Health::Disabled));
    assert_eq!(after, cursor);
    // Nor does a first observation begin a log there: all of history would follow.
    let (_, first) = Ask::default().of(&server).await.unwrap();
    server.now(STATE, state(100, &[])).asked();
    Ask::since(first).of(&server).await.unwrap();
    assert_eq!(server.asked(), ["/api/v3/info", INFO, STATE]);
}

#[tokio::test]
async fn a_child_that_comes_later_starts_at_its_end() {
    let (server, cursor) = quiet().await;
    server
        .now(INFO, info(&[child(true)]))
        .on(CHILD_STATE, state(500, &[alarm("a", "WARNING")]))
        .on("/host/c1/api/v1/alarm_log?after=500", json!([entry(501, "a", "CLEAR", NOW)]));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty());
    assert_eq!(&*observation.sightings[0].alert.node.host, "child1");
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), ["501"]);
}

#[tokio::test]
async fn a_child_that_fails_alone_is_unknown() {
    let (server, cursor) = quiet().await;
    server.now(INFO, info(&[child(true)])).on(CHILD_STATE, state(500, &[])).on(CHILD_STATE, 503);
    server.on("/host/c1/api/v1/alarm_log?after=500", json!([entry(501, "a", "WARNING", NOW)]));
    let (_, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    let node = &observation.nodes[1];
    assert_eq!((&*node.id.host, node.reachable, node.health), ("child1", true, Health::Disabled));
    assert!(observation.notes[0].contains("child1") && observation.notes[0].contains("503"));
    // Its log was read, but counts only with its state.
    assert!(observation.transitions.is_empty());
    server.now(CHILD_STATE, state(501, &[]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), ["501"]);

    server.now(STATE, 503);
    assert!(matches!(Ask::default().of(&server).await, Err(Error::Starting { .. })));
}

#[tokio::test]
async fn a_child_that_is_away_is_asked_for_its_labels_alone() {
    let (server, cursor) = quiet().await;
    let mut labels = info(&[]);
    (labels["uid"], labels["host_labels"]["_is_ephemeral"]) = ("c1".into(), "true".into());
    server.now(INFO, info(&[child(false)])).on("/host/c1/api/v1/info", labels);
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    let node = &observation.nodes[1];
    assert_eq!((node.reachable, node.health, node.ephemeral), (false, Health::Online, true));
    assert!(!server.asked().contains(&CHILD_STATE.to_owned()));
    // A parent that answers for itself says nothing of the child.
    server.now("/host/c1/api/v1/info", info(&[]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(!observation.nodes[1].ephemeral);
}

#[tokio::test]
async fn nodes_that_are_not_covered_are_listed_and_not_asked() {
    let (server, cursor) = quiet().await;
    server
        .now(INFO, info(&[child(true)]))
        .on("/api/v1/alarms", state(100, &[alarm("a", "WARNING")]))
        .on(CHILD_STATE, state(500, &[]));
    server.asked();
    let ask = Ask { only: Some("child1"), ..Ask::since(cursor) };
    let (observation, cursor) = ask.of(&server).await.unwrap();
    let mut asked = server.asked();
    asked.sort_unstable();
    assert_eq!(asked, ["/api/v1/alarms", INFO, "/api/v3/info", CHILD_STATE]);
    assert_eq!((observation.nodes.len(), observation.sightings.len(), observation.now), (2, 0, NOW));
    // Its place in the log is kept for when it is covered again.
    server.now(STATE, state(100, &[])).now(&log(100), json!([entry(101, "a", "CLEAR", NOW)]));
    let ask = Ask { only: Some("deb"), ..Ask::since(cursor) };
    assert_eq!(transition_ids(&ask.of(&server).await.unwrap().0), ["101"]);
}

/// Asks for the label `env`, and covers what bears `prod` or may.
fn of_production(cursor: Cursor) -> Ask {
    let covers = |_: &NodeId, labels: &Labels| labels.get("env").is_none_or(|value| value == Some("prod"));
    Ask { labels: BTreeSet::from(["env".to_owned()]), by_labels: Some(covers), ..Ask::since(cursor) }
}

#[tokio::test]
async fn labels_are_asked_for_where_they_decide() {
    let (server, cursor) = quiet().await;
    let mut own = info(&[child(true)]);
    own["host_labels"]["env"] = "prod".into();
    let mut labels = info(&[]);
    (labels["uid"], labels["host_labels"]["env"]) = ("c1".into(), "test".into());
    server.now(INFO, own).on("/host/c1/api/v1/info", labels.clone()).on(CHILD_STATE, state(500, &[]));
    server.asked();
    let (observation, cursor) = of_production(cursor).of(&server).await.unwrap();
    let env = |at: usize| observation.nodes[at].labels.get("env").map(|value| value.map(str::to_owned));
    assert_eq!((env(0), env(1)), (Some(Some("prod".into())), Some(Some("test".into()))));
    assert!(!server.asked().contains(&CHILD_STATE.to_owned()), "it is not covered");
    // One that is not asked for is not kept.
    assert_eq!(observation.nodes[1].labels.get("_is_ephemeral"), None);

    // A child that does not say its labels is not left out.
    server.now("/host/c1/api/v1/info", info(&[]));
    server.asked();
    let (observation, _) = of_production(cursor).of(&server).await.unwrap();
    assert_eq!(observation.nodes[1].labels, Labels::NONE);
    assert!(server.asked().contains(&CHILD_STATE.to_owned()));
}

#[tokio::test]
async fn hosts_without_a_status_are_found_by_name() {
    let server = Server::start().await;
    let mut child = info(&[]);
    child["uid"] = "c1".into();
    server
        .on(INFO, json!({"version": "v1.37.1", "uid": GUID, "mirrored_hosts": ["deb", "my child", "lost"]}))
        .on("/host/my%20child/api/v1/info", child)
        .on(STATE, state(100, &[]))
        .on("/host/my%20child/api/v1/alarms?all", state(9, &[alarm("a", "WARNING")]));
    let (observation, _) = Ask::default().of(&server).await.unwrap();
    let nodes: Vec<_> = observation.nodes.iter().map(|node| (&*node.id.guid, &*node.id.host)).collect();
    assert_eq!(nodes, [(GUID, "deb"), ("c1", "my child")]);
    assert_eq!(observation.sightings.len(), 1);
}

#[tokio::test]
async fn strings_without_escapes_are_read() {
    let (server, cursor) = quiet().await;
    let broken = fixture!("netdata-1.37/alarms-all.json")
        .replace("\"system fifteen-minute load average\"", "\"the \"15 min\" load\n\tof C:\\tmp\"")
        .replace("\"value\":4.25", "\"value\":nan");
    assert!(serde_json::from_str::<Value>(&broken).is_err());
    server.now(STATE, broken.as_str());
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    let facts = &observation.sightings[0].facts;
    assert_eq!(facts.info, "the \"15 min\" load\n    of C:\\tmp");
    assert_eq!((facts.value, &*facts.value_text), (None, "4.25 load"));
}

#[tokio::test]
async fn an_alert_of_an_obsolete_chart_is_seen_as_removed() {
    let (server, cursor) = quiet().await;
    server.now(STATE, state(100, &[alarm("a", "REMOVED")]));
    let (observation, _) = Ask::since(cursor).following(of("a"), "99", false).of(&server).await.unwrap();
    let [seen] = observation.sightings.as_slice() else { panic!("{observation:?}") };
    assert_eq!((&seen.alert, seen.facts.status), (&of("a"), Status::Removed));
}

#[tokio::test]
async fn an_agent_that_went_back_from_v3_starts_at_its_end() {
    let (server, _) = quiet().await;
    let newer = json!({"agent": GUID, "now": NOW, "log": {"v3": {"since": NOW, "seen": {}}}});
    let (observation, _) = Ask::since(serde_json::from_value(newer).unwrap()).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty() && observation.notes[0].contains("v1"));
}

#[tokio::test]
async fn a_probe_counts_all_hosts() {
    let server = Server::start().await;
    server
        .on(INFO, info(&[child(true)]))
        .on(STATE, state(1, &[alarm("a", "WARNING"), alarm("b", "UNDEFINED")]))
        .on(CHILD_STATE, state(1, &[alarm("a", "CRITICAL")]));
    let client = AgentClient::new(&server.url, None, Credentials::default()).unwrap();
    let probe = client.probe().await.unwrap();
    assert_eq!((probe.raised, probe.nodes.len()), ((1, 1), 2));
}

#[tokio::test]
async fn the_state_says_how_an_alert_is_configured_and_the_log_is_told() {
    let (server, cursor) = quiet().await;
    let mut alarm = alarm("a", "CRITICAL");
    for (name, value) in [
        ("calc", "$used * 100 &#x2F; ($avail + $used)"),
        ("warn", "$this &gt; 80 &amp;&amp; $status &lt; 3"),
        ("crit", "$this &gt; 90"),
    ] {
        alarm[name] = value.into();
    }
    server.now(&log(100), json!([entry(101, "a", "CRITICAL", NOW)])).now(STATE, state(101, &[alarm]));
    let (seen, _) = Ask::since(cursor).of(&server).await.unwrap();
    let config = seen.sightings[0].facts.config.as_ref().unwrap();
    assert_eq!((&*config.warn_when, &*config.crit_when), ("$this > 80 && $status < 3", "$this > 90"));
    assert_eq!((&*config.calculation, &*config.lookup), ("$used * 100 / ($avail + $used)", ""));
    assert_eq!(seen.transitions[0].facts.config.as_ref(), Some(config));
}
