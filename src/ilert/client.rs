//! Posts events and says what ilert's answer means. It never tries twice: whether and when to try again is
//! the sender's to decide, which is why a [`Verdict`] tells apart what was certainly not processed and
//! what may have been.

mod verdict;

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde::Serialize;
use zeroize::Zeroizing;

pub use verdict::{RetryReason, Verdict};

use super::Event;
use crate::config;
use crate::http::{self, ClientError, Failure, Reading, Speaks, StatusClass};
use crate::secret::Secret;
use crate::url::Url;

/// Largest answer that is read, in bytes. ilert's are empty, or a line of JSON: a larger one is not ilert's.
const LARGEST_ANSWER: usize = 64 * 1024;

/// Longest `correlation-id` that is repeated, in characters.
const LONGEST_ID: usize = 100;

/// One alert source of ilert, ready to take events.
#[derive(Clone, Debug)]
pub struct EventClient {
    http: reqwest::Client,
    url: Url,
    key: Secret,
    timeout: Duration,
    /// What stands between.
    proxy: Option<http::Proxy>,
}

/// What goes over the wire. The key comes last, so that writing it never moves it to a larger buffer
/// and leaves a copy behind.
#[derive(Serialize)]
struct Wire<'a> {
    #[serde(flatten)]
    event: &'a Event,
    #[serde(rename = "integrationKey")]
    key: &'a str,
}

impl EventClient {
    /// A client for the configured endpoint.
    pub fn new(ilert: &config::Ilert, key: Secret) -> Result<Self, ClientError> {
        let url = super::events(ilert)?;
        let http = http::client(ilert.ca_file.as_deref(), super::route(ilert, &url))?;
        let proxy = super::proxy(ilert, &url);
        Ok(Self { http, url, key, timeout: http::REQUEST_TIMEOUT, proxy })
    }

    /// Gives a request this long instead of [`http::REQUEST_TIMEOUT`].
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Posts one event, once. Never fails: what went wrong is a verdict, too.
    pub async fn send(&self, event: &Event) -> Verdict {
        let body = match self.body(event) {
            Ok(body) => body,
            Err(error) => {
                return Verdict::Later(RetryReason::Unsent(Failure::Other(error.to_string().into())));
            }
        };
        let request = self
            .http
            .post(self.url.expose().clone())
            .timeout(self.timeout)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(body);
        match request.send().await {
            Ok(response) => self.judge(response).await,
            // Only what is known to have failed before the request was written counts as unsent.
            Err(error) if error.is_connect() || error.is_builder() => {
                Verdict::Later(RetryReason::Unsent(self.failure(&error)))
            }
            Err(error) => Verdict::Later(RetryReason::NoAnswer(self.failure(&error))),
        }
    }

    fn failure(&self, error: &reqwest::Error) -> Failure {
        Failure::of(error).behind(self.proxy.as_ref())
    }

    /// The request's body; wiped when the last of the HTTP client has let go of it.
    fn body(&self, event: &Event) -> Result<Bytes, serde_json::Error> {
        let mut body = Zeroizing::new(Vec::with_capacity(4096));
        serde_json::to_writer(&mut *body, &Wire { event, key: self.key.expose() })?;
        Ok(Bytes::from_owner(body))
    }

    async fn judge(&self, response: reqwest::Response) -> Verdict {
        let status = response.status().as_u16();
        let secrets = [&self.key];
        let correlation = response
            .headers()
            .get("correlation-id")
            .map(|id| http::shown(String::from_utf8_lossy(id.as_bytes()).into_owned(), LONGEST_ID, &secrets))
            .filter(|id| !id.is_empty());
        let retry_after = http::retry_after(response.headers());
        tracing::debug!(status, correlation = correlation.as_deref().unwrap_or("-"), "an answer to an event");
        let body = http::body(response, LARGEST_ANSWER).await;
        let message = || super::words::of_body(body.as_deref(), &secrets);
        match Reading::of(status, body.as_deref(), Speaks::Objects) {
            Reading::Stranger(what) => Verdict::Later(RetryReason::Stranger { status, what }),
            // Whoever began to answer had read the request.
            Reading::Broken(failure) => Verdict::Later(RetryReason::NoAnswer(failure)),
            Reading::Status(503) if retry_after.is_some() => {
                Verdict::Later(RetryReason::Limited { retry_after })
            }
            Reading::Status(status) => match StatusClass::of(status) {
                StatusClass::Success => Verdict::Accepted { status, correlation },
                StatusClass::Limited => Verdict::Later(RetryReason::Limited { retry_after }),
                _ => Verdict::of(status, message()),
            },
        }
    }
}
