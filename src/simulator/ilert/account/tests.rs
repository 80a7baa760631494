//! The REST API's strictness, request by request.

mod alert;
mod heartbeat;

use hyper::Request;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};

use super::super::Answer;
use super::super::Clock;
use super::*;

const KEY: &str = "il1api-of-the-source-3f9a";
const TOKEN: &str = "il1tkn0123456789abcdef77e1";

fn ilert() -> Ilert {
    let ilert = Ilert::new("il1api0123456789abcdef3f9a");
    ilert.add_token(TOKEN, TokenRights::Full);
    ilert.add_policy(7, "Operations");
    ilert
}

/// Status, code and body of an answer.
fn ask(ilert: &Ilert, token: Option<&str>, target: &str, body: Option<&Value>) -> (u16, String, Value) {
    let mut request = Request::builder().method(if body.is_some() { "POST" } else { "GET" }).uri(target);
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, token);
    }
    let request = request.header(CONTENT_TYPE, "application/json").header(HOST, "127.0.0.1:7");
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let body = Bytes::from(body.map(ToString::to_string).unwrap_or_default());
    let ServerReply::Respond(answer) = lock(&ilert.0).administer(&parts, &body, false) else {
        panic!("no answer")
    };
    let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    (answer.status, json["code"].as_str().unwrap_or_default().to_owned(), json)
}

fn get(ilert: &Ilert, target: &str) -> (u16, Value) {
    let (status, _, body) = ask(ilert, Some(&format!("Bearer {TOKEN}")), target, None);
    (status, body)
}

fn post(ilert: &Ilert, token: &str, source: &Value) -> (u16, String, Value) {
    ask(ilert, Some(&format!("Bearer {token}")), "/api/alert-sources", Some(source))
}

fn source() -> Value {
    json!({"name": "Netdata", "integrationType": "API", "escalationPolicy": {"id": 7}, "alertPriorityRule": "HIGH"})
}

#[test]
fn wants_a_token_that_it_knows() {
    let ilert = ilert();
    for (token, status, code) in [
        (None, 401, "UNAUTHORIZED"),
        (Some(TOKEN.to_owned()), 401, "UNAUTHORIZED"),
        (Some(format!("Basic {TOKEN}")), 401, "UNAUTHORIZED"),
        (Some("Bearer il1tkn".to_owned()), 403, "KEY_ERROR"),
        (Some(format!("Bearer {TOKEN}")), 200, ""),
    ] {
        for path in ["/api/users/current", "/api/escalation-policies", "/api/alert-sources", "/api/alerts"] {
            let (found, reason, _) = ask(&ilert, token.as_deref(), path, None);
            assert_eq!((found, reason.as_str()), (status, code), "{token:?} {path}");
        }
    }
    for path in ["/api/teams", "/api/alert-sources/", "/api/alert-sources/a/b", "/alerts"] {
        assert_eq!(get(&ilert, path).0, 404, "{path}");
    }
    assert_eq!(ask(&ilert, None, "/api/alert-sources/key", None).0, 401);
    assert_eq!(get(&ilert, "/api/heartbeat-monitors").0, 405);
    let user = json!({});
    assert_eq!(ask(&ilert, Some(&format!("Bearer {TOKEN}")), "/api/users/current", Some(&user)).0, 405);
}

#[test]
fn gives_pages_of_fifty_at_most() {
    let ilert = ilert();
    for number in 0..120 {
        ilert.add_source(Source::api(&format!("s{number}"), &format!("key-{number}"), 7));
    }
    let list = |query: &str| get(&ilert, &format!("/api/alert-sources{query}"));
    for (query, first, count) in [
        ("", "s0", 50),
        ("?start-index=0&max-results=50", "s0", 50),
        ("?start-index=100&max-results=50", "s100", 20),
        ("?max-results=3&start-index=50", "s50", 3),
    ] {
        let (status, page) = list(query);
        assert_eq!(
            (status, page[0]["name"].as_str(), page.as_array().map(Vec::len)),
            (200, Some(first), Some(count))
        );
    }
    assert_eq!(list("?start-index=120"), (200, json!([])));
    for query in ["?max-results=51", "?max-results=0", "?max-results=x", "?start-index=-1", "?page=2"] {
        assert_eq!(list(query).0, 400, "{query}");
    }
}

#[test]
fn creates_what_is_valid_alone() {
    for (member, value) in [
        ("name", json!(" ")),
        ("name", json!(null)),
        ("integrationType", json!("NONSENSE")),
        ("escalationPolicy", json!({"id": 8})),
        ("escalationPolicy", json!(7)),
        ("alertPriorityRule", json!("CRITICAL")),
        ("alertCreation", json!("NONE")),
        ("alertCreation", json!("INTELLIGENT_GROUPING")),
        ("alertGroupingWindow", json!("PT5M")),
        ("autoResolutionTimeout", json!(600)),
        ("autoResolutionTimeout", json!("PT9M")),
        ("autoResolutionTimeout", json!("PT25H")),
        ("autoResolutionTimeout", json!("PT1441M")),
        ("autoResolutionTimeout", json!("PT600S")),
        ("autoResolutionTimeout", json!("P1D")),
        ("grouping", json!("unknown")),
    ] {
        let (ilert, mut source) = (ilert(), source());
        source[member] = value;
        assert_eq!(post(&ilert, TOKEN, &source).0, 400, "{source}");
        assert!(ilert.sources().is_empty());
    }
    for missing in ["name", "integrationType", "escalationPolicy"] {
        let mut source = source();
        source.as_object_mut().unwrap().remove(missing);
        assert_eq!(post(&ilert(), TOKEN, &source).0, 400, "{missing}");
    }
}

#[test]
fn a_created_source_takes_events_at_once_and_its_name_may_be_taken_again() {
    let ilert = ilert();
    let (status, _, first) = post(&ilert, TOKEN, &source());
    assert_eq!((status, first["alertPriorityRule"].as_str()), (201, Some("HIGH")));
    let (_, _, second) = post(&ilert, TOKEN, &source());
    assert_ne!((&first["id"], &first["integrationKey"]), (&second["id"], &second["integrationKey"]));
    let key = first["integrationKey"].as_str().unwrap();
    let event = json!({"integrationKey": key, "eventType": "ALERT", "summary": "s", "alertKey": "k"});
    let ServerReply::Respond(answer) = lock(&ilert.0).take(&Bytes::from(event.to_string()), false) else {
        panic!()
    };
    assert_eq!((answer.status, ilert.open()[0].source.expose()), (202, key));
}

#[test]
fn tells_less_to_tokens_that_may_less() {
    let ilert = ilert();
    ilert.add_token("weak", TokenRights::Weak);
    ilert.add_token("reader", TokenRights::ReadScope);
    let (status, _, created) = post(&ilert, "weak", &source());
    assert_eq!(
        (status, &created["integrationKey"], &created["integrationUrl"]),
        (201, &Value::Null, &Value::Null)
    );
    let (status, code, _) = post(&ilert, "reader", &source());
    assert_eq!((status, code.as_str()), (403, "OAUTH2_SCOPE_ERROR"));
    ilert.limit_sources(Some(1));
    assert_eq!(post(&ilert, TOKEN, &source()).0, 402);
    assert_eq!(ilert.sources().len(), 1);
}

#[test]
fn answers_as_scripted() {
    let ilert = ilert();
    ilert.answer_next(Answer::Status(503));
    assert_eq!(post(&ilert, TOKEN, &source()).0, 503);
    assert!(ilert.sources().is_empty());
    ilert.answer_next(Answer::StatusBody(200, "{}".to_owned()));
    assert_eq!(post(&ilert, TOKEN, &source()).0, 200);
    assert_eq!(ilert.sources().len(), 1, "a scripted success does what was asked");
}

#[test]
fn takes_automatic_resolution_from_ten_minutes_to_a_day() {
    for time in ["PT10M", "PT1H", "PT24H", "PT1440M"] {
        let (ilert, mut source) = (ilert(), source());
        source["autoResolutionTimeout"] = json!(time);
        assert_eq!(post(&ilert, TOKEN, &source).2["autoResolutionTimeout"], time);
    }
}

#[test]
fn shows_the_source_of_a_key() {
    let ilert = ilert();
    ilert.add_token("weak", TokenRights::Weak);
    let id = ilert.add_source(Source::api("Netdata", "a/b ж", 7));
    let (status, found) = get(&ilert, "/api/alert-sources/a%2Fb%20%D0%B6");
    assert_eq!((status, &found["id"], &found["integrationKey"]), (200, &json!(id), &json!("a/b ж")));
    let (status, _, found) = ask(&ilert, Some("Bearer weak"), "/api/alert-sources/a%2Fb%20%D0%B6", None);
    assert_eq!((status, &found["id"], &found["integrationKey"]), (200, &json!(id), &Value::Null));
    let (status, code, _) = ask(&ilert, Some(&format!("Bearer {TOKEN}")), "/api/alert-sources/unknown", None);
    assert_eq!((status, code.as_str()), (404, "NOT_FOUND"));
    ilert.remove_source(id);
    assert_eq!(get(&ilert, "/api/alert-sources/a%2Fb%20%D0%B6").0, 404);
    assert_ne!(ilert.add_source(Source::api("Netdata", "another", 7)), id, "an id is not used twice");
}

#[test]
fn limits_each_token_in_fixed_minutes_where_that_is_asked_for() {
    let ilert = ilert();
    ilert.add_token("another", TokenRights::Full);
    let status = |token: &str| ask(&ilert, Some(&format!("Bearer {token}")), "/api/alerts", None).0;
    ilert.set_clock(Clock::Set(6000 + 59));
    assert!((0..130).all(|_| status(TOKEN) == 200));
    ilert.limit_requests(Some(120));
    assert!((0..120).all(|_| status(TOKEN) == 200));
    assert_eq!((status(TOKEN), status("another")), (429, 200));
    ilert.set_clock(Clock::Set(6000 + 60));
    assert_eq!(status(TOKEN), 200);
    ilert.limit_requests(None);
    assert!((0..130).all(|_| status(TOKEN) == 200));
}
