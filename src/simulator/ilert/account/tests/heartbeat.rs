//! Heartbeat monitors of the account.

use super::*;

/// A request for a heartbeat monitor.
fn monitor(ilert: &Ilert, token: &str, include: &str, body: &Value) -> (u16, String, Value) {
    ask(ilert, Some(&format!("Bearer {token}")), &format!("/api/heartbeat-monitors{include}"), Some(body))
}

const URL: &str = "?include=integrationUrl";

fn heartbeat() -> Value {
    json!({"name": "n", "intervalSec": 300, "alertSummary": "s", "alertSource": {"id": 1000}})
}

#[test]
fn makes_one_heartbeat_monitor_of_a_name() {
    let ilert = ilert();
    ilert.add_source(Source::api("Netdata", KEY, 7));
    let (status, _, first) = monitor(&ilert, TOKEN, URL, &heartbeat());
    let (again, _, second) = monitor(&ilert, TOKEN, URL, &heartbeat());
    assert_eq!((status, again, &first), (201, 409, &second));
    assert_eq!(ilert.heartbeat_monitors(), [(first["id"].as_i64().unwrap(), "n".to_owned())]);
    let url = first["integrationUrl"].as_str().unwrap();
    let ping = url.strip_prefix("http://127.0.0.1:7").unwrap();
    let status = |target: &str| {
        let (parts, ()) = Request::builder().uri(target).body(()).unwrap().into_parts();
        let ServerReply::Respond(answer) = ilert.handle(&parts, &Bytes::new(), false) else { panic!() };
        answer.status
    };
    assert_eq!((status(ping), status("/api/pings/unknown")), (202, 404));
}

#[test]
fn shows_of_a_heartbeat_monitor_what_is_asked_for_and_may_be_seen() {
    let ilert = ilert();
    ilert.add_source(Source::api("Netdata", KEY, 7));
    ilert.add_token("weak", TokenRights::Weak);
    let shown = |token: &str, include: &str| {
        let (_, _, body) = monitor(&ilert, token, include, &heartbeat());
        (body["integrationUrl"].is_string(), body["integrationKey"].is_string())
    };
    for (token, include, expected) in [
        (TOKEN, "", (false, false)),
        (TOKEN, URL, (true, false)),
        (TOKEN, "?include=integrationKey", (false, true)),
        (TOKEN, "?include=integrationKey&include=integrationUrl", (true, true)),
        ("weak", "?include=integrationKey&include=integrationUrl", (false, false)),
    ] {
        assert_eq!(shown(token, include), expected, "{token} {include}");
    }
    assert_eq!(monitor(&ilert, TOKEN, "?include=everything", &heartbeat()).0, 400);
    assert_eq!(monitor(&ilert, TOKEN, "?page=1", &heartbeat()).0, 400);
}

#[test]
fn makes_a_heartbeat_monitor_that_is_valid_alone() {
    let ilert = ilert();
    ilert.add_source(Source::api("Netdata", KEY, 7));
    for (member, value) in [
        ("name", json!(" ")),
        ("name", json!(7)),
        ("intervalSec", json!(24)),
        ("intervalSec", json!(2_678_401)),
        ("intervalSec", json!("PT5M")),
        ("alertSummary", json!(null)),
        ("alertSource", json!({"id": 1001})),
        ("alertSource", json!(1000)),
        ("integrationKey", json!("mine")),
    ] {
        let mut body = heartbeat();
        body[member] = value;
        assert_eq!(monitor(&ilert, TOKEN, URL, &body).0, 400, "{body}");
    }
    for missing in ["name", "intervalSec"] {
        let mut body = heartbeat();
        body.as_object_mut().unwrap().remove(missing);
        assert_eq!(monitor(&ilert, TOKEN, URL, &body).0, 400, "{missing}");
    }
    ilert.add_token("reader", TokenRights::ReadScope);
    let (status, code, _) = monitor(&ilert, "reader", URL, &heartbeat());
    assert_eq!((status, code.as_str()), (403, "OAUTH2_SCOPE_ERROR"));
    assert_eq!(ilert.heartbeat_monitors(), []);
}
