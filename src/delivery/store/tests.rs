//! The store by itself: what it makes of older, foreign, lost and unwritable states, and what it keeps.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::{Connection, params};
use tempfile::TempDir;

use super::{Commit, Continuity, MOST_FAILED, RunRecord, Store, StoreError, absent};
use crate::alert::{Facts, NodeId};
use crate::delivery::entry::Entry;
use crate::delivery::ledger::Ledger;
use crate::delivery::pace::Pace;
use crate::payload::{Action, Notice, Subject, Tier};
use crate::secret::Secret;

const ENDPOINT: &str = "https://api.ilert.com";
const VERSION_1: &str = include_str!("../../../tests/fixtures/state/version-1.sql");

fn key() -> Secret {
    Secret::new("il1api-demo-key-of-nobody-5e11".into())
}

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
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

fn notice() -> Notice {
    Notice {
        subject: node(0),
        tier: Tier::Unreachable,
        action: Action::Comment,
        facts: Facts::default(),
        priority: None,
    }
}

// One file.

#[test]
fn after_a_run_that_wrote_the_database_alone_is_the_whole_state() {
    let place = Place::used();
    place.record();
    place.remove_logs();
    assert_eq!(place.record(), Continuity::Whole);
    let copy = place.copy();
    assert_eq!(copy.entries(), 3);
    assert_eq!(copy.record(), Continuity::Whole);
    assert_eq!(copy.entries(), 4);
}

#[test]
fn what_a_killed_run_left_in_the_log_is_moved_by_the_next_one() {
    let place = Place::used();
    let mut store = place.open();
    record(&mut store).unwrap();
    drop(store);
    place.quiet(1);
    place.remove_logs();
    assert_eq!(place.entries(), 2);
    assert_eq!(place.record(), Continuity::Whole);
}

#[test]
fn a_quiet_run_leaves_its_record_in_the_log_but_not_for_long() {
    let place = Place::used();
    let log = fs::metadata(place.at("state.db-wal")).unwrap().len();
    let mut paid = Vec::new();
    for run in 1..=200 {
        place.quiet(run);
        if place.last_run_in_copy() == Some(run) {
            paid.push(run);
        }
    }
    let pauses: Vec<_> = paid.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(paid.len() >= 3 && pauses.iter().all(|pause| (8..=40).contains(pause)), "{paid:?}");
    assert_eq!(fs::metadata(place.at("state.db-wal")).unwrap().len(), log);
    place.remove_logs();
    assert_eq!(place.open().continuity(), Continuity::Whole);
}

#[test]
fn a_reader_in_the_way_leaves_the_rest_to_the_next_run() {
    let place = Place::used();
    let reader = Store::open_existing(place.folder()).unwrap().unwrap();
    reader.connection.execute_batch("BEGIN; SELECT * FROM ledger").unwrap();
    place.record();
    drop(reader);
    assert_eq!(place.copy().entries(), 1);
    place.quiet(1);
    assert_eq!(place.copy().entries(), 2);
}

// Lost, and rolled back.

#[test]
fn a_first_state_is_one_and_stays_one() {
    let place = Place::new();
    assert_eq!(absent(place.folder()), Continuity::First);
    assert!(Store::open_existing(place.folder()).unwrap().is_none());
    assert_eq!(place.record(), Continuity::First);
    assert_eq!(place.record(), Continuity::Whole);
    let store = Store::open_existing(place.folder()).unwrap().unwrap();
    assert_eq!((store.continuity(), store.lost_at().unwrap()), (Continuity::Whole, None));
    assert_eq!(fs::metadata(place.at("generation")).unwrap().permissions().mode() & 0o7777, 0o600);
}

#[test]
fn a_state_that_is_gone_is_said_to_be_lost_once_and_remembered_until_acknowledged() {
    let gone: [&dyn Fn(&Place); 4] = [
        &|place| fs::remove_file(place.at("state.db")).unwrap(),
        &|place| fs::write(place.at("state.db"), "").unwrap(),
        &|place| {
            place.remove_logs();
            fs::remove_file(place.at("state.db")).unwrap();
        },
        &|place| {
            place.remove_logs();
            fs::remove_file(place.at("state.db")).unwrap();
            Connection::open(place.at("state.db")).unwrap().execute_batch("VACUUM").unwrap();
        },
    ];
    for (case, go) in gone.iter().enumerate() {
        let place = Place::used();
        go(&place);
        assert!(Store::open_existing(place.folder()).unwrap().is_none(), "{case}");
        assert_eq!(absent(place.folder()), Continuity::Lost, "{case}");
        assert_eq!(place.record(), Continuity::Lost, "{case}");
        assert_eq!(place.record(), Continuity::Whole, "{case}");
        let mut store = place.open();
        assert!(store.lost_at().unwrap().unwrap() > 1_700_000_000_000, "{case}");
        store.acknowledge().unwrap();
        assert_eq!(store.lost_at().unwrap(), None, "{case}");
        drop(store);
        assert_eq!(place.open().lost_at().unwrap(), None, "{case}");
    }
}

#[test]
fn another_database_in_its_place_is_a_loss() {
    let (place, other) = (Place::used(), Place::used());
    place.record();
    for _ in 0..5 {
        other.record();
    }
    place.remove_logs();
    fs::copy(other.at("state.db"), place.at("state.db")).unwrap();
    assert_eq!(place.record(), Continuity::Lost);
    assert_eq!(place.record(), Continuity::Whole);
}

#[test]
fn an_older_copy_is_noticed() {
    let place = Place::used();
    fs::copy(place.at("state.db"), place.at("backup")).unwrap();
    place.record();
    place.remove_logs();
    fs::rename(place.at("backup"), place.at("state.db")).unwrap();
    let store = Store::open_existing(place.folder()).unwrap().unwrap();
    assert_eq!(store.continuity(), Continuity::RolledBack { had: 3, now: 2 });
    drop(store);
    assert_eq!(place.record(), Continuity::RolledBack { had: 3, now: 2 });
    assert_eq!(place.record(), Continuity::Whole);
    assert!(place.open().lost_at().unwrap().is_some());
}

#[test]
fn a_log_that_was_deleted_before_it_was_moved_is_noticed() {
    let place = Place::used();
    let mut store = place.open();
    record(&mut store).unwrap();
    drop(store);
    place.remove_logs();
    assert_eq!(place.record(), Continuity::RolledBack { had: 3, now: 2 });
}

#[test]
fn a_second_place_that_is_missing_behind_or_unreadable_raises_no_alarm() {
    let place = Place::used();
    let behind = fs::read(place.at("generation")).unwrap();
    place.record();
    for contents in [&behind[..], b"", b"nonsense", b"\xff\xfe", b"0123456789abcdef 12"] {
        fs::write(place.at("generation"), contents).unwrap();
        assert_eq!(place.record(), Continuity::Whole, "{contents:?}");
    }
    fs::remove_file(place.at("generation")).unwrap();
    place.quiet(1);
    assert!(place.at("generation").exists());
    fs::remove_file(place.at("generation")).unwrap();
    fs::create_dir(place.at("generation")).unwrap();
    assert_eq!(place.record(), Continuity::Whole);
}

#[test]
fn killed_between_any_two_commits_the_state_is_whole() {
    let place = Place::new();
    for run in 0..6 {
        let mut store = place.open();
        for _ in 0..run {
            record(&mut store).unwrap();
        }
        drop(store);
        if run % 2 == 0 {
            place.quiet(run);
        }
        let found = Store::open_existing(place.folder()).unwrap().unwrap().continuity();
        assert_eq!(found, Continuity::Whole, "{run}");
    }
}

// Older and foreign databases.

fn version_1(place: &Place) -> Connection {
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
    let place = Place::new();
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
    assert_eq!(loaded.adopts, None, "an update is no change of the key");
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
    let place = Place::new();
    let entries = texts(&version_1(&place), "SELECT entry FROM ledger").len();
    assert_eq!(place.entries(), entries);
}

#[test]
fn another_endpoint_is_another_ilert() {
    let place = Place::new();
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
    assert_eq!(loaded.adopts.as_ref(), Some(&here));
    assert!(loaded.ledger.entries.values().all(|entry| !entry.keys.any_open()));
}

#[test]
fn another_programs_database_is_named_as_one_and_left_alone() {
    for setup in [
        "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x'); PRAGMA user_version = 99",
        "CREATE TABLE meta (name TEXT); CREATE TABLE ledger (x INTEGER); PRAGMA application_id = 7",
    ] {
        let place = Place::new();
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

// Notes, failed events, other keys.

#[test]
fn keeps_notes_until_they_are_null() {
    let place = Place::used();
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
    let place = Place::new();
    let mut store = place.open();
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    let refuse = |store: &mut Store, times: std::ops::Range<i64>| {
        let failed = times.map(|at| (at, 400, "no".to_owned(), notice())).collect();
        let mut ledger = Ledger { failed, ..Ledger::default() };
        store.commit(&key, &mut ledger, &Commit::default()).unwrap();
    };
    let most = i64::from(MOST_FAILED);
    refuse(&mut store, 0..most);
    assert_eq!((store.failed().unwrap().len(), store.failed_dropped().unwrap()), (1000, 0));
    refuse(&mut store, most..most + 2);
    refuse(&mut store, most + 2..most + 3);
    let failed = store.failed().unwrap();
    assert_eq!((failed.len(), failed[0].at, store.failed_dropped().unwrap()), (1000, 3, 3));
    assert_eq!(store.discard(&[failed[0].id, 1]).unwrap(), [failed[0].id]);
    assert_eq!(store.discard_all().unwrap(), 999);
    assert_eq!((store.failed().unwrap().len(), store.failed_dropped().unwrap()), (0, 0));
}

#[test]
fn forgets_what_is_open_under_other_keys() {
    let place = Place::used();
    let mut store = place.open();
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    let other = store.fingerprint(&Secret::new("il1api-another".into()), ENDPOINT).unwrap();
    store
        .connection
        .execute("INSERT INTO ledger SELECT ?1, guid, host, chart, name, entry FROM ledger", params![other])
        .unwrap();
    assert_eq!(store.set_aside(&key).unwrap().len(), 1);
    assert_eq!(store.forget_set_aside(&key).unwrap(), 1);
    assert_eq!(store.set_aside(&key).unwrap(), []);
    assert_eq!(store.load(&key).unwrap().ledger.entries.len(), 1);
}

#[test]
fn keeps_a_pace_whole() {
    let folder = Place::new();
    let mut store = folder.open();
    let key = store.fingerprint(&key(), ENDPOINT).unwrap();
    let mut pace = Pace::default();
    pace.reserve(44, 5_500, 50_000);
    store.commit(&key, &mut Ledger::default(), &Commit { pace: Some(&pace), ..Commit::default() }).unwrap();
    drop(store);
    assert_eq!(folder.open().of_key(&key).unwrap().1, pace);
}

// Disks that are full, out of inodes or read-only.

/// A disk of its own in memory, gone when dropped. Only root may make one.
struct Disk(Place);

impl Disk {
    fn new(options: &str) -> Option<Self> {
        let place = Place::new();
        let mounted = run("mount", &["-t", "tmpfs", "-o", options, "tmpfs"], place.folder());
        if !mounted {
            eprintln!("skipped: a disk cannot be mounted here");
        }
        mounted.then_some(Self(place))
    }

    /// An ext4 of 4 MiB with blocks of 1 KiB, in a file.
    fn of_small_blocks() -> Option<Self> {
        let place = Place::new();
        let image = tempfile::NamedTempFile::new().unwrap();
        image.as_file().set_len(4 << 20).unwrap();
        let file = image.path().to_str().unwrap();
        let mounted = run("mke2fs", &["-q", "-t", "ext4", "-b", "1024", "-m", "0"], image.path())
            && run("mount", &["-o", "loop", file], place.folder());
        if !mounted {
            eprintln!("skipped: a disk cannot be made here");
        }
        mounted.then_some(Self(place))
    }

    fn remount(&self, options: &str) {
        assert!(run("mount", &["-o", options], self.0.folder()));
    }

    /// Takes what is free, to the last byte.
    fn fill(&self) {
        use std::io::Write as _;
        let mut file = fs::File::create(self.0.at("filler")).unwrap();
        while file.write_all(&[1; 512]).is_ok() {}
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        run("umount", &["-l"], self.0.folder());
    }
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> bool {
    Command::new(program).args(arguments).arg(folder).output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_full_disk_takes_the_next_records() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    let place = &disk.0;
    place.record();
    place.quiet(1);
    disk.fill();
    for entry in 1..20 {
        assert_eq!(place.record(), Continuity::Whole);
        place.quiet(2);
        assert_eq!(place.entries(), entry + 1);
    }
    place.remove_logs();
    assert_eq!(place.entries(), 20);
}

#[test]
fn a_full_disk_of_small_blocks_ends_nobody() {
    let Some(disk) = Disk::of_small_blocks() else { return };
    let place = &disk.0;
    place.record();
    place.record();
    disk.fill();
    let error = Store::open(place.folder()).unwrap_err();
    assert!(error.is_unwritable());
    assert!(error.to_string().contains("make room on the disk"), "{error}");
    assert_eq!(place.entries(), 2);
    fs::remove_file(place.at("filler")).unwrap();
    assert_eq!(place.record(), Continuity::Whole);
}

#[test]
fn a_disk_that_was_always_full_is_said_to_be_so() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    disk.fill();
    let error = Store::open(disk.0.folder()).unwrap_err();
    assert!(error.is_unwritable());
    assert!(error.to_string().ends_with(
        "database or disk is full: make room on the disk; nothing is lost, and the next run makes up for this one"
    ), "{error}");
}

#[test]
fn room_that_is_used_up_is_said() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    let place = &disk.0;
    place.record();
    disk.fill();
    let error = (0..10_000).find_map(|_| {
        let mut store = place.open();
        record(&mut store).and_then(|()| store.close()).err()
    });
    let error = error.unwrap();
    assert!(error.is_unwritable(), "{error}");
    assert!(error.to_string().contains("make room on the disk; nothing is lost"), "{error}");
    fs::remove_file(place.at("filler")).unwrap();
    assert_eq!(place.record(), Continuity::Whole);
}

#[test]
fn a_disk_without_inodes_is_said_to_be_one() {
    // Enough for the folder alone, or for one file in it: the database, but not its log.
    for inodes in [1, 2] {
        let Some(disk) = Disk::new(&format!("size=4m,mode=700,nr_inodes={inodes}")) else { return };
        let error = Store::open(disk.0.folder()).unwrap_err();
        assert!(error.is_unwritable());
        assert!(error.to_string().contains("no inodes are left on the disk (`df -i`)"), "{error}");
    }
}

#[test]
fn a_read_only_disk_can_be_read() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    let place = &disk.0;
    for logs in [true, false] {
        disk.remount("remount,rw");
        place.record();
        if !logs {
            place.remove_logs();
        }
        disk.remount("remount,ro");
        let error = Store::open(place.folder()).unwrap_err();
        assert!(error.is_unwritable());
        assert!(error.to_string().contains("the disk is mounted read-only"), "{error}");
        let store = Store::open_existing(place.folder()).unwrap().unwrap();
        assert_eq!((store.continuity(), store.lost_at().unwrap()), (Continuity::Whole, None));
        drop(store);
        assert_eq!(place.entries(), if logs { 1 } else { 2 });
    }
    disk.remount("remount,rw");
    assert_eq!(place.record(), Continuity::Whole);
}
