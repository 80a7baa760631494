//! Validates events as strictly as the events API: every field must be known, of its type and within its limits.
//! Everything else is a 400.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::config::Priority;
use crate::secret::Secret;

/// What an event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    /// Opens an alert, or adds to the open one with its key.
    Alert,
    /// Accepts the open alert.
    Accept,
    /// Resolves the open alert.
    Resolve,
    /// Comments on the open alert.
    Comment,
}

/// A valid event, without its integration key.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What it does.
    pub event_type: EventType,
    /// One line.
    pub summary: String,
    /// Markdown; empty if there was none.
    pub details: String,
    /// Trimmed, as ilert has it; empty if there was none.
    pub alert_key: String,
    /// HIGH unless the event says otherwise.
    pub priority: Priority,
    /// 1 (worst) to 5.
    pub severity: Option<u8>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// The whole event as it came, but for its integration key.
    pub json: Map<String, Value>,
}

/// Reads a body. Returns the integration key, if it has one, and the event or why ilert refuses it.
pub(super) fn check(body: &[u8]) -> (Option<Secret>, Result<Arc<Event>, String>) {
    let mut json = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(json)) => json,
        Ok(_) => return (None, Err("The body must be an object".to_owned())),
        Err(error) => return (None, Err(format!("The body is not JSON: {error}"))),
    };
    let key = match json.remove("integrationKey") {
        Some(Value::String(key)) if !key.is_empty() => Secret::new(key),
        Some(_) => return (None, Err("integrationKey must be a string that is not empty".to_owned())),
        None => return (None, Err("integrationKey is required".to_owned())),
    };
    let event = read(json).map(Arc::new);
    (Some(key), event)
}

fn read(json: Map<String, Value>) -> Result<Event, String> {
    for (name, value) in &json {
        field(name, value).map_err(|reason| format!("{name} {reason}"))?;
    }
    let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    let event_type = match text("eventType") {
        "ALERT" => EventType::Alert,
        "ACCEPT" => EventType::Accept,
        "RESOLVE" => EventType::Resolve,
        "COMMENT" => EventType::Comment,
        _ => return Err("eventType is required".to_owned()),
    };
    if text("summary").is_empty() {
        return Err("summary is required".to_owned());
    }
    let labels = json.get("labels").and_then(Value::as_object).into_iter().flatten();
    Ok(Event {
        event_type,
        summary: text("summary").to_owned(),
        details: text("details").to_owned(),
        alert_key: text("alertKey").trim().to_owned(),
        priority: if text("priority") == "LOW" { Priority::Low } else { Priority::High },
        severity: json.get("severity").and_then(Value::as_u64).and_then(|severity| severity.try_into().ok()),
        labels: labels.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect(),
        json,
    })
}

/// One member of the event; the error continues its name.
fn field(name: &str, value: &Value) -> Result<(), String> {
    match name {
        "eventType" => one_of(value, &["ALERT", "ACCEPT", "RESOLVE", "COMMENT"]),
        "priority" => one_of(value, &["HIGH", "LOW"]),
        "summary" | "alertKey" => {
            let text = string(value)?;
            check_that(!text.trim().is_empty(), "must not be blank")
        }
        "details" | "routingKey" => string(value).map(drop),
        "severity" => {
            let severity = value.as_u64().filter(|severity| (1..=5).contains(severity));
            check_that(severity.is_some(), "must be a whole number from 1 to 5")
        }
        "labels" => {
            let labels = value.as_object().ok_or("must be an object")?;
            check_that(labels.values().all(Value::is_string), "must have strings as values")
        }
        "customDetails" => check_that(value.is_object(), "must be an object"),
        "links" => list(value, Some("href"), &["href", "text"]),
        "images" => list(value, Some("src"), &["src", "href", "alt"]),
        "comments" => list(value, None, &["creator", "content"]),
        "services" => list(value, None, &["alias", "id"]),
        _ => Err("is not a field of an event".to_owned()),
    }
}

fn string(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "must be a string".to_owned())
}

fn one_of(value: &Value, words: &[&str]) -> Result<(), String> {
    check_that(words.contains(&string(value)?), &format!("must be one of {}", words.join(", ")))
}

/// A list of objects with these members, of which one may be required. URLs are absolute.
fn list(value: &Value, required: Option<&str>, members: &[&str]) -> Result<(), String> {
    for item in value.as_array().ok_or("must be a list")? {
        let item = item.as_object().ok_or("must be a list of objects")?;
        check_that(
            required.is_none_or(|name| item.contains_key(name)),
            &format!("needs {}", required.unwrap_or_default()),
        )?;
        for (name, value) in item {
            check_that(members.contains(&name.as_str()), &format!("has an unknown member {name}"))?;
            if name == "id" {
                check_that(value.is_i64() || value.is_u64(), "must have numbers as ids")?;
                continue;
            }
            let text = string(value)?;
            let absolute = text.starts_with("https://") || text.starts_with("http://");
            check_that(absolute || required != Some(name) || name != "href", "must be absolute URLs")?;
        }
    }
    Ok(())
}

fn check_that(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}
