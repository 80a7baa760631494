//! In which order the outbox goes: an alert stands in line by its most urgent waiting event.

use std::collections::BTreeMap;

use crate::delivery::entry::Waiting;
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
    let mut queue: BTreeMap<Place, &[Waiting]> = ledger
        .entries
        .iter()
        .filter_map(|(subject, entry)| Some((place(subject, &entry.waiting)?, entry.waiting.as_slice())))
        .collect();
    // As when sending: with its first event gone, an alert stands in line by the rest.
    std::iter::from_fn(move || {
        let ((.., subject), waiting) = queue.pop_first()?;
        let (first, rest) = waiting.split_first()?;
        queue.extend(place(&subject, rest).map(|place| (place, rest)));
        Some(first)
    })
}

/// Where an alert stands in line by what waits of it, if anything does.
pub(super) fn place(subject: &Subject, waiting: &[Waiting]) -> Option<Place> {
    let class = waiting.iter().map(|waiting| class(&waiting.notice)).min()?;
    Some((class, waiting.first()?.since, subject.clone()))
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
