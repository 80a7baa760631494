//! An agent's clock that goes back: what it has logged before stands in the log once more as the clock comes there again.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::World;

use crate::stage::Stage;

const MINUTE: i64 = 60;

/// Runs each minute for so many.
async fn watch_for(stage: &Stage, minutes: i64) {
    for _ in 0..minutes {
        stage.world().advance(MINUTE);
        stage.deliver().await;
    }
}

/// An alert came and went half an hour ago, and was told; now the clock goes back by an hour.
async fn an_hour_back() -> Stage {
    let stage = Stage::of(World::new(Api::V3, "web-1"));
    stage.set("cpu", Status::Clear);
    stage.set("ram", Status::Clear);
    watch_for(&stage, 40).await;
    stage.set("cpu", Status::Critical);
    watch_for(&stage, 2).await;
    stage.set("cpu", Status::Clear);
    watch_for(&stage, 30).await;
    assert_eq!(stage.told(), ["ALERT cpu critical", "RESOLVE cpu critical"]);
    let now = stage.world().now();
    stage.world().set_now(now - 60 * MINUTE);
    stage
}

#[tokio::test]
async fn no_history_is_told_again() {
    let stage = an_hour_back().await;
    watch_for(&stage, 70).await;
    assert_eq!(stage.told(), [""; 0]);
}

#[tokio::test]
async fn what_is_raised_meanwhile_is_told_and_no_history_of_it() {
    for alert in ["cpu", "ram"] {
        let stage = an_hour_back().await;
        stage.world().advance(10);
        stage.set(alert, Status::Warning);
        stage.world().advance(10);
        assert_eq!(stage.deliver().await.exit, Exit::Done);
        assert_eq!(stage.told(), [format!("ALERT {alert} warning")]);
        watch_for(&stage, 70).await;
        assert_eq!(stage.told(), [""; 0], "{alert}");
        stage.set(alert, Status::Clear);
        watch_for(&stage, 2).await;
        assert_eq!(stage.told(), [format!("RESOLVE {alert} warning")]);
    }
}
