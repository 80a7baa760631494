//! ilert's rules as a table, its strictness, and what can be scripted.

use super::*;
use crate::config::Priority;
use crate::simulator::Barrier;

const KEY: &str = "il1api0123456789abcdef3f9a";

fn ilert() -> Ilert {
    Ilert::new(KEY)
}

fn body(event_type: &str, alert_key: &str) -> serde_json::Value {
    serde_json::json!({
        "integrationKey": KEY, "eventType": event_type, "summary": format!("{event_type} it"), "alertKey": alert_key
    })
}

fn post(ilert: &Ilert, body: &serde_json::Value) -> u16 {
    match lock(&ilert.0).take(&Bytes::from(body.to_string()), false) {
        ServerReply::Respond(response) => response.status,
        ServerReply::HangUp => 0,
        ServerReply::Stall(_) => 1,
    }
}

fn send(ilert: &Ilert, event_type: &str, alert_key: &str) -> u16 {
    post(ilert, &body(event_type, alert_key))
}

#[test]
fn alerts_open_and_close_by_key() {
    // Events, then how many alerts were ever opened, how many are open, and the log of the last one.
    let cases: &[(&[&str], usize, usize, usize)] = &[
        (&["ALERT k"], 1, 1, 1),
        (&["ALERT k", "ALERT k"], 1, 1, 2),
        (&["ALERT k", "ALERT K"], 1, 1, 2),
        (&["ALERT k", "ALERT j"], 2, 2, 1),
        (&["ALERT k", "RESOLVE k"], 1, 0, 2),
        (&["ALERT k", "RESOLVE K", "ALERT k"], 2, 1, 1),
        (&["RESOLVE k"], 0, 0, 0),
        (&["RESOLVE k", "ALERT k"], 1, 1, 1),
        (&["COMMENT k"], 0, 0, 0),
        (&["ALERT k", "COMMENT k", "ACCEPT k"], 1, 1, 3),
        (&["ALERT k", "RESOLVE k", "COMMENT k"], 1, 0, 2),
    ];
    for (events, ever, open, log) in cases {
        let ilert = ilert();
        for event in *events {
            let (event_type, key) = event.split_once(' ').unwrap();
            assert_eq!(send(&ilert, event_type, key), 202, "{events:?}");
        }
        let history = ilert.history();
        assert_eq!((history.len(), ilert.open().len()), (*ever, *open), "{events:?}");
        assert_eq!(history.last().map_or(0, |alert| alert.log.len()), *log, "{events:?}");
    }
}

#[test]
fn keys_are_trimmed() {
    let ilert = ilert();
    send(&ilert, "ALERT", " Disk/Var ");
    send(&ilert, "RESOLVE", "disk/var");
    assert_eq!(ilert.history()[0].key, "Disk/Var");
    assert!(ilert.open().is_empty());
}

#[test]
fn an_alert_keeps_what_opened_it() {
    let ilert = ilert();
    ilert.set_clock(Clock::Set(1000));
    let mut event = body("ALERT", "k");
    event["priority"] = "LOW".into();
    event["severity"] = 3.into();
    post(&ilert, &event);
    ilert.set_clock(Clock::Set(1060));
    event["priority"] = "HIGH".into();
    post(&ilert, &event);
    send(&ilert, "RESOLVE", "k");
    let alert = ilert.history().remove(0);
    assert_eq!((alert.priority, alert.severity, alert.opened), (Priority::Low, Some(3), 1000));
    assert_eq!(alert.resolved, Some(Resolution::Event(1060)));
    assert_eq!(alert.log.iter().map(|line| line.at).collect::<Vec<_>>(), [1000, 1060, 1060]);
}

#[test]
fn sources_do_not_share_alerts() {
    let ilert = ilert();
    ilert.add_key("another-key");
    let mut other = body("RESOLVE", "k");
    other["integrationKey"] = "another-key".into();
    send(&ilert, "ALERT", "k");
    assert_eq!(post(&ilert, &other), 202);
    assert_eq!(ilert.open().len(), 1);
}

#[test]
fn a_person_resolves() {
    let ilert = ilert();
    send(&ilert, "ALERT", "k");
    assert!(ilert.resolve_by_hand("K") && !ilert.resolve_by_hand("k"));
    send(&ilert, "ALERT", "k");
    assert_eq!((ilert.history().len(), ilert.open().len()), (2, 1));
    assert!(matches!(ilert.history()[0].resolved, Some(Resolution::Person(_))));
}

#[test]
fn refuses_what_ilert_would() {
    let cases = [
        ("eventType", serde_json::json!("alert")),
        ("eventType", serde_json::json!(null)),
        ("summary", serde_json::json!("")),
        ("summary", serde_json::json!(7)),
        ("alertKey", serde_json::json!("  ")),
        ("details", serde_json::json!(null)),
        ("priority", serde_json::json!("high")),
        ("severity", serde_json::json!("SEV1")),
        ("severity", serde_json::json!(0)),
        ("severity", serde_json::json!(6)),
        ("severity", serde_json::json!(1.5)),
        ("labels", serde_json::json!({"a": 1})),
        ("labels", serde_json::json!(["a"])),
        ("customDetails", serde_json::json!("text")),
        ("links", serde_json::json!([{"text": "no href"}])),
        ("links", serde_json::json!([{"href": "/relative"}])),
        ("links", serde_json::json!([{"href": "https://x", "title": "unknown"}])),
        ("images", serde_json::json!([{"href": "https://x"}])),
        ("comments", serde_json::json!({"content": "no list"})),
        ("services", serde_json::json!([{"id": "1"}])),
        ("routingKey", serde_json::json!(1)),
        ("apiKey", serde_json::json!("unknown")),
    ];
    for (field, value) in cases {
        let ilert = ilert();
        let mut event = body("ALERT", "k");
        event[field] = value;
        assert_eq!(post(&ilert, &event), 400, "{event}");
        assert!(ilert.history().is_empty());
        assert_eq!(ilert.received()[0].outcome, EventOutcome::Refused(400));
    }
    for missing in ["integrationKey", "eventType", "summary"] {
        let mut event = body("ALERT", "k");
        event.as_object_mut().unwrap().remove(missing);
        assert_eq!(post(&ilert(), &event), 400, "{missing}");
    }
}

#[test]
fn takes_every_field_that_ilert_has() {
    let ilert = ilert();
    let mut event = body("ALERT", "k");
    event.as_object_mut().unwrap().extend(
        serde_json::json!({
            "details": "**d**", "priority": "LOW", "severity": 5, "labels": {"env": "prod"},
            "links": [{"href": "https://netdata.example/", "text": "t"}], "images": [{"src": "https://x/y.png", "alt": "a"}],
            "comments": [{"creator": "c", "content": "c"}], "services": [{"alias": "a"}, {"id": 7}],
            "customDetails": {"free": [1, null]}, "routingKey": "a,b"
        })
        .as_object()
        .unwrap()
        .clone(),
    );
    assert_eq!(post(&ilert, &event), 202);
    let received = ilert.received().remove(0).event.unwrap();
    assert_eq!(received.labels["env"], "prod");
    assert!(!received.json.contains_key("integrationKey"));
}

#[test]
fn an_unknown_key_is_404_and_never_printed() {
    let ilert = ilert();
    ilert.remove_key(KEY);
    assert_eq!(send(&ilert, "ALERT", "k"), 404);
    assert!(!format!("{:?}", ilert.received()).contains(KEY));
}

#[test]
fn limits_each_key_in_fixed_minutes() {
    let ilert = ilert();
    ilert.limit(Some(50));
    ilert.set_clock(Clock::Set(6000 + 59));
    let answers: Vec<u16> = (0..52).map(|_| send(&ilert, "ALERT", "k")).collect();
    assert!(answers[..50].iter().all(|status| *status == 202) && answers[50..] == [429, 429]);
    ilert.set_clock(Clock::Set(6000 + 60));
    assert_eq!(send(&ilert, "ALERT", "k"), 202);
}

#[test]
fn answers_as_scripted_in_order() {
    let ilert = ilert();
    ilert.answer_by(|event| (event.alert_key == "bad").then_some(Answer::Status(422)));
    ilert.answer_all(Some(Answer::Status(503)));
    for answer in [
        Answer::Status(200),
        Answer::StatusBody(418, "{}".into()),
        Answer::Html(502),
        Answer::Reset,
        Answer::AcceptThenReset,
        Answer::Redirect("https://elsewhere/".into()),
        Answer::Stall(Barrier::new()),
    ] {
        ilert.answer_next(answer);
    }
    let statuses: Vec<u16> = (0..8).map(|index| send(&ilert, "ALERT", &index.to_string())).collect();
    assert_eq!(statuses, [200, 418, 502, 0, 0, 307, 1, 503]);
    assert_eq!(ilert.open().iter().map(|alert| alert.key.as_str()).collect::<Vec<_>>(), ["0", "4"]);
    assert_eq!(ilert.received()[4].outcome, EventOutcome::AcceptedUnanswered);
    ilert.answer_all(None);
    assert_eq!((send(&ilert, "ALERT", "bad"), send(&ilert, "ALERT", "good")), (422, 202));
    ilert.recover();
    assert_eq!(send(&ilert, "ALERT", "bad"), 202);
}

#[test]
fn a_scripted_200_still_refuses_what_is_not_valid() {
    let ilert = ilert();
    ilert.answer_next(Answer::Status(200));
    assert_eq!(send(&ilert, "NONSENSE", "k"), 400);
}
