//! What an event says beside the alert itself: what else is raised on the node, the thresholds, the file to edit.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Definition, World};

use crate::stage::{Stage, chart};

const DISKS: &str = "/usr/lib/netdata/conf.d/health.d/disks.conf";

fn stage(api: Api) -> Stage {
    let stage = Stage::of(World::new(api, "web-1"));
    let disk = Definition {
        calc: "$used * 100 / ($avail + $used)".to_owned(),
        lookup: Some(("average".to_owned(), -600, "used".to_owned())),
        source: (DISKS.to_owned(), 11),
        ..Definition::new(&chart("disk"), "disk")
    };
    let hushed = Definition { to: "silent".to_owned(), ..Definition::new(&chart("hushed"), "hushed") };
    for definition in [disk, hushed] {
        stage.world().define(World::OWN, definition);
    }
    stage.send_well();
    stage
}

/// How often the agent was asked how an alert is configured, since the last call.
fn questions(stage: &Stage) -> usize {
    let requests = stage.netdata.requests();
    stage.netdata.forget_requests();
    requests.iter().filter(|request| request.contains("/api/v3/alert_config")).count()
}

#[test]
fn an_alert_says_its_thresholds_its_file_and_what_else_is_raised() {
    for api in [Api::V1, Api::V3] {
        let stage = stage(api);
        for (alert, status) in
            [("hushed", Status::Critical), ("cpu", Status::Warning), ("disk", Status::Critical)]
        {
            stage.set(alert, status);
        }
        stage.send_well();
        let open = stage.ilert.open();
        let disk = open.iter().find(|alert| alert.key.ends_with("/disk/critical")).unwrap();
        let file =
            format!("- **Configured in:** `{DISKS}`, line 11 (to edit: `edit-config health.d/disks.conf`)");
        for line in [
            "- **Critical when:** `$this > 90`",
            "- **Warning when:** `$this > 80`",
            "- **Calculation:** `$used * 100 / ($avail + $used)`",
            "- **Look-up:** `average -10m unaligned of used`",
            "- **Also raised on this node:** 1 critical, 1 warning",
            &file,
        ] {
            assert!(disk.details.lines().any(|found| found == line), "{line}: {}", disk.details);
        }
    }
}

#[test]
fn a_quiet_run_asks_nothing_and_tells_nothing_anew() {
    let stage = stage(Api::V3);
    for alert in ["disk", "cpu"] {
        stage.set(alert, Status::Critical);
    }
    assert_eq!(stage.send_well().len(), 2);
    assert_eq!(questions(&stage), 2);
    for _ in 0..3 {
        stage.world().advance(60);
        assert_eq!(stage.send_well(), [""; 0]);
    }
    assert_eq!(questions(&stage), 0);
    // Another one changes what could be said of the first two: they are not told again.
    stage.set("hushed", Status::Critical);
    assert_eq!(stage.send_well(), [""; 0]);
    stage.set("disk", Status::Clear);
    assert_eq!(stage.send_well(), ["RESOLVE disk critical"]);
    assert_eq!(questions(&stage), 0);
}

#[test]
fn a_thousand_new_alerts_cost_ten_questions() {
    let stage = stage(Api::V3);
    questions(&stage);
    for number in 0..1000 {
        let name = format!("a{number}");
        stage.world().set(World::OWN, &chart(&name), &name, Status::Critical, 97.0);
    }
    stage.world().advance(3);
    stage.send();
    assert_eq!(questions(&stage), 10);
}
