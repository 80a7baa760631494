//! Notes, failed events, other keys and the pace.

use rusqlite::params;

use super::{ENDPOINT, StateFolder, key, node};
use crate::alert::AlertDetails;
use crate::delivery::ledger::{Ledger, RefusedEvent};
use crate::delivery::pace::Pace;
use crate::delivery::store::{Commit, MOST_FAILED, Store, StoreError};
use crate::payload::{Action, KeyKind, Notice, Scheme};
use crate::secret::Secret;

fn notice() -> Notice {
    Notice {
        subject: node(0),
        kind: KeyKind::Unreachable,
        scheme: Scheme::default(),
        action: Action::Comment,
        facts: AlertDetails::default(),
        priority: None,
        storm: None,
    }
}

#[test]
fn keeps_notes_until_they_are_null() {
    let place = StateFolder::used();
    let mut store = place.open();
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    let mut note = |name, json: &str| {
        let notes = [(name, json.to_owned())];
        let commit = Commit { notes: &notes, ..Commit::default() };
        store.commit(&key, &mut Ledger::default(), &commit).unwrap();
        (store.note::<Vec<i64>>("outage").unwrap(), store.generation)
    };
    assert_eq!(note("outage", "[1,2]"), (Some(vec![1, 2]), 2), "it is no durable commit");
    // The store's own rows are none.
    assert_eq!(note("generation", "7"), (Some(vec![1, 2]), 2));
    assert_eq!(note("outage", "[3]"), (Some(vec![3]), 2));
    assert_eq!(note("outage", "null"), (None, 2));
    assert!(matches!(store.note::<String>("generation"), Err(StoreError::Row { .. })));
}

#[test]
fn keeps_a_thousand_failed_events_and_counts_the_older_ones() {
    let place = StateFolder::new();
    let mut store = place.open();
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    let refuse = |store: &mut Store, times: std::ops::Range<i64>| {
        let failed = times
            .map(|at| RefusedEvent { at, status: 400, reason: "no".to_owned(), notice: notice() })
            .collect();
        let mut ledger = Ledger { failed, ..Ledger::default() };
        store.commit(&key, &mut ledger, &Commit::default()).unwrap();
    };
    let most = i64::from(MOST_FAILED);
    refuse(&mut store, 0..most);
    assert_eq!((store.failed().unwrap().len(), store.failed_dropped().unwrap()), (1000, 0));
    refuse(&mut store, most..most + 2);
    refuse(&mut store, most + 2..most + 3);
    let failed = store.failed().unwrap();
    let (id, oldest) = failed.first_key_value().unwrap();
    assert_eq!((failed.len(), oldest.at, store.failed_dropped().unwrap()), (1000, 3, 3));
    assert_eq!(store.discard(&[*id, 1]).unwrap(), [*id]);
    assert_eq!(store.discard_all().unwrap(), 999);
    assert_eq!((store.failed().unwrap().len(), store.failed_dropped().unwrap()), (0, 0));
}

#[test]
fn forgets_what_is_open_under_other_keys() {
    let place = StateFolder::used();
    let mut store = place.open();
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    let other = store.fingerprint(&Secret::new("il1api-another".into()), ENDPOINT).unwrap();
    store
        .connection
        .execute(
            "INSERT INTO ledger SELECT ?1, kind, guid, host, chart, name, entry, asleep FROM ledger",
            params![other],
        )
        .unwrap();
    assert_eq!(store.set_aside(&key).unwrap().len(), 1);
    assert_eq!(store.forget_set_aside(&key).unwrap(), 1);
    assert_eq!(store.set_aside(&key).unwrap(), []);
    assert_eq!(store.load(&key).unwrap().ledger.entries.len(), 1);
}

#[test]
fn keeps_a_pace_whole() {
    let folder = StateFolder::new();
    let mut store = folder.open();
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    let mut pace = Pace::default();
    pace.reserve(44, 5_500, 50_000);
    store.commit(&key, &mut Ledger::default(), &Commit { pace: Some(&pace), ..Commit::default() }).unwrap();
    drop(store);
    assert_eq!(folder.open().of_key(&key).unwrap().1, pace);
}
