//! What a preview shows; and reads an alert given as JSON into the notice that `--preview --event` renders.
//!
//! One object is taken: an instance of `/api/v3/alerts`, a transition of `/api/v3/alert_transitions`, an
//! alarm of `/api/v1/alarms`, an entry of `/api/v1/alarm_log`, or a plain one by hand:
//!
//! ```json
//! {"host": "db-1", "guid": "5c6f…", "chart": "disk_space._var", "name": "disk_space_usage",
//!  "status": "CRITICAL", "value": 96.2, "units": "%", "info": "…", "summary": "…"}
//! ```
//!
//! The shapes differ only in what they call a field, so a field is looked up by each of its names. An
//! instance and an alarm name no node: add `"host"`. `"status": "UNREACHABLE"` or `"REACHABLE"` makes an
//! event about the node itself, which needs neither chart nor name.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::alert::{AlertConfig, AlertDetails, AlertId, NodeId, Status};
use crate::ilert::Event;
use crate::netdata::{self, without_entities};
use crate::payload::{Action, KeyKind, Notice, Raise, ResolveReason, Scheme, Subject};
use crate::secret::Secret;

/// An event as it goes over the wire, its key masked.
#[derive(Serialize)]
pub struct MaskedEvent<'a> {
    /// The event.
    #[serde(flatten)]
    pub event: &'a Event,
    /// What is shown of the key.
    #[serde(rename = "integrationKey")]
    pub key: &'a MaskedKey,
}

/// What is shown of a key: its last characters, such as `****3f9a`.
#[derive(Serialize)]
#[serde(transparent)]
pub struct MaskedKey(String);

impl MaskedKey {
    /// Masks a key; `****` if there is none yet.
    #[must_use]
    pub fn of(key: Option<&Secret>) -> Self {
        Self(key.map_or_else(|| "****".to_owned(), Secret::masked))
    }
}

/// Why JSON is no alert.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// Not JSON, nor what Netdata prints in its place.
    #[error("this is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON, but not one alert.
    #[error("expected one alert as a JSON object; found {0}")]
    NotOne(String),
    /// A field that must be there.
    #[error("`{field}` is missing: {why}; give it as {}", names(aliases))]
    Missing {
        /// Its plain name.
        field: &'static str,
        /// What it is for.
        why: &'static str,
        /// What it may be called.
        aliases: &'static [&'static str],
    },
    /// A field that is there, but not as it must be.
    #[error("`{field}` is {found}; expected {allowed}")]
    Field {
        /// What it is called in this object.
        field: &'static str,
        /// What was found.
        found: String,
        /// What can be there.
        allowed: &'static str,
    },
}

fn names(aliases: &[&str]) -> String {
    aliases.iter().map(|alias| format!("`{alias}`")).collect::<Vec<_>>().join(" or ")
}

/// Names of a field, the plain one first; `new.status` is `status` inside `new`.
type Aliases = &'static [&'static str];

const HOST: Aliases = &["host", "hostname"];
const GUID: Aliases = &["guid", "machine_guid", "mg"];
const NAME: Aliases = &["name", "alert", "nm"];
const CHART: Aliases = &["chart", "instance_id", "instance", "ch"];
const STATUS: Aliases = &["status", "new.status", "st"];
const OLD_STATUS: Aliases = &["old_status", "old.status"];
const VALUE: Aliases = &["value", "new.value", "v", "tr_v", "last_updated_value", "last_transition_value"];
const OLD_VALUE: Aliases = &["old_value", "old.value"];
const VALUE_TEXT: Aliases = &["value_text", "value_string"];
const SUMMARY: Aliases = &["summary", "sum"];
const CONTEXT: Aliases = &["context", "ctx"];
const ROLE: Aliases = &["role", "recipient", "recipients", "notification.to", "to"];
const CLASS: Aliases = &["class", "classification", "cl"];
const COMPONENT: Aliases = &["component", "cm"];
const TYPE: Aliases = &["type", "tp"];
const SOURCE: Aliases = &["source", "src"];
const WARN_WHEN: Aliases = &["warn_when", "warn"];
const CRIT_WHEN: Aliases = &["crit_when", "crit"];
const CALCULATION: Aliases = &["calculation", "calc"];
const WHEN: Aliases = &["when", "tr_t", "last_transition_timestamp", "last_status_change"];
const DURATION: Aliases = &["duration", "old.duration"];
const TRANSITION: Aliases = &["transition", "transition_id", "tr_i", "last_transition_id", "unique_id"];

/// Reads one alert, as generously as an agent's answer. An array with one alert in it counts as that alert. A byte
/// order mark before it does not matter.
pub fn parse_event(json: &str) -> Result<Notice, EventError> {
    let value: Value = netdata::read_json(json.strip_prefix('\u{feff}').unwrap_or(json))?;
    let object = Object(match value {
        Value::Object(object) => object,
        Value::Array(mut list) if list.len() == 1 => match list.pop() {
            Some(Value::Object(object)) => object,
            other => return Err(EventError::NotOne(kind(&other.unwrap_or_default()))),
        },
        Value::Array(list) => return Err(EventError::NotOne(format!("a list of {}", list.len()))),
        other => return Err(EventError::NotOne(kind(&other))),
    });
    for whole in ["alert_instances", "transitions", "alarms"] {
        if object.0.contains_key(whole) {
            return Err(EventError::NotOne(format!("a whole answer of Netdata: take one of its `{whole}`")));
        }
    }
    object.notice()
}

struct Object(Map<String, Value>);

impl Object {
    fn notice(&self) -> Result<Notice, EventError> {
        let node = NodeId {
            guid: self.text(GUID)?.to_lowercase(),
            host: self.required(HOST, "the node's host name")?,
        };
        let word = self.required(STATUS, "what state it is in")?;
        let facts = self.facts(Status::parse(&word))?;
        let opened = Action::Alert(Raise::PLAIN);
        let about_node = |action| Notice {
            subject: Subject::Node(node.clone()),
            kind: KeyKind::Unreachable,
            scheme: Scheme::default(),
            action,
            facts: facts.clone(),
            priority: None,
            storm: None,
        };
        let (kind, action) = match (word.to_ascii_uppercase().as_str(), facts.status) {
            ("UNREACHABLE", _) => return Ok(about_node(opened)),
            ("REACHABLE", _) => return Ok(about_node(Action::Resolve(ResolveReason::Reachable))),
            (_, Status::Warning) => (KeyKind::Warning, opened),
            (_, Status::Critical) => (KeyKind::Critical, opened),
            (_, Status::Clear) => (resolved_kind(&facts), Action::Resolve(ResolveReason::Cleared)),
            (_, Status::Removed) => (resolved_kind(&facts), Action::Resolve(ResolveReason::Removed)),
            _ => {
                return Err(EventError::Field {
                    field: self.find(STATUS).map_or("status", |(field, _)| field),
                    found: format!("`{word}`, never sent to ilert"),
                    allowed: "CRITICAL, WARNING, CLEAR, REMOVED, UNREACHABLE or REACHABLE",
                });
            }
        };
        let alert = AlertId {
            node: Arc::new(node),
            chart: self.required(CHART, "the chart's id")?,
            name: self.required(NAME, "the alert's name")?,
        };
        let (subject, scheme) = (Subject::Alert(alert), Scheme::default());
        Ok(Notice { subject, kind, scheme, action, facts, priority: None, storm: None })
    }

    fn facts(&self, status: Status) -> Result<AlertDetails, EventError> {
        // v1 gives expressions with HTML entities.
        let expression = |aliases| self.text(aliases).map(|text| without_entities(&text).into());
        let config = AlertConfig {
            warn_when: expression(WARN_WHEN)?,
            crit_when: expression(CRIT_WHEN)?,
            calculation: expression(CALCULATION)?,
            lookup: self.text(&["lookup"])?.into(),
        };
        Ok(AlertDetails {
            status,
            old_status: Some(self.text(OLD_STATUS)?)
                .filter(|word| !word.is_empty())
                .map(|word| Status::parse(&word)),
            value: self.number(VALUE)?,
            old_value: self.number(OLD_VALUE)?,
            value_text: self.text(VALUE_TEXT)?.into(),
            units: self.text(&["units"])?.into(),
            summary: self.text(SUMMARY)?.into(),
            info: self.text(&["info"])?.into(),
            context: self.text(CONTEXT)?,
            role: self.text(ROLE)?,
            class: self.text(CLASS)?.into(),
            component: self.text(COMPONENT)?.into(),
            kind: self.text(TYPE)?.into(),
            source: self.text(SOURCE)?.into(),
            when: self.seconds(WHEN)?.unwrap_or(0),
            duration: self.seconds(DURATION)?.and_then(|seconds| u64::try_from(seconds).ok()),
            transition: self.text(TRANSITION)?,
            config: (!config.is_empty()).then(|| Arc::new(config)),
            others: None,
        })
    }

    /// The first of these names that is there and not null.
    fn find(&self, aliases: Aliases) -> Option<(&'static str, &Value)> {
        aliases.iter().find_map(|alias| {
            let value = match alias.split_once('.') {
                Some((outer, inner)) => self.0.get(outer)?.get(inner)?,
                None => self.0.get(*alias)?,
            };
            (!value.is_null()).then_some((*alias, value))
        })
    }

    fn required(&self, aliases: Aliases, why: &'static str) -> Result<String, EventError> {
        let field = aliases.first().copied().unwrap_or_default();
        Some(self.text(aliases)?).filter(|text| !text.trim().is_empty()).ok_or(EventError::Missing {
            field,
            why,
            aliases,
        })
    }

    fn text(&self, aliases: Aliases) -> Result<String, EventError> {
        match self.find(aliases) {
            None => Ok(String::new()),
            Some((_, Value::String(text))) => Ok(text.clone()),
            Some((_, Value::Number(number))) => Ok(number.to_string()),
            Some((field, other)) => Err(EventError::Field { field, found: kind(other), allowed: "text" }),
        }
    }

    /// A number; Netdata writes `nan` where there is none.
    fn number(&self, aliases: Aliases) -> Result<Option<f64>, EventError> {
        let Some((field, value)) = self.find(aliases) else { return Ok(None) };
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        match number {
            Some(number) => Ok(Some(number).filter(|number| number.is_finite())),
            None => Err(EventError::Field { field, found: kind(value), allowed: "a number or null" }),
        }
    }

    fn seconds(&self, aliases: Aliases) -> Result<Option<i64>, EventError> {
        let Some((field, value)) = self.find(aliases) else { return Ok(None) };
        #[allow(clippy::cast_possible_truncation)] // `as` saturates, and a fraction of a second is dropped
        let whole = || Some(value.as_f64()? as i64);
        match value.as_i64().or_else(whole).or_else(|| value.as_str()?.trim().parse().ok()) {
            Some(seconds) if seconds >= 0 => Ok(Some(seconds)),
            _ => Err(EventError::Field { field, found: kind(value), allowed: "a number of seconds" }),
        }
    }
}

/// The key that a RESOLVE is for: of the status before, or critical where that is not told.
fn resolved_kind(facts: &AlertDetails) -> KeyKind {
    facts.old_status.and_then(Status::level).map_or(KeyKind::Critical, KeyKind::from)
}

/// What a value is, in words, its text shown as far as it is short.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => format!("`{value}`"),
        Value::String(text) => format!("the text \"{}\"", crate::text::one_line(text, 40)),
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests;
