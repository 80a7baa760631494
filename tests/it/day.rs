//! A day in the life of the sender, compressed: what every run ends with and what `--status` says, from a quiet
//! morning through outages on either side to a quiet night.

use std::cell::Cell;
use std::path::Path;
use std::sync::{Arc, Mutex};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::config::{self, Config};
use netdata_ilert::delivery::Job;
use netdata_ilert::delivery::by_hand;
use netdata_ilert::delivery::run;
use netdata_ilert::exit::Exit;
use netdata_ilert::netdata::{self, Credentials};
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::{Answer, Ilert, NodeHandle, Served, World, serve_netdata};
use netdata_ilert::status::{self, Status as Shown};
use tempfile::TempDir;

const KEY: &str = "il1api-of-the-simulator-3f9a";
const DISK: (&str, &str) = ("disk_space._var", "disk_space_usage");
const CPU: (&str, &str) = ("system.cpu", "10min_cpu_usage");

struct Day {
    world: Arc<Mutex<World>>,
    child: NodeHandle,
    agent: Served,
    ilert: Ilert,
    service: Served,
    state: TempDir,
    config: Config,
    client: netdata::Client,
    /// Seconds since the epoch, on everybody's clock.
    now: Cell<i64>,
}

impl Day {
    fn begin() -> Self {
        let mut world = World::new(Api::V3, "parent");
        let child = world.add_node("db-1");
        let now = Cell::new(world.now());
        let world = Arc::new(Mutex::new(world));
        let agent = serve_netdata(Arc::clone(&world)).unwrap();
        let ilert = Ilert::new(KEY);
        let service = ilert.serve().unwrap();
        let text = format!(
            "version = 1\n[notification]\nname = \"day\"\n\
             notify = [\"critical\", \"warning\", \"clear\", \"reachable\", \"unreachable\"]\n\
             [integration]\napi_key = \"{KEY}\"\n[netdata]\nurl = \"{}\"\n[ilert]\nendpoint = \"{}\"\n",
            agent.url(),
            service.url()
        );
        let config = config::parse(&text, Path::new("day.toml")).unwrap();
        let client = netdata::Client::new(&config.netdata.url, None, Credentials::default()).unwrap();
        Self { world, child, agent, ilert, service, state: tempfile::tempdir().unwrap(), config, client, now }
    }

    /// Passes time on every clock.
    fn wait(&self, minutes: i64) {
        self.now.set(self.now.get() + minutes * 60);
        self.world.lock().unwrap().set_now(self.now.get());
    }

    fn set(&self, node: NodeHandle, (chart, alert): (&str, &str), status: Status) {
        self.world.lock().unwrap().set(node, chart, alert, status, 42.0);
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
        let clock = || self.now.get() * 1000;
        let key = Secret::new(KEY.to_owned());
        let job = Job { clock: &clock, ..Job::new(&self.config, &key, self.state.path(), &self.client) };
        let report = run::send(&job).await.unwrap();
        let is_well = report.exit == Exit::Done;
        assert!(
            report.words.iter().all(|words| is_well == words.contains("again, after")),
            "{:?}",
            report.words
        );
        assert_eq!(self.status().last_run.unwrap().exit, report.exit as u8);
        report.exit
    }

    fn status(&self) -> Shown {
        status::read(self.state.path()).unwrap()
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
        let mut open: Vec<String> = self.ilert.open().iter().map(|alert| short(&alert.key)).collect();
        let mut shown: Vec<String> = self.status().open.iter().map(|alert| short(&alert.alert_key)).collect();
        open.sort();
        shown.sort();
        assert_eq!(open, shown);
        open
    }

    async fn retry(&self) -> usize {
        let key = Secret::new(KEY.to_owned());
        by_hand::retry(self.state.path(), &key, &self.config, &[], self.now.get() * 1000).await.unwrap().len()
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
    day.service.stop().await;
    day.set(child, DISK, Status::Critical);
    assert_eq!(day.send().await, Exit::Later);
    let status = day.status();
    assert_eq!((status.exit(), status.waiting.len(), status.failed.len()), (Exit::Later, 2, 0));
    day.service.start().unwrap();
    day.wait(1);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical"]);
    assert_eq!(day.status().exit(), Exit::Done);

    // The parent goes away: an alert of its own, and nothing else changes.
    day.agent.stop().await;
    assert_eq!(day.send().await, Exit::Later);
    assert_eq!(day.watch(3).await, Exit::Later);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical", "parent unreachable"]);
    day.agent.start().unwrap();
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical"]);

    // ilert refuses an event for good: a person looks, and tries it again.
    day.ilert.answer_by(|event| event.alert_key.contains("cpu").then_some(Answer::Status(400)));
    day.set(own, CPU, Status::Critical);
    assert_eq!(day.send().await, Exit::Refused);
    day.wait(1);
    assert_eq!(day.send().await, Exit::Done, "failed rows of earlier runs do not change it");
    let status = day.status();
    assert_eq!((status.exit(), status.waiting.len(), status.failed.len()), (Exit::Refused, 0, 1));
    day.ilert.recover();
    day.ilert.answer_by(|_| None);
    assert_eq!(day.retry().await, 1);
    assert_eq!(day.status().exit(), Exit::Later);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open().len(), 2);

    // ilert limits: the key rests, and the next minute goes on.
    day.ilert.answer_next(Answer::Status(429));
    day.set(own, CPU, Status::Clear);
    assert_eq!(day.send().await, Exit::Later);
    assert_eq!(day.send().await, Exit::Later, "within the pause nothing is tried");
    day.wait(1);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical"]);

    // The child goes away and comes back: unknown is not clear.
    day.world.lock().unwrap().disconnect(child);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.watch(6).await, Exit::Done);
    assert_eq!(day.open(), ["db-1 disk_space._var disk_space_usage critical", "db-1 unreachable"]);
    day.world.lock().unwrap().reconnect(child, 0);
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
    let requests = day.ilert.received().len();
    day.wait(60);
    assert_eq!(day.send().await, Exit::Done);
    assert_eq!(day.ilert.received().len(), requests, "and nothing is said in it");
}
