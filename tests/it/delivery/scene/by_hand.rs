//! What a person does between runs.

use std::collections::BTreeSet;

use netdata_ilert::config::Config;
use netdata_ilert::delivery::adopt::{Adopted, take};
use netdata_ilert::delivery::by_hand::retry;
use netdata_ilert::delivery::ledger::Ledger;
use netdata_ilert::delivery::reconcile::{Forgotten, forget, resolve_under_old_key};
use netdata_ilert::delivery::recorder::Recorder;
use netdata_ilert::delivery::store::{Commit, Store};

use super::{Scene, short};

impl Scene {
    /// Another key is to follow, or another sender; says what ilert took.
    pub fn hand_over(&mut self) -> Vec<String> {
        let before = self.ilert.taken.borrow().len();
        let now = self.now();
        let mut store = Store::open(self.folder.path()).unwrap();
        let key = self.fingerprint(&mut store);
        let (mut ledger, mut pace) = store.of_key(&key).unwrap();
        resolve_under_old_key(&mut ledger, &self.config, now);
        store.commit(&key, &mut ledger, &Commit::default()).unwrap();
        self.dispatch(
            &mut Recorder::new(&mut store, &key, &mut self.lock()),
            &mut ledger,
            &mut pace,
            now / 1000,
        );
        self.ilert.taken.borrow()[before..].iter().map(|(kind, key, _)| short(*kind, key)).collect()
    }

    /// A person forgets a node; what is due then is told by the next run.
    pub fn forget(&mut self, name: &str) -> Forgotten {
        let now = self.now();
        self.by_hand(|ledger, config| forget(ledger, name, config, now))
    }

    /// A person takes what is open in ilert into the state.
    pub fn adopt(&mut self) -> Adopted {
        let seen = self.world.observe(None, &BTreeSet::new()).unwrap();
        let keys: Vec<String> = self.ilert.open.borrow().keys().cloned().collect();
        self.by_hand(|ledger, _| take(ledger, &seen, &keys))
    }

    fn by_hand<T>(&mut self, what: impl FnOnce(&mut Ledger, &Config) -> T) -> T {
        let mut store = Store::open(self.folder.path()).unwrap();
        let key = self.fingerprint(&mut store);
        let mut ledger = store.load(&key).unwrap().ledger;
        let result = what(&mut ledger, &self.config);
        store.commit(&key, &mut ledger, &Commit::default()).unwrap();
        result
    }

    /// A person has all that failed tried again by the next run.
    pub fn retry(&mut self) {
        let now = self.now();
        let retried = retry(self.folder.path(), &self.key, &self.config, &[], now);
        self.runtime.block_on(retried).unwrap();
    }

    /// The state is gone: nothing is remembered, nor how far the log was read.
    pub fn lose_state(&mut self) {
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        self.read = None;
    }
}
