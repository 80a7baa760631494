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
    // One alone is asked first whether anything has changed; several are not.
    let looked = alone[0].iter().filter(|request| *request != "GET /api/v3/versions").count();
    assert_eq!(
        (both.each_ref().map(Vec::len), alone[0].len()),
        ([looked; 2], looked + 1),
        "{both:?} {alone:?}"
    );
}
