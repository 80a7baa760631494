//! Runs where nothing has changed: what they ask for, and what makes them look again.

use std::fs;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use netdata_ilert::alert::{Api, Status};
use netdata_ilert::delivery::silences::ByHand;
use netdata_ilert::delivery::store::{Made, Store};
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::{Definition, NodeHandle, World};

use crate::stage::{Stage, chart};

const MINUTE: i64 = 60;
const ASKED: [&str; 2] = ["GET /api/v3/info", "GET /api/v3/versions"];

/// A parent with a child; one alert is raised on each, and told; a full look stands.
async fn settled() -> (Stage, NodeHandle) {
    settled_with(|_| ()).await
}

async fn settled_with(configure: impl FnOnce(&mut Stage)) -> (Stage, NodeHandle) {
    let mut world = World::new(Api::V3, "parent");
    let child = world.add_node("child");
    let mut stage = Stage::of(world);
    configure(&mut stage);
    stage.set("cpu", Status::Critical);
    stage.set_on(child, "disk", Status::Warning);
    for _ in 0..3 {
        stage.world().advance(MINUTE);
        stage.deliver().await;
    }
    assert!(is_quiet(&stage).await, "{:?}", stage.netdata.requests());
    assert_eq!(stage.ilert.open().len(), 2);
    (stage, child)
}

/// Whether the next run, a minute later, asks for nothing but whether anything has changed.
async fn is_quiet(stage: &Stage) -> bool {
    stage.world().advance(MINUTE);
    is_quiet_now(stage).await
}

async fn is_quiet_now(stage: &Stage) -> bool {
    stage.netdata.forget_requests();
    assert_eq!(stage.deliver().await.exit, Exit::Done);
    stage.netdata.requests() == ASKED
}

#[tokio::test]
async fn it_is_recorded_with_what_the_full_look_counted() {
    let (stage, _) = settled().await;
    let before = Store::open(&stage.state()).unwrap().last_run().unwrap().unwrap();
    stage.world().advance(MINUTE);
    let report = stage.deliver().await;
    assert_eq!((report.exit, report.words.len(), report.first), (Exit::Done, 0, false));
    let after = Store::open(&stage.state()).unwrap().last_run().unwrap().unwrap();
    assert_eq!(after.started, before.started + MINUTE * 1000);
    assert_eq!((after.nodes, after.warnings, after.criticals), (2, 1, 1));
    assert_eq!((after.agent, after.exit), (before.agent, 0));
}

#[tokio::test]
async fn a_full_look_stands_for_five_minutes() {
    let (stage, _) = settled().await;
    let mut asked = Vec::new();
    for _ in 0..12 {
        asked.push(is_quiet(&stage).await);
    }
    let full: Vec<usize> = (0..12).filter(|minute| !asked[*minute]).collect();
    // The look was one minute before the first of them.
    assert_eq!(full, [3, 8]);
    // A node without alerts that went stale while another came, host labels, silences of Netdata's: nothing tells.
    stage.world().silence(World::OWN, &chart("cpu"), "cpu", true);
    stage.world().advance(5 * MINUTE);
    assert!(!is_quiet(&stage).await);
}

#[tokio::test]
async fn a_raise_a_clear_and_an_alert_that_is_new_or_gone_are_looked_at() {
    let (stage, child) = settled().await;
    for (alert, status) in [("ram", Status::Critical), ("cpu", Status::Clear), ("idle", Status::Clear)] {
        stage.set(alert, status);
        assert!(!is_quiet(&stage).await, "{alert} {status}");
        // What has changed is looked at for two minutes more: the log may not have had it.
        assert!(!is_quiet(&stage).await, "{alert} {status}, a second time");
        assert!(!is_quiet(&stage).await, "{alert} {status}, a third time");
        assert!(is_quiet(&stage).await, "{alert} {status}, a fourth time");
    }
    assert!(stage.ilert.open().iter().any(|alert| alert.key.ends_with("/ram/critical")));
    assert!(!stage.ilert.open().iter().any(|alert| alert.key.ends_with("/cpu/critical")));
    stage.world().remove_chart(child, &chart("disk"), "disk");
    assert!(!is_quiet(&stage).await);
}

/// Netdata counts a transition before its log has it. This one is in no list of alerts either.
#[tokio::test]
async fn what_comes_and_goes_while_the_log_lags_is_told_as_soon_as_the_log_has_it() {
    for lag in [0, 11, 50, 115] {
        let (stage, _) = settled().await;
        stage.world().set_log_lag(lag);
        let raised = stage.world().now();
        stage.set("ram", Status::Critical);
        stage.world().advance(2);
        stage.set("ram", Status::Clear);
        let is_told = || stage.history().iter().any(|event| event.contains("ram"));
        let has_the_log = || stage.world().now() - raised >= lag;
        for _ in 0..=lag / 15 {
            stage.world().advance(15);
            stage.deliver().await;
            assert_eq!(is_told(), has_the_log(), "a lag of {lag} s");
        }
        assert!(has_the_log());
    }
}

#[tokio::test]
async fn a_node_that_comes_or_goes_is_looked_at_and_so_is_an_agent_that_restarts() {
    let (stage, child) = settled().await;
    stage.world().disconnect(child);
    assert!(!is_quiet(&stage).await);
    for _ in 0..3 {
        assert!(!is_quiet(&stage).await, "the clock of a node that is away runs");
    }
    stage.world().reconnect(child, 0);
    for _ in 0..3 {
        is_quiet(&stage).await;
    }
    assert!(is_quiet(&stage).await);

    let without_alerts = stage.world().add_node("idle");
    assert!(!is_quiet(&stage).await, "a node more");
    for _ in 0..2 {
        is_quiet(&stage).await;
    }
    stage.world().disconnect(without_alerts);
    assert!(!is_quiet(&stage).await, "a node less that streams");

    let (stage, _) = settled().await;
    stage.world().restart_agent(0);
    assert!(!is_quiet(&stage).await);
    let (stage, _) = settled().await;
    stage.world().call_version("v2.12.0");
    assert!(!is_quiet(&stage).await, "another version");
}

#[tokio::test]
async fn what_is_held_keeps_it_looking() {
    let (stage, _) = settled().await;
    let slow = Definition { delay_up: 900, ..Definition::new(&chart("slow"), "slow") };
    stage.world().define(World::OWN, slow);
    stage.set("slow", Status::Critical);
    for _ in 0..10 {
        assert!(!is_quiet(&stage).await);
    }
    assert_eq!(stage.ilert.open().len(), 2, "it is not due yet");
}

#[tokio::test]
async fn what_clears_keeps_it_looking() {
    let (stage, _) = settled_with(|stage| stage.configure("delivery.resolve_after", "8m")).await;
    stage.set("cpu", Status::Clear);
    for _ in 0..8 {
        assert!(!is_quiet(&stage).await);
    }
    assert_eq!(stage.ilert.open().len(), 1);
}

#[tokio::test]
async fn what_waits_keeps_it_looking() {
    let (mut stage, _) = settled().await;
    stage.set("ram", Status::Critical);
    stage.stop_ilert();
    for _ in 0..4 {
        stage.world().advance(MINUTE);
        stage.netdata.forget_requests();
        assert_eq!(stage.deliver().await.exit, Exit::Later);
        assert_ne!(stage.netdata.requests(), ASKED);
    }
    stage.start_ilert();
    assert!(!is_quiet(&stage).await);
    assert_eq!(stage.ilert.open().len(), 3);
}

#[tokio::test]
async fn another_configuration_key_or_clock_is_looked_at() {
    let (mut stage, _) = settled().await;
    stage.configure("delivery.resolve_after", "1m");
    assert!(!is_quiet(&stage).await, "another configuration");
    assert!(is_quiet(&stage).await);
    stage.pass(-2 * MINUTE * 1000);
    assert!(!is_quiet_now(&stage).await, "this machine's clock went back");
    assert!(is_quiet(&stage).await);
    {
        let now = stage.world().now();
        stage.world().set_now(now - 90);
    }
    stage.pass(150_000);
    assert!(!is_quiet_now(&stage).await, "the agent's clock went back");
    for _ in 0..2 {
        is_quiet(&stage).await;
    }
    assert!(is_quiet(&stage).await);
    stage.ilert.add_key("il1api-another-0000000000000000000000000000");
    stage.write_private("key", "il1api-another-0000000000000000000000000000");
    assert!(!is_quiet(&stage).await, "another key");
}

#[tokio::test]
async fn a_silence_by_hand_begins_and_ends_in_time() {
    let (stage, _) = settled().await;
    let (now, minute) = (stage.now(), MINUTE * 1000);
    let silence = ByHand {
        id: 0,
        nodes: "nobody".into(),
        alerts: None,
        from: now,
        until: now + 2 * minute + minute / 2,
        reason: None,
        made_at: now,
    };
    let made = Store::open(&stage.state()).unwrap().make_silence(&silence).unwrap();
    assert!(matches!(made, Made::New(_)));
    let mut quiet = Vec::new();
    for _ in 0..5 {
        quiet.push(is_quiet(&stage).await);
    }
    // The third run drops it, which the fourth finds written.
    assert_eq!(quiet, [false, true, false, false, true]);
}

#[tokio::test]
async fn a_silence_of_the_configuration_begins_and_ends_in_time() {
    let (stage, _) = settled().await;
    let past_the_minute = stage.world().now() % MINUTE;
    stage.world().advance((MINUTE - past_the_minute) % MINUTE + MINUTE / 2);
    let now = stage.world().now();
    let minutes = |minutes| Timestamp::from_second(now + MINUTE / 2 + minutes * MINUTE).unwrap();
    let at = |later| minutes(later).to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M").to_string();
    let text = fs::read_to_string(stage.path("config.toml")).unwrap();
    let window = format!("from = '{}'\nuntil = '{}'\ntimezone = 'UTC'\n", at(3), at(5));
    let silence = format!("\n[[silence]]\nname = 'Window'\nnodes = 'nobody'\n{window}");
    stage.write_private("config.toml", &(text + &silence));
    let mut quiet = Vec::new();
    for _ in 0..8 {
        quiet.push(is_quiet(&stage).await);
    }
    assert_eq!(quiet, [false, true, true, false, true, false, true, true]);
}

#[tokio::test]
async fn an_agent_that_does_not_tell_is_looked_at() {
    let (stage, _) = settled().await;
    stage.world().hide_versions();
    for _ in 0..3 {
        assert!(!is_quiet(&stage).await);
    }
    let stage = Stage::of(World::new(Api::V1, "web-1"));
    for _ in 0..4 {
        assert!(!is_quiet(&stage).await);
    }
}

#[tokio::test]
async fn an_agent_that_refuses_or_is_away_is_told() {
    let (mut stage, _) = settled().await;
    stage.world().refuse(Some(412));
    stage.world().advance(MINUTE);
    assert_eq!(stage.deliver().await.exit, Exit::Later, "its info is open to all");
    stage.world().refuse(None);
    for _ in 0..9 {
        is_quiet(&stage).await;
    }
    assert!(is_quiet(&stage).await);
    stage.stop_netdata();
    stage.world().advance(MINUTE);
    assert_eq!(stage.deliver().await.exit, Exit::Later);
}

#[tokio::test]
async fn the_heartbeat_is_pinged_all_the_same() {
    let beat = "il1hbt-of-the-simulator-77aa";
    let (stage, _) = settled_with(|stage| {
        stage.ilert.add_heartbeat(beat);
        let url = format!("{}/api/pings/{beat}", stage.endpoint.url());
        stage.configure("heartbeat.url", url);
    })
    .await;
    stage.endpoint.forget_requests();
    for _ in 0..2 {
        assert!(is_quiet(&stage).await);
    }
    assert_eq!(stage.endpoint.requests(), vec![format!("GET /api/pings/{beat}"); 2]);
}

#[test]
fn it_says_when_the_full_look_was() {
    let stage = Stage::new();
    for _ in 0..3 {
        stage.world().advance(MINUTE);
        stage.send_well();
    }
    stage.run(&["--send", "-v"]).is(0).says("nothing changed since the full look at ");
}
