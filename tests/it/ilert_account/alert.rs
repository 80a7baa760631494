//! The look at what an event came to.

use netdata_ilert::http::{self, Route};
use netdata_ilert::ilert::account::{AccountError, Alert, AlertStatus, MOST_OPEN};
use netdata_ilert::simulator::ilert::{Source, TokenRights};
use netdata_ilert::simulator::{Answer, Barrier, Clock};
use serde_json::json;

use crate::ilert_account::{KEY, ServedAccount};

/// 22 November 2026, 12:00 UTC.
const NOON: i64 = 1_795_348_800;

impl ServedAccount {
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
    let (scene, id) = ServedAccount::with_source();
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
    let (scene, id) = ServedAccount::with_source();
    scene.find(id, "k").await;
    let query =
        format!("start-index=0&max-results=50&sources={id}&states=PENDING&states=ACCEPTED&states=RESOLVED");
    assert_eq!(scene.served.requests(), [format!("GET /api/alerts?{query}")]);
}

#[tokio::test]
async fn keys_are_compared_trimmed_and_in_any_case() {
    let (scene, id) = ServedAccount::with_source();
    scene.event(KEY, "ALERT", " Störung/ÄÖ ").await;
    assert!(scene.find(id, "\tSTÖRUNG/äö\n").await.is_some());
    assert_eq!(scene.find(id, "störung/ä").await, None);
}

#[tokio::test]
async fn the_newest_of_several_wins_wherever_it_stands() {
    let (scene, id) = ServedAccount::with_source();
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
    let (scene, id) = ServedAccount::with_source();
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
        let (scene, id) = ServedAccount::with_source();
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
    let (scene, id) = ServedAccount::with_source();
    scene.event(KEY, "ALERT", "k").await;
    scene.ilert.hold_alerts(2);
    assert_eq!((scene.find(id, "k").await, scene.find(id, "k").await), (None, None));
    assert!(scene.find(id, "k").await.is_some());
}

#[tokio::test]
async fn words_that_ilert_adds_are_shown_and_what_is_missing_is_empty() {
    let (scene, id) = ServedAccount::with_source();
    let words = |word: &str| match word {
        "PENDING" | "ACCEPTED" | "NEW" => AlertStatus::Open,
        "RESOLVED" => AlertStatus::Resolved,
        other => AlertStatus::Other(other.into()),
    };
    for word in ["PENDING", "ACCEPTED", "NEW", "RESOLVED", "SNOOZED", "pending"] {
        scene.script(
            200,
            &json!([{"id": 1, "alertKey": "k", "status": word, "priority": "MEDIUM"}]).to_string(),
        );
        let alert = scene.find(id, "k").await.unwrap();
        assert_eq!((alert.status, alert.opened, alert.resolved), (words(word), "".into(), None));
    }
    assert_eq!(AlertStatus::Other("SNOOZED".into()).to_string(), "SNOOZED");
    scene.script(
        200,
        r#"[{"id":1,"alertKey":null,"status":null,"reportTime":null,"resolvedOn":null},{"id":2}]"#,
    );
    assert_eq!(scene.find(id, "k").await, None);
}

#[tokio::test]
async fn refusals_speak_of_alerts() {
    let (scene, id) = ServedAccount::with_source();
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
    scene.ilert.add_token("reader", TokenRights::ReadScope);
    assert_eq!(scene.account_with("reader").find_alert(id, "k").await.unwrap(), None);
}

/// Keys of so many alerts that are opened, in that order.
async fn opened(scene: &ServedAccount, count: usize) -> Vec<String> {
    let keys: Vec<_> = (0..count).map(|number| format!("netdata/Web-{number}")).collect();
    scene.events(KEY, "ALERT", &keys).await;
    keys
}

fn keys(alerts: &[Alert]) -> Vec<String> {
    let mut keys: Vec<_> = alerts.iter().map(|alert| alert.alert_key.clone()).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn all_that_is_open_is_listed_and_nothing_else() {
    let (scene, id) = ServedAccount::with_source();
    scene.ilert.add_source(Source::api("Other", "another-key", 7));
    scene.event("another-key", "ALERT", "elsewhere").await;
    assert_eq!(scene.account().open_alerts(id).await.unwrap(), []);
    let mut expected = opened(&scene, 120).await;
    scene.event(KEY, "ACCEPT", &expected[3].clone()).await;
    for resolved in [7, 60] {
        scene.event(KEY, "RESOLVE", &expected[resolved].clone()).await;
    }
    expected.retain(|key| !key.ends_with("-7") && !key.ends_with("-60"));
    expected.sort();
    assert_eq!(keys(&scene.account().open_alerts(id).await.unwrap()), expected);
}

#[tokio::test]
async fn one_page_is_read_once() {
    let (scene, id) = ServedAccount::with_source();
    opened(&scene, 49).await;
    scene.served.forget_requests();
    assert_eq!(scene.account().open_alerts(id).await.unwrap().len(), 49);
    let query = format!("start-index=0&max-results=50&sources={id}&states=PENDING&states=ACCEPTED");
    assert_eq!(scene.served.requests(), [format!("GET /api/alerts?{query}")]);
}

#[tokio::test]
async fn an_alert_that_is_resolved_between_two_pages_hides_no_other() {
    let (scene, id) = ServedAccount::with_source();
    let all = opened(&scene, 120).await;
    let second_page = Barrier::new();
    let first_page = Barrier::new();
    first_page.open();
    // As they would be answered anyway.
    scene.ilert.answer_next(Answer::Stall(first_page));
    scene.ilert.answer_next(Answer::Stall(second_page.clone()));
    let account = scene.account();
    let (found, ()) = tokio::join!(account.open_alerts(id), async {
        second_page.arrived(1).await;
        // The newest, which stands on the first page: the next one moves up there.
        assert!(scene.ilert.resolve_by_hand(all.last().unwrap()));
        second_page.open();
    });
    let found = keys(&found.unwrap());
    assert!(all[..119].iter().all(|key| found.contains(key)), "{found:?}");
}

#[tokio::test]
async fn more_open_alerts_than_are_read_are_an_error_that_says_so() {
    let (scene, id) = ServedAccount::with_source();
    let page: Vec<_> = (0..50).map(|id| json!({"id": id, "alertKey": "k", "status": "PENDING"})).collect();
    scene.ilert.answer_all(Some(Answer::StatusBody(200, json!(page).to_string())));
    let error = scene.account().open_alerts(id).await.unwrap_err();
    assert!(matches!(error, AccountError::TooManyOpen { most: MOST_OPEN }) && !error.may_pass(), "{error}");
    assert!(error.to_string().contains("more than 2000 alerts are open"), "{error}");
    assert!(scene.served.requests().len() <= 120);
}

#[tokio::test]
async fn a_list_that_never_rests_is_for_later() {
    let (scene, id) = ServedAccount::with_source();
    // Two pages each time, always of others.
    for pass in 0..60_i64 {
        let page = |ids: std::ops::Range<i64>| {
            let alerts = ids.map(|id| json!({"id": 1_000 * pass + id, "alertKey": "k", "status": "PENDING"}));
            json!(alerts.collect::<Vec<_>>()).to_string()
        };
        scene.script(200, &page(0..50));
        scene.script(200, &page(50..60));
    }
    let error = scene.account().open_alerts(id).await.unwrap_err();
    assert!(matches!(error, AccountError::Restless) && error.may_pass(), "{error}");
    assert_eq!(scene.served.requests().len(), 110);
}
