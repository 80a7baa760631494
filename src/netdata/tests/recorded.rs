//! What real agents answered: 1.37, 2.11, and a 2.11 parent before and after its child stopped.

use super::server::Server;
use super::*;
use crate::alert::{Api, Health, Level, Node, Status};
use crate::netdata::answer::{AnswerBody, LargeRead};

const CHILD: &str = "0cd4ee5e-446f-462f-aa3e-8e14f06f1acd";

async fn parent() -> Server {
    let server = Server::start().await;
    server
        .on("/api/v3/info", fixture!("netdata-2.11/api_v3_info.json"))
        .on(RAISED, fixture!("netdata-2.11/parent/api_v3_alerts_raised.json"))
        .on("/api/v3/nodes?options=minify", fixture!("netdata-2.11/parent/api_v3_nodes.json"));
    server
}

fn shown(node: &Node) -> (&str, bool, bool, bool) {
    (&node.id.host, node.reachable, node.health == Health::Online, node.ephemeral)
}

#[tokio::test]
async fn agent_2_11() {
    let server = Server::start().await;
    server
        .on("/api/v3/info", fixture!("netdata-2.11/api_v3_info.json"))
        .on(RAISED, fixture!("netdata-2.11/api_v3_alerts_raised.json"))
        .on("/api/v3/nodes?options=minify", fixture!("netdata-2.11/api_v3_nodes.json"));
    for id in ids_of(fixture!("netdata-2.11/api_v3_alerts_raised.json")) {
        // One answer for all: the right one is found in it by its id.
        let path = format!("/api/v3/alert_transitions?transition={id}");
        server.now(&path, fixture!("netdata-2.11/api_v2_alert_transitions_1h.json"));
    }
    server.on(
        "/api/v3/alert_config?config=03b27439-dd18-407b-b632-7038cec1cbb5",
        fixture!("netdata-2.11/api_v3_alert_config.json"),
    );
    let (seen, _) = Ask::default().of(&server).await.unwrap();
    assert_eq!((seen.agent.version.as_str(), seen.agent.api), ("v2.11.0-84-nightly", Api::V3));
    assert_eq!(seen.now, 1_795_407_291);
    assert_eq!(seen.nodes.iter().map(shown).collect::<Vec<_>>(), [("nd2", true, true, false)]);
    assert!(seen.transitions.is_empty() && seen.notes.is_empty());
    // The answer to `status=raised` held 77 instances, in every status.
    let mut names: Vec<_> =
        seen.sightings.iter().map(|seen| (&*seen.alert.name, seen.facts.status)).collect();
    names.sort_unstable_by_key(|(name, _)| *name);
    assert_eq!(
        names,
        [
            ("flip_delayed", Status::Warning),
            ("flip_gauge", Status::Critical),
            ("flip_repeat", Status::Critical),
            ("flip_silent", Status::Warning),
        ]
    );
    let of = |name: &str| seen.sightings.iter().find(|seen| seen.alert.name == name).unwrap();
    assert_eq!((of("flip_delayed").due, of("flip_delayed").silent), (Some(1_795_407_226), Some(false)));
    assert_eq!(of("flip_silent").silent, Some(true));
    let facts = &of("flip_repeat").facts;
    assert_eq!(facts.value, Some(90.0));
    assert_eq!((facts.when, facts.units.as_str(), facts.role.as_str()), (1_795_407_230, "C", "sysadmin"));
    assert_eq!((&*facts.kind, &*facts.component, &*facts.class), ("System", "Test", "Errors"));
    assert!(of("flip_gauge").facts.info.contains("${label:_hostname}"));
}

fn ids_of(alerts: &str) -> Vec<String> {
    let alerts: serde_json::Value = serde_json::from_str(alerts).unwrap();
    let instances = alerts["alert_instances"].as_array().unwrap();
    instances.iter().map(|instance| instance["tr_i"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn parent_2_11_and_its_child_that_stops() {
    let server = parent().await;
    for id in ids_of(fixture!("netdata-2.11/parent/api_v3_alerts_raised.json")) {
        let path = format!("/api/v3/alert_transitions?transition={id}");
        server.now(&path, fixture!("netdata-2.11/parent/api_v3_alert_transitions.json"));
    }
    let (before, cursor) = Ask::default().of(&server).await.unwrap();
    assert_eq!(
        before.nodes.iter().map(shown).collect::<Vec<_>>(),
        [("nd2", true, true, false), ("child1", true, true, false)]
    );
    let of_child: Vec<_> = before.sightings.iter().filter(|seen| seen.alert.node.guid == CHILD).collect();
    assert_eq!(of_child.len(), 4);
    assert!(before.sightings.iter().all(|seen| seen.due.is_some() && seen.silent.is_some()));
    // One NodeId each, shared.
    assert!(of_child.iter().all(|seen| Arc::ptr_eq(&seen.alert.node, &before.nodes[1].id)));

    server
        .now("/api/v3/nodes?options=minify", fixture!("netdata-2.11/parent/api_v3_nodes_child_down.json"))
        .now(RAISED, fixture!("netdata-2.11/parent/alerts_child_down.json"))
        .now(ALL, fixture!("netdata-2.11/parent/alerts_child_down.json"))
        .now(
            "/api/v3/alert_transitions?after=-120&last=200",
            fixture!("netdata-2.11/parent/api_v3_alert_transitions.json"),
        );
    server.asked();
    let mut ask = Ask::since(cursor);
    for seen in &of_child {
        ask = ask.following(seen.alert.clone(), &seen.facts.transition, false);
    }
    let (after, _) = ask.of(&server).await.unwrap();
    assert_eq!(
        after.nodes.iter().map(shown).collect::<Vec<_>>(),
        [("nd2", true, true, false), ("child1", false, false, false)]
    );
    assert!(after.sightings.is_empty());
    // What is missing is on a node that is not reachable: there is nothing more to ask.
    assert!(!server.asked().contains(&ALL.to_owned()));
    assert!(after.transitions.iter().any(|transition| transition.facts.status == Status::Removed));
    let times: Vec<_> = after.transitions.iter().map(|transition| transition.facts.when).collect();
    assert!(times.is_sorted() && !times.is_empty());
}

#[tokio::test]
async fn agent_1_37() {
    let server = Server::start().await;
    server
        .on("/api/v1/info", fixture!("netdata-1.37/info.json"))
        .on("/api/v1/alarms?all", fixture!("netdata-1.37/alarms-all.json"))
        .on("/api/v1/alarm_log?after=1795404790", fixture!("netdata-1.37/alarm_log.json"));
    let (seen, first) = Ask::default().of(&server).await.unwrap();
    assert_eq!(server.asked(), ["/api/v3/info", "/api/v1/info", "/api/v1/alarms?all"]);
    assert_eq!((seen.agent.version.as_str(), seen.agent.api), ("v1.37.1", Api::V1));
    assert_eq!(seen.agent.node.host, "deb137");
    assert_eq!(seen.now, 1_795_404_801);
    assert_eq!(seen.nodes.iter().map(shown).collect::<Vec<_>>(), [("deb137", true, true, false)]);
    assert!(seen.transitions.is_empty());
    let [load] = seen.sightings.as_slice() else { panic!("{:?}", seen.sightings) };
    assert_eq!((&*load.alert.chart, &*load.alert.name), ("system.load", "load_average_15"));
    assert_eq!(load.facts.status.level(), Some(Level::Warning));
    assert_eq!((load.due, load.silent), (Some(1_795_404_755), Some(false)));
    assert_eq!((load.facts.value, &*load.facts.value_text), (Some(4.25), "4.25 load"));
    let config = load.facts.config.as_ref().unwrap();
    let warn = "($this * 100 / $load_cpu_number) > (($status >= $WARNING) ? 175 : 200)";
    assert_eq!((&*config.warn_when, &*config.crit_when, &*config.calculation), (warn, "", ""));
    assert_eq!(config.lookup, "max -1m unaligned of load15");

    // As if the last entry known were 1795404790: the log holds ten newer ones.
    let stored = serde_json::to_string(&first).unwrap().replace("1795404800", "1795404790");
    let flip =
        alert("38a90ac8-e6ee-11f1-a090-02fc00000001", "deb137", "statsd_flip.temp_gauge", "flip_gauge");
    let ask = Ask::since(serde_json::from_str(&stored).unwrap()).following(flip.clone(), "1795404799", false);
    let (seen, second) = ask.of(&server).await.unwrap();
    assert_eq!(second, first);
    let ids = transition_ids(&seen);
    assert_eq!((ids.len(), ids[0], ids[9]), (10, "1795404791", "1795404800"));
    let last = &seen.transitions[9];
    assert_eq!((&last.alert, last.facts.status, last.silent), (&flip, Status::Clear, false));
    assert_eq!((last.facts.old_status, last.facts.duration), (Some(Status::Warning), Some(6)));
    let cleared = seen.sightings.iter().find(|seen| seen.alert == flip).unwrap();
    assert_eq!((cleared.facts.status, &*cleared.facts.transition), (Status::Clear, "1795404800"));
}

#[tokio::test]
async fn v1_of_2_11() {
    let server = Server::start().await;
    server
        .on("/api/v1/info", fixture!("netdata-2.11/api_v1_info.json"))
        .on("/api/v1/alarms?all", fixture!("netdata-2.11/api_v1_alarms_all.json"))
        .on("/api/v1/alarms?all", fixture!("netdata-2.11/api_v1_alarms_raised.json"))
        .on("/api/v1/alarm_log?after=1795407300", fixture!("netdata-2.11/api_v1_alarm_log.json"))
        .on("/api/v1/alarm_log?after=1795407431", fixture!("netdata-2.11/api_v1_alarm_log_after.json"));
    let (_, first) = Ask::default().of(&server).await.unwrap();
    let crate::netdata::cursor::Position::V1 { hosts } = &first.log else { panic!("{first:?}") };
    let stored = serde_json::to_string(&first).unwrap().replace(&hosts[0].id.to_string(), "1795407300");
    let (seen, second) = Ask::since(serde_json::from_str(&stored).unwrap()).of(&server).await.unwrap();
    assert_eq!((seen.transitions.len(), seen.notes.len()), (25, 0));
    assert_eq!(seen.sightings.len(), 4);
    assert_eq!(seen.sightings[0].facts.summary, "Flip gauge summary");
    server.now("/api/v1/alarms?all", fixture!("netdata-2.11/api_v1_alarms_all.json"));
    let (seen, _) = Ask::since(second).of(&server).await.unwrap();
    let ids = transition_ids(&seen);
    assert!(!ids.is_empty() && ids.iter().all(|id| *id > "1795407431"), "{ids:?}");
}

#[tokio::test]
async fn child_of_2_11_by_v1() {
    let server = Server::start().await;
    let info = fixture!("netdata-1.37/info.json").replace(
        "\"mirrored_hosts_status\": [",
        &format!(
            "\"mirrored_hosts_status\": [\n{{ \"guid\": \"{CHILD}\", \"hostname\": \"child1\", \
             \"reachable\": true }},"
        ),
    );
    let path = format!("/host/{CHILD}/api/v1");
    server
        .on("/api/v1/info", info.as_str())
        .on("/api/v1/alarms?all", fixture!("netdata-1.37/alarms-all.json"))
        .on("/api/v1/alarm_log?after=1795404800", "[]")
        .on(&format!("{path}/alarms?all"), fixture!("netdata-2.11/parent/host_child1_api_v1_alarms.json"))
        .on(
            &format!("{path}/alarm_log?after=1795407696"),
            fixture!("netdata-2.11/parent/host_child1_alarm_log.json"),
        );
    let (seen, cursor) = Ask::default().of(&server).await.unwrap();
    assert_eq!(seen.nodes.iter().map(|node| &*node.id.host).collect::<Vec<_>>(), ["deb137", "child1"]);
    assert_eq!(seen.sightings.iter().filter(|seen| seen.alert.node.guid == CHILD).count(), 4);
    let (seen, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(seen.transitions.iter().all(|transition| &*transition.alert.node.host == "child1"));
}

#[tokio::test]
async fn every_other_answer_is_read() {
    for text in [
        fixture!("netdata-1.37/alarms-active.json"),
        fixture!("netdata-2.11/api_v3_alert_transitions_last5.json"),
        fixture!("netdata-2.11/api_v3_alert_transitions_one.json"),
        fixture!("netdata-2.11/api_v2_alert_transitions_noargs.json"),
    ] {
        let (url, body) = (String::new(), text.into());
        let answer = AnswerBody { url, body, reading: LargeRead::default(), secrets: [].into() };
        answer.read(|json| json.parse::<serde::de::IgnoredAny>().map(drop)).await.unwrap();
    }
}

#[tokio::test]
async fn text_of_a_1_37_log_is_decoded() {
    let server = Server::start().await;
    let log = fixture!("netdata-1.37/alarm_log.json");
    assert!(log.contains("&#x2F;"));
    server
        .on("/api/v1/info", fixture!("netdata-1.37/info.json"))
        .on("/api/v1/alarms?all", fixture!("netdata-1.37/alarms-all.json"))
        .on("/api/v1/alarm_log?after=1", log);
    let (_, first) = Ask::default().of(&server).await.unwrap();
    let stored = serde_json::to_string(&first).unwrap().replace("1795404800", "1");
    let (seen, _) = Ask::since(serde_json::from_str(&stored).unwrap()).of(&server).await.unwrap();
    let infos: Vec<_> = seen.transitions.iter().map(|transition| &transition.facts.info).collect();
    assert!(
        infos.iter().any(|info| info.contains("/ disk")) && !infos.iter().any(|info| info.contains("&#x"))
    );
}
