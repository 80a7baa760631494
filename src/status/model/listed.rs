//! What a status lists: what is open, held back, not told, waiting or failed, an item each.

use serde::Serialize;

use crate::delivery::silences::Muted;
use crate::payload::{KeyKind, Subject};
use crate::text::one_line;

/// What something is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubjectNames {
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
    pub name: SubjectNames,
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

/// A change that does not count yet, because of a delay.
#[derive(Debug, Serialize)]
pub struct HeldBack {
    /// What is held back.
    pub status: HeldStatus,
    /// The alert or node.
    #[serde(flatten)]
    pub name: SubjectNames,
    /// What holds it.
    pub by: Hold,
    /// Until when, seconds since the epoch; at the earliest, as things stand. Absent where the configuration is not
    /// known.
    pub until: Option<i64>,
    /// Of a storm, the members that it waits for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<SubjectNames>,
    /// For how long it has been seen so (milliseconds), and when that was found (this machine's clock, milliseconds).
    #[serde(skip)]
    pub(in crate::status) seen: (i64, i64),
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
    pub name: SubjectNames,
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
    /// Netdata silences it: by its recipients, or by a silence.
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
    pub name: SubjectNames,
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
    pub name: SubjectNames,
    /// When: milliseconds since the epoch.
    pub at: i64,
    /// HTTP status; 0 where there was no answer.
    pub status: u16,
    /// What ilert said, or why it counts as failed.
    pub reason: String,
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

impl SubjectNames {
    /// In a few words, such as `cpu (system.cpu) on db-1`.
    #[must_use]
    pub fn words(&self) -> String {
        let what = self.alert.as_deref().or(self.storm.as_deref()).unwrap_or("unreachable");
        let chart = self.chart.as_ref().map(|chart| format!(" ({chart})")).unwrap_or_default();
        one_line(&format!("{what}{chart} on {}", self.host), 80)
    }
}

/// The first few of a list, and how many more there are.
pub(in crate::status) fn named<'a>(names: impl ExactSizeIterator<Item = &'a SubjectNames>) -> String {
    const NAMED: usize = 5;
    let more = names.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| format!("{more} more"));
    names.take(NAMED).map(SubjectNames::words).chain(more).collect::<Vec<_>>().join(", ")
}

impl From<&Subject> for SubjectNames {
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
