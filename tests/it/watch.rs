//! Runs one after the other, and what they tell ilert's heartbeat monitor, against a simulated Netdata and ilert.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::config::{self, Config};
use netdata_ilert::delivery::Job;
use netdata_ilert::delivery::run::{self, Report};
use netdata_ilert::delivery::watch::{Equipment, Event, Watch};
use netdata_ilert::exit::Exit;
use netdata_ilert::netdata::{self, Credentials};
use netdata_ilert::simulator::{Fault, Gate, Ilert, Served, World, serve_netdata};
use tempfile::TempDir;
use tokio::sync::Notify;

const KEY: &str = "il1api-of-the-simulator-3f9a";
const BEAT: &str = "il1hbt-of-the-simulator-77aa";

/// A simulated Netdata and ilert, and a state folder between them.
struct Scene {
    world: Arc<Mutex<World>>,
    agent: Served,
    ilert: Ilert,
    service: Served,
    state: TempDir,
    /// This machine's clock, milliseconds.
    now: Cell<i64>,
}

impl Scene {
    fn new() -> Self {
        let world = Arc::new(Mutex::new(World::new(Api::V3, "db-1")));
        let now = world.lock().unwrap().now() * 1000;
        let agent = serve_netdata(Arc::clone(&world)).unwrap();
        let ilert = Ilert::new(KEY);
        ilert.add_heartbeat(BEAT);
        let service = ilert.serve().unwrap();
        Self { world, agent, ilert, service, state: tempfile::tempdir().unwrap(), now: Cell::new(now) }
    }

    fn config(&self, more: &str) -> Config {
        let text = format!(
            "version = 1\nnotification = {{ name = \"t\", notify = [\"critical\", \"clear\"] }}\n\
             integration.api_key = \"{KEY}\"\nnetdata.url = \"{}\"\nilert.endpoint = \"{}\"\n{more}\n",
            self.agent.url(),
            self.service.url(),
        );
        config::parse(&text, Path::new("/etc/test.toml")).unwrap()
    }

    fn with_heartbeat(&self) -> Config {
        self.config(&format!("heartbeat.url = \"{}/api/pings/{BEAT}\"", self.service.url()))
    }

    fn raise(&self, alert: &str, status: Status) {
        let mut world = self.world.lock().unwrap();
        world.set(World::OWN, "disk._", alert, status, 99.0);
        world.advance(2);
    }

    async fn run(&self, config: &Config) -> Report {
        let key = config.api_key().unwrap();
        let netdata = netdata::Client::new(&config.netdata.url, None, Credentials::default()).unwrap();
        let job = Job { clock: &|| self.now.get(), ..Job::new(config, &key, self.state.path(), &netdata) };
        run::send(&job).await.unwrap()
    }

    fn pings(&self) -> usize {
        self.service.requests().iter().filter(|request| request.contains("/api/pings/")).count()
    }
}

#[tokio::test]
async fn pings_about_once_a_minute() {
    let scene = Scene::new();
    let config = scene.with_heartbeat();
    let mut pings = Vec::new();
    for _ in 0..9 {
        assert_eq!(scene.run(&config).await.exit, Exit::Done);
        pings.push(scene.pings());
        scene.now.set(scene.now.get() + 15_000);
    }
    assert_eq!(pings, [1, 1, 1, 1, 2, 2, 2, 2, 3]);
    // cron's minute, give or take what a run takes.
    for (early, count) in [(700, 4), (-900, 5), (1_200, 6)] {
        scene.now.set(scene.now.get() + 60_000 + early);
        scene.run(&config).await;
        assert_eq!(scene.pings(), count);
    }
    // A clock that is set back does not silence it.
    scene.now.set(scene.now.get() - 86_400_000);
    scene.run(&config).await;
    assert_eq!(scene.pings(), 7);
}

#[tokio::test]
async fn pings_after_good_runs_alone_and_after_the_alerts() {
    let mut scene = Scene::new();
    let config = scene.with_heartbeat();
    scene.agent.stop().await;
    assert_eq!(scene.run(&config).await.exit, Exit::Later);
    assert_eq!(scene.pings(), 0);
    scene.agent.start().unwrap();
    scene.raise("full", Status::Critical);
    assert_eq!(scene.run(&config).await.exit, Exit::Done);
    let requests = scene.service.requests();
    assert_eq!(requests, ["POST /api/events".to_owned(), format!("GET /api/pings/{BEAT}")]);
}

#[tokio::test]
async fn a_failed_ping_is_no_failed_run_and_shows_no_key() {
    let scene = Scene::new();
    let wrong = scene.config(&format!("heartbeat.url = \"{}/api/pings/il1hbt-wrong\"", scene.service.url()));
    let report = scene.run(&wrong).await;
    assert_eq!((report.exit, report.words.len()), (Exit::Done, 0));
    assert_eq!(
        report.record.problems,
        [
            "the heartbeat did not get through: it answers with HTTP status 404, which is what a wrong key gets"
        ]
    );
    // It is tried again soon, but not at once.
    scene.run(&wrong).await;
    assert_eq!(scene.pings(), 1);
    scene.now.set(scene.now.get() + 15_000);
    scene.service.fail(Some(Fault::Reset));
    let report = scene.run(&wrong).await;
    assert_eq!((report.exit, scene.pings()), (Exit::Done, 2));
    let said = format!("{:?}", report.record.problems);
    assert!(said.contains("closed before an answer"), "{said}");
    assert!(!said.contains("il1hbt") && !said.contains(&scene.service.url()), "{said}");
}

#[tokio::test]
async fn a_heartbeat_that_cannot_be_had_stops_no_alert() {
    let scene = Scene::new();
    let config = scene.config("heartbeat.url = { file = \"/nowhere/heartbeat-url\" }");
    scene.raise("full", Status::Critical);
    let report = scene.run(&config).await;
    assert_eq!((report.exit, scene.ilert.open().len()), (Exit::Done, 1));
    assert!(report.record.problems[0].contains("/nowhere/heartbeat-url"), "{report:?}");
}

fn equipment(config: Config) -> Equipment {
    Equipment { key: config.api_key().unwrap(), credentials: Credentials::default(), heartbeat: None, config }
}

fn connect(equipment: &Equipment) -> Result<netdata::Client, String> {
    netdata::Client::new(&equipment.config.netdata.url, None, Credentials::default())
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn watching_survives_outages_and_takes_a_new_configuration() {
    let scene = Scene::new();
    let current = RefCell::new(Ok(scene.config("")));
    let clock = || scene.now.get();
    let watch = Watch {
        read: &|| current.borrow().clone().map(equipment),
        connect: &connect,
        state: scene.state.path(),
        every: Duration::from_millis(1),
        clock: &clock,
    };
    let stop = Notify::new();
    let mut said = Vec::new();
    let mut runs = 0;
    let exit = watch.run(stop.notified(), |event| {
        match event {
            Event::Ran(report) => said.push(format!("{:?} {}", report.exit, scene.ilert.open().len())),
            Event::Failed(error) => said.push(error.to_string()),
            Event::Changed => said.push("changed".to_owned()),
            Event::Unusable(error) => said.push(format!("unusable: {error}")),
        }
        if !matches!(event, Event::Ran(_)) {
            return;
        }
        runs += 1;
        scene.now.set(scene.now.get() + 1000);
        match runs {
            1 => scene.raise("full", Status::Critical),
            2 => scene.agent.fail(Some(Fault::Reset)),
            3 => scene.agent.fail(None),
            4 => {
                scene.service.fail(Some(Fault::Reset));
                scene.raise("slow", Status::Critical);
            }
            5 => scene.service.fail(None),
            6 => *current.borrow_mut() = Err("line 3 is wrong".to_owned()),
            7 => *current.borrow_mut() = Ok(scene.config("labels.env = \"prod\"")),
            8 => stop.notify_one(),
            _ => panic!("it was told to end"),
        }
    });
    assert_eq!(exit.await, Ok(Exit::Done));
    assert_eq!(
        said,
        [
            "Done 0",
            "Done 1",
            "Later 1",
            "Done 1",
            "Later 1",
            "Done 2",
            "unusable: line 3 is wrong",
            "Done 2",
            "changed",
            "Done 2",
        ]
    );
}

#[tokio::test]
async fn watching_keeps_its_connections() {
    let scene = Scene::new();
    let config = scene.config("");
    let clock = || scene.now.get();
    let watch = Watch {
        read: &|| Ok(equipment(config.clone())),
        connect: &connect,
        state: scene.state.path(),
        every: Duration::from_millis(1),
        clock: &clock,
    };
    let stop = Notify::new();
    let mut runs = 0;
    let exit = watch.run(stop.notified(), |_| {
        runs += 1;
        scene.raise(&format!("alert-{runs}"), Status::Critical);
        if runs == 5 {
            stop.notify_one();
        }
    });
    assert_eq!(exit.await, Ok(Exit::Done));
    assert_eq!(scene.ilert.accepted(), 4);
    assert_eq!(scene.service.connections(), 1);
}

#[tokio::test]
async fn a_run_under_way_is_finished_before_the_end() {
    let scene = Scene::new();
    scene.raise("full", Status::Critical);
    let gate = Gate::new();
    scene.service.fail(Some(Fault::Stall(gate.clone())));
    let config = scene.config("");
    let clock = || scene.now.get();
    let watch = Watch {
        read: &|| Ok(equipment(config.clone())),
        connect: &connect,
        state: scene.state.path(),
        every: Duration::from_secs(3600),
        clock: &clock,
    };
    let mut exits = Vec::new();
    let stop = async {
        // The event is on its way when the word to end comes; only then is it let through.
        gate.arrived(1).await;
        gate.open();
    };
    let exit = watch.run(stop, |event| {
        if let Event::Ran(report) = event {
            exits.push(report.exit);
        }
    });
    assert_eq!(exit.await, Ok(Exit::Done));
    assert_eq!((exits, scene.ilert.open().len()), (vec![Exit::Done], 1));
}

#[tokio::test]
async fn a_configuration_that_is_unusable_from_the_start_is_an_error() {
    let scene = Scene::new();
    let watch = Watch {
        read: &|| Err("no configuration".to_owned()),
        connect: &connect,
        state: scene.state.path(),
        every: Duration::from_secs(1),
        clock: &|| 0,
    };
    assert_eq!(watch.run(std::future::pending(), |_| {}).await, Err("no configuration".to_owned()));
}
