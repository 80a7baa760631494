//! The look at what an event came to.

use netdata_ilert::http::{self, Route};
use netdata_ilert::ilert::account::{AccountError, Alert, AlertStatus};
use netdata_ilert::simulator::Clock;
use netdata_ilert::simulator::ilert::{Access, Source};
use serde_json::json;

use crate::{KEY, Scene};

/// 22 November 2026, 12:00 UTC.
const NOON: i64 = 1_795_348_800;

impl Scene {
    async fn event(&self, key: &str, event_type: &str, alert_key: &str) {
        self.events(key, event_type, &[alert_key.to_owned()]).await;
    }

    async fn events(&self, key: &str, event_type: &str, alert_keys: &[String]) {
        let (client, url) =
            (http::client(None, Route::Direct).unwrap(), format!("{}/api/events", self.served.url()));
        for alert_key in alert_keys {
            let event = json!({"integrationKey": key, "eventType": event_type, "summary": "s", "alertKey": alert_key});
            let answer = client.post(&url).body(event.to_string()).send().await.unwrap();
            assert_eq!(answer.status(), 202);
        }
    }

    async fn find(&self, source: i64, alert_key: &str) -> Option<Alert> {
        self.account().find_alert(source, alert_key).await.unwrap()
    }
}

#[tokio::test]
async fn sees_an_alert_open_and_resolved() {
    let (scene, id) = Scene::with_source();
    assert_eq!(scene.find(id, "test/1").await, None);
    scene.event(KEY, "ALERT", "Test/1").await;
    scene.ilert.set_clock(Clock::Set(NOON + 90));
    let open = scene.find(id, "test/1").await.unwrap();
    assert_eq!((open.alert_key.as_str(), &open.status, open.resolved), ("Test/1", &AlertStatus::Open, None));
    assert_eq!(open.opened, "2026-11-22T12:00:00Z");
    scene.event(KEY, "ACCEPT", "test/1").await;
    assert_eq!(scene.find(id, "test/1").await.unwrap().status, AlertStatus::Open);
    scene.event(KEY, "RESOLVE", "test/1").await;
    let resolved = scene.find(id, "test/1").await.unwrap();
    assert_eq!((resolved.id, resolved.status), (open.id, AlertStatus::Resolved));
    assert_eq!(resolved.resolved.as_deref(), Some("2026-11-22T12:01:30Z"));
}

#[tokio::test]
async fn asks_for_the_source_and_every_state() {
    let (scene, id) = Scene::with_source();
    scene.find(id, "k").await;
    let query =
        format!("start-index=0&max-results=50&sources={id}&states=PENDING&states=ACCEPTED&states=RESOLVED");
    assert_eq!(scene.served.requests(), [format!("GET /api/alerts?{query}")]);
}

#[tokio::test]
async fn keys_are_compared_trimmed_and_in_any_case() {
    let (scene, id) = Scene::with_source();
    scene.event(KEY, "ALERT", " Störung/ÄÖ ").await;
    assert!(scene.find(id, "\tSTÖRUNG/äö\n").await.is_some());
    assert_eq!(scene.find(id, "störung/ä").await, None);
}

#[tokio::test]
async fn the_newest_of_several_wins_wherever_it_stands() {
    let (scene, id) = Scene::with_source();
    for _ in 0..3 {
        scene.event(KEY, "ALERT", "k").await;
        scene.event(KEY, "RESOLVE", "k").await;
    }
    scene.event(KEY, "ALERT", "k").await;
    let newest = scene.find(id, "k").await.unwrap();
    assert_eq!(newest.status, AlertStatus::Open);
    let alert = |id: i64| json!({"id": id, "alertKey": "k", "status": "RESOLVED"});
    scene.script(200, &json!([alert(7), alert(9), alert(8)]).to_string());
    assert_eq!(scene.find(id, "k").await.unwrap().id, 9);
}

#[tokio::test]
async fn alerts_of_other_sources_are_not_meant() {
    let (scene, id) = Scene::with_source();
    let other = scene.ilert.add_source(Source::api("Other", "another-key", 7));
    scene.event("another-key", "ALERT", "k").await;
    scene.event("il1api-of-nobody-5e11", "ALERT", "k").await;
    assert_eq!(scene.find(id, "k").await, None);
    assert!(scene.find(other, "k").await.is_some());
}

#[tokio::test]
async fn pages_on_but_not_for_ever() {
    for (newer, requests, found) in
        [(49, 1, true), (50, 2, true), (199, 4, true), (200, 4, false), (260, 4, false)]
    {
        let (scene, id) = Scene::with_source();
        scene.event(KEY, "ALERT", "wanted").await;
        let others: Vec<_> = (0..newer).map(|number: u32| number.to_string()).collect();
        scene.events(KEY, "ALERT", &others).await;
        scene.served.forget_requests();
        assert_eq!(scene.find(id, "wanted").await.is_some(), found, "{newer}");
        assert_eq!(scene.served.requests().len(), requests, "{newer}");
    }
}

#[tokio::test]
async fn an_event_in_the_queue_has_no_alert_yet() {
    let (scene, id) = Scene::with_source();
    scene.event(KEY, "ALERT", "k").await;
    scene.ilert.hold_alerts(2);
    assert_eq!((scene.find(id, "k").await, scene.find(id, "k").await), (None, None));
    assert!(scene.find(id, "k").await.is_some());
}

#[tokio::test]
async fn words_that_ilert_adds_are_shown_and_what_is_missing_is_empty() {
    let (scene, id) = Scene::with_source();
    let words = |word: &str| match word {
        "PENDING" | "ACCEPTED" | "NEW" => AlertStatus::Open,
        "RESOLVED" => AlertStatus::Resolved,
        other => AlertStatus::Other(other.to_owned()),
    };
    for word in ["PENDING", "ACCEPTED", "NEW", "RESOLVED", "SNOOZED", "pending"] {
        scene.script(
            200,
            &json!([{"id": 1, "alertKey": "k", "status": word, "priority": "MEDIUM"}]).to_string(),
        );
        let alert = scene.find(id, "k").await.unwrap();
        assert_eq!((alert.status, alert.opened, alert.resolved), (words(word), String::new(), None));
    }
    assert_eq!(AlertStatus::Other("SNOOZED".to_owned()).to_string(), "SNOOZED");
    scene.script(
        200,
        r#"[{"id":1,"alertKey":null,"status":null,"reportTime":null,"resolvedOn":null},{"id":2}]"#,
    );
    assert_eq!(scene.find(id, "k").await, None);
}

#[tokio::test]
async fn refusals_speak_of_alerts() {
    let (scene, id) = Scene::with_source();
    let mut words = Vec::new();
    for (status, body) in [
        (401, ""),
        (402, ""),
        (403, r#"{"code":"KEY_ERROR"}"#),
        (403, r#"{"code":"OAUTH2_SCOPE_ERROR"}"#),
        (403, r#"{"code":"PERMISSION_ERROR"}"#),
        (404, ""),
        (429, ""),
    ] {
        scene.script(status, body);
        words.push(scene.account().find_alert(id, "k").await.unwrap_err().to_string());
    }
    insta::assert_snapshot!(words.join("\n"));
    scene.script(200, r#"{"alerts":[]}"#);
    let error = scene.account().find_alert(id, "k").await.unwrap_err();
    assert!(matches!(&error, AccountError::Unreadable { path } if path == "alerts"), "{error}");
    scene.ilert.add_token("reader", Access::ReadScope);
    assert_eq!(scene.account_with("reader").find_alert(id, "k").await.unwrap(), None);
}
