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

impl Waiting {
    /// Whether it may have reached ilert and must be sent again. A comment need not be.
    #[must_use]
    pub fn is_on_the_wire(&self) -> bool {
        self.tried && self.notice.action != Action::Comment
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
