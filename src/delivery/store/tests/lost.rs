//! A state that is gone, another one or an older copy is noticed, and nothing else is taken for that.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rusqlite::Connection;

use super::{StateFolder, record};
use crate::delivery::store::{Continuity, Store, absent};

#[test]
fn a_first_state_is_one_and_stays_one() {
    let place = StateFolder::new();
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
    let gone: [&dyn Fn(&StateFolder); 4] = [
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
        let place = StateFolder::used();
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
    let (place, other) = (StateFolder::used(), StateFolder::used());
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
    let place = StateFolder::used();
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
    let place = StateFolder::used();
    let mut store = place.open();
    record(&mut store).unwrap();
    drop(store);
    place.remove_logs();
    assert_eq!(place.record(), Continuity::RolledBack { had: 3, now: 2 });
}

#[test]
fn a_second_place_that_is_missing_behind_or_unreadable_raises_no_alarm() {
    let place = StateFolder::used();
    let behind = fs::read(place.at("generation")).unwrap();
    place.record();
    for contents in [&behind[..], b"", b"nonsense", b"\xff\xfe", b"0123456789abcdef 12"] {
        fs::write(place.at("generation"), contents).unwrap();
        assert_eq!(place.record(), Continuity::Whole, "{contents:?}");
    }
    fs::remove_file(place.at("generation")).unwrap();
    place.quiet(1);
    assert!(place.at("generation").exists());
}

#[test]
fn killed_between_any_two_commits_the_state_is_whole() {
    let place = StateFolder::new();
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
