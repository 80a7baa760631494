//! In which order the outbox goes: an alert stands in line by its most urgent waiting event.

use std::collections::BTreeSet;

use crate::delivery::entry::{Entry, Waiting};
use crate::delivery::ledger::Ledger;
use crate::payload::{Action, Notice, Subject, Tier, alert_key};

/// How urgent an alert's most urgent waiting event is; less is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Page,
    Resolve,
    Warning,
    Comment,
}

/// Its class, since when it waits, and whose it is.
pub(super) type Place = (Class, i64, Subject);

/// What waits, most urgent first: the order in which it would be sent.
pub fn in_order(ledger: &Ledger) -> impl Iterator<Item = &Waiting> {
    let queue: BTreeSet<Place> =
        ledger.entries.iter().filter_map(|(subject, entry)| place(subject, entry)).collect();
    queue
        .into_iter()
        .filter_map(|(_, _, subject)| ledger.entries.get(&subject))
        .flat_map(|entry| &entry.waiting)
}

/// Where an entry stands in line, if anything of it waits.
pub(super) fn place(subject: &Subject, entry: &Entry) -> Option<Place> {
    let class = entry.waiting.iter().map(|waiting| class(&waiting.notice)).min()?;
    Some((class, entry.waiting.first()?.since, subject.clone()))
}

fn class(notice: &Notice) -> Class {
    match (&notice.action, notice.tier) {
        (Action::Alert { .. }, Tier::Critical | Tier::Unreachable) => Class::Page,
        (Action::Resolve(_), _) => Class::Resolve,
        (Action::Alert { .. }, Tier::Warning) => Class::Warning,
        (Action::Comment, _) => Class::Comment,
    }
}

/// An event in a few words, for logs and messages.
#[must_use]
pub fn name(notice: &Notice) -> String {
    let kind = match notice.action {
        Action::Alert { .. } => "ALERT",
        Action::Resolve(_) => "RESOLVE",
        Action::Comment => "COMMENT",
    };
    format!("{kind} {}", alert_key(&notice.subject, notice.tier))
}
