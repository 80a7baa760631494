//! One odd thing in an answer costs that thing, is said once, and makes nothing gone.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::server::{CannedReply, Server};
use super::*;
use crate::alert::{Health, Status};
use crate::regressions::properties;

const LEFT_OUT: &str = "1 raised alert of Netdata's answer cannot be read and is left out";

fn info() -> Value {
    json!({"agents": [{"mg": "g1", "nm": "web-1", "now": 1_795_404_801}]})
}

fn node() -> Value {
    json!({"mg": "g1", "nm": "web-1", "ni": 0, "state": "reachable", "health": {"status": "online"}})
}

fn instance(chart: &str, name: &str, status: &str) -> Value {
    json!({"ni": 0, "nm": name, "ch": chart, "st": status, "tr_t": 1_795_404_700, "tr_v": 1, "v": 2})
}

async fn v3(instances: &str) -> Server {
    let server = Server::start().await;
    let answer = format!("{{\"nodes\":[{}],\"alert_instances\":[{instances}]}}", node());
    server.on("/api/v3/info", info()).on("/api/v3/nodes?options=minify", json!({"nodes": [node()]}));
    server.on(RAISED, answer.as_str()).on(ALL, answer.as_str());
    server
}

async fn v1(alarms: &str) -> Server {
    let server = Server::start().await;
    server.on("/api/v1/info", json!({"version": "v1.37.1", "uid": "g1", "mirrored_hosts": ["web-1"]}));
    let answer =
        format!("{{\"hostname\":\"web-1\",\"now\":1795404801,\"status\":true,\"alarms\":{{{alarms}}}}}");
    server.on("/api/v1/alarms?all", answer.as_str());
    server
}

async fn seen(server: &Server) -> Observation {
    Ask::default().of(server).await.unwrap().0
}

fn names(observation: &Observation) -> Vec<&str> {
    observation.sightings.iter().map(|seen| seen.alert.name.as_str()).collect()
}

fn left_out(observation: &Observation) -> Vec<&str> {
    observation.left_out.iter().map(|alerts| alerts.words.as_str()).collect()
}

#[tokio::test]
async fn a_status_that_is_not_known_is_said() {
    let good = instance("c", "good", "WARNING");
    for status in ["BOGUS", &"S".repeat(5 << 20)] {
        let odd = instance("c", "odd", status);
        let seen = seen(&v3(&format!("{odd},{good}")).await).await;
        assert_eq!(names(&seen), ["good"]);
        assert_eq!(
            left_out(&seen),
            ["1 alert of Netdata's answer has a status that is not known and is left out: `odd` on `web-1`"]
        );
        assert!(seen.left_out[0].aloud, "it may be raised");
    }
}

#[tokio::test]
async fn a_large_answer_that_is_odd_from_its_beginning_is_asked_for_once() {
    let odd = instance("c", "odd", "WARNING").to_string().replace("\"v\":2", "\"v\":nan");
    let server = v3(&vec![odd; 20_000].join(",")).await;
    assert_eq!(names(&seen(&server).await), ["odd"]);
    assert_eq!(server.asked().iter().filter(|path| *path == RAISED).count(), 1);
}

#[tokio::test]
async fn an_alert_on_a_node_that_is_not_listed_is_unknown_and_said() {
    let aloud = "1 raised alert is on a node that Netdata does not list, so its state is unknown: `other`";
    let quiet =
        "1 raised alert is on a node that Netdata lists under another name, so its state is unknown: `other`";
    for (guid, words) in [("zzz", aloud), ("g1", quiet)] {
        let followed = alert(guid, "web-1", "c", "followed");
        let server = v3("").await;
        let raised = json!({
            "nodes": [{"mg": guid, "nm": "other", "ni": 0}],
            "alert_instances": [instance("c", "followed", "CRITICAL")],
        });
        server.now(RAISED, raised.clone()).now(ALL, raised);
        let (seen, _) = Ask::default().following(followed.clone(), "t1", false).of(&server).await.unwrap();
        assert_eq!(left_out(&seen), [words]);
        assert_eq!(seen.left_out[0].aloud, guid == "zzz");
        let kept = seen.sightings.iter().find(|one| one.alert == followed);
        assert_eq!(kept.map(|one| one.facts.status), Some(Status::Other), "{guid}");
    }
    // By its name, too.
    let followed = alert("g1", "web-1", "c", "followed");
    let server = v3("").await;
    let raised = json!({
        "nodes": [{"mg": "zzz", "nm": "web-1", "ni": 0}],
        "alert_instances": [instance("c", "followed", "CRITICAL")],
    });
    server.now(RAISED, raised.clone()).now(ALL, raised);
    let (seen, _) = Ask::default().following(followed.clone(), "t1", false).of(&server).await.unwrap();
    let kept = seen.sightings.iter().find(|one| one.alert == followed);
    assert_eq!(kept.map(|one| one.facts.status), Some(Status::Other));
}

#[tokio::test]
async fn an_odd_value_costs_that_value() {
    for value in ["1e999", &"9".repeat(400), "0x10", "-"] {
        let good = instance("c", "good", "WARNING");
        let odd = instance("c", "odd", "CRITICAL").to_string().replace("\"v\":2", &format!("\"v\":{value}"));
        let seen = seen(&v3(&format!("{good},{odd}")).await).await;
        assert_eq!(names(&seen), ["good", "odd"], "{value}");
        assert_eq!(seen.sightings[1].facts.value, Some(1.0), "{value}");
        assert_eq!(seen.notes, ["1 value that cannot be read is taken as none"], "{value}");

        let alarm = "\"a\":{\"name\":\"odd\",\"chart\":\"c\",\"status\":\"WARNING\",\"value\":VALUE}";
        let seen = super::odd::seen(&v1(&alarm.replace("VALUE", value)).await).await;
        assert_eq!((names(&seen), seen.sightings[0].facts.value), (vec!["odd"], None), "{value}");
        assert_eq!(seen.notes, ["1 value that cannot be read is taken as none"], "{value}");
    }
}

#[tokio::test]
async fn a_text_that_is_none_costs_neither_alert_nor_answer() {
    let odd = instance("c", "odd", "WARNING").to_string().replace('{', "{\"info\":\"half \\ud800 a pair\",");
    let seen = seen(&v3(&format!("{odd},{}", instance("c", "good", "WARNING"))).await).await;
    assert_eq!(
        (names(&seen), seen.sightings[0].facts.info.as_str()),
        (vec!["odd", "good"], "half \u{fffd} a pair")
    );
}

#[tokio::test]
async fn an_odd_alert_costs_that_alert() {
    let good = instance("c", "good", "WARNING");
    let mut without = [good.clone(), good.clone(), good.clone(), good.clone()];
    for (alert, member) in without.iter_mut().zip(["nm", "ch", "st", "ni"]) {
        alert.as_object_mut().unwrap().remove(member);
    }
    let [no_name, no_chart, no_status, no_node] = without;
    let twice = format!("{{\"nm\":\"x\",{}", good.to_string().trim_start_matches('{'));
    for (odd, name) in [
        ("5".to_owned(), ""),
        ("null".to_owned(), ""),
        ("[{}]".to_owned(), ""),
        (no_name.to_string(), ": `c` on `web-1`"),
        (no_chart.to_string(), ": `good` on `web-1`"),
        (no_status.to_string(), ": `good` on `web-1`"),
        (no_node.to_string(), ": `good`"),
        (instance(" ", "n", "WARNING").to_string(), ": `n` on `web-1`"),
        (twice, ": `x`"),
        (format!("{{\"deep\":{}{}}}", "[".repeat(500), "]".repeat(500)), ""),
    ] {
        let seen = seen(&v3(&format!("{odd},{good}")).await).await;
        assert_eq!(names(&seen), ["good"], "{odd}");
        assert_eq!(left_out(&seen), [format!("{LEFT_OUT}{name}")], "{odd}");
        assert!(seen.left_out[0].aloud, "{odd}");
    }
    let alarm = "\"b\":{\"name\":\"good\",\"chart\":\"c\",\"status\":\"WARNING\"}";
    for (odd, name) in [
        ("5", ""),
        ("{\"name\":\"\",\"chart\":\"c\",\"status\":\"WARNING\"}", ": `c` on `web-1`"),
        ("{\"name\":\"n\"}", ": `n` on `web-1`"),
        // As an `info` with quotes in it makes it.
        (
            "{\"name\":\"n\",\"status\":\"CRITICAL\",\"info\":\"x\",\"status\":\"CLEAR\",\"y\":\"z\"}",
            ": `n` on `web-1`",
        ),
    ] {
        let seen = super::odd::seen(&v1(&format!("\"a\":{odd},{alarm}")).await).await;
        assert_eq!(names(&seen), ["good"], "{odd}");
        assert_eq!(left_out(&seen), [format!("{LEFT_OUT}{name}")], "{odd}");
        assert!(seen.left_out[0].aloud, "{odd}");
    }
}

#[tokio::test]
async fn many_odd_alerts_are_said_by_the_first_and_those_that_are_not_raised_in_a_low_voice() {
    let odd = |key: &str, status: &str| format!("\"{key}\":{{\"name\":\"{key}\",\"status\":\"{status}\"}}");
    let alarms = [odd("b", "WARNING"), odd("a", "CRITICAL"), odd("c", "CLEAR"), odd("d", "REMOVED")];
    let seen = seen(&v1(&alarms.join(",")).await).await;
    assert_eq!(
        left_out(&seen),
        [
            "2 raised alerts of Netdata's answer cannot be read and are left out: `a` on `web-1` and 1 more",
            "2 alerts that are not raised cannot be read and are left out",
        ]
    );
    assert_eq!(seen.left_out.iter().map(|alerts| alerts.aloud).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn what_cannot_be_read_is_unknown_and_not_gone() {
    let followed = alert("g1", "web-1", "c", "followed");
    for (odd, unknown) in
        [("5", true), ("{\"ni\":0,\"ch\":\"c\"}", true), ("{\"ni\":0,\"ch\":\"other\"}", false)]
    {
        let ask = Ask::default().following(followed.clone(), "t1", false);
        let (seen, _) = ask.of(&v3(odd).await).await.unwrap();
        let statuses: Vec<_> = seen.sightings.iter().map(|seen| (&seen.alert, seen.facts.status)).collect();
        assert_eq!(statuses, if unknown { vec![(&followed, Status::Other)] } else { vec![] }, "{odd}");
    }
}

#[tokio::test]
async fn an_odd_node_costs_that_node() {
    let followed = alert("g2", "db-1", "c", "followed");
    for odd in [json!({"mg": "g2", "nm": "db-1"}), json!({"mg": "g2", "state": "reachable"}), json!(7)] {
        let server = v3("").await;
        server.now("/api/v3/nodes?options=minify", json!({"nodes": [odd, node()]}));
        let (seen, _) = Ask::default().following(followed.clone(), "t1", false).of(&server).await.unwrap();
        let found = seen.nodes.iter().find(|node| node.id == followed.node);
        let found = found.map(|node| (node.reachable, node.health));
        assert_eq!(found, Some((true, Health::Disabled)), "{odd}");
        assert_eq!(seen.nodes.len(), 2, "{odd}");
        assert_eq!(seen.notes, ["1 node without a GUID, a name or a state is taken as unknown"], "{odd}");
    }
}

#[tokio::test]
async fn an_alert_listed_twice_has_the_higher_status() {
    let (warning, critical) = (instance("c", "a", "WARNING"), instance("c", "a", "CRITICAL"));
    for both in [format!("{warning},{critical}"), format!("{critical},{warning}")] {
        let seen = seen(&v3(&both).await).await;
        let statuses: Vec<_> = seen.sightings.iter().map(|seen| seen.facts.status).collect();
        assert_eq!(statuses, [Status::Critical]);
        assert_eq!(seen.notes, ["1 alert is listed twice with two statuses: the higher counts"]);
    }
}

#[tokio::test]
async fn texts_are_cut_before_anything_keeps_them() {
    let (one, other) = (format!("{}1", "é".repeat(5_000)), format!("{}2", "é".repeat(5_000)));
    let mut long = instance(&one, &one, "WARNING");
    for member in ["info", "sum", "units", "to", "ctx", "src", "tr_i", "tp", "cm", "cl"] {
        long[member] = Value::from("x".repeat(1 << 20));
    }
    let seen = seen(&v3(&format!("{long},{}", instance(&other, &one, "WARNING"))).await).await;
    let (first, second) = (&seen.sightings[0], &seen.sightings[1]);
    assert_ne!(first.alert, second.alert);
    assert!(first.alert.chart.len() <= 1000 && first.alert.name.len() <= 1000);
    let facts = serde_json::to_string(&first.facts).unwrap();
    assert!(facts.len() < 2 * 16 * 1024 + 10 * 1000 && facts.contains('…'), "{}", facts.len());
}

#[tokio::test]
async fn a_value_of_megabytes_is_not_quoted() {
    let server = v3("").await;
    server.now(RAISED, CannedReply::from(json!({"nodes": "A".repeat(5 << 20), "alert_instances": []})));
    let error = Ask::default().of(&server).await.unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }));
    assert!(error.to_string().len() < 700, "{}", error.to_string().len());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,9}|WARNING|CRITICAL|CLEAR".prop_map(Value::from),
    ];
    let member = "ni|nm|ch|st|mg|state|health|labels|new|old|when|name|chart|status|value|info|\\PC{0,3}";
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(member, inner, 0..8)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// Text that JSON may have, and text that it may not.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any_json().prop_map(|value| value.to_string()),
        any_json().prop_map(|value| value.to_string().replace("true", "0x1").replace('1', "1e9999")),
        "[\\[\\]{}\":,\\\\a-e0-9.+-]{0,30}",
    ]
}

proptest! {
    #![proptest_config(properties(48))]

    #[test]
    fn whatever_v3_lists_the_good_alert_is_seen(odd in any_json(), node in any_json()) {
        let good = instance("c", "good", "WARNING");
        let seen = block_on(async {
            let server = v3(&format!("{odd},{good}")).await;
            server.now("/api/v3/nodes?options=minify", json!({"nodes": [node, super::odd::node()]}));
            seen(&server).await
        });
        prop_assert!(names(&seen).contains(&"good"));
        prop_assert!(seen.nodes.iter().any(|node| node.id.host == "web-1" && node.reachable));
    }

    #[test]
    fn whatever_v1_lists_the_good_alert_is_seen(odd in any_json()) {
        let good = "\"b\":{\"name\":\"good\",\"chart\":\"c\",\"status\":\"WARNING\"}";
        let seen = block_on(async { seen(&v1(&format!("\"a\":{odd},{good}")).await).await });
        prop_assert!(names(&seen).contains(&"good"));
    }

    #[test]
    fn no_answer_panics(text in any_text()) {
        block_on(async {
            let server = v3("").await;
            server.now(RAISED, text.as_str()).now("/api/v3/nodes?options=minify", text.as_str());
            let _ = Ask::default().of(&server).await;
            let server = v1("").await;
            server.now("/api/v1/alarms?all", text.as_str());
            let _ = Ask::default().of(&server).await;
        });
    }
}

pub(super) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
