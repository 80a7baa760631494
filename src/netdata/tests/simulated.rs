//! The reader against the simulated agent, which lags, cuts and lists as a real 2.11 does.

use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::alert::{Api, Health, Status};
use crate::simulator::{Barrier, Definition, Fault, LogTrouble, Served, World, serve_netdata};

const CHART: &str = "system.load";
const LOG: &str = "/api/v3/alert_transitions";

struct LaggingAgent {
    world: Arc<Mutex<World>>,
    served: Served,
    cursor: Option<Cursor>,
    shares: Shares,
}

impl LaggingAgent {
    /// An agent that was looked at once, some time ago.
    async fn new(api: Api) -> Self {
        let world = Arc::new(Mutex::new(World::new(api, "web-1")));
        let served = serve_netdata(Arc::clone(&world)).unwrap();
        let mut scene = Self { world, served, cursor: None, shares: Shares::default() };
        scene.look().await;
        scene.pass(60);
        scene
    }

    fn pass(&self, seconds: i64) {
        self.world.lock().unwrap().advance(seconds);
    }

    fn set(&self, name: &str, status: Status) {
        self.world.lock().unwrap().set(World::OWN, CHART, name, status, 42.0);
    }

    async fn look(&mut self) -> Observation {
        self.look_for(&[]).await
    }

    /// Looks for alerts that are followed, as of unknown transitions.
    async fn look_for(&mut self, names: &[&str]) -> Observation {
        let guid = self.world.lock().unwrap().guid(World::OWN).to_owned();
        let mut ask = Ask { cursor: self.cursor.take(), shares: self.shares, ..Ask::default() };
        for name in names {
            ask = ask.following(alert(&guid, "web-1", CHART, name), "", false);
        }
        let (observation, cursor) = ask.at(&self.served.url()).await.unwrap();
        self.cursor = Some(cursor);
        observation
    }
}

fn told(observation: &Observation) -> Vec<(&str, Status)> {
    observation.transitions.iter().map(|one| (&*one.alert.name, one.facts.status)).collect()
}

#[tokio::test]
async fn what_the_log_lacks_is_waited_for_and_told_once() {
    let mut scene = LaggingAgent::new(Api::V3).await;
    for number in 0..300 {
        scene.set(&format!("a{number}"), Status::Critical);
    }
    for _ in 0..2 {
        let seen = scene.look().await;
        assert!(seen.sightings.len() == 300 && seen.sightings.iter().all(|one| one.pending));
        assert!(seen.transitions.is_empty());
        scene.pass(1);
    }
    let seen = scene.look().await;
    assert_eq!(seen.transitions.len(), 300);
    assert!(seen.sightings.iter().all(|one| !one.pending && one.due.is_none() && one.silent == Some(false)));
    assert!(scene.look().await.transitions.is_empty());
}

#[tokio::test]
async fn a_long_name_is_one_alert() {
    let name = "aws_cloudwatch_sns_notifications_failed_to_redrive_to_dlq";
    let mut scene = LaggingAgent::new(Api::V3).await;
    scene.set(name, Status::Critical);
    scene.pass(4);
    let seen = scene.look().await;
    assert_eq!(told(&seen), [(name, Status::Critical)]);
    assert_eq!((seen.sightings.len(), &*seen.sightings[0].alert.name), (1, name));
    // And one that came and went.
    let other = "vernemq_mqtt_disconnect_received_reason_not_normal";
    scene.set(other, Status::Warning);
    scene.set(other, Status::Clear);
    scene.pass(4);
    assert_eq!(told(&scene.look().await), [(other, Status::Warning), (other, Status::Clear)]);
}

#[tokio::test]
async fn a_slow_log_stops_nothing() {
    let mut scene = LaggingAgent::new(Api::V3).await;
    scene.shares.log = Duration::from_millis(1);
    scene.served.fail_at(LOG, Some(Fault::Stall(Barrier::new())));
    scene.shares.extras = Duration::from_millis(500);
    scene.set("a", Status::Critical);
    scene.pass(200);
    let seen = scene.look().await;
    assert_eq!((seen.sightings[0].due, seen.gaps.len()), (Some(seen.now - 200), 2), "{:?}", seen.gaps);
    scene.served.fail_at(LOG, None);
    scene.shares = Shares::default();
    let seen = scene.look().await;
    assert!(seen.gaps.is_empty() && seen.transitions.is_empty(), "{seen:?}");
}

#[tokio::test]
async fn an_endless_log_and_an_unreadable_one_are_gaps() {
    let mut scene = LaggingAgent::new(Api::V3).await;
    scene.set("a", Status::Critical);
    scene.pass(4);
    scene.world.lock().unwrap().trouble_log(Some(LogTrouble::Endless(90_000)));
    let seen = scene.look().await;
    assert_eq!((told(&seen), seen.gaps.len()), (vec![("a", Status::Critical)], 1));
    assert_eq!(scene.served.requests().iter().filter(|one| one.contains("last=20000")).count(), 1);
    scene.world.lock().unwrap().trouble_log(Some(LogTrouble::Unreadable));
    scene.set("b", Status::Critical);
    scene.pass(4);
    let seen = scene.look().await;
    assert_eq!((seen.sightings.len(), seen.gaps.len()), (2, 1), "{:?}", seen.gaps);
}

#[tokio::test]
async fn an_obsolete_chart_and_health_that_is_initializing_are_seen_as_they_are() {
    for api in [Api::V1, Api::V3] {
        let mut scene = LaggingAgent::new(api).await;
        scene.set("a", Status::Critical);
        scene.set("b", Status::Warning);
        scene.pass(4);
        scene.look().await;
        {
            let mut world = scene.world.lock().unwrap();
            world.obsolete_chart(World::OWN, CHART, "a");
            world.set_health(World::OWN, Health::Initializing);
            world.advance(1500);
        }
        let seen = scene.look_for(&["a", "b"]).await;
        let statuses: Vec<_> =
            seen.sightings.iter().map(|one| (&*one.alert.name, one.facts.status)).collect();
        assert_eq!(statuses, [("a", Status::Removed), ("b", Status::Warning)]);
        let health = if api == Api::V1 { Health::Online } else { Health::Initializing };
        assert_eq!(seen.nodes[0].health, health);
    }
}

#[tokio::test]
async fn what_is_dated_ahead_is_told_now() {
    for api in [Api::V1, Api::V3] {
        let mut scene = LaggingAgent::new(api).await;
        scene.world.lock().unwrap().define(World::OWN, Definition::new(CHART, "a"));
        scene.world.lock().unwrap().set_late(World::OWN, CHART, "a", Status::Critical, 1.0, -8 * 3600);
        scene.pass(4);
        let seen = scene.look().await;
        assert_eq!(seen.gaps.len(), 1, "{api:?}");
        assert!(seen.sightings[0].due.is_some_and(|due| due <= seen.now) && !seen.sightings[0].pending);
        assert_eq!(seen.sightings[0].facts.when, seen.now);
    }
}
