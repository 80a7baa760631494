//! Both answer.

use netdata_ilert::alert::{Api, Status};

use super::{NOTHING, Pair};

#[test]
fn one_raises_later_and_clears_earlier() {
    let pair = Pair::new();
    assert_eq!(pair.run_well(), NOTHING);
    pair.set1("cpu", Status::Warning);
    assert_eq!(pair.run_well(), ["ALERT cpu warning"]);
    pair.set2("cpu", Status::Warning);
    assert_eq!(pair.run_well(), NOTHING);
    pair.set2("cpu", Status::Critical);
    assert_eq!(pair.run_well(), ["ALERT cpu critical", "RESOLVE cpu warning"]);
    pair.set1("cpu", Status::Clear);
    assert_eq!(pair.watch_for(300), NOTHING, "p2 still shows it");
    pair.set2("cpu", Status::Clear);
    assert_eq!(pair.run_well(), ["RESOLVE cpu critical"]);
    assert_eq!(pair.watch_for(600), NOTHING);
}

#[test]
fn what_came_and_went_at_both_is_told_as_one() {
    let pair = Pair::new();
    assert_eq!(pair.run_well(), NOTHING);
    pair.set1("cpu", Status::Critical);
    pair.set2("cpu", Status::Critical);
    pair.set1("cpu", Status::Clear);
    pair.set2("cpu", Status::Clear);
    assert_eq!(pair.run_well(), ["ALERT cpu critical", "RESOLVE cpu critical"]);
    assert_eq!(pair.watch_for(300), NOTHING);
}

#[test]
fn old_parents_and_new_ones_go_together() {
    for apis in [[Api::V1, Api::V3], [Api::V3, Api::V1], [Api::V1, Api::V1]] {
        let pair = Pair::of(apis).and_told();
        pair.set1("cpu", Status::Warning);
        assert_eq!(pair.run_well(), NOTHING, "{apis:?}");
        pair.set2("cpu", Status::Warning);
        assert_eq!(pair.run_well(), ["COMMENT cpu critical"], "{apis:?}");
        pair.ends();
    }
}

#[test]
fn a_parent_that_restarts_ends_nothing() {
    let pair = Pair::told();
    pair.p1().restart_agent(90);
    assert_eq!(pair.watch_for(240), NOTHING);
    pair.p1().restart_agent(30);
    pair.p2().restart_agent(60);
    assert_eq!(pair.watch_for(240), NOTHING);
    pair.ends();
}

#[test]
fn what_one_alone_shows_is_followed_there_while_that_one_restarts() {
    let pair = Pair::new();
    pair.set("cpu", Status::Clear);
    pair.set1("cpu", Status::Critical);
    assert_eq!(pair.run_well(), ["ALERT cpu critical"]);
    pair.p1().restart_agent(90);
    assert_eq!(pair.watch_for(300), NOTHING, "that p2 shows it clear is no end");
    pair.ends();
}

#[test]
fn a_child_that_moves_takes_its_alerts_along() {
    let pair = Pair::new();
    pair.p2().disconnect(pair.db);
    assert_eq!(pair.run_well(), NOTHING);
    pair.set1("cpu", Status::Critical);
    assert_eq!(pair.run_well(), ["ALERT cpu critical"]);
    pair.p1().disconnect(pair.db);
    pair.p2().set(pair.db, "chart.cpu", "cpu", Status::Critical, 42.0);
    pair.p2().reconnect(pair.db, 40);
    assert_eq!(pair.watch_for(600), NOTHING);
    assert_eq!(pair.stage.open(), ["cpu critical"]);
    pair.set2("cpu", Status::Clear);
    assert_eq!(pair.run_well(), ["RESOLVE cpu critical"]);
}

#[test]
fn unreachable_needs_both() {
    let pair = Pair::told();
    pair.p1().disconnect(pair.db);
    assert_eq!(pair.watch_for(600), NOTHING);
    pair.p2().disconnect(pair.db);
    assert_eq!(pair.watch_for(300), ["ALERT db unreachable"]);
    pair.p1().reconnect(pair.db, 0);
    pair.pass(1);
    assert_eq!(pair.run_well(), ["RESOLVE db unreachable"]);
    assert_eq!(pair.stage.open(), ["cpu critical"]);
}

#[test]
fn each_parent_is_asked_once_and_no_more_than_alone() {
    let mut pair = Pair::told();
    // Whether anything has changed is not told: all is asked for.
    pair.p1().hide_versions();
    pair.p2().hide_versions();
    let asked = |pair: &Pair| {
        pair.pass(60);
        pair.stage.netdata.forget_requests();
        pair.port.forget_requests();
        assert_eq!(pair.run_well(), NOTHING);
        [pair.stage.netdata.requests(), pair.port.requests()]
    };
    let both = asked(&pair);
    pair.ask(&[1]);
    assert_eq!(pair.run_well(), NOTHING);
    let alone = asked(&pair);
    assert_eq!(alone[1], NOTHING);
    assert_eq!(both.each_ref().map(Vec::len), [alone[0].len(); 2], "{both:?} {alone:?}");
}

/// Whether a run, a minute later, asks both for nothing but whether anything has changed.
fn is_quiet(pair: &Pair) -> bool {
    pair.pass(60);
    pair.stage.netdata.forget_requests();
    pair.port.forget_requests();
    pair.run_well();
    let asked = [pair.stage.netdata.requests(), pair.port.requests()];
    asked.iter().all(|asked| asked == &["GET /api/v3/info", "GET /api/v3/versions"])
}

#[test]
fn where_neither_tells_of_a_change_nothing_else_is_asked() {
    let pair = Pair::told();
    pair.watch_for(180);
    assert!(is_quiet(&pair));
    pair.set2("ram", Status::Warning);
    assert!(!is_quiet(&pair), "the second has something new");
    assert!(pair.stage.open().contains(&"ram warning".to_owned()));
    pair.watch_for(120);
    assert!(is_quiet(&pair));
    pair.p2().disconnect(pair.db);
    for minute in 0..4 {
        assert!(!is_quiet(&pair), "what it showed holds for a while, and is gone then: {minute}");
    }
    pair.p2().reconnect(pair.db, 0);
    pair.watch_for(180);
    pair.p1().restart_agent(30);
    assert!(!is_quiet(&pair), "a parent that counts anew");
}

#[test]
fn while_a_parent_is_away_and_after_it_has_returned_everything_is_looked_at() {
    let mut pair = Pair::told();
    pair.watch_for(180);
    assert!(is_quiet(&pair));
    pair.stage.stop_netdata();
    pair.pass(60);
    pair.run();
    assert!(!pair.port.requests().is_empty());
    pair.stage.start_netdata();
    for minute in 0..5 {
        assert!(!is_quiet(&pair), "its nodes have time to come back: {minute}");
    }
}
