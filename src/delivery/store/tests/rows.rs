//! Rows are read back as they were written, and damaged ones are reported.

mod samples;

use std::sync::Arc;

use proptest::prelude::*;
use rusqlite::Connection;

use super::{ENDPOINT, StateFolder, key};
use crate::alert::{AlertId, Level, NodeId, Status};
use crate::delivery::entry::{Entry, Standing};
use crate::delivery::ledger::Ledger;
use crate::delivery::store::{Commit, Store, StoreError};
use crate::payload::Subject;
use samples::{ledger, one_of};

fn commit(store: &mut Store, ledger: &mut Ledger) -> String {
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    store.commit(&key, ledger, &Commit { observed: true, ..Commit::default() }).unwrap();
    key
}

proptest! {
    #![proptest_config(crate::regressions::properties(64))]

    #[test]
    fn what_is_written_is_read_back_as_it_was(mut ledger in ledger()) {
        let place = StateFolder::new();
        let mut store = place.open();
        let failed = ledger.failed.clone();
        let key = commit(&mut store, &mut ledger);
        drop(store);
        let store = place.open();
        let read = store.load(&key).unwrap().ledger;
        prop_assert_eq!(&read.entries, &ledger.entries);
        prop_assert_eq!(&read.nodes, &ledger.nodes);
        let read: Vec<_> =
            store.failed().unwrap().into_values().collect();
        prop_assert_eq!(read, failed);
    }

    /// Raised and told, and nothing is due of it.
    #[test]
    fn what_is_asleep_is_found_and_wakes_as_it_was(mut ledger in ledger(), rests in any::<bool>()) {
        for (subject, entry) in ledger.entries.iter_mut().filter(|_| rests) {
            if let Subject::Alert(_) = subject {
                let Entry { facts, transition, .. } = entry.clone();
                let standing = Some(Standing::Raised(Level::Warning));
                *entry = Entry { standing, last: Status::Warning, facts, transition, ..Entry::default() };
            }
        }
        let place = StateFolder::new();
        let mut store = place.open();
        let key = commit(&mut store, &mut ledger);
        let (loaded, asleep) = store.load_awake(&key).unwrap();
        let mut entries = loaded.ledger.entries;
        prop_assert_eq!(entries.len() + asleep.len(), ledger.entries.len());
        for (alert, known) in &asleep {
            let entry = &ledger.entries[&Subject::Alert(alert.clone())];
            prop_assert_eq!(known.resting.map(|resting| (resting.status, resting.silent)), entry.resting());
            prop_assert_eq!(&known.transition, &entry.transition);
        }
        let alerts: Vec<AlertId> = asleep.into_keys().collect();
        entries.extend(store.wake(&key, &alerts).unwrap());
        prop_assert_eq!(entries, ledger.entries);
    }

    #[test]
    fn a_damaged_row_is_said_or_read_and_never_more(
        mut ledger in ledger(),
        (table, column) in one_of(&[
            ("ledger", "kind"), ("ledger", "guid"), ("ledger", "host"), ("ledger", "chart"), ("ledger", "name"),
            ("ledger", "entry"), ("ledger", "asleep"), ("outbox", "kind"), ("outbox", "name"), ("outbox", "waiting"), ("failed", "notice"),
            ("failed", "status"), ("failed", "at"), ("failed", "reason"), ("node", "record"), ("node", "host"),
            ("meta", "value"), ("pace", "over"), ("hold", "until"),
        ]),
        value in one_of(&[
            "x'ff00'", "1.5", "-7", "99999999999999", "''", "'null'", "'[]'", "'{'", "'{\"keys\":7}'", "'edge'",
            "CAST(x'ff' AS TEXT)",
        ]),
    ) {
        let place = StateFolder::new();
        let mut store = place.open();
        let key = commit(&mut store, &mut ledger);
        store.close().unwrap();
        let damage = format!("UPDATE OR REPLACE {table} SET {column} = {value}");
        Connection::open(place.at("state.db")).unwrap().execute_batch(&damage).unwrap();
        let said = [
            Store::open(place.folder()).and_then(|store| store.load(&key).map(drop)),
            Store::open(place.folder()).and_then(|store| store.load_awake(&key).map(drop)),
            Store::open(place.folder()).and_then(|store| store.failed().map(drop)),
            Store::open_existing(place.folder()).map(drop),
            crate::status::read(place.folder()).map(drop),
        ];
        for error in said.into_iter().filter_map(Result::err) {
            prop_assert!(matches!(error, StoreError::Row { .. }), "{damage}: {error:?}");
            prop_assert!(!error.is_unwritable());
            prop_assert!(error.to_string().contains("holds a row that cannot be read ("), "{error}");
        }
    }
}

#[test]
fn a_row_that_is_about_nothing_known_is_said() {
    let damaged = |damage: &str| {
        let place = StateFolder::used();
        Connection::open(place.at("state.db")).unwrap().execute_batch(damage).unwrap();
        let store = place.open();
        let key = store.known_fingerprint(&key(), ENDPOINT).unwrap().unwrap();
        let error = store.load(&key).unwrap_err();
        assert!(matches!(error, StoreError::Row { .. }), "{error:?}");
        error.to_string()
    };
    assert!(
        damaged("UPDATE ledger SET kind = 'edge'")
            .contains("(`edge` is none of `alert`, `node` and `storm`)")
    );
    assert!(damaged("UPDATE ledger SET name = x'00'").contains("(`name` is of the kind Blob)"));
    let said = damaged("UPDATE ledger SET entry = '{\"last\":\"purple\"}'");
    assert!(said.contains("(ledger: node db-0: unknown variant `purple`"), "{said}");
}

#[test]
fn an_alert_without_a_name_is_no_node() {
    let place = StateFolder::new();
    let node = NodeId { guid: "g".into(), host: "h".into() };
    let alert = |chart: &str, name: &str| {
        Subject::Alert(AlertId { node: Arc::new(node.clone()), chart: chart.into(), name: name.into() })
    };
    let subjects = [Subject::Node(node.clone()), alert("", ""), alert("c", ""), alert("", "n")];
    let mut ledger = Ledger::default();
    for subject in &subjects {
        ledger.entries.insert(subject.clone(), Entry::default());
        ledger.changes.entries.insert(subject.clone());
    }
    let mut store = place.open();
    let key = commit(&mut store, &mut ledger);
    assert_eq!(store.load(&key).unwrap().ledger.entries, ledger.entries);
    assert_eq!(ledger.entries.len(), 4);
}
