//! The client against a scripted server on loopback: each verdict, what goes over the wire, and that the key
//! stays where it belongs.

use std::time::Duration;

use netdata_ilert::config::Ilert;
use netdata_ilert::http::{Failure, Stranger};
use netdata_ilert::ilert::client::{EventClient, RetryReason, Verdict};
use netdata_ilert::ilert::event::{Event, EventType};
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::{Answer, Barrier};
use serde_json::{Value, json};

use crate::stage::wire::Wire;
use crate::stage::{KEY, Services, parent};

fn event() -> Event {
    Event {
        event_type: EventType::Alert,
        summary: "[CRITICAL] “ж” on db-1".into(),
        details: "a\nb".into(),
        alert_key: "netdata/db-1/g/c/n/critical".into(),
        priority: Some("HIGH"),
        severity: Some(1),
        links: Vec::new(),
        comments: Vec::new(),
        labels: [("env".to_owned(), "prod".to_owned())].into(),
        custom_details: serde_json::Map::new(),
    }
}

fn client(endpoint: &str) -> EventClient {
    let ilert = Ilert { endpoint: endpoint.into(), ..Ilert::default() };
    EventClient::new(&ilert, Secret::new(KEY.into())).unwrap()
}

/// Sends one event to a server that answers with these bytes and hangs up. Gives the verdict and the request.
async fn exchange(answer: &str) -> (Verdict, String, String) {
    let wire = Wire::listen().await;
    let client = client(&format!("{}/", wire.url()));
    let event = event();
    let (verdict, (head, body)) = tokio::join!(client.send(&event), wire.answer(answer));
    (verdict, head, body)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn posts_the_event_with_its_key() {
    let (verdict, head, body) = exchange(&answer("202 Accepted", "correlation-id: c-1\r\n", "")).await;
    assert_eq!(verdict, Verdict::Accepted { status: 202, correlation: Some("c-1".into()) });
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /api/events http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\ncontent-type: application/json\r\n"), "{head}");
    assert!(head.contains("\r\naccept: application/json\r\n"), "{head}");
    assert!(!head.contains("authorization") && !head.contains(KEY), "{head}");
    let mut expected = serde_json::to_value(event()).unwrap();
    expected["integrationKey"] = json!(KEY);
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
}

#[tokio::test]
async fn accepts_any_success_of_ilerts_own() {
    for body in ["", "\r\n", "{}", "\u{feff}{\"status\":\"queued\"}\n"] {
        let (verdict, ..) = exchange(&answer("200 OK", "content-type: text/html\r\n", body)).await;
        assert_eq!(verdict, Verdict::Accepted { status: 200, correlation: None }, "{body:?}");
    }
}

#[tokio::test]
async fn only_ilert_answers_for_ilert() {
    for status in
        ["200 OK", "202 Accepted", "400 Bad", "401 No", "403 No", "404 No", "429 Slow", "500 No", "502 No"]
    {
        for (body, what) in [
            ("<!DOCTYPE html><h1>Log in</h1>", Stranger::Page),
            ("OK", Stranger::Text),
            ("\"OK\"", Stranger::OtherJson),
        ] {
            let (verdict, ..) = exchange(&answer(status, "retry-after: 9\r\n", body)).await;
            let status = status[..3].parse().unwrap();
            assert_eq!(verdict, Verdict::Later(RetryReason::Stranger { status, what }));
            assert!(verdict.to_string().contains("in ilert's place"), "{verdict}");
        }
    }
    // The proxy speaks for itself, and is not ilert.
    let (verdict, ..) = exchange(&answer("407 Proxy Authentication Required", "", "<html>")).await;
    assert!(verdict.to_string().starts_with("the proxy wants a login (407: an HTML page)"), "{verdict}");
}

#[tokio::test]
async fn an_error_in_a_success_is_that_error() {
    let (verdict, ..) = exchange(&answer("200 OK", "", r#"{"status":400,"message":"no"}"#)).await;
    assert_eq!(verdict, Verdict::Refused { status: 400, message: "no".into() });
    let (verdict, ..) = exchange(&answer("200 OK", "", r#"{"status":404}"#)).await;
    assert_eq!(verdict, Verdict::KeyWrong { status: 404, message: "".into() });
    let (verdict, ..) = exchange(&answer("200 OK", "", r#"{"status":429}"#)).await;
    assert_eq!(verdict, Verdict::Later(RetryReason::Limited { retry_after: None }));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_none() {
    for status in ["202 Accepted", "404 Not Found"] {
        let (verdict, ..) = exchange(&format!("HTTP/1.1 {status}\r\ncontent-length: 99\r\n\r\nhalf")).await;
        assert!(matches!(verdict, Verdict::Later(RetryReason::NoAnswer(_))), "{verdict:?}");
    }
}

#[tokio::test]
async fn heeds_how_long_an_answer_asks_to_wait() {
    let wait =
        |seconds| Verdict::Later(RetryReason::Limited { retry_after: Some(Duration::from_secs(seconds)) });
    let (verdict, ..) = exchange(&answer("429 Too Many Requests", "retry-after: 20\r\n", "")).await;
    assert_eq!(verdict, wait(20));
    let dates = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 08:50:37 GMT\r\n";
    let (verdict, ..) = exchange(&answer("503 Unavailable", dates, "")).await;
    assert_eq!(verdict, wait(60));
}

#[tokio::test]
async fn tells_answers_apart() {
    let message = |text: &str| json!({ "status": 1, "message": text, "code": "X" }).to_string();
    for (status, expected) in [
        ("400 Bad Request", Verdict::Refused { status: 400, message: "no".into() }),
        ("413 Too Large", Verdict::Refused { status: 413, message: "no".into() }),
        ("422 Unprocessable", Verdict::Refused { status: 422, message: "no".into() }),
        ("401 Unauthorized", Verdict::KeyWrong { status: 401, message: "no".into() }),
        ("403 Forbidden", Verdict::KeyWrong { status: 403, message: "no".into() }),
        ("404 Not Found", Verdict::KeyWrong { status: 404, message: "no".into() }),
        ("429 Too Many Requests", Verdict::Later(RetryReason::Limited { retry_after: None })),
        ("503 Unavailable", Verdict::Later(RetryReason::Answered { status: 503, message: "no".into() })),
    ] {
        let (verdict, ..) = exchange(&answer(status, "", &message("no"))).await;
        assert_eq!(verdict, expected, "{status}");
    }
}

#[tokio::test]
async fn follows_no_redirect() {
    // The server takes one connection: had the redirect been followed, there would be no answer.
    let location = "location: http://127.0.0.1:9/api/events\r\n";
    for status in ["301 Moved", "307 Temporary", "308 Permanent"] {
        let (verdict, ..) = exchange(&answer(status, location, "")).await;
        assert!(
            matches!(verdict, Verdict::Later(RetryReason::Answered { status: 301..=308, .. })),
            "{verdict:?}"
        );
        assert!(verdict.to_string().contains("not followed"), "{verdict}");
    }
}

#[tokio::test]
async fn never_repeats_the_key_or_a_page() {
    let echo = format!("no alert source for {}", KEY.to_uppercase());
    let (verdict, ..) = exchange(&answer("404 Not Found", "", &json!({ "message": echo }).to_string())).await;
    assert_eq!(verdict, Verdict::KeyWrong { status: 404, message: "no alert source for ****3f9a".into() });
    let page = format!("<html><h1>{KEY}</h1></html>");
    let (verdict, ..) = exchange(&answer("502 Bad Gateway", "", &page)).await;
    assert!(!verdict.to_string().contains(KEY), "{verdict}");
    let (verdict, ..) = exchange(&answer("200 OK", "", &"x".repeat(70_000))).await;
    assert_eq!(verdict, Verdict::Later(RetryReason::Stranger { status: 200, what: Stranger::Large(65_536) }));
    let echo = format!("correlation-id: {}{}\r\n", "x".repeat(90), KEY.to_uppercase());
    let (verdict, ..) = exchange(&answer("202 Accepted", &echo, "")).await;
    let masked = Some(format!("{}****3f9a", "x".repeat(90)).into());
    assert_eq!(verdict, Verdict::Accepted { status: 202, correlation: masked });
    assert!(!format!("{:?}", client("http://127.0.0.1:9")).contains("0123456789"));
}

#[tokio::test]
async fn a_closed_connection_may_have_been_processed() {
    let (verdict, ..) = exchange("").await;
    assert_eq!(verdict, Verdict::Later(RetryReason::NoAnswer(Failure::Closed)));
    let (verdict, ..) = exchange("HTTP/1.1 2").await;
    assert!(matches!(verdict, Verdict::Later(RetryReason::NoAnswer(_))), "{verdict:?}");
    assert!(verdict.maybe_processed());
}

#[tokio::test]
async fn a_silent_server_may_have_processed_it() {
    let services = Services::with(parent());
    services.ilert.answer_next(Answer::Stall(Barrier::new()));
    let client = client(&services.endpoint.url()).with_timeout(Duration::from_millis(50));
    let verdict = client.send(&event()).await;
    assert_eq!(verdict, Verdict::Later(RetryReason::NoAnswer(Failure::Timeout)));
}

#[tokio::test]
async fn no_connection_means_nothing_was_sent() {
    let mut services = Services::with(parent());
    services.stop_ilert();
    let verdict = client(&services.endpoint.url()).send(&event()).await;
    assert_eq!(verdict, Verdict::Later(RetryReason::Unsent(Failure::Refused)));
    assert!(!verdict.maybe_processed());
}

#[tokio::test]
async fn a_failed_handshake_means_nothing_was_sent() {
    // It answers a TLS hello with `400 Bad Request`.
    let services = Services::with(parent());
    let verdict = client(&services.endpoint.url().replace("http://", "https://")).send(&event()).await;
    assert!(matches!(verdict, Verdict::Later(RetryReason::Unsent(Failure::Tls(_)))), "{verdict:?}");
}

#[test]
fn refuses_an_endpoint_that_is_no_url() {
    let ilert = Ilert { endpoint: "api.ilert.com".into(), ..Ilert::default() };
    let error = EventClient::new(&ilert, Secret::new(KEY.into())).unwrap_err().to_string();
    assert!(error.contains("`ilert.endpoint`") && !error.contains(KEY), "{error}");
}
