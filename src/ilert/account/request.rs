//! One request to the REST API and its answer. No log line and no error holds what is secret in either.

use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::error::{Refusal, Resource};
use super::{Account, AccountError};
use crate::http::{self, Failure, Reading, Speaks, StatusClass};
use crate::secret::Secret;
use crate::url::Url;

/// Largest answer that is read, in bytes: a page of alert sources with all their rules.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;

/// What is asked for.
pub(super) struct Request<'a> {
    pub method: Method,
    /// Below `/api/`; may be shown.
    pub path: &'a str,
    /// The last segment of the path, where that is a key; never shown.
    pub key: Option<&'a Secret>,
    /// A parameter may be there more than once.
    pub query: &'a [(&'a str, &'a str)],
    /// JSON.
    pub body: Option<Vec<u8>>,
}

/// What came back, whatever its status.
pub(super) struct Answered<'a> {
    pub status: u16,
    /// Integration keys are in it.
    body: Result<Zeroizing<Vec<u8>>, Failure>,
    /// What was asked for, fit to be shown.
    path: String,
    resource: Resource,
    /// What was sent and must not come back in words.
    secrets: Vec<&'a Secret>,
}

impl<'a> Request<'a> {
    pub fn new(method: Method, path: &'a str) -> Self {
        Self { method, path, key: None, query: &[], body: None }
    }

    /// The path with a placeholder for the key.
    fn shown(&self) -> String {
        let key = if self.key.is_some() { "/{integrationKey}" } else { "" };
        format!("{}{key}", self.path)
    }

    /// The key is in it: for the request alone.
    fn url(&self, base: &Url) -> Result<reqwest::Url, AccountError> {
        let mut url = base.below(self.path)?.expose().clone();
        if let Some(key) = self.key {
            let no_path = |()| AccountError::Endpoint("it has no path".to_owned());
            url.path_segments_mut().map_err(no_path)?.push(key.expose());
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(self.query);
        }
        Ok(url)
    }
}

impl Account {
    /// Asks, and reads what was asked for.
    pub(super) async fn ask<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, AccountError> {
        self.send(request).await?.read()
    }

    /// Asks, and leaves it to the caller what the status means.
    pub(super) async fn send<'a>(&'a self, request: Request<'a>) -> Result<Answered<'a>, AccountError> {
        let (url, path) = (request.url(&self.base)?, request.shown());
        let mut sent = self
            .http
            .request(request.method, url)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, self.authorization.clone());
        if let Some(body) = request.body {
            sent = sent.header(CONTENT_TYPE, "application/json").body(body);
        }
        let failed = |error: reqwest::Error| {
            AccountError::Failed(Failure::of(&error.without_url()).behind(self.proxy.as_ref()))
        };
        let response = sent.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        tracing::debug!(status, path, "ilert's account answered");
        let body = http::body(response, LARGEST_ANSWER).await.map(Zeroizing::new);
        let secrets = [Some(&self.token), request.key].into_iter().flatten().collect();
        Ok(Answered { status, body, path, resource: Resource::of(request.path), secrets })
    }
}

impl Answered<'_> {
    /// What was asked for, or what the refusal means.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, AccountError> {
        let body = self.body.as_ref().map(|body| body.as_slice());
        match Reading::of(self.status, body, Speaks::Lists) {
            Reading::Status(status) if StatusClass::of(status) == StatusClass::Success => self.parse(),
            Reading::Status(status) => {
                Err(AccountError::of(Refusal::read(status, body, self.resource, &self.secrets)))
            }
            Reading::Stranger(what) => Err(AccountError::Stranger { status: self.status, what }),
            Reading::Broken(failure) => Err(AccountError::Failed(failure)),
        }
    }

    /// What was asked for, whatever the status.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, AccountError> {
        let body = self.body.as_ref().map_err(|failure| AccountError::Failed(failure.clone()))?;
        serde_json::from_slice(http::bare(body))
            .map_err(|_| AccountError::Unreadable { path: self.path.clone() })
    }
}

/// The body of a request.
pub(super) fn json(body: &impl Serialize) -> Result<Vec<u8>, AccountError> {
    serde_json::to_vec(body).map_err(|error| AccountError::Failed(Failure::Other(error.to_string().into())))
}
