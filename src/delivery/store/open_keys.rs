//! What is open in ilert, under the present key and under others.

use rusqlite::params;

use super::{Store, StoreError};
use crate::delivery::entry::{Entry, kinds};
use crate::delivery::unrecorded::Page;
use crate::payload::{KeyKind, Scheme, Subject};

/// What stays open in ilert under a key that is no longer configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Fingerprint of that key.
    pub key: String,
    /// What is open under it.
    pub open: Vec<OpenKey>,
}

/// What is open in ilert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenKey {
    /// Whose it is.
    pub subject: Subject,
    /// Which of its keys.
    pub kind: KeyKind,
    /// How that key is written.
    pub scheme: Scheme,
    /// Since when, as Netdata says (seconds).
    pub since: i64,
}

impl OpenKey {
    /// The keys of an alert or node that are open, most urgent first.
    pub fn of(subject: &Subject, entry: &Entry) -> impl Iterator<Item = Self> {
        let key = |kind: &KeyKind| (*kind, entry.keys.get(*kind));
        kinds(subject).iter().map(key).filter(|(_, key)| key.is_open()).map(|(kind, key)| Self {
            subject: subject.clone(),
            kind,
            scheme: key.scheme,
            since: entry.facts.when,
        })
    }
}

impl OpenKey {
    /// The key of a page that left without a record.
    #[must_use]
    pub fn left(page: &Page) -> Self {
        Self { subject: page.subject.clone(), kind: page.kind, scheme: page.scheme, since: page.facts.when }
    }
}

impl Store {
    /// How many alerts and nodes are open in ilert under a key.
    pub fn open_under(&self, key: &str) -> Result<usize, StoreError> {
        Ok(self.entries(key)?.values().filter(|entry| entry.keys.any_open()).count())
    }

    /// What is open in ilert under other keys than this one.
    pub fn set_aside(&self, key: &str) -> Result<Vec<SetAside>, StoreError> {
        let keys =
            self.rows("SELECT DISTINCT key FROM ledger WHERE key <> ?1 ORDER BY key", params![key], |row| {
                row.get::<_, String>(0)
            })?;
        keys.into_iter()
            .map(|key| {
                let entries = self.entries(&key)?;
                let open = entries.iter().flat_map(|(subject, entry)| OpenKey::of(subject, entry)).collect();
                Ok(SetAside { key, open })
            })
            .collect()
    }

    /// What is remembered under a key and not open in ilert.
    pub(super) fn closed_under(&self, key: &str) -> Result<Vec<Subject>, StoreError> {
        let closed = self.entries(key)?.into_iter().filter(|(_, entry)| !entry.keys.any_open());
        Ok(closed.map(|(subject, _)| subject).collect())
    }
}
