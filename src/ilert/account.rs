//! An account of ilert's, through its REST API: what is needed to set up an alert source without a browser.
//!
//! The token belongs to a person and can do more than an integration key. So it is sent in the `Authorization` header
//! only, and used only during the set-up. [`provide`] sets up with answers known in advance; [`fulfil`] does what
//! somebody chose from the account's [`Overview`]. Either may be repeated.
//!
//! Facts are from ilert's `OpenAPI`: at most 50 items a page (more is a 400), names are not unique, and a token
//! that may not update an alert source gets it with a null key and status 200 or 201.

mod alert;
mod error;
mod fulfil;
mod grouping;
mod heartbeat;
mod look_up;
mod provide;
mod request;
mod time;
mod wire;

use std::collections::HashSet;

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde::de::DeserializeOwned;

pub use alert::{Alert, AlertStatus, MOST_OPEN};
pub use error::{AccountError, Refusal, Resource};
pub use fulfil::{Fulfilled, Order, Wanted, fulfil};
pub use grouping::Grouping;
pub use heartbeat::HeartbeatMonitor;
pub use look_up::{AlertSnapshot, LOOK_AGAIN, LOOKS};
pub use provide::{NamedPolicy, ProvideError, Provided, provide, sources_named};
use request::{Request, json};
pub use time::{AutoResolution, GroupingWindow};
pub use wire::{API, AlertSource, EscalationPolicy, HIGH, NewAlertSource, User};

use crate::config;
use crate::http;
use crate::secret::Secret;
use crate::url::Url;

/// Items of a list that are asked for at once; ilert gives no more.
const PAGE: usize = 50;

/// Longest list that is read, in pages: fewer than the 120 requests a minute that ilert takes from a token.
const MOST_PAGES: usize = 100;

/// An account, as a token opens it.
#[derive(Clone, Debug)]
pub struct Account {
    http: reqwest::Client,
    base: Url,
    /// What stands between.
    proxy: Option<http::Proxy>,
    token: Secret,
    /// `Bearer …`; marked as sensitive, so that it is never printed.
    authorization: HeaderValue,
}

/// All that is asked of an account before an alert source is chosen or made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// Whose token it is.
    pub user: User,
    /// The escalation policies that the token may see.
    pub policies: Vec<EscalationPolicy>,
    /// The alert sources that the token may see, of every type.
    pub sources: Vec<AlertSource>,
}

/// An item of a list, told from the others by its id.
trait Listed {
    fn id(&self) -> i64;
}

impl Account {
    /// For the configured endpoint, on the way that events take.
    pub fn new(ilert: &config::Ilert, token: Secret) -> Result<Self, AccountError> {
        let base = Url::parse(&ilert.endpoint).and_then(|base| base.below("api"))?;
        let http = http::client(ilert.ca_file.as_deref(), super::route(ilert, &base))?;
        let authorization = http::bearer(&token).ok_or(AccountError::NoToken)?;
        let proxy = super::proxy(ilert, &base);
        Ok(Self { http, base, proxy, token, authorization })
    }

    /// Asks first whose token it is, so that a wrong one costs a single request; then for the lists.
    pub async fn overview(&self) -> Result<Overview, AccountError> {
        let user = self.whoami().await?;
        let policies = self.escalation_policies().await?;
        let sources = self.alert_sources().await?;
        Ok(Overview { user, policies, sources })
    }

    /// Whose token it is.
    pub async fn whoami(&self) -> Result<User, AccountError> {
        self.ask(Request::new(Method::GET, "users/current")).await
    }

    /// All escalation policies that the token may see.
    pub async fn escalation_policies(&self) -> Result<Vec<EscalationPolicy>, AccountError> {
        self.list("escalation-policies").await
    }

    /// All alert sources that the token may see.
    pub async fn alert_sources(&self) -> Result<Vec<AlertSource>, AccountError> {
        self.list("alert-sources").await
    }

    /// The alert source that events with this key go to; `None` where ilert knows no such source (404).
    pub async fn alert_source_of(&self, key: &Secret) -> Result<Option<AlertSource>, AccountError> {
        let key = Secret::new(key.expose().trim().to_owned());
        // As the last segment of a path these would ask for something else.
        if matches!(key.expose(), "" | "." | "..") {
            return Ok(None);
        }
        let request = Request { key: Some(&key), ..Request::new(Method::GET, "alert-sources") };
        match self.ask(request).await {
            Ok(source) => Ok(Some(source)),
            Err(AccountError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates an alert source for events, each time anew: look first whether there is one. It heeds the
    /// priority of events, and resolves nothing by itself unless that is asked for. Fails with
    /// [`AccountError::KeyWithheld`] where ilert created it and keeps its key to itself.
    pub async fn create_alert_source(
        &self,
        source: &NewAlertSource<'_>,
    ) -> Result<AlertSource, AccountError> {
        let body = json(source)?;
        let request = Request { body: Some(body), ..Request::new(Method::POST, "alert-sources") };
        let created: AlertSource = self.ask(request).await?;
        created.key()?;
        Ok(created)
    }

    /// A list, page after page. What moved to another page meanwhile is not listed twice.
    async fn list<T: Listed + DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, AccountError> {
        let mut all: Vec<T> = Vec::new();
        let mut ids = HashSet::new();
        for page in 0..MOST_PAGES {
            let start = (page * PAGE).to_string();
            let query = [("start-index", start.as_str()), ("max-results", "50")];
            let items: Vec<T> =
                self.ask(Request { query: &query, ..Request::new(Method::GET, path) }).await?;
            let last = items.len() < PAGE;
            all.extend(items.into_iter().filter(|item| ids.insert(item.id())));
            // A page that is longer than was asked for.
            if all.len() > MOST_PAGES * PAGE {
                break;
            }
            if last {
                return Ok(all);
            }
        }
        Err(AccountError::Endless { path: path.to_owned(), most: MOST_PAGES * PAGE })
    }
}
