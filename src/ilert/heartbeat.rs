//! ilert's dead man's switch: pinged while all is well, it raises an alert when the pings stop.
//!
//! The key is in the path of the URL, so the whole URL is a secret: it is in no error and no log.

use std::time::Duration;

use crate::config;
use crate::http::{self, Class, ClientError, Failure, Reading, Speaks, Stranger};
use crate::secret::Secret;
use crate::url::Url;

/// Longest wait for an answer: a ping is not worth delaying anything.
const PATIENCE: Duration = Duration::from_secs(3);

/// Largest answer that is read, in bytes: ilert says little or nothing.
const LARGEST_ANSWER: usize = 64 * 1024;

/// A heartbeat monitor of ilert's.
#[derive(Debug)]
pub struct Heartbeat {
    http: reqwest::Client,
    url: Secret,
    /// What stands between.
    proxy: Option<http::Proxy>,
}

/// Why a ping did not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PingError {
    /// An answer of ilert's other than 2xx.
    #[error("it answers with HTTP status {0}{wrong_key}", wrong_key = if is_of_key(*.0) { ", which is what a wrong key gets" } else { "" })]
    Status(u16),
    /// An answer of somebody else's, with whatever status.
    #[error("something answered in ilert's place ({0}: {1})")]
    Stranger(u16, Stranger),
    /// No answer.
    #[error("{0}")]
    Failed(Failure),
}

fn is_of_key(status: u16) -> bool {
    matches!(Class::of(status), Class::Unauthorized | Class::Forbidden | Class::NotFound)
}

impl Heartbeat {
    /// For the monitor that this URL pings; on the way that events take.
    pub fn new(ilert: &config::Ilert, url: Secret) -> Result<Self, ClientError> {
        let place = Url::parse(url.expose()).map_err(|error| {
            ClientError::Build(format!("`heartbeat.url` is not the URL of a heartbeat monitor: {error}"))
        })?;
        let http = http::client(ilert.ca_file.as_deref(), super::route(ilert, &place))?;
        let proxy = super::proxy(ilert, &place);
        Ok(Self { http, url, proxy })
    }

    /// Says that all is well, once, and waits for the answer for 3 s at most. ilert takes 5 pings a minute.
    pub async fn ping(&self) -> Result<(), PingError> {
        let answer = self.http.get(self.url.expose()).timeout(PATIENCE).send().await;
        let failed = |error: reqwest::Error| Failure::of(&error.without_url()).behind(self.proxy.as_ref());
        let answer = answer.map_err(|error| PingError::Failed(failed(error)))?;
        let status = answer.status().as_u16();
        tracing::debug!(status, "pinged the heartbeat");
        let body = http::body(answer, LARGEST_ANSWER).await;
        match Reading::of(status, body.as_deref(), Speaks::Objects) {
            Reading::Status(status) if Class::of(status) == Class::Success => Ok(()),
            Reading::Status(status) => Err(PingError::Status(status)),
            Reading::Stranger(what) => Err(PingError::Stranger(status, what)),
            Reading::Broken(failure) => Err(PingError::Failed(failure)),
        }
    }
}
