//! The silences of *Notification*: which of the configuration's end, and one that is added.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::wizard::field::Field;

/// Silences.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SilenceAnswers {
    /// They are shown, with the fields for a new one.
    pub unfolded: bool,
    /// Names of those that are taken out of the configuration.
    pub ended: BTreeSet<String>,
    /// What the new one is called, or why it is.
    pub name: Field,
    /// Its nodes, by a pattern; all where it is empty.
    pub nodes: Field,
    /// Its alerts, by a pattern; everything where it is empty.
    pub alerts: Field,
    /// When it is, such as `2h`, which is from now on, or `Fri 18:00 for 15h`.
    pub time: Field,
}

impl SilenceAnswers {
    /// Whether a new one is begun.
    #[must_use]
    pub fn adds(&self) -> bool {
        let fields = [&self.name, &self.nodes, &self.alerts, &self.time];
        self.unfolded && fields.into_iter().any(|field| !field.value().trim().is_empty())
    }
}
