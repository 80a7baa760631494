//! How an alert is configured, in the words of Netdata's `health.d`.

use serde::{Deserialize, Serialize};

use crate::text::Shown;

/// How an alert is configured: what someone on call compares the value with. What the agent does not give is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertConfig {
    /// The expression that makes it a warning, such as `$this > 80`.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub warn_when: Shown,
    /// The expression that makes it critical.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub crit_when: Shown,
    /// How the value is calculated, such as `$used * 100 / ($avail + $used)`.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub calculation: Shown,
    /// What is looked up in the database for it, such as `average -10m unaligned of user,system`.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub lookup: Shown,
}

impl AlertConfig {
    /// Whether nothing of it is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
