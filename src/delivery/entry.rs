//! What is remembered of one alert or node: how its log is read, and what ilert was told.
//!
//! Two clocks hold a status back before it counts: Netdata's own delay (`delay_up_to_time`), and `resolve_after` for a
//! clear. A transition is judged by its new status and the status counted before it. Netdata's `old` status and
//! RECURRING flag are ignored: on a repeating alert both are wrong. A transition that is not newer than the last one
//! counted is history.

mod counting;
mod flapping;
mod muted;
mod storm;
mod unrecorded;
mod waiting;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use counting::CountingRules;
pub use flapping::{CLEAR_FOR, Flapping};
pub use storm::{Membership, StormState};
pub use waiting::{Waiting, is_ahead};

use super::key::{Keys, Since, Told};
use super::silences::Muted;
use crate::alert::{AlertDetails, Level, Sighting, Status};
use crate::netdata::merge::Views;
use crate::payload::{KeyKind, ResolveReason, Scheme, StormId, Subject};

/// An alert that ended longer ago than this (seconds) is old news and pages nobody.
pub const OLD_NEWS: i64 = 15 * 60;

/// An entry is kept for this long (seconds) after its end, to recognise it if the log repeats it. Longer than the
/// overlap in which the log is read again.
const REMEMBERED: i64 = 300;

/// A status that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Nothing is wrong.
    Clear,
    /// Raised; for a node, `Critical` stands for unreachable.
    Raised(Level),
}

impl Standing {
    /// The level, where raised.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Clear => None,
            Self::Raised(level) => Some(level),
        }
    }
}

/// A status whose delay has not passed: it counts at `due`, unless something newer comes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// When it counts (agent's clock, seconds).
    pub due: i64,
    /// Netdata silences it.
    pub silent: bool,
    /// It was reached during a silence of this program's.
    #[serde(default)]
    pub muted: bool,
    /// What Netdata said.
    pub facts: AlertDetails,
}

/// An alert that Netdata does not list any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gone {
    /// For how long this sender has seen it gone, milliseconds.
    pub seen: i64,
    /// Whether the node's health was online meanwhile.
    pub online: bool,
}

/// The end of the highest level that ilert was not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UntoldEnd {
    /// When (agent's clock, seconds).
    pub at: i64,
    /// By a clear, or another end; otherwise it fell to a warning.
    pub cleared: bool,
}

/// What is remembered of one alert or node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// As counted; `None` until something was.
    pub standing: Option<Standing>,
    /// A status whose delay has not passed.
    pub held: Option<Held>,
    /// A clear was counted at this time (agent's clock) and `resolve_after` has not passed since.
    pub clearing: Option<i64>,
    /// For how long this sender has seen that clear, milliseconds.
    pub cleared_for: i64,
    /// Absent from a healthy node.
    pub gone: Option<Gone>,
    /// Why it ended other than by a clear.
    pub ended: Option<ResolveReason>,
    /// Why the raise before this one ended, if not by a clear; kept while its RESOLVE waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_before: Option<ResolveReason>,
    /// The last raw status of the log, or as sighted.
    pub last: Status,
    /// The last transition that was taken in.
    pub transition: String,
    /// When that was (agent's clock, seconds).
    pub taken_at: i64,
    /// It was read from the present state: nothing of that second is newer.
    pub sighted: bool,
    /// Netdata silences it: by its recipients, or by a silence.
    pub silent: bool,
    /// The silence of this program's that holds it back, as of the last look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted: Option<Muted>,
    /// Highest level that was raised, not silenced, and not told to ilert.
    pub peak: Option<Level>,
    /// When and how that level ended, if it has.
    pub peak_ended: Option<UntoldEnd>,
    /// How often it was raised since ilert was told.
    pub times: u32,
    /// When it was last raised from clear (agent's clock, seconds); 0 if an earlier version counted that.
    pub raised_at: i64,
    /// What Netdata said at the last status that counted.
    pub facts: AlertDetails,
    /// What Netdata said at the peak.
    #[serde(rename = "raised")]
    pub peak_facts: AlertDetails,
    /// What ilert was told.
    pub keys: Keys,
    /// What each of several parents last showed of it. Without, the one agent's is what stands above.
    #[serde(skip_serializing_if = "Views::is_empty")]
    pub parents: Views,
    /// How often it came and went lately.
    #[serde(skip_serializing_if = "Flapping::is_none")]
    pub flapping: Flapping,
    /// The storm that tells it, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Membership>,
    /// The storm that told it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Arc<StormId>>,
    /// What it gathers, if it is a storm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storm: Option<Box<StormState>>,
    /// The outbox of this entry, in order. Stored in a table of its own.
    #[serde(skip)]
    pub waiting: Vec<Waiting>,
}

impl Entry {
    /// Whether a sighting changes nothing. The common case, checked without a copy.
    #[must_use]
    pub fn knows(&self, sighting: &Sighting) -> bool {
        self.last == sighting.facts.status
            && (sighting.facts.transition.is_empty() || self.transition == sighting.facts.transition)
            && self.held.is_none()
            && self.clearing.is_none()
            && self.gone.is_none()
            && sighting.silent.is_none_or(|silent| silent == self.silent)
    }

    /// Whether its present state must be asked for: it is raised, and the log does not say what became of it.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        (self.held.is_some() || self.is_raised()) && self.last != Status::Clear
    }

    /// Forgets what ilert was told of it, singly or by a storm, and what it is still to be told.
    pub(super) fn forget_told(&mut self) {
        self.keys = Keys::default();
        self.waiting.clear();
        (self.peak, self.peak_ended) = (None, None);
        (self.member, self.left) = (None, None);
    }

    /// Whether it counts as raised.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        matches!(self.standing, Some(Standing::Raised(_)))
    }

    /// Whether anything of it is raised, held, open or waiting.
    #[must_use]
    pub fn is_going_on(&self) -> bool {
        self.is_raised() || self.held.is_some() || self.keys.any_open() || !self.waiting.is_empty()
    }

    /// Whether nothing of it needs to be remembered at this time (agent's clock, seconds).
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        !self.is_going_on()
            && self.peak.is_none()
            && !self.flapping.is_remembered(now)
            && now.saturating_sub(self.taken_at).saturating_abs() > REMEMBERED
    }

    /// The entry as under a key that was told nothing yet: what is raised, or was raised and never told, is due.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { keys: Keys::default(), waiting: Vec::new(), member: None, left: None, ..self.clone() }
    }

    /// The same under a key that is back, and under which ilert was told of `former`. What is over is over, and what was
    /// raised anew meanwhile is another raise.
    pub(super) fn as_told(&self, former: Option<&Self>) -> Self {
        let mut keys = former.map(|former| former.keys).unwrap_or_default();
        let raises = [former.map_or(0, |former| former.raised_at), self.raised_at];
        let is_another = raises.iter().all(|at| *at > 0) && raises[0] != raises[1];
        match self.standing {
            Some(Standing::Clear) => keys.over(),
            Some(Standing::Raised(_)) if is_another => {
                keys.over();
                keys.raised_anew();
            }
            Some(Standing::Raised(_)) | None => {}
        }
        Self { keys, ..self.afresh() }
    }

    /// Under another key it was seen to be over, and forgotten.
    pub(super) fn over_meanwhile(&mut self) {
        (self.held, self.clearing, self.gone, self.member) = (None, None, None, None);
        (self.peak, self.peak_ended) = (None, None);
        (self.last, self.transition) = (Status::default(), String::new());
        self.flapping.ended();
        self.standing = Some(Standing::Clear);
        self.keys.over();
    }

    /// ilert was told what was raised.
    pub(super) fn told(&mut self) {
        (self.peak, self.peak_ended, self.times) = (None, None, 0);
    }

    /// What Netdata shows now, compared with an ALERT sent under this key.
    pub(super) fn since_alert(&self, kind: KeyKind, late: bool) -> Since {
        match self.standing {
            Some(Standing::Raised(_)) if late => Since::Over,
            Some(Standing::Raised(Level::Warning)) if kind == KeyKind::Critical => Since::Lowered,
            Some(Standing::Raised(_)) => Since::Same,
            Some(Standing::Clear) | None => Since::Over,
        }
    }

    /// An entry for what is open in ilert: told, and taken as raised.
    pub(super) fn adopted(kind: KeyKind, scheme: Scheme, facts: AlertDetails) -> Self {
        let mut entry = Self {
            standing: Some(Standing::Raised(kind.level())),
            last: facts.status,
            facts: facts.clone(),
            peak_facts: facts,
            ..Self::default()
        };
        let key = entry.keys.get_mut(kind);
        (key.told, key.scheme) = (Told::Accepted, scheme);
        entry
    }
}

/// The kinds of key that a subject can have open, most urgent first.
#[must_use]
pub fn kinds(subject: &Subject) -> &'static [KeyKind] {
    let kind = match subject {
        Subject::Alert(_) => return &[KeyKind::Critical, KeyKind::Warning],
        Subject::Node(_) => KeyKind::Unreachable,
        Subject::Storm(storm) => storm.kind,
    };
    match kind {
        KeyKind::Critical => &[KeyKind::Critical],
        KeyKind::Warning => &[KeyKind::Warning],
        KeyKind::Unreachable => &[KeyKind::Unreachable],
    }
}
