//! The wire: what a client sees of both services, and of each fault.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::header;

use super::*;
use crate::alert::Api;
use crate::http::Failure;
use crate::simulator::ilert::EventOutcome;
use crate::simulator::{Answer, Barrier, Ilert, World, serve_netdata};

const KEY: &str = "il1api0123456789abcdef3f9a";

fn client() -> reqwest::Client {
    crate::http::client(None, crate::http::Route::Direct).unwrap()
}

fn event(alert_key: &str) -> String {
    serde_json::json!({"integrationKey": KEY, "eventType": "ALERT", "summary": "s", "alertKey": alert_key})
        .to_string()
}

async fn post(
    client: &reqwest::Client,
    served: &Served,
    alert_key: &str,
) -> Result<reqwest::Response, Failure> {
    let request = client.post(format!("{}/api/events", served.url())).body(event(alert_key));
    request.send().await.map_err(|error| Failure::of(&error))
}

fn netdata() -> (Arc<Mutex<World>>, Served) {
    let world = Arc::new(Mutex::new(World::new(Api::V3, "agent")));
    let served = serve_netdata(Arc::clone(&world)).unwrap();
    (world, served)
}

#[tokio::test]
async fn answers_over_one_connection_and_notes_what_was_asked() {
    let (_world, served) = netdata();
    let client = client();
    for path in ["/api/v3/info", "/api/v3/nodes?options=minify", "/nothing"] {
        let response = client.get(format!("{}{path}", served.url())).send().await.unwrap();
        assert_eq!(response.status().as_u16(), if path == "/nothing" { 404 } else { 200 });
        let _ = response.bytes().await.unwrap();
    }
    assert_eq!(served.requests(), ["GET /api/v3/info", "GET /api/v3/nodes?options=minify", "GET /nothing"]);
    assert_eq!(served.connections(), 1);
    served.forget_requests();
    assert!(served.requests().is_empty());
}

#[tokio::test]
async fn authorization_reaches_the_world() {
    let (world, served) = netdata();
    lock(&world).require_authorization(Some(("Bearer token", 412)));
    let url = format!("{}/api/v3/alerts", served.url());
    assert_eq!(client().get(&url).send().await.unwrap().status(), 412);
    assert_eq!(client().get(&url).bearer_auth("token").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_stopped_port_refuses_and_starts_again_as_the_same() {
    let (_world, mut served) = netdata();
    let url = format!("{}/api/v3/info", served.url());
    let client = client();
    assert!(client.get(&url).send().await.is_ok());
    served.stop().await;
    let error = client.get(&url).send().await.unwrap_err();
    assert_eq!(Failure::of(&error), Failure::Refused);
    assert!(TcpListener::bind(served.address).await.is_err(), "kept for this one");
    served.start().unwrap();
    assert!(client.get(&url).send().await.is_ok());
}

#[tokio::test]
async fn resets_and_stalls_whatever_is_behind() {
    let (_world, served) = netdata();
    let url = format!("{}/api/v3/info", served.url());
    let client = client();
    served.fail(Some(Fault::Reset));
    let error = client.get(&url).send().await.unwrap_err();
    assert_eq!(Failure::of(&error), Failure::Closed);
    let barrier = Barrier::new();
    served.fail(Some(Fault::Stall(barrier.clone())));
    let slow = tokio::spawn(client.get(&url).send());
    barrier.arrived(1).await;
    assert!(!slow.is_finished());
    barrier.open();
    assert_eq!(slow.await.unwrap().unwrap().status(), 200);
    served.fail(None);
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn one_path_stalls_and_the_others_answer() {
    let (_world, served) = netdata();
    let ask = |path: &str| client().get(format!("{}{path}", served.url())).send();
    let barrier = Barrier::new();
    served.fail_at("/api/v3/alert_transitions", Some(Fault::Stall(barrier.clone())));
    let slow = tokio::spawn(ask("/api/v3/alert_transitions?after=-60"));
    barrier.arrived(1).await;
    assert_eq!(ask("/api/v3/info").await.unwrap().status(), 200);
    barrier.open();
    assert_eq!(slow.await.unwrap().unwrap().status(), 200);
    served.fail_at("/api/v3/alert_transitions", None);
    assert_eq!(ask("/api/v3/alert_transitions?after=-60").await.unwrap().status(), 200);
}

#[tokio::test]
async fn ilert_answers_202_empty_with_a_correlation_id() {
    let ilert = Ilert::new(KEY);
    let served = ilert.serve().unwrap();
    let response = post(&client(), &served, "k").await.unwrap();
    assert_eq!(response.status(), 202);
    assert!(response.headers().contains_key("correlation-id"));
    assert!(response.bytes().await.unwrap().is_empty());
    assert_eq!(ilert.open().len(), 1);
    let get = client().get(format!("{}/api/events", served.url())).send().await.unwrap();
    assert_eq!(get.status(), 405);
    let elsewhere = client().post(format!("{}/api/v1/events", served.url())).send().await.unwrap();
    assert_eq!(elsewhere.status(), 404);
}

#[tokio::test]
async fn ilert_refuses_with_its_error_body() {
    let ilert = Ilert::new(KEY);
    let served = ilert.serve().unwrap();
    let response = client().post(format!("{}/api/events", served.url())).body("{}").send().await.unwrap();
    assert_eq!(response.status(), 400);
    let body: serde_json::Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(body["status"], 400);
    assert!(body["message"].is_string() && body["code"].is_string());
}

#[tokio::test]
async fn ilert_may_have_taken_what_it_did_not_answer() {
    let ilert = Ilert::new(KEY);
    let served = ilert.serve().unwrap();
    let client = client();
    ilert.answer_next(Answer::Reset);
    ilert.answer_next(Answer::AcceptThenReset);
    for key in ["lost", "taken"] {
        assert_eq!(post(&client, &served, key).await.unwrap_err(), Failure::Closed);
    }
    assert_eq!(ilert.open().iter().map(|alert| alert.key.as_str()).collect::<Vec<_>>(), ["taken"]);
    ilert.answer_next(Answer::Redirect("https://elsewhere.example/".to_owned()));
    let redirected = post(&client, &served, "k").await.unwrap();
    assert_eq!(
        (redirected.status().as_u16(), &redirected.headers()["location"]),
        (307, &header::HeaderValue::from_static("https://elsewhere.example/"))
    );
}

#[tokio::test]
async fn a_stalled_event_is_taken_once_the_gate_opens() {
    let ilert = Ilert::new(KEY);
    let served = Arc::new(ilert.serve().unwrap());
    let barrier = Barrier::new();
    ilert.answer_all(Some(Answer::Stall(barrier.clone())));
    let task = tokio::spawn({
        let served = Arc::clone(&served);
        async move { post(&client(), &served, "k").await.map(|response| response.status().as_u16()) }
    });
    barrier.arrived(1).await;
    assert!(ilert.open().is_empty());
    barrier.open();
    assert_eq!(task.await.unwrap(), Ok(202));
    let outcomes: Vec<_> = ilert.received().iter().map(|received| received.outcome).collect();
    assert_eq!(outcomes, [EventOutcome::Stalled, EventOutcome::Accepted(202)]);
}

#[tokio::test]
async fn a_client_that_gives_up_at_the_gate_leaves_nothing_behind() {
    let ilert = Ilert::new(KEY);
    let served = ilert.serve().unwrap();
    let barrier = Barrier::new();
    ilert.answer_next(Answer::Stall(barrier.clone()));
    let request = client().post(format!("{}/api/events", served.url())).body(event("k"));
    let given_up = tokio::spawn(request.timeout(Duration::from_secs(60)).send());
    barrier.arrived(1).await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    assert_eq!(post(&client(), &served, "other").await.unwrap().status(), 202);
    assert_eq!(ilert.open().len(), 1);
}

#[tokio::test]
async fn speaks_tls_and_http_2() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let mut tls =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)
            .unwrap();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let ilert = Ilert::new(KEY);
    let served = ilert.serve_tls(Arc::new(tls)).unwrap();
    let untrusting = post(&client(), &served, "k").await.unwrap_err();
    assert!(matches!(untrusting, Failure::Tls(_)), "{untrusting:?}");
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, certified.cert.pem()).unwrap();
    let trusting = crate::http::client(Some(&ca), crate::http::Route::Direct).unwrap();
    let response = post(&trusting, &served, "k").await.unwrap();
    assert_eq!((response.status().as_u16(), response.version()), (202, reqwest::Version::HTTP_2));
}
