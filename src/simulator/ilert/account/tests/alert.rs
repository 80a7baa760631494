//! Alerts as the account shows them.

use super::*;

/// An event for the source with [`KEY`].
fn event(ilert: &Ilert, event_type: &str, alert_key: &str) -> u16 {
    let event =
        json!({"integrationKey": KEY, "eventType": event_type, "summary": "s", "alertKey": alert_key});
    match lock(&ilert.0).take(&Bytes::from(event.to_string()), false) {
        ServerReply::Respond(answer) => answer.status,
        other => panic!("{other:?}"),
    }
}

#[test]
fn lists_alerts_newest_first_by_source_and_state() {
    let ilert = ilert();
    ilert.set_clock(Clock::Set(0));
    let id = ilert.add_source(Source::api("Netdata", KEY, 7));
    let other = ilert.add_source(Source::api("Other", "another", 7));
    for key in ["done", "taken", "new"] {
        assert_eq!(event(&ilert, "ALERT", key), 202);
    }
    event(&ilert, "ACCEPT", "taken");
    ilert.set_clock(Clock::Set(61));
    event(&ilert, "RESOLVE", "done");
    let keys = |query: &str| {
        let (status, alerts) = get(&ilert, &format!("/api/alerts{query}"));
        assert_eq!(status, 200, "{query}");
        let key = |alert: &Value| alert["alertKey"].as_str().unwrap().to_owned();
        alerts.as_array().unwrap().iter().map(key).collect::<Vec<_>>().join(" ")
    };
    for (query, expected) in [
        (String::new(), "new taken done"),
        ("?states=PENDING".to_owned(), "new"),
        ("?states=ACCEPTED".to_owned(), "taken"),
        ("?states=PENDING&states=RESOLVED".to_owned(), "new done"),
        (format!("?sources={id}&max-results=2"), "new taken"),
        (format!("?sources={id}&start-index=2"), "done"),
        (format!("?sources={other}"), ""),
        (format!("?sources={other}&sources={id}&states=RESOLVED"), "done"),
    ] {
        assert_eq!(keys(&query), expected, "{query}");
    }
    let (_, resolved) = get(&ilert, "/api/alerts?states=RESOLVED");
    assert_eq!(
        resolved[0],
        json!({
            "id": 50001, "summary": "s", "details": "", "status": "RESOLVED", "alertKey": "done",
            "alertSource": {"id": id, "name": "Netdata"}, "priority": "HIGH",
            "reportTime": "1970-01-01T00:00:00Z", "resolvedOn": "1970-01-01T00:01:01Z",
        })
    );
    assert_eq!(get(&ilert, "/api/alerts?states=PENDING").1[0]["resolvedOn"], Value::Null);
    ilert.hold_alerts(1);
    assert_eq!((keys("").as_str(), keys("").as_str()), ("", "new taken done"));
}

#[test]
fn refuses_a_look_at_alerts_that_ilert_would_not_take() {
    for query in
        ["max-results=51", "states=OPEN", "states=pending", "sources=Netdata", "alertKey=k", "states"]
    {
        assert_eq!(get(&ilert(), &format!("/api/alerts?{query}")).0, 400, "{query}");
    }
}
