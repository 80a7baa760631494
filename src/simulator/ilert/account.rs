//! The REST API, as far as an alert source is set up with it: as strict as ilert's, page sizes included, and with
//! its surprises: names that are not unique, and keys that are null for a token that may not update the source.

use std::collections::BTreeMap;

use bytes::Bytes;
use hyper::Method;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::http::request::Parts;
use serde_json::{Map, Value, json};

use super::{Ilert, Reply, Response, State, lock, play, refusal, refusal_with};
use crate::secret::Secret;

/// Most items a page; more is a 400.
const PAGE: usize = 50;

const TIMES: [&str; 10] =
    ["PT2M", "PT5M", "PT15M", "PT30M", "PT1H", "PT2H", "PT4H", "PT8H", "PT12H", "PT24H"];

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everything.
    Full,
    /// Everything but updating an alert source: keys are null, with status 200 and 201.
    Weak,
    /// Reading; creating is out of its scope.
    ReadScope,
}

/// An alert source as an account has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Unique; set by [`Ilert::add_source`].
    pub id: i64,
    /// Not unique.
    pub name: String,
    /// `API`, or a tool's own.
    pub integration_type: String,
    /// What events are sent with.
    pub key: Secret,
    /// Id of its escalation policy.
    pub policy: i64,
    /// `HIGH`, or a rule that overrides the priority of events.
    pub priority_rule: String,
    /// Which events share an alert.
    pub creation: String,
    /// After how long its alerts resolve by themselves.
    pub auto_resolution: Option<String>,
    /// Whether it takes events.
    pub active: bool,
}

impl Source {
    /// An alert source of type API as the set-up wants it.
    #[must_use]
    pub fn api(name: &str, key: &str, policy: i64) -> Self {
        Self {
            id: 0,
            name: name.to_owned(),
            integration_type: "API".to_owned(),
            key: Secret::new(key.to_owned()),
            policy,
            priority_rule: "HIGH".to_owned(),
            creation: "ONE_ALERT_PER_EMAIL".to_owned(),
            auto_resolution: None,
            active: true,
        }
    }
}

#[derive(Default)]
pub(super) struct Directory {
    tokens: Vec<(Secret, Access)>,
    policies: BTreeMap<i64, String>,
    sources: Vec<Source>,
    /// How many alert sources the plan allows.
    plan: Option<usize>,
}

impl Ilert {
    /// Adds a token for the REST API. Its user is Jane Doe, an admin.
    pub fn add_token(&self, token: &str, access: Access) {
        lock(&self.0).directory.tokens.push((Secret::new(token.to_owned()), access));
    }

    /// Adds an escalation policy.
    pub fn add_policy(&self, id: i64, name: &str) {
        lock(&self.0).directory.policies.insert(id, name.to_owned());
    }

    /// Adds an alert source to the account, with an id of its own, which is returned.
    #[allow(clippy::must_use_candidate)] // done for what it does
    pub fn add_source(&self, source: Source) -> i64 {
        lock(&self.0).add_source(source).id
    }

    /// Allows at most so many alert sources; one more is answered 402.
    pub fn limit_sources(&self, most: Option<usize>) {
        lock(&self.0).directory.plan = most;
    }

    /// The account's alert sources, in the order in which they were made.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        lock(&self.0).directory.sources.clone()
    }
}

impl State {
    /// A request to the REST API, or what was scripted.
    pub(super) fn administer(&mut self, request: &Parts, body: &Bytes, waited: bool) -> Reply {
        let scripted = if waited { None } else { self.scripted(None) };
        let own = || match self.rest(request, body) {
            Ok(answer) | Err(answer) => answer,
        };
        play(scripted, own, refusal).0
    }

    fn rest(&mut self, request: &Parts, body: &[u8]) -> Result<Response, Response> {
        let path = request.uri.path();
        let known = ["/api/users/current", "/api/escalation-policies", "/api/alert-sources"];
        if !known.contains(&path) {
            return Err(refusal(404, "No such resource"));
        }
        let access = self.directory.access(request)?;
        let directory = &self.directory;
        let policy = |(id, name): (&i64, &String)| json!({"id": id, "name": name});
        match (&request.method, path) {
            (&Method::GET, "/api/users/current") => {
                let user = json!({"id": 1, "firstName": "Jane", "lastName": "Doe", "role": "ADMIN"});
                Ok(Response::json(user.to_string()))
            }
            (&Method::GET, "/api/escalation-policies") => {
                page(request, directory.policies.iter().map(policy))
            }
            (&Method::GET, "/api/alert-sources") => {
                page(request, directory.sources.iter().map(|source| directory.shown(source, access)))
            }
            (&Method::POST, "/api/alert-sources") => self.create(request, body, access),
            _ => Err(refusal(405, "Method not allowed")),
        }
    }

    fn create(&mut self, request: &Parts, body: &[u8], access: Access) -> Result<Response, Response> {
        let is_json = |value: &[u8]| value.starts_with(b"application/json");
        if !request.headers.get(CONTENT_TYPE).is_some_and(|value| is_json(value.as_bytes())) {
            return Err(refusal(415, "The body must be application/json"));
        }
        if access == Access::ReadScope {
            return Err(refusal_with(403, "OAUTH2_SCOPE_ERROR", "Missing scope alert_source:w"));
        }
        let source = self.directory.read(body).map_err(|reason| refusal(400, &reason))?;
        if self.directory.plan.is_some_and(|most| self.directory.sources.len() >= most) {
            return Err(refusal(402, "Your plan does not allow more alert sources"));
        }
        let source = self.add_source(source);
        let shown = self.directory.shown(&source, access);
        Ok(Response { status: 201, ..Response::json(shown.to_string()) })
    }

    /// Its key works for events from now on.
    fn add_source(&mut self, source: Source) -> Source {
        let id = 1000 + i64::try_from(self.directory.sources.len()).unwrap_or_default();
        let source = Source { id, ..source };
        self.keys.push(source.key.clone());
        self.directory.sources.push(source.clone());
        source
    }
}

impl Directory {
    fn access(&self, request: &Parts) -> Result<Access, Response> {
        let header = request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| refusal_with(401, "UNAUTHORIZED", "Authorization is required"))?;
        let known = self.tokens.iter().find(|(known, _)| known.expose() == token);
        known.map(|(_, access)| *access).ok_or_else(|| refusal(403, "The provided api key is not valid"))
    }

    fn shown(&self, source: &Source, access: Access) -> Value {
        let key = (access != Access::Weak).then(|| source.key.expose());
        json!({
            "id": source.id, "name": source.name, "integrationType": source.integration_type,
            "integrationKey": key,
            "integrationUrl": key.map(|key| format!("https://api.ilert.com/api/v1/events/api/{key}")),
            "active": source.active, "status": "ALL_ACCEPTED", "teams": [],
            "escalationPolicy": {"id": source.policy, "name": self.policies.get(&source.policy)},
            "alertPriorityRule": source.priority_rule, "alertCreation": source.creation,
            "autoResolutionTimeout": source.auto_resolution,
        })
    }

    /// Reads what is to be created; the error says which member is wrong.
    fn read(&self, body: &[u8]) -> Result<Source, String> {
        let body: Map<String, Value> =
            serde_json::from_slice(body).map_err(|error| format!("The body is no JSON object: {error}"))?;
        for (name, value) in &body {
            if !self.takes(name, value) {
                return Err(format!("{name} is unknown or not valid"));
            }
        }
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        for required in ["name", "integrationType", "escalationPolicy"] {
            if !body.contains_key(required) {
                return Err(format!("{required} is required"));
            }
        }
        let creation = text("alertCreation").unwrap_or("ONE_ALERT_PER_EMAIL");
        let windowed = matches!(creation, "ONE_ALERT_GROUPED_PER_WINDOW" | "INTELLIGENT_GROUPING");
        let scored = creation == "INTELLIGENT_GROUPING";
        if windowed != body.contains_key("alertGroupingWindow")
            || scored != body.contains_key("scoreThreshold")
        {
            return Err("alertGroupingWindow and scoreThreshold must fit alertCreation".to_owned());
        }
        let policy = body.get("escalationPolicy").and_then(|policy| policy.get("id")?.as_i64());
        let key = format!("il1api{:026x}", fastrand::u128(..) >> 24);
        Ok(Source {
            integration_type: text("integrationType").unwrap_or_default().to_owned(),
            priority_rule: text("alertPriorityRule").unwrap_or("HIGH").to_owned(),
            creation: creation.to_owned(),
            auto_resolution: text("autoResolutionTimeout").map(str::to_owned),
            ..Source::api(text("name").unwrap_or_default(), &key, policy.unwrap_or_default())
        })
    }

    /// Whether ilert takes this member of an alert source.
    fn takes(&self, name: &str, value: &Value) -> bool {
        let one_of = |words: &[&str]| value.as_str().is_some_and(|word| words.contains(&word));
        match name {
            "name" => value.as_str().is_some_and(|name| !name.trim().is_empty()),
            "integrationType" => one_of(&["API", "NETDATA", "EMAIL", "PROMETHEUS"]),
            "escalationPolicy" => {
                value.get("id").and_then(Value::as_i64).is_some_and(|id| self.policies.contains_key(&id))
            }
            "alertPriorityRule" => {
                one_of(&["HIGH", "LOW", "HIGH_DURING_SUPPORT_HOURS", "LOW_DURING_SUPPORT_HOURS"])
            }
            "alertCreation" => one_of(&[
                "ONE_ALERT_PER_EMAIL",
                "ONE_ALERT_PER_EMAIL_SUBJECT",
                "ONE_PENDING_ALERT_ALLOWED",
                "ONE_OPEN_ALERT_ALLOWED",
                "OPEN_RESOLVE_ON_EXTRACTION",
                "ONE_ALERT_GROUPED_PER_WINDOW",
                "INTELLIGENT_GROUPING",
            ]),
            "alertGroupingWindow" => one_of(&TIMES),
            "autoResolutionTimeout" => value.as_str().is_some_and(|time| time.starts_with("PT")),
            "scoreThreshold" => value.as_f64().is_some_and(|score| (0.0..=1.0).contains(&score)),
            _ => false,
        }
    }
}

/// The page that was asked for.
fn page(request: &Parts, items: impl Iterator<Item = Value>) -> Result<Response, Response> {
    let (mut start, mut most) = (0, PAGE);
    for pair in request.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let number = value.parse::<usize>().map_err(|_| refusal(400, &format!("{name} is no number")))?;
        match name {
            "start-index" => start = number,
            "max-results" if (1..=PAGE).contains(&number) => most = number,
            "max-results" => return Err(refusal(400, "max-results must be from 1 to 50")),
            _ => return Err(refusal(400, &format!("{name} is no parameter of this list"))),
        }
    }
    let items: Vec<Value> = items.skip(start).take(most).collect();
    Ok(Response::json(Value::from(items).to_string()))
}

#[cfg(test)]
mod tests;
