//! Records what a run does: in the state, or only in memory if the state cannot be written. A full disk must not
//! silence a page: pages that stand are sent anyway, at worst once more by the next run.

use super::ledger::{Changes, Ledger};
use super::lock::Lock;
use super::store::{Commit, Store, StoreError};
use super::unrecorded::Unrecorded;

/// Records a run: in the state, or in memory.
#[derive(Debug)]
pub struct Recorder<'a> {
    /// The state, as long as it can be written, the fingerprint of key and endpoint, and its lock.
    store: Option<(&'a mut Store, &'a str, &'a mut Lock)>,
    /// Why the state cannot be written.
    broken: Option<StoreError>,
}

impl<'a> Recorder<'a> {
    /// Records in the state.
    pub fn new(store: &'a mut Store, key: &'a str, lock: &'a mut Lock) -> Self {
        Self { store: Some((store, key, lock)), broken: None }
    }

    /// Records nowhere: the state cannot be written.
    #[must_use]
    pub fn without_state() -> Self {
        Self { store: None, broken: None }
    }

    /// Whether what is recorded is durable.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.store.is_some()
    }

    /// Records a change. If the state cannot be written, notes in the lock that pages leave without a record, and
    /// records in memory from now on. Any other fault is an error.
    pub fn record(&mut self, ledger: &mut Ledger, commit: &Commit<'_>) -> Result<(), StoreError> {
        let Some((store, key, lock)) = &mut self.store else {
            ledger.changes = Changes::default();
            return Ok(());
        };
        match store.commit(key, ledger, commit) {
            Err(error) if error.is_unwritable() => {
                lock.note_unrecorded(Unrecorded::now(true));
                (self.store, self.broken) = (None, Some(error));
                Ok(())
            }
            result => result,
        }
    }

    /// Why the state cannot be written, if so.
    pub fn broken(&mut self) -> Option<StoreError> {
        self.broken.take()
    }
}
