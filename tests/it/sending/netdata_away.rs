//! Netdata that does not answer, or refuses: nothing is known, so nothing is resolved; told once on its own node.

use netdata_ilert::alert::{Health, Status};
use netdata_ilert::simulator::{Fault, World};

use crate::stage::Stage;

#[test]
fn never_seen_it_is_only_worth_words() {
    let mut stage = Stage::new();
    stage.configure("delivery.unreachable_after", "0s");
    stage.stop_netdata();
    stage.send().is(75).says("nothing listens at").says("nothing is sent");
    for _ in 0..2 {
        assert_eq!(stage.send().is(75).stderr, "", "it was said a moment ago");
        stage.run(&["--send", "-v"]).is(75).says("nothing listens at");
    }
    assert_eq!(stage.endpoint.connections(), 0);
    stage.start_netdata();
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn each_refusal_has_its_own_words() {
    for (status, words) in [
        (451, "allow dashboard from"),
        (412, "bearer"),
        (403, "(403)"),
        (401, "`username` and `password`"),
        (503, "starting or stopping"),
        (500, "HTTP status 500"),
    ] {
        let stage = Stage::new();
        stage.set("cpu", Status::Critical);
        stage.send_well();
        stage.world().refuse(Some(status));
        stage.send().is(75).says(words).says("what is open in ilert stays open");
        assert_eq!(stage.told(), [""; 0], "{status}");
        stage.world().refuse(None);
        assert_eq!(stage.send_well(), [""; 0], "{status}");
        assert_eq!(stage.open(), ["cpu critical"], "{status}");
    }
}

#[test]
fn what_is_not_netdata_is_said_to_be_none() {
    let mut stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.send_well();
    stage.world().not_netdata(true);
    stage.send().is(75).says("is not Netdata");
    stage.netdata.fail(Some(Fault::Reset));
    stage.send().is(75).says("closed the connection").says("allow connections from");
    // A web server that has nothing of the kind.
    stage.configure("netdata.url", stage.endpoint.url());
    stage.send().is(75).says("is not Netdata");
    assert_eq!(stage.told(), [""; 0]);
}

#[test]
fn away_for_long_it_is_told_with_the_reason_and_resolved_when_back() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.send_well();
    stage.world().refuse(Some(451));
    let told = stage.send_until("ALERT web-1 unreachable");
    assert_eq!(told, ["ALERT web-1 unreachable"]);
    let details = stage.ilert.open()[1].details.clone();
    assert!(details.contains("451") && details.contains("allow dashboard from"), "{details}");
    stage.send().is(75);
    assert_eq!(stage.told(), [""; 0], "it is told once");
    stage.world().refuse(None);
    assert_eq!(stage.send_well(), ["RESOLVE web-1 unreachable"]);
    assert_eq!(stage.open(), ["cpu critical"]);
}

#[test]
fn away_for_less_it_is_not_told() {
    let mut stage = Stage::new();
    stage.configure("delivery.unreachable_after", "1h");
    stage.send_well();
    stage.stop_netdata();
    for _ in 0..3 {
        stage.send().is(75);
    }
    stage.start_netdata();
    assert_eq!(stage.send_well(), [""; 0]);
}

#[test]
fn health_that_is_not_online_is_unknown() {
    let mut stage = Stage::new();
    stage.configure("delivery.removed_after", "0s");
    stage.set("cpu", Status::Critical);
    stage.send_well();
    for health in [Health::Initializing, Health::Disabled] {
        stage.world().set_health(World::OWN, health);
        stage.world().advance(5);
        for _ in 0..3 {
            assert_eq!(stage.send_well(), [""; 0], "unknown is not gone");
        }
        stage.world().set_health(World::OWN, Health::Online);
        assert_eq!(stage.send_well(), [""; 0]);
    }
    stage.set("cpu", Status::Clear);
    assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
}
