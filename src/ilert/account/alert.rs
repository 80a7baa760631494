//! Looks up an alert in ilert: the only proof that an event opened one, because ilert answers the event with `queued`.

use std::collections::HashSet;
use std::fmt;

use reqwest::Method;
use serde::{Deserialize, Deserializer};

use super::wire::{or_default, shown, shown_if_any};
use super::{Account, AccountError, PAGE, Request};
use crate::text::Shown;

/// Longest look into the past, in pages of alerts of one source: what is looked for was opened a moment ago.
const MOST_PAGES: usize = 4;

/// Most open alerts of a source that are read: two passes are within the 120 requests a minute that ilert takes from a
/// token.
pub const MOST_OPEN: usize = 2_000;

/// Most alerts that are kept of such a list, with those that were resolved while it was read. Pages that are longer
/// than was asked for end there.
const MOST_SEEN: usize = 2 * MOST_OPEN;

/// Most requests for a list that moves while it is read.
const MOST_REQUESTS: usize = 110;

/// Longest word of ilert's that is repeated, in characters.
const LONGEST_WORD: usize = 60;

/// An alert of an alert source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// Unique in the account.
    pub id: i64,
    /// The key of the events that it stands for, as ilert has it; empty where there is none.
    #[serde(default, deserialize_with = "or_default")]
    pub alert_key: String,
    /// Whether it is still open.
    #[serde(default)]
    pub status: AlertStatus,
    /// When it was opened, as ISO 8601; empty where ilert does not say.
    #[serde(default, rename = "reportTime", deserialize_with = "shown")]
    pub opened: Shown,
    /// When it was resolved, as ISO 8601; `None` where ilert does not say.
    #[serde(default, rename = "resolvedOn", deserialize_with = "shown_if_any")]
    pub resolved: Option<Shown>,
}

/// What has become of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertStatus {
    /// `PENDING` or `ACCEPTED`, or `NEW`, as older documents have it.
    Open,
    /// `RESOLVED`.
    Resolved,
    /// A word that ilert has added; empty where it said nothing.
    Other(Shown),
}

impl Default for AlertStatus {
    fn default() -> Self {
        Self::Other(Shown::default())
    }
}

impl fmt::Display for AlertStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::Resolved => f.write_str("resolved"),
            Self::Other(word) => f.write_str(word),
        }
    }
}

impl<'de> Deserialize<'de> for AlertStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = or_default(deserializer)?;
        Ok(match word.as_str() {
            "PENDING" | "ACCEPTED" | "NEW" => Self::Open,
            "RESOLVED" => Self::Resolved,
            _ => Self::Other(Shown::line(&word, LONGEST_WORD)),
        })
    }
}

impl Account {
    /// The newest alert of this source with this alert key, open or resolved; compared as ilert does, trimmed and in
    /// any case, and here, for ilert cannot be asked for a key. `None` where the newest 200 have none: an event that
    /// ilert has still in its queue has opened no alert yet.
    pub async fn find_alert(&self, source: i64, alert_key: &str) -> Result<Option<Alert>, AccountError> {
        let wanted = folded(alert_key);
        for page in 0..MOST_PAGES {
            let alerts = self.page_of_alerts(source, page, &["PENDING", "ACCEPTED", "RESOLVED"]).await?;
            let last = alerts.len() < PAGE;
            // The newest come first, and ids grow.
            let found = alerts.into_iter().filter(|alert| folded(&alert.alert_key) == wanted);
            let newest = found.max_by_key(|alert| alert.id);
            if newest.is_some() || last {
                return Ok(newest);
            }
        }
        Ok(None)
    }
}

/// The alerts of one pass through a list, while others are resolved and opened.
#[derive(Default)]
struct ListPass {
    alerts: Vec<Alert>,
    ids: HashSet<i64>,
}

impl ListPass {
    /// Adds what was not seen before. Whether there was anything.
    fn add(&mut self, alerts: Vec<Alert>) -> Result<bool, AccountError> {
        let before = self.alerts.len();
        self.alerts.extend(alerts.into_iter().filter(|alert| self.ids.insert(alert.id)));
        if self.alerts.len() > MOST_SEEN {
            return Err(AccountError::TooManyOpen { most: MOST_OPEN });
        }
        Ok(self.alerts.len() > before)
    }
}

impl Account {
    /// Every alert of this source that is open, pending or accepted, its key as ilert has it. More than
    /// [`MOST_OPEN`] are an error.
    ///
    /// If an alert is resolved meanwhile, those behind it move up, and one moves to a page that was read already. So a
    /// list of several pages is read again until a pass shows nothing new. Alerts resolved since they were seen are
    /// included.
    pub async fn open_alerts(&self, source: i64) -> Result<Vec<Alert>, AccountError> {
        let mut seen = ListPass::default();
        let mut requests = 0;
        loop {
            let (pages, new) = self.pass(source, &mut seen).await?;
            requests += pages;
            if pages == 1 || !new {
                return Ok(seen.alerts);
            }
            if requests + pages > MOST_REQUESTS {
                return Err(AccountError::Restless);
            }
        }
    }

    /// A page of a source's alerts in these states, in ilert's order.
    async fn page_of_alerts(
        &self,
        source: i64,
        page: usize,
        states: &[&str],
    ) -> Result<Vec<Alert>, AccountError> {
        let (start, source, most) = ((page * PAGE).to_string(), source.to_string(), PAGE.to_string());
        let mut query = vec![("start-index", &*start), ("max-results", &*most), ("sources", &*source)];
        query.extend(states.iter().map(|state| ("states", *state)));
        self.ask(Request { query: &query, ..Request::new(Method::GET, "alerts") }).await
    }

    /// Reads the list of open alerts once. How many pages it has, and whether anything in it was new.
    async fn pass(&self, source: i64, seen: &mut ListPass) -> Result<(usize, bool), AccountError> {
        let mut new = false;
        for page in 0..=MOST_OPEN / PAGE {
            let alerts = self.page_of_alerts(source, page, &["PENDING", "ACCEPTED"]).await?;
            let last = alerts.len() < PAGE;
            new |= seen.add(alerts)?;
            if last {
                return Ok((page + 1, new));
            }
        }
        Err(AccountError::TooManyOpen { most: MOST_OPEN })
    }
}

fn folded(key: &str) -> String {
    key.trim().to_lowercase()
}
