//! One sender with two parents that watch the same node: one alert in ilert throughout, whatever happens to either.

mod away;
mod killed;
mod moved;
mod together;

use std::sync::{Arc, Mutex, MutexGuard};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::{NodeHandle, Served, World};

use crate::stage::{Services, Stage, chart};

/// The machine that both watch.
const GUID: &str = "0db10db1-0000-4000-8000-000000000db1";

/// Two parents, `p1` and `p2`, to each of which `db` streams, and the sender with both.
struct Pair {
    stage: Stage,
    second: Arc<Mutex<World>>,
    port: Served,
    db: NodeHandle,
}

impl Pair {
    fn new() -> Self {
        Self::of([Api::V3, Api::V3])
    }

    fn of([first, second]: [Api; 2]) -> Self {
        let mut p1 = World::another(first, "p1", 1);
        let db = p1.add_node_as("db", GUID);
        let mut p2 = World::another(second, "p2", 2);
        p2.add_node_as("db", GUID);
        let (second, port) = Services::serve(p2);
        let stage = Stage::of(p1);
        let mut pair = Self { stage, second, port, db };
        pair.stage.configure("delivery.unreachable_after", "2m");
        pair.stage.configure("delivery.removed_after", "3m");
        pair.ask(&[1, 2]);
        pair
    }

    /// Configures these parents, in this order.
    fn ask(&mut self, numbers: &[usize]) {
        let urls = [self.stage.netdata.url(), self.port.url()];
        let urls: Vec<String> = numbers.iter().map(|number| urls[number - 1].clone()).collect();
        match urls.as_slice() {
            [one] => self.stage.configure("netdata.url", one.as_str()),
            _ => self.stage.configure("netdata.url", urls),
        }
    }

    fn p1(&self) -> MutexGuard<'_, World> {
        self.stage.world()
    }

    fn p2(&self) -> MutexGuard<'_, World> {
        self.second.lock().unwrap()
    }

    /// Passes time everywhere.
    fn pass(&self, seconds: i64) {
        self.p1().advance(seconds);
        self.p2().advance(seconds);
    }

    /// The alert on `db` is evaluated by the first parent, and three seconds pass.
    fn set1(&self, alert: &str, status: Status) {
        self.p1().set(self.db, &chart(alert), alert, status, 42.0);
        self.pass(3);
    }

    fn set2(&self, alert: &str, status: Status) {
        self.p2().set(self.db, &chart(alert), alert, status, 42.0);
        self.pass(3);
    }

    fn set(&self, alert: &str, status: Status) {
        self.p1().set(self.db, &chart(alert), alert, status, 42.0);
        self.p2().set(self.db, &chart(alert), alert, status, 42.0);
        self.pass(3);
    }

    /// A run that ends like this; says what ilert was told.
    #[track_caller]
    fn run_to(&self, exit: Exit) -> Vec<String> {
        let (ended, told, words) = self.run();
        assert_eq!(ended, exit, "{told:?} {words:?}");
        told
    }

    /// A run that ends well.
    #[track_caller]
    fn run_well(&self) -> Vec<String> {
        self.run_to(Exit::Done)
    }

    fn run(&self) -> (Exit, Vec<String>, Vec<String>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let report = runtime.block_on(self.stage.deliver());
        (report.exit, self.stage.told(), report.words)
    }

    /// Runs each minute for so long; says what ilert was told.
    fn watch_for(&self, seconds: i64) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..(seconds / 60) {
            self.pass(60);
            told.extend(self.run().1);
        }
        told
    }

    /// The state of `cpu`, critical at both and told.
    fn told() -> Self {
        Self::new().and_told()
    }

    fn and_told(self) -> Self {
        assert_eq!(self.run_well(), [""; 0]);
        self.set("cpu", Status::Critical);
        assert_eq!(self.run_well(), ["ALERT cpu critical"]);
        self.pass(60);
        assert_eq!(self.run_well(), [""; 0]);
        self
    }

    /// Cleared at both, it is resolved, and there was but one alert.
    #[track_caller]
    fn ends(&self) {
        self.set("cpu", Status::Clear);
        let told = self.watch_for(180);
        assert_eq!(told, ["RESOLVE cpu critical"]);
        assert_eq!(self.stage.history().iter().filter(|alert| *alert == "cpu critical").count(), 1);
        assert_eq!(self.stage.open(), [""; 0]);
    }
}

const NOTHING: [&str; 0] = [];
