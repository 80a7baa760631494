//! Records what a run does: in the state, or beside the lock if the state cannot be written. A full disk must not silence
//! a page: pages that stand are sent anyway, at worst once more by the next run.

use super::ledger::{Changes, Ledger};
use super::lock::Lock;
use super::plan::PlanInput;
use super::store::{Commit, Store, StoreError};

/// Records a run: in the state, or its pages beside the lock.
#[derive(Debug)]
pub struct Recorder<'a> {
    /// The state, as long as it can be written, and the fingerprint of key and endpoint.
    store: Option<(&'a mut Store, &'a str)>,
    lock: &'a mut Lock,
    /// Why the state cannot be written.
    broken: Option<StoreError>,
}

impl<'a> Recorder<'a> {
    /// Records in the state.
    pub fn new(store: &'a mut Store, key: &'a str, lock: &'a mut Lock) -> Self {
        Self { store: Some((store, key)), lock, broken: None }
    }

    /// Records beside the lock: the state cannot be written. Of what waits in the ledger, only pages stay that stand and
    /// have not left before.
    pub fn without_state(lock: &'a mut Lock, ledger: &mut Ledger, input: &PlanInput) -> Self {
        ledger.tell_singly(input);
        let is_told = lock.look(ledger);
        ledger.keep_pages(|page| !is_told(page));
        // What is only observed is not recorded.
        ledger.changes = Changes::default();
        Self { store: None, lock, broken: None }
    }

    /// Whether what is recorded is durable.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.store.is_some()
    }

    /// Records a change. If the state cannot be written, notes beside the lock which pages leave, from now on. Any other
    /// fault is an error.
    pub fn record(&mut self, ledger: &mut Ledger, commit: &Commit<'_>) -> Result<(), StoreError> {
        if let Some((store, key)) = &mut self.store {
            match store.commit(key, ledger, commit) {
                Err(error) if error.is_unwritable() => (self.store, self.broken) = (None, Some(error)),
                result => return result,
            }
        }
        self.lock.follow(ledger);
        ledger.changes = Changes::default();
        Ok(())
    }

    /// Why the state cannot be written, if so.
    pub fn broken(&mut self) -> Option<StoreError> {
        self.broken.take()
    }
}
