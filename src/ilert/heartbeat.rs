//! ilert's dead man's switch: pinged while all is well, it raises an alert when the pings stop.
//!
//! The key is in the path of the URL, so the whole URL is a secret: it is in no error and no log.

use std::fmt;
use std::time::Duration;

use super::words;
use crate::advice::{self, Advised};
use crate::config;
use crate::http::{self, ClientError, Failure, Reading, Speaks, StatusClass, Stranger};
use crate::secret::Secret;
use crate::url::Url;

/// Longest wait for an answer: a ping is not worth delaying anything.
const PATIENCE: Duration = Duration::from_secs(3);

/// Largest answer that is read, in bytes: ilert says little or nothing.
const LARGEST_ANSWER: usize = 64 * 1024;

/// A heartbeat monitor of ilert's.
#[derive(Debug)]
pub struct HeartbeatClient {
    http: reqwest::Client,
    url: Secret,
    /// What stands between.
    proxy: Option<http::Proxy>,
}

/// Why a ping did not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PingError {
    /// An answer of ilert's other than 2xx.
    Status(u16),
    /// An answer of somebody else's, with whatever status.
    Stranger(u16, Stranger),
    /// No answer.
    Failed(Failure),
}

impl PingError {
    /// Whether ilert knows no monitor of that URL.
    #[must_use]
    pub fn is_wrong_url(&self) -> bool {
        let Self::Status(status) = self else { return false };
        matches!(
            StatusClass::of(*status),
            StatusClass::Unauthorized | StatusClass::Forbidden | StatusClass::NotFound
        )
    }
}

impl Advised for PingError {
    fn what(&self) -> String {
        match self {
            Self::Status(status) => {
                let wrong_key = if self.is_wrong_url() { ", which is what a wrong key gets" } else { "" };
                format!("it answers with HTTP status {status}{wrong_key}")
            }
            Self::Stranger(status, what) => words::stranger(*status, *what),
            Self::Failed(failure) => failure.to_string(),
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Status(status) => match StatusClass::of(*status) {
                StatusClass::ProxyLogin => words::HINT_LOGIN,
                StatusClass::Limited | StatusClass::Passing => {
                    "wait: it is pinged again. If it lasts, see `https://status.ilert.com`"
                }
                _ => "copy the heartbeat monitor's URL from ilert again, to where `heartbeat.url` keeps it",
            },
            Self::Stranger(..) => {
                "check `ilert.proxy` or HTTPS_PROXY, whether this network wants a login first, and `heartbeat.url`"
            }
            Self::Failed(failure) => return Some(words::hint_of_failure(failure, "`heartbeat.url`")),
        };
        Some(hint.to_owned())
    }
}

impl fmt::Display for PingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}

impl HeartbeatClient {
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
            Reading::Status(status) if StatusClass::of(status) == StatusClass::Success => Ok(()),
            Reading::Status(status) => Err(PingError::Status(status)),
            Reading::Stranger(what) => Err(PingError::Stranger(status, what)),
            Reading::Broken(failure) => Err(PingError::Failed(failure)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PingError;
    use crate::advice::Advised;
    use crate::http::{Failure, Stranger};

    #[test]
    fn each_failure_says_what_to_do() {
        for (error, what, hint) in [
            (
                PingError::Status(404),
                "404, which is what a wrong key gets",
                "copy the heartbeat monitor's URL",
            ),
            (PingError::Status(503), "503", "wait"),
            (PingError::Status(407), "407", "user:password@"),
            (PingError::Stranger(200, Stranger::Page), "(200: an HTML page)", "wants a login"),
            (PingError::Failed(Failure::Dns), "cannot be resolved", "DNS, or `heartbeat.url`"),
        ] {
            assert!(error.what().ends_with(what), "{error}");
            assert!(error.hint().is_some_and(|said| said.contains(hint)), "{error}");
        }
    }
}
