//! Alert sources of the account.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::super::{Ilert, Response, State, lock, refusal};
use super::{Directory, TokenRights};
use crate::secret::Secret;

const WINDOWS: [&str; 10] =
    ["PT2M", "PT5M", "PT15M", "PT30M", "PT1H", "PT2H", "PT4H", "PT8H", "PT12H", "PT24H"];

/// Shortest and longest time after which alerts may resolve by themselves, in minutes.
const AUTO_RESOLUTION: std::ops::RangeInclusive<u32> = 10..=24 * 60;

/// An alert source as an account has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Unique; set by [`Ilert::add_source`].
    pub id: i64,
    /// Not unique.
    pub name: String,
    /// `API`, or a tool's own.
    pub integration_type: String,
    /// Its integration key.
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
    /// Makes an alert source of type API as the set-up wants it.
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

impl Ilert {
    /// Adds an alert source to the account, with an id of its own, which is returned.
    #[allow(clippy::must_use_candidate)] // done for what it does
    pub fn add_source(&self, source: Source) -> i64 {
        lock(&self.0).add_source(source).id
    }

    /// Removes an alert source. Events with its key are refused from now on.
    pub fn remove_source(&self, id: i64) {
        let state = &mut *lock(&self.0);
        let gone = state.directory.sources.extract_if(.., |source| source.id == id);
        for source in gone {
            state.keys.retain(|key| *key != source.key);
        }
    }

    /// Limits the number of alert sources; one more is answered 402.
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
    pub(super) fn create_source(
        &mut self,
        body: &Map<String, Value>,
        rights: TokenRights,
    ) -> Result<Response, Response> {
        let source = self.directory.read_source(body).map_err(|reason| refusal(400, &reason))?;
        if self.directory.plan.is_some_and(|most| self.directory.sources.len() >= most) {
            return Err(refusal(402, "Your plan does not allow more alert sources"));
        }
        let source = self.add_source(source);
        let shown = self.directory.shown(&source, rights);
        Ok(Response { status: 201, ..Response::json(shown.to_string()) })
    }

    /// Its key works for events from now on. Ids are not used twice.
    fn add_source(&mut self, source: Source) -> Source {
        let id = 1000 + self.directory.made;
        self.directory.made += 1;
        let source = Source { id, ..source };
        self.keys.push(source.key.clone());
        self.directory.sources.push(source.clone());
        source
    }
}

impl Directory {
    /// The alert source with this key, which is encoded as in a path.
    pub(super) fn source_of(&self, key: &str, rights: TokenRights) -> Result<Response, Response> {
        let key = percent_decode_str(key).decode_utf8_lossy();
        let source = self.sources.iter().find(|source| source.key.expose() == key);
        let source = source.ok_or_else(|| refusal(404, &format!("No alert source with the key {key}")))?;
        Ok(Response::json(self.shown(source, rights).to_string()))
    }

    pub(super) fn shown(&self, source: &Source, rights: TokenRights) -> Value {
        let key = (rights != TokenRights::Weak).then(|| source.key.expose());
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
    fn read_source(&self, body: &Map<String, Value>) -> Result<Source, String> {
        for (name, value) in body {
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
            "alertGroupingWindow" => one_of(&WINDOWS),
            "autoResolutionTimeout" => {
                value.as_str().and_then(minutes).is_some_and(|time| AUTO_RESOLUTION.contains(&time))
            }
            "scoreThreshold" => value.as_f64().is_some_and(|score| (0.0..=1.0).contains(&score)),
            _ => false,
        }
    }
}

/// A time in hours or in minutes, such as `PT2H`, in minutes.
fn minutes(time: &str) -> Option<u32> {
    let time = time.strip_prefix("PT")?;
    let number = |digits: &str| digits.parse::<u32>().ok();
    match (time.strip_suffix('M'), time.strip_suffix('H')) {
        (Some(minutes), _) => number(minutes),
        (None, Some(hours)) => number(hours)?.checked_mul(60),
        (None, None) => None,
    }
}
