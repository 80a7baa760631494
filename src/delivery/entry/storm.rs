//! What an entry remembers of storms: it is a storm itself, or a storm tells it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::alert::Level;
use crate::delivery::key::Told;
use crate::payload::{Action, KeyKind, Storm, StormId};

/// The time between two comments on a storm (seconds).
const COMMENT_EVERY: i64 = 5 * 60;
/// A comment is due when the number still raised has changed by this, and by a tenth.
const COMMENT_CHANGE: usize = 5;

/// An alert or node that a storm tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Which storm.
    pub storm: Arc<StormId>,
    /// ilert has accepted that storm.
    pub told: bool,
}

/// What is remembered of a storm.
#[allow(clippy::struct_field_names)] // what it says is a storm, too
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StormState {
    /// What its events say.
    pub storm: Storm,
    /// When it opened (this machine's clock, milliseconds).
    pub opened: i64,
    /// It was found open in ilert after the state was lost: its members are not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub adopted: bool,
    /// How many were still raised, as last told.
    pub said: usize,
    /// When that was (agent's clock, seconds).
    pub said_at: i64,
}

impl StormState {
    /// Whether it speaks of this kind: the name of an alert, or any node.
    #[must_use]
    pub fn speaks_of(&self, alert: Option<&str>) -> bool {
        self.adopted || alert.is_none_or(|alert| self.storm.by_alert.contains_key(alert))
    }

    /// Whether a comment on how it goes on is due at this time (agent's clock, seconds).
    #[must_use]
    pub fn is_news(&self, now: i64) -> bool {
        let change = self.storm.standing.abs_diff(self.said);
        let long_ago = (now - self.said_at).saturating_abs() >= COMMENT_EVERY;
        long_ago && change >= COMMENT_CHANGE && change.saturating_mul(10) >= self.said
    }

    /// What an event of this kind says.
    #[must_use]
    pub fn told_by(&self, action: &Action) -> Box<Storm> {
        Box::new(match action {
            Action::Resolve(_) => self.storm.without_members(),
            Action::Alert(_) | Action::Comment => self.storm.clone(),
        })
    }

    /// ilert accepted an event that said this, at this time (agent's clock, seconds).
    pub fn said(&mut self, told: &Storm, now: i64) {
        (self.said, self.said_at) = (told.standing, now);
    }
}

impl Entry {
    /// Whether a storm of this kind tells it.
    #[must_use]
    pub fn is_member(&self, kind: KeyKind) -> bool {
        self.member.as_ref().is_some_and(|member| member.storm.kind == kind)
    }

    /// Whether a storm tells it, and ilert has accepted that.
    #[must_use]
    pub fn is_told_by_storm(&self) -> bool {
        self.member.as_ref().is_some_and(|member| member.told)
    }

    /// Leaves the storm that tells it: it is over, and what is raised after this is a raise of its own. What the storm
    /// has told is not told again.
    pub(super) fn leave_storm(&mut self) {
        let Some(member) = self.member.take() else { return };
        if member.storm.kind != KeyKind::Warning || self.peak == Some(Level::Warning) {
            self.told();
        }
        self.left = Some(member.storm);
    }

    /// Whether ilert has accepted an ALERT of this kind that is open.
    pub(in crate::delivery) fn is_accepted(&self, kind: KeyKind) -> bool {
        self.keys.get(kind).told == Told::Accepted
    }

    /// Whether it stays a member of its storm, which ilert has accepted or not (`told`). A warning that grew critical
    /// leaves, and so does an alert silenced before the storm was told. A critical that fell to a warning stays.
    pub(in crate::delivery) fn stays(&self, kind: KeyKind, told: bool) -> bool {
        let is_critical = self.peak == Some(Level::Critical) && self.peak_ended.is_none();
        let grew = is_critical || self.keys.critical.stands();
        let never_told = self.is_silenced() && !told;
        self.is_raised() && !never_told && !(kind == KeyKind::Warning && grew)
    }
}
