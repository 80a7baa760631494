//! The store by itself: what it makes of older, foreign, lost and unwritable states, and what it keeps.

mod disks;
mod kept;
mod lost;
mod older;
mod one_file;
mod rows;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Commit, Continuity, RunRecord, Store, StoreError};
use crate::alert::NodeId;
use crate::delivery::entry::Entry;
use crate::delivery::ledger::Ledger;
use crate::payload::Subject;
use crate::secret::Secret;

const ENDPOINT: &str = "https://api.ilert.com";

fn key() -> Secret {
    Secret::new("il1api-demo-key-of-nobody-5e11".into())
}

struct StateFolder(TempDir);

impl StateFolder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        Self(folder)
    }

    /// With one run that recorded something.
    fn used() -> Self {
        let place = Self::new();
        place.record();
        place
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    fn open(&self) -> Store {
        Store::open(self.folder()).unwrap()
    }

    /// A run that records an entry; says what it found at first.
    fn record(&self) -> Continuity {
        let mut store = self.open();
        let found = store.continuity();
        record(&mut store).unwrap();
        store.close().unwrap();
        found
    }

    /// A run that finds nothing new.
    fn quiet(&self, started: i64) {
        let mut store = self.open();
        let key = store.fingerprint(&key(), ENDPOINT).unwrap();
        let run = RunRecord { started, ..RunRecord::default() };
        let commit = Commit { observed: true, run: Some(&run), ..Commit::default() };
        store.commit(&key, &mut Ledger::default(), &commit).unwrap();
        store.close().unwrap();
    }

    fn entries(&self) -> usize {
        let store = Store::open_existing(self.folder()).unwrap().unwrap();
        let key = store.known_fingerprint(&key(), ENDPOINT).unwrap().unwrap();
        store.load(&key).unwrap().ledger.entries.len()
    }

    fn remove_logs(&self) {
        for name in ["state.db-wal", "state.db-shm"] {
            fs::remove_file(self.at(name)).unwrap();
        }
    }

    /// What somebody has who copies the one file.
    fn copy(&self) -> Self {
        let copy = Self::new();
        fs::copy(self.at("state.db"), copy.at("state.db")).unwrap();
        copy
    }

    /// When the last run was, as somebody who copies the one file learns.
    fn last_run_in_copy(&self) -> Option<i64> {
        let store = Store::open_existing(self.copy().folder()).unwrap().unwrap();
        store.last_run().unwrap().map(|run| run.started)
    }
}

/// One more entry, durably.
fn record(store: &mut Store) -> Result<(), StoreError> {
    let key = store.fingerprint(&key(), ENDPOINT)?;
    let mut ledger = store.load(&key)?.ledger;
    let subject = node(ledger.entries.len());
    ledger.entries.insert(subject.clone(), Entry::default());
    ledger.changes.entries.insert(subject);
    store.commit(&key, &mut ledger, &Commit { observed: true, ..Commit::default() })
}

fn node(number: usize) -> Subject {
    Subject::Node(NodeId { guid: format!("guid-{number}"), host: format!("db-{number}") })
}
