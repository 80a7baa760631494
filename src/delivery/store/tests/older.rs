//! What becomes of a state of version 1, and of another program's database.

use std::fs;

use rusqlite::Connection;

use super::{ENDPOINT, StateFolder, key};
use crate::delivery::store::{Continuity, Store, schema};
use crate::payload::Scheme;

const VERSION_1: &str = include_str!("../../../../tests/fixtures/state/version-1.sql");

fn version_1(place: &StateFolder) -> Connection {
    let connection = Connection::open(place.at("state.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    connection.execute_batch(VERSION_1).unwrap();
    connection
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_state_of_version_1_is_taken_over_whole() {
    let place = StateFolder::new();
    let old = version_1(&place);
    let (entries, nodes) = ("SELECT entry FROM ledger ORDER BY host, chart", "SELECT record FROM node");
    let ledger = texts(&old, entries);
    let records = texts(&old, nodes);
    let waiting = "SELECT json_object('notice', json(notice), 'tried', json(iif(tried, 'true', 'false')), \
         'minimal', json(iif(minimal, 'true', 'false')), 'since', since) FROM outbox ORDER BY host, chart, position";
    let outbox = texts(&old, waiting);
    drop(old);

    let mut store = place.open();
    assert_eq!(store.continuity(), Continuity::Whole);
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    let loaded = store.load(&key).unwrap();
    assert_eq!(loaded.previous_key, None, "an update is no change of the key");
    assert!(loaded.cursor.is_some());
    assert_eq!(loaded.ledger.entries.len(), ledger.len());
    let waits: Vec<_> = loaded.ledger.entries.values().flat_map(|entry| &entry.waiting).collect();
    assert_eq!(waits.len(), outbox.len());
    assert!(waits.iter().any(|one| one.tried) && waits.iter().any(|one| !one.tried));
    assert!(waits.iter().any(|one| one.minimal));
    assert_eq!(store.failed().unwrap().len(), 1);
    assert_eq!(loaded.pace.slots.len(), 2);
    store.close().unwrap();

    let new = Connection::open(place.at("state.db")).unwrap();
    assert_eq!(texts(&new, entries), ledger);
    assert_eq!(texts(&new, nodes), records);
    assert_eq!(texts(&new, "SELECT json(waiting) FROM outbox ORDER BY host, chart, position"), outbox);
    assert_eq!(texts(&new, "SELECT DISTINCT key FROM ledger"), [key]);
}

#[test]
fn a_reader_knows_a_state_of_version_1_before_any_run() {
    let place = StateFolder::new();
    let entries = texts(&version_1(&place), "SELECT entry FROM ledger").len();
    assert_eq!(place.entries(), entries);
}

#[test]
fn a_migration_that_is_cut_short_leaves_what_was_there() {
    let place = StateFolder::new();
    let old = version_1(&place);
    let entries = texts(&old, "SELECT entry FROM ledger").len();
    // What has not been committed goes to the log as well.
    old.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
    for (step, sql) in schema::STEPS.iter().enumerate().skip(1) {
        old.execute_batch(sql).unwrap();
        // What there is on the disk if this process is killed now.
        let killed = StateFolder::new();
        for file in fs::read_dir(place.folder()).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), killed.at(file.file_name().to_str().unwrap())).unwrap();
        }
        let mut store = killed.open();
        let key = store.fingerprint(&key(), ENDPOINT).unwrap();
        let loaded = store.load(&key).unwrap().ledger;
        assert_eq!(loaded.entries.len(), entries, "killed after step {step}");
        let open = loaded.entries.values().find(|entry| entry.keys.critical.is_open()).unwrap();
        assert_eq!(open.keys.critical.scheme, Scheme::V1);
    }
}

#[test]
fn a_copy_is_read_where_nothing_can_be_written() {
    let place = StateFolder::new();
    let old = version_1(&place);
    old.pragma_update(None, "journal_mode", "delete").unwrap();
    drop(old);
    let uri = format!("file:{}?immutable=1", place.at("state.db").display());
    let copy = schema::migrated_copy(&uri).unwrap();
    assert_eq!(schema::look(&copy).unwrap(), schema::DatabaseKind::Version(schema::VERSION));
    let rows = texts(&copy, "SELECT kind || ' ' || entry FROM ledger ORDER BY kind, entry");
    drop(place.open());
    let migrated = Connection::open(place.at("state.db")).unwrap();
    assert_eq!(texts(&migrated, "SELECT kind || ' ' || entry FROM ledger ORDER BY kind, entry"), rows);
}

#[test]
fn another_endpoint_is_another_ilert() {
    let place = StateFolder::new();
    drop(version_1(&place));
    let mut store = place.open();
    let here = store.fingerprint(&key(), ENDPOINT).unwrap();
    let there = store.fingerprint(&key(), "https://ilert.example.org").unwrap();
    assert_ne!(here, there);
    let known = |endpoint| store.known_fingerprint(&key(), endpoint).unwrap().unwrap();
    assert_eq!(
        (known("https://API.ilert.com/"), known("https://ilert.example.org/")),
        (here.clone(), there.clone())
    );
    // What was told here is to be told there.
    assert!(!store.load(&here).unwrap().ledger.entries.is_empty());
    let loaded = store.load(&there).unwrap();
    assert_eq!(loaded.previous_key.as_ref(), Some(&here));
    assert!(loaded.ledger.entries.values().all(|entry| !entry.keys.any_open()));
}

#[test]
fn another_programs_database_is_named_as_one_and_left_alone() {
    for setup in [
        "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x'); PRAGMA user_version = 99",
        "CREATE TABLE meta (name TEXT); CREATE TABLE ledger (x INTEGER); PRAGMA application_id = 7",
    ] {
        let place = StateFolder::new();
        Connection::open(place.at("state.db")).unwrap().execute_batch(setup).unwrap();
        let before = fs::read(place.at("state.db")).unwrap();
        for error in
            [Store::open(place.folder()).unwrap_err(), Store::open_existing(place.folder()).unwrap_err()]
        {
            assert!(error.to_string().ends_with(
                "state.db` is another program's database: name another folder with `--state-dir`, or move the \
                 file away"
            ));
            assert!(!error.is_unwritable());
        }
        assert_eq!(fs::read(place.at("state.db")).unwrap(), before);
    }
}
