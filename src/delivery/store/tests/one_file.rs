//! `state.db` alone is the whole state after each run that wrote, and nearly so after quiet ones.

use std::fs;

use super::{StateFolder, record};
use crate::delivery::store::{Continuity, Store};

#[test]
fn after_a_run_that_wrote_the_database_alone_is_the_whole_state() {
    let place = StateFolder::used();
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
    let place = StateFolder::used();
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
    let place = StateFolder::used();
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
    let place = StateFolder::used();
    let reader = Store::open_existing(place.folder()).unwrap().unwrap();
    reader.connection.execute_batch("BEGIN; SELECT * FROM ledger").unwrap();
    place.record();
    drop(reader);
    assert_eq!(place.copy().entries(), 1);
    place.quiet(1);
    assert_eq!(place.copy().entries(), 2);
}
