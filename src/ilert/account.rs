//! An account of ilert's, through its REST API: what is needed to set up an alert source without a browser.
//!
//! The token is a person's, and worth more than an integration key: it is in the `Authorization` header and
//! nowhere else, and only for as long as the set-up takes. [`provide`] is the set-up itself; it may be repeated.
//!
//! Facts are from ilert's `OpenAPI`: at most 50 items a page (more is a 400), names are not unique, and a token
//! that may not update an alert source gets it with a null key and status 200 or 201.

mod error;
mod grouping;
mod provide;
mod wire;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

pub use error::{AccountError, Answer};
pub use grouping::{Grouping, Window};
pub use provide::{ProvideError, Provided, provide};
pub use wire::{API, AlertSource, EscalationPolicy, HIGH, NewAlertSource, User};

use crate::config;
use crate::http::{self, Failure};
use crate::secret::Secret;

/// Items of a list that are asked for at once; ilert gives no more.
const PAGE: usize = 50;

/// Longest list that is read, in pages: fewer than the 120 requests a minute that ilert takes from a token.
const MOST_PAGES: usize = 100;

/// Largest answer that is read, in bytes: a page of alert sources with all their rules.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;

/// An account, as a token opens it.
#[derive(Clone, Debug)]
pub struct Account {
    http: reqwest::Client,
    base: Url,
    token: Secret,
    /// `Bearer …`; marked as sensitive, so that it is never printed.
    authorization: HeaderValue,
}

/// What is asked for over and over until it is all there.
trait Listed {
    fn id(&self) -> i64;
}

impl Account {
    /// For the configured endpoint, on the way that events take.
    pub fn new(ilert: &config::Ilert, token: Secret) -> Result<Self, AccountError> {
        let base = Url::parse(&format!("{}/api/", ilert.endpoint.trim_end_matches('/')))
            .map_err(|error| AccountError::Endpoint(error.to_string()))?;
        let http = http::client(ilert.ca_file.as_deref(), super::route(ilert, base.as_str()))?;
        let authorization = http::bearer(&token).ok_or(AccountError::NoToken)?;
        Ok(Self { http, base, token, authorization })
    }

    /// Whose token it is.
    pub async fn whoami(&self) -> Result<User, AccountError> {
        self.ask(Method::GET, "users/current", &[], None).await
    }

    /// All escalation policies that the token may see.
    pub async fn escalation_policies(&self) -> Result<Vec<EscalationPolicy>, AccountError> {
        self.list("escalation-policies").await
    }

    /// All alert sources that the token may see.
    pub async fn alert_sources(&self) -> Result<Vec<AlertSource>, AccountError> {
        self.list("alert-sources").await
    }

    /// Creates an alert source for events, each time anew: look first whether there is one. It heeds the
    /// priority of events, and resolves nothing by itself. Fails with [`AccountError::KeyWithheld`] where ilert
    /// created it and keeps its key to itself.
    pub async fn create_alert_source(
        &self,
        source: &NewAlertSource<'_>,
    ) -> Result<AlertSource, AccountError> {
        let body = json(source)?;
        let created: AlertSource = self.ask(Method::POST, "alert-sources", &[], Some(body)).await?;
        created.key()?;
        Ok(created)
    }

    /// A list, page after page. What moved to another page meanwhile is not listed twice.
    async fn list<T: Listed + DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, AccountError> {
        let mut all: Vec<T> = Vec::new();
        for page in 0..MOST_PAGES {
            let start = (page * PAGE).to_string();
            let query = [("start-index", start.as_str()), ("max-results", "50")];
            let items: Vec<T> = self.ask(Method::GET, path, &query, None).await?;
            let last = items.len() < PAGE;
            for item in items {
                if all.iter().all(|known| known.id() != item.id()) {
                    all.push(item);
                }
            }
            if last {
                return Ok(all);
            }
        }
        Err(AccountError::Endless { path: path.to_owned(), most: MOST_PAGES * PAGE })
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<T, AccountError> {
        let mut url = self.base.join(path).map_err(|error| AccountError::Endpoint(error.to_string()))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self
            .http
            .request(method, url)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, self.authorization.clone());
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = request.send().await.map_err(|error| AccountError::Failed(Failure::of(&error)))?;
        let status = response.status().as_u16();
        tracing::debug!(status, path, "ilert's account answered");
        let read = http::body(response, LARGEST_ANSWER).await;
        if !(200..300).contains(&status) {
            return Err(AccountError::of(Answer::read(status, read.as_deref(), &self.token)));
        }
        // Integration keys are in it.
        let body = Zeroizing::new(read.map_err(AccountError::Failed)?);
        serde_json::from_slice(&body).map_err(|_| AccountError::Unreadable { path: path.to_owned() })
    }
}

fn json(body: &impl Serialize) -> Result<Vec<u8>, AccountError> {
    serde_json::to_vec(body).map_err(|error| AccountError::Failed(Failure::Other(error.to_string())))
}
