//! A day in the life of the sender, compressed: what every run ends with and what `--status` says, from a quiet
//! morning through outages on either side to a quiet night.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::delivery::by_hand;
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::{Answer, NodeHandle, World};
use netdata_ilert::status::{self, StatusReport};

use crate::stage::Stage;

const DISK: (&str, &str) = ("disk_space._var", "disk_space_usage");
const CPU: (&str, &str) = ("system.cpu", "10min_cpu_usage");

/// Told of everything, at the pace that is usual.
const SETTINGS: &str = r#"
version = 1
notification = { name = "day", notify = ["critical", "warning", "clear", "reachable", "unreachable"] }
integration.api_key = { file = "key" }
"#;

struct Day {
    stage: Stage,
    child: NodeHandle,
}

impl Day {
    fn begin() -> Self {
        let mut world = World::new(Api::V3, "parent");
        let child = world.add_node("db-1");
        Self { stage: Stage::with(world, SETTINGS), child }
    }

    fn wait(&self, minutes: i64) {
        self.stage.world().advance(minutes * 60);
    }

    fn set(&self, node: NodeHandle, (chart, alert): (&str, &str), status: Status) {
        self.stage.world().set(node, chart, alert, status, 42.0);
        self.wait(1);
    }

    /// Runs each minute for so long; says how the last run ended.
    async fn watch(&self, minutes: i64) -> Exit {
        for _ in 1..minutes {
            self.wait(1);
            self.send().await;
        }
        self.wait(1);
        self.send().await
    }

    async fn send(&self) -> Exit {
        let report = self.stage.deliver().await;
        let is_well = report.exit == Exit::Done;
        assert!(
            report.words.iter().all(|words| is_well == words.contains("again, after")),
            "{:?}",
            report.words
        );
        assert_eq!(self.status().last_run.unwrap().exit, report.exit as u8);
        report.exit
    }

    fn status(&self) -> StatusReport {
        status::read(&self.stage.state()).unwrap()
    }

    /// What is open in ilert, and that `--status` says the same.
    fn open(&self) -> Vec<String> {
        let short = |key: &str| {
            key.split('/')
                .filter(|part| !part.contains('-') || *part == "db-1")
                .skip(1)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut open: Vec<String> = self.stage.ilert.open().iter().map(|alert| short(&alert.key)).collect();
        let mut shown: Vec<String> = self.status().open.iter().map(|alert| short(&alert.alert_key)).collect();
        open.sort();
        shown.sort();
        assert_eq!(open, shown);
        open
    }

    async fn retry(&self) -> usize {
        let (config, stage) = (self.stage.config(), &self.stage);
        let key = config.api_key().unwrap();
        by_hand::retry(&stage.state(), &key, &config, &[], stage.now()).await.unwrap().events.len()
    }
}

#[tokio::test]
async fn a_day() {
    let mut day = Day::begin();
    let (own, child) = (World::OWN, day.child);
    assert_eq!(day.status().exit(), Exit::Done, "before the first run");
    assert_eq!(day.send().await, Exit::Done, "a quiet morning");

    day.set(child, DISK, Status::Warning);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage warning"]);

    // ilert cannot be reached: what comes meanwhile waits, and is told when it is back.
    day.stage.stop_ilert();
    day.set(child, DISK, Status::Critical);
    assert_eq!(day.send().await, Exit::Later);
    let status = day.status();
    assert_eq!((status.exit(), status.waiting.len(), status.failed.len()), (Exit::Later, 2, 0));
    day.stage.start_ilert();
    day.wait(1);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical"]);
    assert_eq!(day.status().exit(), Exit::Done);

    // The parent goes away: an alert of its own, and nothing else changes.
    day.stage.stop_netdata();
    assert_eq!(day.send().await, Exit::Later);
    assert_eq!(day.watch(3).await, Exit::Later);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical", "parent unreachable"]);
    day.stage.start_netdata();
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical"]);

    // ilert refuses an event for good: a person looks, and tries it again.
    day.stage.ilert.answer_by(|event| event.alert_key.contains("cpu").then_some(Answer::Status(400)));
    day.set(own, CPU, Status::Critical);
    assert_eq!(day.send().await, Exit::Refused);
    day.wait(1);
    assert_eq!(day.send().await, Exit::Done, "failed rows of earlier runs do not change it");
    let status = day.status();
    assert_eq!((status.exit(), status.waiting.len(), status.failed.len()), (Exit::Refused, 0, 1));
    day.stage.ilert.recover();
    day.stage.ilert.answer_by(|_| None);
    assert_eq!(day.retry().await, 1);
    assert_eq!(day.status().exit(), Exit::Later);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open().len(), 2);

    // ilert limits: the key rests, and the next minute goes on.
    day.stage.ilert.answer_next(Answer::Status(429));
    day.set(own, CPU, Status::Clear);
    assert_eq!(day.send().await, Exit::Later);
    assert_eq!(day.send().await, Exit::Later, "within the pause nothing is tried");
    day.wait(1);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical"]);

    // The child goes away and comes back: unknown is not clear.
    day.stage.world().disconnect(child);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.watch(6).await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical", "db-1 unreachable"]);
    day.stage.world().reconnect(child, 0);
    day.wait(1);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical"]);

    // A quiet night.
    day.set(child, DISK, Status::Clear);
    assert_eq!(day.send().await, Exit::Done);
    let status = day.status();
    assert_eq!(
        (status.exit(), day.open().len(), status.waiting.len(), status.failed.len()),
        (Exit::Done, 0, 0, 0)
    );
    let requests = day.stage.ilert.received().len();
    day.wait(60);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.stage.ilert.received().len(), requests, "and nothing is said in it");
}
