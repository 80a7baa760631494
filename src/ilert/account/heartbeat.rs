//! Finds or creates a heartbeat monitor by its name. Names of monitors are unique in ilert: it answers a second
//! creation with the first monitor.

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::wire::{or_default, secret};
use super::{Account, AccountError, Request, json};
use crate::secret::Secret;

/// How long ilert waits for a ping before it opens an alert, in seconds. It advises three to five minutes with a ping
/// every minute, which is how often the sender runs.
const INTERVAL: u32 = 300;

/// What the alert says that is opened when the pings stop.
const SUMMARY: &str = "netdata-ilert has stopped: no Netdata alert reaches ilert until it runs again";

/// Where pings go that came with a key and no URL (ilert's documentation).
const PINGS: &str = "https://beat.ilert.com/api/pings/";

/// A heartbeat monitor that can be pinged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeartbeatMonitor {
    /// Unique in the account.
    pub id: i64,
    /// What people call it; unique in the account.
    pub name: String,
    /// What is pinged: a secret, for its key is in it.
    pub url: Secret,
    /// Whether it was created now, rather than found.
    pub created: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct New<'a> {
    name: &'a str,
    interval_sec: u32,
    alert_summary: &'a str,
    alert_source: Source,
}

#[derive(Serialize)]
struct Source {
    id: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: i64,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "secret")]
    integration_url: Option<Secret>,
    #[serde(default, deserialize_with = "secret")]
    integration_key: Option<Secret>,
}

impl Account {
    /// Creates a heartbeat monitor that opens alerts of this source. If there is one of that name, returns it as it is,
    /// so that repeating is safe. Fails with [`AccountError::UrlWithheld`] where it is there and ilert keeps its URL to
    /// itself.
    pub async fn provide_heartbeat_monitor(
        &self,
        name: &str,
        source: i64,
    ) -> Result<HeartbeatMonitor, AccountError> {
        let new =
            New { name, interval_sec: INTERVAL, alert_summary: SUMMARY, alert_source: Source { id: source } };
        let request = Request {
            query: &[("include", "integrationUrl")],
            body: Some(json(&new)?),
            ..Request::new(Method::POST, "heartbeat-monitors")
        };
        let answer = self.send(request).await?;
        // 409 is an answer with the monitor in it; where there is none in it, it is a refusal.
        let there = if answer.status == 409 { answer.parse::<Wire>().ok() } else { None };
        match there {
            Some(monitor) => monitor.usable(false),
            None => answer.read::<Wire>()?.usable(true),
        }
    }
}

impl Wire {
    fn usable(self, created: bool) -> Result<HeartbeatMonitor, AccountError> {
        let Self { id, name, integration_url, integration_key } = self;
        let given = |secret: &Secret| !secret.expose().trim().is_empty();
        let trimmed = |secret: &Secret| Secret::new(secret.expose().trim().to_owned());
        let from_key = |key: &Secret| Secret::new(format!("{PINGS}{}", key.expose().trim()));
        let url = integration_url.as_ref().filter(|url| given(url)).map(trimmed);
        match url.or_else(|| integration_key.as_ref().filter(|key| given(key)).map(from_key)) {
            Some(url) => Ok(HeartbeatMonitor { id, name, url, created }),
            None => Err(AccountError::UrlWithheld { id, name: name.into() }),
        }
    }
}
