//! What is remembered of a node, and of an agent or parent.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::alert::{Agent, Labels};
use crate::netdata::Cursor;

/// A node that a run has seen reachable and that the rooms cover; the agent's own in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeRecord {
    /// Machine GUID of the agent that has shown it reachable.
    pub shown_by: String,
    /// Those of other parents that show it reachable as well.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub also_shown_by: BTreeSet<String>,
    /// Only its alerts were seen: it is never reported unreachable.
    pub unseen: bool,
    /// Not reachable since (this machine's clock, milliseconds): for the words.
    pub unreachable_since: Option<i64>,
    /// For how long this sender has seen it not reachable, milliseconds.
    pub away_for: Option<i64>,
    /// For how long this sender has not seen it listed, milliseconds.
    pub unlisted_for: Option<i64>,
    /// Comes and goes by design.
    pub ephemeral: bool,
    /// Its host labels as last known, those that the configuration asks for.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
}

/// An agent or parent, as it last answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParentRecord {
    /// Where it is asked, without what may be secret in that URL.
    pub url: String,
    /// Who answered there.
    pub agent: Agent,
    /// When it last answered (this machine's clock, milliseconds).
    pub answered_at: i64,
    /// It has not answered since.
    #[serde(default)]
    pub away: bool,
    /// For how long it answers again after it was away, milliseconds; `None` once its nodes had their time. One agent's
    /// is [`Clocks::back_for`](crate::delivery::clocks::Clocks::back_for).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_for: Option<i64>,
    /// How far its log was read, if there are several parents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

impl NodeRecord {
    /// The machine GUIDs of those that have last shown it reachable.
    pub fn shown(&self) -> impl Iterator<Item = &str> {
        let first = Some(self.shown_by.as_str()).filter(|guid| !guid.is_empty());
        first.into_iter().chain(self.also_shown_by.iter().map(String::as_str))
    }

    /// The record of a node that these show reachable. Whoever was first before stays first, if it still is among them.
    #[must_use]
    pub fn shown_by(before: Option<&Self>, guids: &BTreeSet<String>) -> Self {
        let first = before.map(|before| &before.shown_by).filter(|guid| guids.contains(*guid));
        let shown_by = first.or_else(|| guids.first()).cloned().unwrap_or_default();
        let also_shown_by = guids.iter().filter(|guid| **guid != shown_by).cloned().collect();
        Self { shown_by, also_shown_by, ..Self::default() }
    }

    /// Whether it was not reachable when last looked for.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.away_for.is_some() || self.unlisted_for.is_some()
    }
}
