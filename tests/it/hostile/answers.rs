//! Any answer to an event: whatever status, headers and body. Only what ilert itself can have written accepts or
//! refuses anything, and no word about it has the key in it.

use netdata_ilert::config::Ilert;
use netdata_ilert::ilert::client::{EventClient, RetryReason, Verdict};
use netdata_ilert::ilert::event::{Event, EventType};
use netdata_ilert::secret::Secret;
use netdata_ilert::text::is_control;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use crate::hostile::KEY;

/// Longest word about an answer, in characters.
const LONGEST: usize = 600;

fn event() -> Event {
    Event {
        event_type: EventType::Alert,
        summary: "s".into(),
        details: String::new(),
        alert_key: "netdata/h/g/c/n/critical".into(),
        priority: Some("HIGH"),
        severity: Some(1),
        links: Vec::new(),
        comments: Vec::new(),
        labels: [].into(),
        custom_details: serde_json::Map::new(),
    }
}

/// Sends one event to a server that answers with these bytes and hangs up.
fn verdict(answer: &[u8]) -> Verdict {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let ilert = Ilert { endpoint, ..Ilert::default() };
        let client = EventClient::new(&ilert, Secret::new(KEY.into())).unwrap();
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut seen = Vec::new();
            while !String::from_utf8_lossy(&seen).contains(KEY) {
                let mut chunk = [0; 4096];
                let count = stream.read(&mut chunk).await.unwrap();
                seen.extend_from_slice(&chunk[..count]);
            }
            // The client may hang up first.
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        };
        let event = event();
        let (verdict, ()) = tokio::join!(client.send(&event), server);
        verdict
    })
}

fn echoes() -> impl Strategy<Value = String> {
    select(vec![
        KEY.to_owned(),
        KEY.to_uppercase(),
        format!("\u{1b}[31m{KEY}\u{9b}0m"),
        format!("{}{KEY}", "x".repeat(190)),
        format!("{{\"message\":\"no {KEY}\"}}"),
        "<html>".to_owned(),
        "\u{202e}evil".to_owned(),
    ])
}

fn json() -> impl Strategy<Value = String> {
    let text = prop_oneof!["\\PC{0,12}", echoes(), Just("400".to_owned())];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..1000_i64).prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let name = select(vec!["status", "message", "code", "error", "id", "x"]).prop_map(str::to_owned);
    leaf.prop_recursive(2, 12, 4, move |inner| {
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            4 => proptest::collection::btree_map(name.clone(), inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
    .prop_map(|value| value.to_string())
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => Just(Vec::new()),
        6 => json().prop_map(String::into_bytes),
        1 => (json(), any::<prop::sample::Index>()).prop_map(|(text, at)| text.as_bytes()[..at.index(text.len() + 1)].to_vec()),
        1 => echoes().prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
        1 => Just(vec![b'{'; 70_000]),
    ]
}

fn header() -> impl Strategy<Value = Vec<u8>> {
    let name =
        select(vec!["correlation-id", "retry-after", "content-type", "content-encoding", "location", "x"]);
    let value = prop_oneof![
        echoes().prop_map(String::into_bytes),
        any::<u64>().prop_map(|number| number.to_string().into_bytes()),
        Just(b"gzip".to_vec()),
        Just(b"Thu, 26 Nov 2026 99:99:99 GMT".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..20),
    ];
    (name, value).prop_map(|(name, value)| {
        let value = value.into_iter().filter(|byte| !matches!(byte, b'\r' | b'\n'));
        name.bytes().chain(*b": ").chain(value).chain(*b"\r\n").collect()
    })
}

/// Whether ilert can have written this: nothing, or a JSON object.
fn is_ilerts(body: &[u8]) -> bool {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    body.trim_ascii().is_empty() || serde_json::from_slice::<Value>(body).is_ok_and(|value| value.is_object())
}

proptest! {
    #![proptest_config(crate::regressions::properties(150))]

    #[test]
    fn decide_only_what_ilert_can_have_said(
        status in prop_oneof![3 => 200..600_u16, 1 => 100..1000_u16],
        headers in proptest::collection::vec(header(), 0..3),
        body in body(),
        length in prop_oneof![8 => Just(0_i64), 1 => -5..5_i64],
    ) {
        let announced = i64::try_from(body.len()).unwrap().saturating_add(length).max(0);
        let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {announced}\r\n");
        let answer = [head.as_bytes(), &headers.concat(), b"\r\n", &body].concat();
        let verdict = verdict(&answer);
        let shown = format!("{verdict} {verdict:?}");
        prop_assert!(!shown.to_lowercase().contains(KEY), "{shown}");
        prop_assert!(!verdict.to_string().contains(is_control), "{shown}");
        prop_assert!(verdict.to_string().chars().count() <= LONGEST, "{shown}");
        let whole = announced == i64::try_from(body.len()).unwrap();
        match &verdict {
            Verdict::Accepted { status: 200..=299, .. } => prop_assert!((200..300).contains(&status)),
            Verdict::KeyWrong { status: 401 | 403 | 404, .. } | Verdict::Refused { status: 400..=499, .. } => {}
            Verdict::Later(RetryReason::Limited { retry_after }) => {
                prop_assert!(retry_after.is_none_or(|wait| wait.as_secs() <= 600), "{shown}");
                return Ok(());
            }
            Verdict::Later(_) => return Ok(()),
            _ => prop_assert!(false, "{shown}"),
        }
        prop_assert!(!whole || is_ilerts(&body), "{shown} of {:?}", String::from_utf8_lossy(&body));
    }

    #[test]
    fn are_bytes_of_any_kind(answer in proptest::collection::vec(any::<u8>(), 0..200)) {
        let shown = verdict(&answer).to_string();
        prop_assert!(shown.chars().count() <= LONGEST && !shown.contains(is_control), "{shown:?}");
    }
}
