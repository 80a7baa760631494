//! Every refusal and failure, and its message.

use std::time::Duration;

use super::server::{CannedReply, Server};
use super::*;

async fn asking(server: &Server) -> Error {
    Ask::default().of(server).await.unwrap_err()
}

async fn protected(status: u16) -> Error {
    let server = Server::start().await;
    server
        // Open even on a protected agent.
        .on("/api/v3/info", fixture!("netdata-2.11/api_v3_info.json"))
        .on(RAISED, status);
    asking(&server).await
}

#[tokio::test]
async fn each_status_has_its_own_sentence() {
    for (status, wanted, told) in [
        (401, "`username` and `password`", "reverse proxy"),
        (403, "may read alerts", "403"),
        (412, "`bearer_token`", "412"),
        (451, "`allow dashboard from`", "this address is not in `allow dashboard from`"),
        (503, "starting or stopping", "503"),
        (500, "status 500", "500"),
        (404, "reverse proxy", "404"),
    ] {
        let error = protected(status).await;
        assert!(error.to_string().contains(wanted), "{status}: {error}");
        assert!(error.reason().contains(told), "{status}: {}", error.reason());
        assert!(error.to_string().contains("/api/v3/alerts"), "{error}");
    }
    assert!(matches!(protected(451).await, Error::AccessList { .. }));
    assert!(matches!(protected(412).await, Error::BearerProtection { .. }));
    assert!(matches!(protected(403).await, Error::Forbidden { .. }));
    assert!(matches!(protected(401).await, Error::Unauthorized { .. }));
    assert!(matches!(protected(503).await, Error::Starting { .. }));
    assert!(matches!(protected(500).await, Error::Status { status: 500, .. }));
}

async fn refused_with(status: u16, credentials: Credentials) -> Error {
    let server = Server::start().await;
    server.on("/api/v3/info", status);
    AgentClient::new(&server.url, None, credentials).unwrap().probe().await.unwrap_err()
}

#[tokio::test]
async fn what_was_sent_is_named_where_it_is_refused() {
    let word = || crate::secret::Secret::new("0b9a2c5e-of-a-test".into());
    let token = || Credentials { bearer: Some(word()), basic: None };
    let password = || Credentials { bearer: None, basic: Some(("me".into(), word())) };
    let both = || Credentials { bearer: token().bearer, basic: password().basic };
    for status in [401, 403, 412] {
        let error = refused_with(status, token()).await;
        assert!(matches!(error, Error::TokenRefused { .. }), "{status}: {error:?}");
        let words = error.to_string();
        assert!(
            words.contains("it is wrong, or has expired") && words.contains(&status.to_string()),
            "{words}"
        );
        assert!(error.reason().contains("has expired") && !words.contains("0b9a2c5e"), "{error:?}");
    }
    assert!(matches!(refused_with(401, password()).await, Error::PasswordRefused { .. }));
    assert!(matches!(refused_with(401, both()).await, Error::PasswordRefused { .. }));
    assert!(matches!(refused_with(412, both()).await, Error::TokenRefused { .. }));
    assert!(matches!(refused_with(403, password()).await, Error::Forbidden { .. }));
    assert!(matches!(refused_with(412, password()).await, Error::BearerProtection { .. }));
}

#[tokio::test]
async fn tls_where_there_is_none_and_none_where_there_is_tls() {
    let world = std::sync::Mutex::new(crate::simulator::World::new(crate::alert::Api::V3, "web-1"));
    let plain = crate::simulator::serve_netdata(Arc::new(world)).unwrap();
    let url = plain.url().replace("http:", "https:");
    let error = AgentClient::new(&url, None, Credentials::default()).unwrap().probe().await.unwrap_err();
    assert!(
        matches!(error, Error::NotTls { .. }) && error.to_string().contains("write `http://`"),
        "{error:?}"
    );

    let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(issued.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![issued.cert.into()], key)
        .unwrap();
    let tls = crate::simulator::Ilert::new("il1api-x").serve_tls(Arc::new(config)).unwrap();
    let url = tls.url().replace("https:", "http:");
    let error = AgentClient::new(&url, None, Credentials::default()).unwrap().probe().await.unwrap_err();
    assert!(
        matches!(error, Error::WantsTls { .. }) && error.to_string().contains("write `https://`"),
        "{error:?}"
    );

    for words in [
        "<center>The plain HTTP request was sent to HTTPS port</center>",
        "Client sent an HTTP request to an HTTPS server.\n",
        "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
    ] {
        let server = Server::start().await;
        server.on("/api/v3/info", CannedReply::Answer(400, words.into()));
        assert!(matches!(asking(&server).await, Error::WantsTls { .. }), "{words}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (server, elsewhere) = (Server::start().await, Server::start().await);
    server.on("/api/v3/info", CannedReply::Redirect(format!("{}/login?secret=1", elsewhere.url)));
    let error = asking(&server).await;
    assert!(matches!(&error, Error::Redirect { status: 302, .. }), "{error:?}");
    assert!(error.to_string().contains("/login") && !error.to_string().contains("secret"), "{error}");
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn what_repeats_the_credentials_is_not_repeated() {
    let token = "0b9a2c5e-1111-4d2f-8e1f-aa55bb66cc77";
    let login = "bWU6aHVudGVyMi1odW50ZXIy";
    for said in [token, "hunter2-hunter2", login] {
        for reply in [
            CannedReply::Redirect(format!("http://elsewhere.example/{said}/login")),
            CannedReply::from(format!("{{\"agents\":\"{said}\"}}").as_str()),
            CannedReply::from(
                format!("{{\"agents\":[{{\"mg\":\"a\",\"application\":\"{said}\"}}]}}").as_str(),
            ),
            CannedReply::Answer(500, said.into()),
        ] {
            let server = Server::start().await;
            server.on("/api/v3/info", reply);
            let basic = Some(("me".into(), crate::secret::Secret::new("hunter2-hunter2".into())));
            let bearer = Some(crate::secret::Secret::new(token.into()));
            let client = AgentClient::new(&server.url, None, Credentials { basic, bearer }).unwrap();
            let error = client.probe().await.unwrap_err();
            let shown = format!("{error} {error:?} {}", error.reason());
            assert!(!shown.contains(said), "{shown}");
        }
    }
}

#[tokio::test]
async fn something_else_answers() {
    for body in [
        "<html>Welcome to nginx</html>",
        "{}",
        "[]",
        "{\"agents\":[]}",
        "{\"agents\":[{\"mg\":\"\",\"nm\":\"x\",\"now\":1}]}",
        "",
    ] {
        let server = Server::start().await;
        server.on("/api/v3/info", body);
        let error = asking(&server).await;
        assert!(matches!(error, Error::NotNetdata { .. }), "{body}: {error:?}");
    }
    let server = Server::start().await;
    assert!(matches!(asking(&server).await, Error::NotNetdata { .. }));
    assert_eq!(server.asked(), ["/api/v3/info", "/api/v1/info"]);
    server.on("/api/v1/info", "{\"version\": \"3\", \"uid\": \"\"}");
    assert!(matches!(asking(&server).await, Error::NotNetdata { .. }));
}

#[tokio::test]
async fn an_answer_without_its_list_is_not_an_empty_one() {
    let server = Server::start().await;
    server.on("/api/v3/info", fixture!("netdata-2.11/api_v3_info.json")).on(RAISED, "{\"nodes\": []}");
    let error = asking(&server).await;
    assert!(matches!(&error, Error::Unreadable { .. }), "{error:?}");
    assert!(error.to_string().contains("alert_instances") && error.to_string().contains("line 1"), "{error}");
}

#[tokio::test]
async fn too_large() {
    let server = Server::start().await;
    server.on("/api/v3/info", CannedReply::Announce(2 << 20));
    assert!(matches!(asking(&server).await, Error::TooLarge { limit: 1_048_576, .. }));
}

#[tokio::test]
async fn nothing_listens() {
    let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://me:secret@{}", server.local_addr().unwrap());
    drop(server);
    let client = AgentClient::new(&url, None, Credentials::default()).unwrap();
    let error = client.probe().await.unwrap_err();
    assert!(matches!(&error, Error::Refused { .. }), "{error:?}");
    assert!(!error.to_string().contains("secret") && error.reason() == "connection refused");
}

#[tokio::test]
async fn hangs_up() {
    let server = Server::start().await;
    server.on("/api/v3/info", CannedReply::Close);
    let error = asking(&server).await;
    assert!(matches!(&error, Error::Closed { .. }), "{error:?}");
    assert!(error.to_string().contains("`allow connections from`"));
}

#[tokio::test]
async fn does_not_answer_in_time() {
    let server = Server::start().await;
    server.on("/api/v3/info", CannedReply::Hang);
    let mut client = AgentClient::new(&server.url, None, Credentials::default()).unwrap();
    client.shares.whole = Duration::from_millis(1);
    let error = client.probe().await.unwrap_err();
    assert_eq!(error, Error::Timeout { url: server.url.clone() });
}
