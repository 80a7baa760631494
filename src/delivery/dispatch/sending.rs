//! An event that is being sent: marked before, and unmarked if it did not get there.

use crate::delivery::entry::Entry;
use crate::delivery::key::{KeyState, Told};
use crate::payload::{Action, Notice, Subject};

/// An entry's first waiting event, marked as on the wire, and what it was before.
pub(super) struct Sending {
    pub(super) subject: Subject,
    pub(super) notice: Notice,
    pub(super) minimal: bool,
    was_tried: bool,
    was_key: KeyState,
}

impl Sending {
    /// Marks an entry's first waiting event as on the wire.
    pub(super) fn begin(subject: &Subject, entry: &mut Entry) -> Option<Self> {
        let waiting = entry.waiting.first()?;
        let sending = Self {
            subject: subject.clone(),
            notice: waiting.notice.clone(),
            minimal: waiting.minimal,
            was_tried: waiting.tried,
            was_key: entry.keys.get(waiting.notice.kind),
        };
        if let (Action::Alert(raise), false) = (&sending.notice.action, sending.was_tried) {
            let kind = sending.notice.kind;
            let since = entry.since_alert(kind, raise.is_late());
            let key = entry.keys.get_mut(kind);
            (key.told, key.since, key.scheme) = (key.told.max(Told::Maybe), since, sending.notice.scheme);
        }
        entry.waiting.first_mut()?.tried = true;
        Some(sending)
    }

    /// Undoes the mark: the event did not get there.
    pub(super) fn take_back(&self, entry: &mut Entry) {
        if let Some(waiting) = entry.waiting.first_mut() {
            waiting.tried = self.was_tried;
        }
        *entry.keys.get_mut(self.notice.kind) = self.was_key;
    }
}
