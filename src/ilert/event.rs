//! The event, exactly as ilert's events API takes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What an event does to the alert with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EventType {
    /// Opens an alert, or is appended to the open one with the same key.
    Alert,
    /// Resolves the open alert with the key; without one it has no effect.
    Resolve,
    /// Adds a comment to the open alert with the key.
    Comment,
}

/// An event without its key: what is previewed, stored nowhere, and completed on the wire alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What it does.
    pub event_type: EventType,
    /// One line; sent always, on RESOLVE too.
    pub summary: String,
    /// Markdown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub details: String,
    /// Deduplication key, compared without case against open alerts of the source.
    pub alert_key: String,
    /// `HIGH` (escalates) or `LOW`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<&'static str>,
    /// 1 (worst) to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<u8>,
    /// Absolute URLs with their texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// For COMMENT.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
    /// String to string.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Free object, reachable from ilert's templates as `event.customDetails.x`.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub custom_details: serde_json::Map<String, serde_json::Value>,
}

/// A link of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Absolute URL.
    pub href: String,
    /// What it says.
    pub text: String,
}

/// A comment of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// Who says it.
    pub creator: String,
    /// Its text.
    pub content: String,
}
