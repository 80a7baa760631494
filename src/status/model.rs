//! What `--status` shows, as values.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use super::silence::{self, ShownSilence};
use crate::config::{Config, Delivery};
use crate::delivery::clocks::millis;
use crate::delivery::entry::CLEAR_FOR;
use crate::delivery::silences::{ByHand, Muted};
use crate::delivery::store::RunRecord;
use crate::delivery::untold::Untold;
use crate::exit::Exit;
use crate::payload::{KeyKind, Subject};
use crate::text::ago::stamp;

/// What flaps must be clear for this long.
#[allow(clippy::cast_sign_loss)] // a constant above zero
const FLAPPING: Duration = Duration::from_millis(CLEAR_FOR as u64);

/// All that `--status` shows; serialized, it is what `--status --json` prints.
#[derive(Debug, Default, Serialize)]
pub struct StatusReport {
    /// The configuration is switched off: nothing is sent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub switched_off: bool,
    /// Why the configuration cannot be used, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unusable: Option<String>,
    /// The state was lost: what was open in ilert before is not known.
    pub lost: Option<Lost>,
    /// There is no state, as the last run could not write it: what that run sent is not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unrecorded: bool,
    /// The last run; absent when there was none.
    pub last_run: Option<RunRecord>,
    /// Each of several parents, in the configuration's order; absent where there is but one agent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<ShownParent>,
    /// What came and went, too long ago to be told, since the first of it.
    pub untold: Option<Untold>,
    /// What is open in ilert, or may be.
    pub open: Vec<Open>,
    /// What does not count yet.
    pub held: Vec<HeldBack>,
    /// What is raised, and ilert is not told.
    pub not_told: Vec<NotTold>,
    /// The outbox, in the order in which it will be sent.
    pub waiting: Vec<WaitingEvent>,
    /// What ilert refused for good, oldest first.
    pub failed: Vec<FailedEvent>,
    /// How many older ones of those are not kept any more.
    pub failed_dropped: i64,
    /// What stays open under keys or endpoints that are no longer configured.
    pub set_aside: Vec<Open>,
    /// Host names that more than one node bears.
    #[serde(skip)]
    pub(super) twins: BTreeSet<String>,
    /// Silences in force, and when the others are next.
    pub silences: Vec<ShownSilence>,
    /// Silences made by hand, as the state has them.
    #[serde(skip)]
    pub(super) by_hand: Vec<ByHand>,
    /// No run has left a state.
    #[serde(skip)]
    pub(super) absent: bool,
}

/// The state is not what the last run left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// When a run noticed (this machine's clock, milliseconds); absent where none has yet.
    pub at: Option<i64>,
    /// It is an older copy: how many records it has, of how many. Known until a run notices.
    #[serde(skip)]
    pub(super) older: Option<(i64, i64)>,
}

/// One of several parents that watch the same nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownParent {
    /// Where it is asked.
    pub url: String,
    /// Its host name.
    pub host: String,
    /// Its machine GUID.
    pub guid: String,
    /// Its version, as it last answered.
    pub version: String,
    /// Whether it answered the last run.
    pub answers: bool,
    /// When it last answered (this machine's clock, milliseconds).
    pub answered_at: i64,
}

/// What something is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Host name.
    pub host: String,
    /// Machine GUID.
    pub guid: String,
    /// Alert name; absent for a node.
    pub alert: Option<String>,
    /// Chart id; absent for a node.
    pub chart: Option<String>,
    /// What a storm is of; absent where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storm: Option<String>,
}

/// An alert that is open in ilert, or may be.
#[derive(Debug, Serialize)]
pub struct Open {
    /// `critical`, `warning` or `unreachable`.
    #[serde(rename = "tier")]
    pub kind: KeyKind,
    /// Whose it is.
    #[serde(flatten)]
    pub name: Named,
    /// Since when, as Netdata says: seconds since the epoch.
    pub since: i64,
    /// Its key in ilert.
    pub alert_key: String,
    /// How sure that is, and whether it will end by itself.
    pub state: OpenState,
}

/// How sure it is that something is open, and whether it will end by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenState {
    /// It is, and is resolved when it is over.
    Open,
    /// Maybe: its ALERT was sent and not answered.
    Maybe,
    /// ilert refused its RESOLVE for good.
    Refused,
    /// It is over, and the notification types leave its RESOLVE out.
    Over,
}

/// What does not count yet, or has not been so for long enough.
#[derive(Debug, Serialize)]
pub struct HeldBack {
    /// What is held back.
    pub status: HeldStatus,
    /// Whose it is.
    #[serde(flatten)]
    pub name: Named,
    /// What holds it.
    pub by: Hold,
    /// Until when, seconds since the epoch; at the earliest, as things stand. Absent where the configuration is not
    /// known.
    pub until: Option<i64>,
    /// For how long it has been seen so (milliseconds), and when that was found (this machine's clock, milliseconds).
    #[serde(skip)]
    pub(super) seen: (i64, i64),
}

/// What is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldStatus {
    /// A warning.
    Warning,
    /// A critical.
    Critical,
    /// A clear.
    Clear,
    /// The alert's end: it is not there any more.
    Gone,
    /// A node that does not answer.
    Away,
}

/// What holds something back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Netdata's own delay.
    Delay,
    /// `delivery.resolve_after`.
    ResolveAfter,
    /// It flaps: it must be clear for a quarter of an hour.
    Flapping,
    /// `delivery.removed_after`.
    RemovedAfter,
    /// `delivery.unreachable_after`.
    UnreachableAfter,
}

/// What is raised, and ilert is not told.
#[derive(Debug, Serialize)]
pub struct NotTold {
    /// `critical`, `warning` or `unreachable`.
    #[serde(rename = "tier")]
    pub kind: KeyKind,
    /// Whose it is.
    #[serde(flatten)]
    pub name: Named,
    /// Since when, as Netdata says: seconds since the epoch.
    pub since: i64,
    /// Why.
    pub why: Untellable,
    /// The silence of this program's, if that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence: Option<Muted>,
}

/// Why something that is raised is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Untellable {
    /// ilert refused its ALERT for good.
    Refused,
    /// Recipients, or a silence in Netdata, say that nobody is to be told.
    Silent,
    /// A silence of this program's holds it back.
    Silenced,
    /// The notification types leave it out.
    Types,
}

/// An event that is recorded and not yet accepted.
#[derive(Debug, Serialize)]
pub struct WaitingEvent {
    /// What it does, and to which key.
    pub event: String,
    /// `critical`, `warning` or `unreachable`.
    #[serde(rename = "tier")]
    pub kind: KeyKind,
    /// Whose it is.
    #[serde(flatten)]
    pub name: Named,
    /// Since when: milliseconds since the epoch.
    pub since: i64,
    /// It was on the wire without an answer.
    pub tried: bool,
    /// How often it failed while others were taken.
    pub faults: u32,
    /// It is not tried again before then: milliseconds since the epoch.
    pub rests_until: Option<i64>,
}

/// An event that ilert refused for good, or never took.
#[derive(Debug, Serialize)]
pub struct FailedEvent {
    /// What `--retry` and `--discard` call it.
    pub id: i64,
    /// What it does, and to which key.
    pub event: String,
    /// `critical`, `warning` or `unreachable`.
    #[serde(rename = "tier")]
    pub kind: KeyKind,
    /// Whose it is.
    #[serde(flatten)]
    pub name: Named,
    /// When: milliseconds since the epoch.
    pub at: i64,
    /// HTTP status; 0 where there was no answer.
    pub status: u16,
    /// What ilert said, or why it counts as failed.
    pub reason: String,
}

impl StatusReport {
    /// The exit code: 4 where something failed, 75 where something waits; 3 where the configuration cannot be used, and 0
    /// where it is switched off.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.switched_off {
            return Exit::Done;
        }
        if self.unusable.is_some() {
            return Exit::Configuration;
        }
        match (self.failed.is_empty(), self.waiting.is_empty()) {
            (false, _) => Exit::Refused,
            (true, false) => Exit::Later,
            (true, true) => Exit::Done,
        }
    }

    /// Whether no run has left a state.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// Lists the silences of the state, and of the configuration where that is known, as they are at this time
    /// (milliseconds).
    pub fn list_silences(&mut self, config: Option<&Config>, now: i64) {
        self.silences = silence::listed(&self.by_hand, config, now);
    }

    /// Silences made by hand, as the state has them; some may be over.
    #[must_use]
    pub fn silences_by_hand(&self) -> &[ByHand] {
        &self.by_hand
    }

    /// Says until when things are held, by the configuration's delays.
    pub fn foresee(&mut self, delivery: &Delivery) {
        for held in &mut self.held {
            let delay = match held.by {
                Hold::Delay => continue,
                Hold::ResolveAfter => delivery.resolve_after,
                Hold::Flapping => FLAPPING,
                Hold::RemovedAfter => delivery.removed_after,
                Hold::UnreachableAfter => delivery.unreachable_after,
            };
            let (seen, found) = held.seen;
            let left = millis(delay).saturating_sub(seen).max(0);
            held.until = Some(found.saturating_add(left) / 1000);
        }
    }
}

/// Why there is no state: the last run could not write it.
pub const UNRECORDED: &str = "the last run could not write its state (is the disk full?)";

impl Lost {
    /// What is the matter with the state, after the words "the state is".
    #[must_use]
    pub fn words(&self) -> String {
        match (self.at, self.older) {
            (Some(at), _) => format!("lost, as found on {}", stamp(at)),
            (None, Some((now, had))) => format!("an older copy (record {now} of {had})"),
            (None, None) => "lost".to_owned(),
        }
    }
}

impl FailedEvent {
    /// What was answered, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self.status {
            0 => self.reason.clone(),
            // Of an earlier version.
            status if self.reason.is_empty() => format!("HTTP {status}"),
            status => format!("HTTP {status}: {}", self.reason),
        }
    }
}

impl From<&Subject> for Named {
    fn from(subject: &Subject) -> Self {
        let node = subject.node();
        let (alert, chart) = match subject {
            Subject::Alert(alert) => (Some(alert.name.clone()), Some(alert.chart.clone())),
            Subject::Node(_) | Subject::Storm(_) => (None, None),
        };
        let storm = match subject {
            Subject::Storm(storm) => Some(format!("storm of {}", storm.when())),
            Subject::Alert(_) | Subject::Node(_) => None,
        };
        Self { host: node.host.clone(), guid: node.guid.clone(), alert, chart, storm }
    }
}
