//! Tokens, keys and heartbeat URLs are where they belong, and in no message, log line or `Debug`.

use std::io;
use std::sync::{Arc, Mutex};

use netdata_ilert::ilert::account::{AccountError, Order, Wanted, fulfil};
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::{Answer, Fault};
use tracing_subscriber::fmt::MakeWriter;

use crate::ilert_account::fulfil::order;
use crate::ilert_account::{KEY, ServedAccount, TOKEN, account};
use crate::stage::wire::Wire;

#[tokio::test]
async fn the_token_is_in_one_header_alone() {
    let wire = Wire::listen().await;
    let account = account(&format!("{}/", wire.url()), TOKEN).unwrap();
    assert!(!format!("{account:?}").contains(TOKEN));
    let no = "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n";
    let (_, (request, _)) = tokio::join!(account.whoami(), wire.answer(no));
    assert!(request.starts_with("GET /api/users/current HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("\r\nauthorization: Bearer {TOKEN}\r\n")), "{request}");
    assert_eq!(request.matches(TOKEN).count(), 1);
}

#[tokio::test]
async fn no_refusal_repeats_the_key_that_it_was_asked_for() {
    let (scene, _) = ServedAccount::with_source();
    let key = Secret::new(KEY.to_owned());
    for body in [
        format!(r#"{{"message":"{KEY} of {TOKEN} is not for you","code":"{}"}}"#, KEY.to_uppercase()),
        format!("no such path /api/alert-sources/{KEY}"),
        format!(r#"{{"message":"{}{KEY}"}}"#, "x".repeat(190)),
    ] {
        scene.script(403, &body);
        let error = scene.account().alert_source_of(&key).await.unwrap_err();
        let words = format!("{error} {error:?}").to_lowercase();
        assert!(!words.contains("il1api") && !words.contains("il1tkn"), "{words}");
    }
    scene.ilert.answer_next(Answer::StatusBody(200, "{}".to_owned()));
    let error = scene.account().alert_source_of(&key).await.unwrap_err();
    assert!(matches!(&error, AccountError::Unreadable { path } if path == "alert-sources/{integrationKey}"));
    scene.served.fail(Some(Fault::Reset));
    let error = scene.account().alert_source_of(&key).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("il1api"), "{error:?}");
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_log_line_has_a_secret_in_it() {
    let (scene, id) = ServedAccount::with_source();
    let log = Log::default();
    // Everything that is traced, by whom ever.
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    // A line that a test beside this one is the first to log is off for good, as no subscriber was set there: all
    // that are known after one request are looked at once more.
    scene.account().whoami().await.unwrap();
    tracing::callsite::rebuild_interest_cache();
    scene.account().alert_source_of(&Secret::new(KEY.to_owned())).await.unwrap().unwrap();
    scene.account().alert_source_of(&Secret::new("il1api-unknown".to_owned())).await.unwrap();
    let order = Order { heartbeat: Some("Netdata".to_owned()), ..order(Wanted::This(id)) };
    let fulfilled = fulfil(&scene.account(), &order).await.unwrap();
    drop(guard);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("alert-sources/{integrationKey}"), "{log}");
    let shown = format!("{log} {fulfilled:?}");
    let url = fulfilled.heartbeat.unwrap().unwrap().url;
    let ping = url.expose().rsplit('/').next().unwrap();
    for secret in [TOKEN, KEY, "il1api-unknown", url.expose(), ping] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
