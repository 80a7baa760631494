//! Heartbeat monitors of the account. Creating a second one of a name is answered 409 with the first.

use hyper::header::HOST;
use hyper::http::request::Parts;
use serde_json::{Map, Value, json};

use super::super::{Ilert, Response, State, lock, refusal};
use super::{Directory, Query, TokenRights};
use crate::secret::Secret;

/// How long ilert may wait for a ping, in seconds (its `OpenAPI`).
const INTERVALS: std::ops::RangeInclusive<i64> = 25..=2_678_400;

pub(super) struct Monitor {
    id: i64,
    name: String,
    interval: i64,
    summary: String,
    key: Secret,
}

/// Members that are shown only on request.
#[derive(Clone, Copy, Default)]
struct Included {
    url: bool,
    key: bool,
}

impl Ilert {
    /// The account's heartbeat monitors, id and name, in the order in which they were made.
    #[must_use]
    pub fn heartbeat_monitors(&self) -> Vec<(i64, String)> {
        let monitors = &lock(&self.0).directory.monitors;
        monitors.iter().map(|monitor| (monitor.id, monitor.name.clone())).collect()
    }
}

impl State {
    /// Adds a monitor. Its key works for pings from now on.
    pub(super) fn create_monitor(
        &mut self,
        request: &Parts,
        body: &Map<String, Value>,
        rights: TokenRights,
    ) -> Result<Response, Response> {
        let included = Included::of(request)?;
        let monitor = self.directory.read_monitor(body).map_err(|reason| refusal(400, &reason))?;
        if let Some(there) = self.directory.monitors.iter().find(|there| there.name == monitor.name) {
            let shown = there.shown(request, included, rights);
            return Err(Response { status: 409, ..Response::json(shown.to_string()) });
        }
        let shown = monitor.shown(request, included, rights);
        self.heartbeats.push(monitor.key.clone());
        self.directory.monitors.push(monitor);
        Ok(Response { status: 201, ..Response::json(shown.to_string()) })
    }
}

impl Included {
    fn of(request: &Parts) -> Result<Self, Response> {
        let (mut query, mut included) = (Query::of(request), Self::default());
        for word in query.take("include") {
            match word {
                "integrationUrl" => included.url = true,
                "integrationKey" => included.key = true,
                _ => return Err(refusal(400, &format!("{word} cannot be included"))),
            }
        }
        query.end()?;
        Ok(included)
    }
}

impl Monitor {
    /// The URL leads to the address that the request came to.
    fn shown(&self, request: &Parts, included: Included, rights: TokenRights) -> Value {
        let header = request.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = header
            .or_else(|| request.uri.authority().map(hyper::http::uri::Authority::as_str))
            .unwrap_or("localhost");
        let (may, key) = (rights != TokenRights::Weak, self.key.expose());
        json!({
            "id": self.id, "name": self.name, "state": "UNKNOWN", "intervalSec": self.interval,
            "alertSummary": self.summary, "teams": [],
            "integrationKey": (may && included.key).then_some(key),
            "integrationUrl": (may && included.url).then(|| format!("http://{host}/api/pings/{key}")),
        })
    }
}

impl Directory {
    /// Reads what is to be created; the error says which member is wrong.
    fn read_monitor(&self, body: &Map<String, Value>) -> Result<Monitor, String> {
        for (name, value) in body {
            let valid = match name.as_str() {
                "name" => value.as_str().is_some_and(|name| !name.trim().is_empty()),
                "intervalSec" => value.as_i64().is_some_and(|seconds| INTERVALS.contains(&seconds)),
                "alertSummary" => value.is_string(),
                "alertSource" => {
                    let id = value.get("id").and_then(Value::as_i64);
                    self.sources.iter().any(|source| Some(source.id) == id)
                }
                _ => false,
            };
            if !valid {
                return Err(format!("{name} is unknown or not valid"));
            }
        }
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Monitor {
            id: 3000 + i64::try_from(self.monitors.len()).unwrap_or_default(),
            name: text("name").ok_or("name is required")?,
            interval: body.get("intervalSec").and_then(Value::as_i64).ok_or("intervalSec is required")?,
            summary: text("alertSummary").unwrap_or_default(),
            key: Secret::new(format!("ih2:{:026x}", fastrand::u128(..) >> 24)),
        })
    }
}
