//! An event of the outbox.

use serde::{Deserialize, Serialize};

use crate::payload::{Action, KeyKind, Notice};

/// An event of the outbox: recorded, not yet accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// What it tells.
    pub notice: Notice,
    /// Put on the wire without an answer, in this run or one that could not record it: sent again before anything
    /// after it.
    #[serde(default)]
    pub tried: bool,
    /// ilert refused it once: sent with the built-in minimal payload.
    #[serde(default)]
    pub minimal: bool,
    /// When it was first recorded (this machine's clock, milliseconds since the epoch).
    #[serde(default)]
    pub since: i64,
    /// It failed, and nothing has shown yet whether it is at fault or the endpoint.
    #[serde(default)]
    pub suspect: bool,
    /// How often it was at fault: another event was accepted after it had failed.
    #[serde(default)]
    pub faults: u32,
    /// It rests until then (this machine's clock, milliseconds since the epoch).
    #[serde(default)]
    pub rests_until: i64,
}

/// The longest rest, milliseconds.
const LONGEST_REST: i64 = 15 * 60_000;

/// Whether a rest lasts until then (both by this machine's clock, milliseconds). A time that lies further ahead than any
/// rest was written before the clock was set back.
#[must_use]
pub fn is_ahead(rests_until: i64, now: i64) -> bool {
    rests_until > now && rests_until - now <= LONGEST_REST
}

impl Waiting {
    /// Whether it may have reached ilert and must be sent again. A comment need not be.
    #[must_use]
    pub fn is_on_the_wire(&self) -> bool {
        self.tried && self.notice.action != Action::Comment
    }

    /// Whether it rests at this time (this machine's clock, milliseconds).
    #[must_use]
    pub fn rests(&self, now: i64) -> bool {
        is_ahead(self.rests_until, now)
    }

    /// Whether it is the ALERT of an alert or node that stands and pages.
    #[must_use]
    pub fn is_page(&self) -> bool {
        let pages = matches!(self.notice.kind, KeyKind::Critical | KeyKind::Unreachable);
        pages
            && !self.notice.subject.is_storm()
            && matches!(self.notice.action, Action::Alert(raise) if !raise.is_late())
    }

    /// A new event, not tried yet.
    #[must_use]
    pub fn new(notice: Notice, since: i64) -> Self {
        Self { notice, tried: false, minimal: false, since, suspect: false, faults: 0, rests_until: 0 }
    }
}
