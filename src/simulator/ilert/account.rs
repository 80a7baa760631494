//! The part of the REST API that sets up an alert source and a heartbeat monitor, and shows alerts. It is as strict as
//! ilert's, page sizes included, and has its surprises: names are not unique, and keys and URLs are null for a token
//! that may not update their owner.

mod alert;
mod heartbeat;
mod query;
mod source;

use std::collections::BTreeMap;

use bytes::Bytes;
use hyper::Method;
use hyper::http::request::Parts;
use serde_json::{Map, Value, json};

use heartbeat::Monitor;
use query::Query;
pub use source::Source;

use super::limit::Limit;
use super::{Ilert, Response, ServerReply, State, lock, play, refusal, refusal_with};
use crate::secret::Secret;
use crate::simulator::request::{bearer, is_json};

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRights {
    /// Everything.
    Full,
    /// Everything but updating: keys and URLs are null, with status 200 and 201.
    Weak,
    /// Reading only.
    ReadScope,
}

#[derive(Default)]
pub(super) struct Directory {
    tokens: Vec<(Secret, TokenRights)>,
    policies: BTreeMap<i64, String>,
    sources: Vec<Source>,
    /// How many alert sources were ever created.
    made: i64,
    monitors: Vec<Monitor>,
    /// How many alert sources the plan allows.
    plan: Option<usize>,
    /// Requests for a token.
    limit: Limit,
    /// How many more requests for the alerts find none.
    held: usize,
}

impl Ilert {
    /// Adds a token for the REST API. Its user is Jane Doe, an admin.
    pub fn add_token(&self, token: &str, rights: TokenRights) {
        lock(&self.0).directory.tokens.push((Secret::new(token.to_owned()), rights));
    }

    /// Adds an escalation policy.
    pub fn add_policy(&self, id: i64, name: &str) {
        lock(&self.0).directory.policies.insert(id, name.to_owned());
    }

    /// Limits the REST requests per minute for a token, in fixed windows (ilert: 120). More are answered 429. `None`
    /// takes all.
    pub fn limit_requests(&self, requests_per_minute: Option<u32>) {
        lock(&self.0).directory.limit.set(requests_per_minute);
    }
}

/// What a request is about, by its path.
#[derive(Clone, Copy)]
enum Resource<'a> {
    User,
    Policies,
    Sources,
    /// The alert source with this key, encoded as in the path.
    SourceOf(&'a str),
    Alerts,
    Monitors,
}

impl<'a> Resource<'a> {
    fn of(path: &'a str) -> Option<Self> {
        match path.strip_prefix("/api/")? {
            "users/current" => Some(Self::User),
            "escalation-policies" => Some(Self::Policies),
            "alert-sources" => Some(Self::Sources),
            "alerts" => Some(Self::Alerts),
            "heartbeat-monitors" => Some(Self::Monitors),
            path => {
                let key = path.strip_prefix("alert-sources/")?;
                (!key.is_empty() && !key.contains('/')).then_some(Self::SourceOf(key))
            }
        }
    }
}

impl State {
    /// Handles a request to the REST API as scripted, or else as ilert does.
    pub(super) fn administer(&mut self, request: &Parts, body: &Bytes, waited: bool) -> ServerReply {
        let scripted = if waited { None } else { self.scripted(None) };
        let own = || match self.rest(request, body) {
            Ok(answer) | Err(answer) => answer,
        };
        play(scripted, own, refusal).0
    }

    fn rest(&mut self, request: &Parts, body: &[u8]) -> Result<Response, Response> {
        let resource = Resource::of(request.uri.path()).ok_or_else(|| refusal(404, "No such resource"))?;
        let (token, rights) = self.directory.rights(request)?;
        if !self.directory.limit.takes(&token, self.clock.now()) {
            return Err(refusal(429, "Too many requests"));
        }
        let directory = &self.directory;
        match (&request.method, resource) {
            (&Method::GET, Resource::User) => {
                let user = json!({"id": 1, "firstName": "Jane", "lastName": "Doe", "role": "ADMIN"});
                Ok(Response::json(user.to_string()))
            }
            (&Method::GET, Resource::Policies) => {
                let policy = |(id, name): (&i64, &String)| json!({"id": id, "name": name});
                Query::of(request).page(directory.policies.iter().map(policy))
            }
            (&Method::GET, Resource::Sources) => {
                let shown = directory.sources.iter().map(|source| directory.shown(source, rights));
                Query::of(request).page(shown)
            }
            (&Method::GET, Resource::SourceOf(key)) => directory.source_of(key, rights),
            (&Method::GET, Resource::Alerts) => self.alerts(request),
            (&Method::POST, Resource::Sources) => {
                let body = object(request, body, rights, "alert_source:w")?;
                self.create_source(&body, rights)
            }
            (&Method::POST, Resource::Monitors) => {
                let body = object(request, body, rights, "heartbeat_monitor:w")?;
                self.create_monitor(request, &body, rights)
            }
            _ => Err(refusal(405, "Method not allowed")),
        }
    }
}

impl Directory {
    fn rights(&self, request: &Parts) -> Result<(Secret, TokenRights), Response> {
        let token =
            bearer(request).ok_or_else(|| refusal_with(401, "UNAUTHORIZED", "Authorization is required"))?;
        let known = self.tokens.iter().find(|(known, _)| known.expose() == token);
        known.cloned().ok_or_else(|| refusal(403, "The provided api key is not valid"))
    }
}

/// The body of a request that creates something, from a token that may.
fn object(
    request: &Parts,
    body: &[u8],
    rights: TokenRights,
    scope: &str,
) -> Result<Map<String, Value>, Response> {
    if !is_json(request) {
        return Err(refusal(415, "The body must be application/json"));
    }
    if rights == TokenRights::ReadScope {
        return Err(refusal_with(403, "OAUTH2_SCOPE_ERROR", &format!("Missing scope {scope}")));
    }
    serde_json::from_slice(body)
        .map_err(|error| refusal(400, &format!("The body is no JSON object: {error}")))
}

#[cfg(test)]
mod tests;
