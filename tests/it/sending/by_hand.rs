//! `--retry`, `--discard` and `--forget`, and what comes of the runs after them.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Answer, World};

use crate::stage::Stage;

/// Two alerts that ilert has refused.
fn failed() -> Stage {
    let stage = Stage::new();
    stage.set("a", Status::Critical);
    stage.set("b", Status::Critical);
    stage.ilert.answer_all(Some(Answer::Status(400)));
    stage.send().is(4);
    stage.ilert.recover();
    stage.told();
    assert_eq!(stage.listed("failed").len(), 2);
    stage
}

fn ids(stage: &Stage) -> Vec<String> {
    let status = stage.status();
    status["failed"].as_array().unwrap().iter().map(|event| event["id"].to_string()).collect()
}

#[test]
fn a_retry_waits_for_the_next_run_and_is_delivered_by_it() {
    let stage = failed();
    stage.run(&["--retry"]).is(0);
    assert_eq!(stage.told(), [""; 0]);
    stage.run(&["--status"]).is(75);
    let mut told = stage.send_well();
    told.sort();
    assert_eq!(told, ["ALERT a critical", "ALERT b critical"]);
    stage.run(&["--status"]).is(0);
}

#[test]
fn one_of_them_is_retried_and_the_other_dropped() {
    let stage = failed();
    let [first, second] = ids(&stage).try_into().unwrap();
    stage.run(&["--retry", &first]).is(0).says(&format!("{first} waits again"));
    stage.run(&["--discard", &second]).is(0).says(&format!("{second} is dropped"));
    assert_eq!(stage.send_well().len(), 1);
    assert_eq!(stage.open().len(), 1);
    stage.run(&["--status"]).is(0);
    assert_eq!(stage.send_well(), [""; 0], "what was dropped stays untold");
}

#[test]
fn an_id_that_there_is_not_is_said_beside_what_was_done() {
    let stage = failed();
    let [first, second] = ids(&stage).try_into().unwrap();
    stage.run(&["--retry", &first, "99"]).is(2).says(&format!("{first} waits again")).says("`99`");
    stage.run(&["--discard", &second, "98"]).is(2).says(&format!("{second} is dropped")).says("`98`");
    stage.run(&["--discard", "97"]).is(2).says("`97`");
    stage.run(&["--retry"]).is(0).says("nothing has failed");
    assert_eq!(stage.send_well().len(), 1);
}

#[test]
fn a_retried_alert_that_is_over_goes_with_its_resolve() {
    let stage = failed();
    stage.set("a", Status::Clear);
    assert_eq!(stage.send_well(), [""; 0]);
    stage.run(&["--retry"]).is(0);
    let mut told = stage.send_well();
    told.sort();
    assert_eq!(told, ["ALERT a critical", "ALERT b critical", "RESOLVE a critical"]);
    assert_eq!(stage.open(), ["b critical"]);
}

#[test]
fn nothing_to_drop_where_nothing_ever_ran() {
    let stage = Stage::new();
    stage.run(&["--discard", "1"]).is(2).says("no failed event has the id `1`");
    stage.run(&["--retry"]).is(0).says("nothing has failed");
}

#[test]
fn a_forgotten_node_is_resolved_at_once() {
    let mut stage = Stage::of(World::new(Api::V3, "parent"));
    let child = stage.world().add_node("db-1");
    stage.set_on(child, "cpu", Status::Critical);
    stage.set("ram", Status::Critical);
    stage.send_well();
    stage.run(&["--forget", "db-2"]).is(2).says("no node `db-2` is known here");
    stage.world().disconnect(child);
    stage.send_until("ALERT db-1 unreachable");
    stage.world().forget(child);
    stage.send_well();
    let forgotten = stage.run(&["--forget", "db-1"]);
    forgotten.is(0).says("forgotten: db-1");
    let mut told = stage.told();
    told.sort();
    assert_eq!(told, ["RESOLVE cpu critical", "RESOLVE db-1 unreachable"]);
    assert_eq!(stage.open(), ["ram critical"]);
    assert_eq!(stage.send_well(), [""; 0], "it is not expected any more");
    // One that is reachable is refused, by name and by GUID.
    let guid = stage.world().guid(World::OWN).to_uppercase();
    for name in [guid.as_str(), "parent"] {
        stage.run(&["--forget", name]).is(2).says("was reachable when it was last seen");
    }
    assert_eq!(stage.open(), ["ram critical"]);
    // With ilert away: kept, and delivered by the next run.
    stage.stop_netdata();
    stage.send().is(75);
    stage.stop_ilert();
    stage.run(&["--forget", &guid]).is(75);
    stage.start_ilert();
    stage.start_netdata();
    assert_eq!(stage.send_well()[0], "RESOLVE ram critical");
}
