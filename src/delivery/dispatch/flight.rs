//! An event on its way: what is noted of it before it is sent, and taken back if it did not get there.

use crate::delivery::entry::{Entry, Key, Standing};
use crate::payload::{Action, Notice, Subject};

/// An entry's first waiting event, marked as on the wire, and what it was before.
pub(super) struct Flight {
    pub(super) subject: Subject,
    pub(super) notice: Notice,
    pub(super) minimal: bool,
    was_tried: bool,
    was_key: Key,
}

impl Flight {
    /// Marks an entry's first waiting event as on the wire.
    pub(super) fn take_off(subject: &Subject, entry: &mut Entry) -> Option<Self> {
        let raised = matches!(entry.standing, Some(Standing::Raised(_)));
        let waiting = entry.waiting.first_mut()?;
        let key = entry.keys.get_mut(waiting.notice.tier);
        let flight = Self {
            subject: subject.clone(),
            notice: waiting.notice.clone(),
            minimal: waiting.minimal,
            was_tried: waiting.tried,
            was_key: *key,
        };
        if matches!(waiting.notice.action, Action::Alert { .. }) && !waiting.tried {
            key.open = true;
            // News of what is over already: the next raise is another one.
            key.cleared = !raised;
        }
        waiting.tried = true;
        Some(flight)
    }

    /// It did not get there: as if it had not been tried.
    pub(super) fn take_back(&self, entry: &mut Entry) {
        if let Some(waiting) = entry.waiting.first_mut() {
            waiting.tried = self.was_tried;
        }
        *entry.keys.get_mut(self.notice.tier) = self.was_key;
    }
}
