//! Records what a run does: in the state, or only in memory if the state cannot be written. A full disk must not
//! silence a page: pages that stand are sent anyway, at worst once more by the next run.

use super::ledger::{Changes, Ledger};
use super::store::{Commit, Store, StoreError};

/// Records a run: in the state, or in memory.
#[derive(Debug)]
pub struct Recorder<'a> {
    /// The state, as long as it can be written, and the fingerprint of key and endpoint.
    store: Option<(&'a mut Store, &'a str)>,
    /// Why the state cannot be written.
    broken: Option<StoreError>,
}

impl<'a> Recorder<'a> {
    /// Records in the state.
    pub fn new(store: &'a mut Store, key: &'a str) -> Self {
        Self { store: Some((store, key)), broken: None }
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

    /// Records a change. If the state cannot be written, records in memory from now on. Any other fault is an error.
    pub fn record(&mut self, ledger: &mut Ledger, commit: &Commit<'_>) -> Result<(), StoreError> {
        let Some((store, key)) = &mut self.store else {
            ledger.changes = Changes::default();
            return Ok(());
        };
        match store.commit(key, ledger, commit) {
            Err(error) if error.is_unwritable() => {
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
