//! A heartbeat monitor of a name, whether it was there or not.

use netdata_ilert::config;
use netdata_ilert::http::Stranger;
use netdata_ilert::ilert::account::{AccountError, HeartbeatMonitor};
use netdata_ilert::ilert::{HeartbeatClient, PingError};
use netdata_ilert::simulator::Answer;
use netdata_ilert::simulator::ilert::TokenRights;

use crate::ilert_account::{ServedAccount, TOKEN};

impl ServedAccount {
    async fn monitor(&self, token: &str, source: i64) -> Result<HeartbeatMonitor, AccountError> {
        self.account_with(token).provide_heartbeat_monitor("Netdata sender", source).await
    }
}

#[tokio::test]
async fn makes_one_monitor_however_often_and_its_url_takes_pings() {
    let (scene, id) = ServedAccount::with_source();
    let first = scene.monitor(TOKEN, id).await.unwrap();
    let again = scene.monitor(TOKEN, id).await.unwrap();
    assert_eq!((first.created, again.created), (true, false));
    assert_eq!((first.id, &first.name, &first.url), (again.id, &again.name, &again.url));
    assert_eq!(scene.ilert.heartbeat_monitors(), [(first.id, "Netdata sender".to_owned())]);
    assert!(scene.served.requests().iter().all(|request| request.ends_with("?include=integrationUrl")));
    let ilert = config::Ilert { endpoint: scene.served.url(), ..config::Ilert::default() };
    HeartbeatClient::new(&ilert, first.url.clone()).unwrap().ping().await.unwrap();
    assert!(!format!("{first:?}").contains(first.url.expose()));
}

#[tokio::test]
async fn what_somebody_else_answers_is_no_ping() {
    let (scene, id) = ServedAccount::with_source();
    let ilert = config::Ilert { endpoint: scene.served.url(), ..config::Ilert::default() };
    let heartbeat = HeartbeatClient::new(&ilert, scene.monitor(TOKEN, id).await.unwrap().url).unwrap();
    for (status, body, what) in [
        (200, "<html>Log in</html>", Stranger::Page),
        (202, "OK", Stranger::Text),
        (404, "<html>", Stranger::Page),
    ] {
        scene.ilert.stand_in(Some((status, body)));
        assert_eq!(heartbeat.ping().await, Err(PingError::Stranger(status, what)));
    }
    scene.ilert.stand_in(Some((200, r#"{"status":404}"#)));
    assert_eq!(heartbeat.ping().await, Err(PingError::Status(404)));
    scene.ilert.recover();
    assert_eq!(heartbeat.ping().await, Ok(()));
}

#[tokio::test]
async fn a_monitor_that_an_unanswered_request_made_is_found() {
    let (scene, id) = ServedAccount::with_source();
    scene.ilert.answer_next(Answer::AcceptThenReset);
    assert!(scene.monitor(TOKEN, id).await.unwrap_err().may_pass());
    assert!(!scene.monitor(TOKEN, id).await.unwrap().created);
    assert_eq!(scene.ilert.heartbeat_monitors().len(), 1);
}

#[tokio::test]
async fn a_url_that_is_withheld_has_words_of_its_own() {
    let (scene, id) = ServedAccount::with_source();
    scene.ilert.add_token("weak", TokenRights::Weak);
    for _ in 0..2 {
        let error = scene.monitor("weak", id).await.unwrap_err();
        assert!(
            matches!(&error, AccountError::UrlWithheld { name, .. } if name == "Netdata sender"),
            "{error}"
        );
        assert!(!error.may_pass());
        assert!(error.to_string().contains("(id 3000)"), "{error}");
    }
    assert!(!scene.monitor(TOKEN, id).await.unwrap().created, "a token that may sees it");
}

#[tokio::test]
async fn the_url_is_given_or_made_from_the_key() {
    let made = "https://beat.ilert.com/api/pings/ih2:900:x";
    for (status, body, url) in [
        (201, r#"{"id":1,"integrationUrl":"https://beat/x","integrationKey":"ih2:900:x"}"#, "https://beat/x"),
        (409, r#"{"id":1,"integrationUrl":" https://beat/x\n"}"#, "https://beat/x"),
        (201, r#"{"id":1,"integrationUrl":null,"integrationKey":"ih2:900:x"}"#, made),
        (
            409,
            r#"{"id":1,"name":null,"integrationUrl":"","integrationKey":" ih2:900:x ","state":"DOZING"}"#,
            made,
        ),
    ] {
        let (scene, id) = ServedAccount::with_source();
        scene.script(status, body);
        let monitor = scene.monitor(TOKEN, id).await.unwrap();
        assert_eq!((monitor.url.expose(), monitor.created), (url, status == 201), "{body}");
    }
    let (scene, id) = ServedAccount::with_source();
    scene.script(409, r#"{"id":1,"name":"n","integrationUrl":null,"integrationKey":" "}"#);
    let error = scene.monitor(TOKEN, id).await.unwrap_err();
    assert!(matches!(error, AccountError::UrlWithheld { id: 1, .. }), "{error}");
}

#[tokio::test]
async fn refusals_speak_of_heartbeat_monitors() {
    let (scene, id) = ServedAccount::with_source();
    let mut words = Vec::new();
    for (status, body) in [
        (400, r#"{"message":"intervalSec must be at least 25","code":"VALIDATION_ERROR"}"#),
        (401, ""),
        (402, r#"{"code":"PLAN_LIMIT"}"#),
        (403, r#"{"code":"KEY_ERROR"}"#),
        (403, r#"{"code":"OAUTH2_SCOPE_ERROR"}"#),
        (403, r#"{"code":"PERMISSION_ERROR"}"#),
        (404, ""),
        (409, r#"{"status":409,"message":"Something else is in the way","code":"CONFLICT"}"#),
        (409, "<html>no</html>"),
        (429, ""),
        (500, ""),
    ] {
        scene.script(status, body);
        words.push(scene.monitor(TOKEN, id).await.unwrap_err().to_string());
    }
    insta::assert_snapshot!(words.join("\n"));
    scene.ilert.add_token("reader", TokenRights::ReadScope);
    let error = scene.monitor("reader", id).await.unwrap_err();
    assert!(matches!(error, AccountError::Scope(_)), "{error}");
    let error = scene.monitor(TOKEN, id + 1).await.unwrap_err();
    assert!(matches!(error, AccountError::Refused(_)), "no such alert source: {error}");
    assert_eq!(scene.ilert.heartbeat_monitors(), []);
}
