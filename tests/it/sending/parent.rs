//! A parent and its child, restarts, and what vanishes.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{NodeHandle, World};

use crate::stage::{Stage, chart};

/// A parent with a child `db-1`, on which `cpu` is critical and told.
fn parent(api: Api) -> (Stage, NodeHandle) {
    let stage = Stage::of(World::new(api, "parent"));
    let child = stage.world().add_node("db-1");
    stage.set_on(child, "cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
    (stage, child)
}

fn pass(stage: &Stage, seconds: i64) {
    stage.world().advance(seconds);
}

#[test]
fn a_child_that_goes_is_told_unreachable_and_nothing_of_it_is_resolved() {
    for api in [Api::V1, Api::V3] {
        let (stage, child) = parent(api);
        stage.world().disconnect(child);
        pass(&stage, 1);
        assert_eq!(stage.send_until("ALERT db-1 unreachable"), ["ALERT db-1 unreachable"], "{api:?}");
        assert_eq!(stage.send_well(), [""; 0]);
        assert_eq!(stage.open(), ["cpu critical", "db-1 unreachable"]);
        // Back, with its alerts not evaluated yet, and then with them.
        stage.world().reconnect(child, 20);
        pass(&stage, 1);
        assert_eq!(stage.send_well(), ["RESOLVE db-1 unreachable"]);
        pass(&stage, 30);
        assert_eq!(stage.send_well(), [""; 0]);
        assert_eq!(stage.open(), ["cpu critical"]);
        assert_eq!(stage.history().len(), 2);
    }
}

#[test]
fn what_cleared_while_the_child_was_away_is_resolved() {
    let (stage, child) = parent(Api::V3);
    stage.world().disconnect(child);
    stage.set_on(child, "cpu", Status::Clear);
    assert_eq!(stage.send_well(), [""; 0]);
    stage.world().reconnect(child, 0);
    pass(&stage, 1);
    assert_eq!(
        stage.send_well(),
        [""; 0],
        "a clear after a restart is never in the log: it is held for two minutes"
    );
    pass(&stage, 120);
    assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
}

#[test]
fn an_ephemeral_child_comes_and_goes_untold() {
    let (stage, child) = parent(Api::V3);
    stage.world().set_ephemeral(child, true);
    stage.send_well();
    stage.world().disconnect(child);
    for _ in 0..3 {
        assert_eq!(stage.send_well(), [""; 0]);
    }
    stage.world().forget(child);
    assert_eq!(stage.send_until("RESOLVE cpu critical"), ["RESOLVE cpu critical"]);
}

#[test]
fn a_child_under_a_new_name_takes_its_alerts_along() {
    let (stage, child) = parent(Api::V3);
    stage.world().rename(child, "db-2");
    let mut told = stage.send_well();
    told.sort();
    assert_eq!(told, ["ALERT cpu critical", "RESOLVE cpu critical"]);
    let open = stage.ilert.open();
    assert!(open.len() == 1 && open[0].key.starts_with("netdata/db-2/"), "{open:?}");
}

#[test]
fn an_agent_that_restarts_resolves_nothing_and_tells_nothing_twice() {
    for api in [Api::V1, Api::V3] {
        let (mut stage, child) = parent(api);
        stage.set("ram", Status::Warning);
        stage.send_well();
        stage.world().restart_agent(30);
        stage.stop_netdata();
        stage.send().is(75);
        stage.start_netdata();
        stage.world().refuse(Some(503));
        stage.send().is(75);
        stage.world().refuse(None);
        for seconds in [5, 10, 20, 60] {
            pass(&stage, seconds);
            assert_eq!(stage.send_well(), [""; 0], "{api:?}");
        }
        assert_eq!(stage.open(), ["cpu critical", "ram warning"]);
        stage.set_on(child, "cpu", Status::Clear);
        assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
    }
}

#[test]
fn what_cleared_while_the_agent_was_down_is_resolved() {
    for api in [Api::V1, Api::V3] {
        let (stage, child) = parent(api);
        stage.world().restart_agent(30);
        stage.set_on(child, "cpu", Status::Clear);
        assert_eq!(stage.send_well(), [""; 0], "not evaluated yet");
        pass(&stage, 160);
        assert_eq!(stage.send_well(), ["RESOLVE cpu critical"], "{api:?}");
    }
}

#[test]
fn a_removed_chart_is_resolved_after_a_while() {
    for api in [Api::V1, Api::V3] {
        let (mut stage, child) = parent(api);
        stage.configure("delivery.removed_after", "1h");
        stage.world().remove_chart(child, &chart("cpu"), "cpu");
        pass(&stage, 1);
        assert_eq!(stage.send_well(), [""; 0]);
        stage.configure("delivery.removed_after", "1s");
        assert_eq!(stage.send_until("RESOLVE cpu critical"), ["RESOLVE cpu critical"], "{api:?}");
        let log = stage.ilert.history()[0].log.last().unwrap().clone();
        assert!(log.summary.to_lowercase().contains("removed"), "{log:?}");
        // Raised again, it is news.
        stage.set_on(child, "cpu", Status::Critical);
        assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
    }
}

#[test]
fn a_wiped_database_tells_nothing_twice() {
    for api in [Api::V1, Api::V3] {
        let (stage, _) = parent(api);
        stage.world().wipe_database();
        pass(&stage, 1);
        for _ in 0..3 {
            assert_eq!(stage.send_well(), [""; 0], "{api:?}");
        }
        assert_eq!(stage.open(), ["cpu critical"]);
    }
}
