//! What ilert's REST API gives and takes, as far as it is used. Words that ilert may add to (types, rules) are
//! texts here: one that is new must not keep anything from working.

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{AccountError, AutoResolution, Grouping, Listed};
use crate::json::Text;
use crate::secret::Secret;
use crate::text::Shown;

/// The integration type that takes events.
pub const API: &str = "API";

/// The priority rule with which an alert source heeds the priority of events (ilert's documentation).
pub const HIGH: &str = "HIGH";

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// First name.
    #[serde(default, deserialize_with = "shown")]
    pub first_name: Shown,
    /// Last name.
    #[serde(default, deserialize_with = "shown")]
    pub last_name: Shown,
    /// Role, such as `ADMIN` or `RESPONDER`.
    #[serde(default, deserialize_with = "shown")]
    pub role: Shown,
}

/// Who is called, and in which order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EscalationPolicy {
    /// Unique in the account.
    pub id: i64,
    /// What people call it; not unique.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
}

/// An alert source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertSource {
    /// Unique in the account.
    pub id: i64,
    /// What people call it; not unique.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// [`API`], or a monitoring tool's own.
    #[serde(default, deserialize_with = "or_default")]
    pub integration_type: String,
    /// What events are sent with; `None` where the token may not update the source.
    #[serde(default, deserialize_with = "secret")]
    pub integration_key: Option<Secret>,
    /// Whether it takes events, where ilert says so.
    pub active: Option<bool>,
    /// [`HIGH`], or a rule that overrides the priority of events.
    #[serde(default, deserialize_with = "text")]
    pub alert_priority_rule: Option<String>,
    /// Which events share an alert, such as `ONE_OPEN_ALERT_ALLOWED`, where ilert says so ([`Grouping::word`]).
    #[serde(default, deserialize_with = "text")]
    pub alert_creation: Option<String>,
    /// After how long ilert resolves its alerts by itself, such as `PT1H`.
    #[serde(default, deserialize_with = "text")]
    pub auto_resolution_timeout: Option<String>,
    /// Who is called.
    pub escalation_policy: Option<EscalationPolicy>,
}

/// An alert source to be created.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewAlertSource<'a> {
    /// What people will call it.
    pub name: &'a str,
    /// Id of the escalation policy.
    pub escalation_policy: i64,
    /// Which events share an alert.
    pub grouping: Grouping,
    /// After how long ilert resolves its alerts by itself, also those that Netdata still shows.
    pub auto_resolution: Option<AutoResolution>,
}

impl AlertSource {
    /// Its integration key.
    pub fn key(&self) -> Result<&Secret, AccountError> {
        let key = self.integration_key.as_ref().filter(|key| !key.expose().trim().is_empty());
        key.ok_or_else(|| AccountError::KeyWithheld { id: self.id, name: self.name.as_str().into() })
    }
}

impl Serialize for NewAlertSource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Id {
            id: i64,
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", self.name)?;
        map.serialize_entry("integrationType", API)?;
        map.serialize_entry("escalationPolicy", &Id { id: self.escalation_policy })?;
        map.serialize_entry("alertPriorityRule", HIGH)?;
        self.grouping.serialize_into(&mut map)?;
        if let Some(time) = self.auto_resolution {
            map.serialize_entry("autoResolutionTimeout", time.word())?;
        }
        map.end()
    }
}

impl Listed for EscalationPolicy {
    fn id(&self) -> i64 {
        self.id
    }
}

impl Listed for AlertSource {
    fn id(&self) -> i64 {
        self.id
    }
}

/// A secret that may be null.
pub(super) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
}

/// A text that may be null; empty is none, too. Bounded, as [`or_default`].
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Some(or_default(deserializer)?).filter(|text| !text.is_empty()))
}

/// A text that may be null. One that is too long keeps its beginning, and a hash of the whole.
pub(super) fn or_default<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Text::deserialize(deserializer).map(Text::into_string)
}

/// A text for people, which may be null; empty is none, too.
pub(super) fn shown_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Shown>, D::Error> {
    Ok(Some(shown(deserializer)?).filter(|text| !text.is_empty()))
}

/// A text for people, which may be null.
pub(super) fn shown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Shown, D::Error> {
    Text::deserialize(deserializer).map(|text| text.shown())
}
