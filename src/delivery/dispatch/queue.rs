//! Orders the outbox: an alert's place is that of its most urgent waiting event. What is over never comes before what
//! stands.

use std::collections::BTreeMap;

use crate::delivery::entry::Waiting;
use crate::delivery::ledger::Ledger;
use crate::payload::{Action, KeyKind, Notice, Subject};

/// How urgent an alert's most urgent waiting event is; less is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// A storm.
    Storm,
    /// A critical alert that stands.
    Critical,
    /// A node that is unreachable now.
    Unreachable,
    /// The end of what is open.
    Resolve,
    /// A warning that stands.
    Warning,
    /// A critical alert that is over, with its end right behind it.
    LateCritical,
    /// Anything else that is over.
    Late,
    /// A comment.
    Comment,
}

impl Urgency {
    /// Whether it is a page: a part of the pace is kept for pages.
    pub(super) fn is_page(self) -> bool {
        self <= Self::Unreachable
    }

    /// Whether it is sent even if the state cannot be written. A storm is not: the next run would open it anew.
    pub(super) fn needs_no_record(self) -> bool {
        matches!(self, Self::Critical | Self::Unreachable)
    }
}

/// Where an alert stands in line; less is earlier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct QueuePosition {
    pub(super) urgency: Urgency,
    /// Since when it waits (this machine's clock, milliseconds).
    pub(super) since: i64,
    pub(super) subject: Subject,
}

/// Lists all waiting events in the order in which they would be sent.
pub fn in_order(ledger: &Ledger) -> impl Iterator<Item = &Waiting> {
    let mut queue: BTreeMap<QueuePosition, &[Waiting]> = ledger
        .entries
        .iter()
        .filter_map(|(subject, entry)| Some((position(subject, &entry.waiting)?, entry.waiting.as_slice())))
        .collect();
    // As when sending: without its first event, an alert moves to the place of the next.
    std::iter::from_fn(move || {
        let (QueuePosition { subject, .. }, waiting) = queue.pop_first()?;
        let (first, rest) = waiting.split_first()?;
        queue.extend(position(&subject, rest).map(|position| (position, rest)));
        Some(first)
    })
}

/// Computes an alert's place from its waiting events; `None` without any.
pub(super) fn position(subject: &Subject, waiting: &[Waiting]) -> Option<QueuePosition> {
    // The RESOLVE of late news follows its ALERT: it has the same urgency.
    let late = waiting
        .iter()
        .map(|waiting| urgency(&waiting.notice))
        .find(|urgency| matches!(urgency, Urgency::LateCritical | Urgency::Late));
    let urgency = waiting
        .iter()
        .map(|waiting| match (urgency(&waiting.notice), late) {
            (Urgency::Resolve, Some(late)) => late,
            (urgency, _) => urgency,
        })
        .min()?;
    Some(QueuePosition { urgency, since: waiting.first()?.since, subject: subject.clone() })
}

fn urgency(notice: &Notice) -> Urgency {
    match (&notice.action, notice.kind) {
        (Action::Alert(raise), KeyKind::Critical) if raise.is_late() => Urgency::LateCritical,
        (Action::Alert(raise), _) if raise.is_late() => Urgency::Late,
        (Action::Alert(_), _) if notice.subject.is_storm() => Urgency::Storm,
        (Action::Alert(_), KeyKind::Critical) => Urgency::Critical,
        (Action::Alert(_), KeyKind::Unreachable) => Urgency::Unreachable,
        (Action::Alert(_), KeyKind::Warning) => Urgency::Warning,
        (Action::Resolve(_), _) => Urgency::Resolve,
        (Action::Comment, _) => Urgency::Comment,
    }
}
