//! Runs one after the other, and what they tell ilert's heartbeat monitor, against a simulated Netdata and ilert.

use std::cell::RefCell;
use std::time::Duration;

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::config::{Config, Invocation};
use netdata_ilert::delivery::watch::{Equipment, Watch, WatchEvent};
use netdata_ilert::exit::Exit;
use netdata_ilert::netdata::{self, Credentials};
use netdata_ilert::simulator::{Barrier, Fault, World};
use tokio::sync::Notify;

use crate::stage::{Stage, library};

const BEAT: &str = "il1hbt-of-the-simulator-77aa";
const SETTINGS: &str = r#"
version = 1
notification = { name = "t", notify = ["critical", "clear"] }
integration.api_key = { file = "key" }
"#;

fn stage() -> Stage {
    let stage = Stage::with(World::new(Api::V3, "db-1"), SETTINGS);
    stage.ilert.add_heartbeat(BEAT);
    stage
}

fn with_heartbeat(key: &str) -> Stage {
    let mut stage = stage();
    let url = format!("{}/api/pings/{key}", stage.endpoint.url());
    stage.configure("heartbeat.url", url);
    stage
}

fn pings(stage: &Stage) -> usize {
    stage.endpoint.requests().iter().filter(|request| request.contains("/api/pings/")).count()
}

#[tokio::test]
async fn pings_about_once_a_minute() {
    let stage = with_heartbeat(BEAT);
    let mut counts = Vec::new();
    for _ in 0..9 {
        assert_eq!(stage.deliver().await.exit, Exit::Done);
        counts.push(pings(&stage));
        stage.pass(15_000);
    }
    assert_eq!(counts, [1, 1, 1, 1, 2, 2, 2, 2, 3]);
    // cron's minute, give or take what a run takes.
    for (early, count) in [(700, 4), (-900, 5), (1_200, 6)] {
        stage.pass(60_000 + early);
        stage.deliver().await;
        assert_eq!(pings(&stage), count);
    }
    // A clock that is set back does not silence it.
    stage.pass(-86_400_000);
    stage.deliver().await;
    assert_eq!(pings(&stage), 7);
}

#[tokio::test]
async fn pings_after_good_runs_alone_and_after_the_alerts() {
    let mut stage = with_heartbeat(BEAT);
    stage.stop_netdata();
    assert_eq!(stage.deliver().await.exit, Exit::Later);
    assert_eq!(pings(&stage), 0);
    stage.start_netdata();
    stage.set("full", Status::Critical);
    assert_eq!(stage.deliver().await.exit, Exit::Done);
    let requests = stage.endpoint.requests();
    assert_eq!(requests, ["POST /api/events".to_owned(), format!("GET /api/pings/{BEAT}")]);
}

#[tokio::test]
async fn a_failed_ping_is_no_failed_run_and_shows_no_key() {
    let stage = with_heartbeat("il1hbt-wrong");
    let report = stage.deliver().await;
    assert_eq!((report.exit, report.words.len()), (Exit::Done, 0));
    assert_eq!(
        report.record.problems,
        [
            "the heartbeat did not get through: it answers with HTTP status 404, which is what a wrong key gets: copy \
             the heartbeat monitor's URL from ilert again, to where `heartbeat.url` keeps it"
        ]
    );
    // It is tried again soon, but not at once.
    stage.deliver().await;
    assert_eq!(pings(&stage), 1);
    stage.pass(15_000);
    stage.endpoint.fail(Some(Fault::Reset));
    let report = stage.deliver().await;
    assert_eq!((report.exit, pings(&stage)), (Exit::Done, 2));
    let said = format!("{:?}", report.record.problems);
    assert!(said.contains("closed before an answer"), "{said}");
    assert!(!said.contains("il1hbt") && !said.contains(&stage.endpoint.url()), "{said}");
}

#[tokio::test]
async fn a_heartbeat_that_cannot_be_had_stops_no_alert() {
    let mut stage = stage();
    stage.configure("heartbeat.url", toml::toml! { file = "/nowhere/heartbeat-url" });
    stage.set("full", Status::Critical);
    let report = stage.deliver().await;
    assert_eq!((report.exit, stage.ilert.open().len()), (Exit::Done, 1));
    assert!(report.record.problems[0].contains("/nowhere/heartbeat-url"), "{report:?}");
}

fn equipment(config: Config) -> Equipment {
    Equipment { key: config.api_key().unwrap(), credentials: Credentials::default(), heartbeat: None, config }
}

#[allow(clippy::unnecessary_wraps)] // others fail
fn connect(equipment: &Equipment) -> Result<netdata::Parents, String> {
    Ok(library::client(&equipment.config))
}

#[tokio::test]
async fn watching_survives_outages_and_takes_a_new_configuration() {
    let stage = stage();
    let current = RefCell::new(Ok(stage.config()));
    let clock = || stage.now();
    let watch = Watch {
        read: &|| current.borrow().clone().map(|config| Some(equipment(config))),
        connect: &connect,
        state: &stage.state(),
        file: None,
        invocation: Invocation::PLAIN,
        every: Duration::from_millis(1),
        patience: Duration::from_millis(300),
        clock: &clock,
    };
    let stop = Notify::new();
    let mut said = Vec::new();
    let mut runs = 0;
    let exit = watch.run(stop.notified(), |event| {
        match event {
            WatchEvent::Ran(report) => said.push(format!("{:?} {}", report.exit, stage.ilert.open().len())),
            WatchEvent::Failed(error) => {
                let is_a_file = error.to_string().contains("it is a file, not a folder");
                said.push(format!("failed: a file {is_a_file}"));
                std::fs::remove_file(stage.state()).unwrap();
            }
            WatchEvent::Changed => said.push("changed".to_owned()),
            WatchEvent::Unusable(error) => said.push(format!("unusable: {error}")),
            WatchEvent::Usable => said.push("usable".to_owned()),
            WatchEvent::StateRemoved => said.push("state removed".to_owned()),
            WatchEvent::Away | WatchEvent::Back | WatchEvent::Gone => said.push(format!("{event:?}")),
        }
        if !matches!(event, WatchEvent::Ran(_)) {
            return;
        }
        runs += 1;
        stage.pass(1000);
        match runs {
            1 => stage.set("full", Status::Critical),
            2 => stage.netdata.fail(Some(Fault::Reset)),
            3 => stage.netdata.fail(None),
            4 => {
                stage.endpoint.fail(Some(Fault::Reset));
                stage.set("slow", Status::Critical);
            }
            5 => stage.endpoint.fail(None),
            6 => *current.borrow_mut() = Err("line 3 is wrong".to_owned()),
            7 => *current.borrow_mut() = Ok(stage.config()),
            8 => {
                let labels = [("env".to_owned(), "prod".to_owned())].into();
                *current.borrow_mut() = Ok(Config { labels, ..stage.config() });
            }
            9 => std::fs::remove_dir_all(stage.state()).unwrap(),
            10 => {
                std::fs::remove_dir_all(stage.state()).unwrap();
                std::fs::write(stage.state(), "").unwrap();
            }
            11 => stop.notify_one(),
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
            "usable",
            "Done 2",
            "changed",
            "Done 2",
            "state removed",
            "Done 2",
            "failed: a file true",
            "Done 2",
        ]
    );
}

#[tokio::test]
async fn what_is_away_for_a_moment_is_waited_for_and_made_anew_by_nobody() {
    let stage = stage();
    let [file, folder, aside] = [stage.path("config.toml"), stage.state(), stage.path("aside")];
    std::fs::create_dir(&aside).unwrap();
    let take_away = || {
        std::fs::rename(&file, aside.join("config.toml")).unwrap();
        std::fs::rename(&folder, aside.join("state")).unwrap();
    };
    let bring_back = || {
        std::fs::rename(aside.join("config.toml"), &file).unwrap();
        std::fs::rename(aside.join("state"), &folder).unwrap();
    };
    let clock = || stage.now();
    let watch = Watch {
        read: &|| {
            if file.exists() { Ok(Some(equipment(stage.config()))) } else { Err("there is none".to_owned()) }
        },
        connect: &connect,
        state: &folder,
        file: Some(&file),
        invocation: Invocation::PLAIN,
        every: Duration::from_millis(1),
        patience: Duration::from_millis(600),
        clock: &clock,
    };
    stage.set("full", Status::Critical);
    let mut said = Vec::new();
    let exit = watch.run(std::future::pending(), |event| {
        stage.pass(1000);
        match &event {
            WatchEvent::Ran(report) => said.push(format!("{:?}", report.exit)),
            event => said.push(format!("{event:?}")),
        }
        match said.len() {
            1 | 4 => take_away(),
            2 => bring_back(),
            _ => {}
        }
    });
    assert_eq!(exit.await, Ok(Exit::Configuration));
    assert_eq!(said, ["Done", "Away", "Back", "Done", "Away", "Gone"]);
    assert_eq!(stage.ilert.accepted(), 1, "nothing is told again");
    assert!(!folder.exists() && !file.exists());
}

#[tokio::test]
async fn watching_keeps_its_connections() {
    let stage = stage();
    let config = stage.config();
    let clock = || stage.now();
    let watch = Watch {
        read: &|| Ok(Some(equipment(config.clone()))),
        connect: &connect,
        state: &stage.state(),
        file: None,
        invocation: Invocation::PLAIN,
        every: Duration::from_millis(1),
        patience: Duration::from_millis(300),
        clock: &clock,
    };
    let stop = Notify::new();
    let mut runs = 0;
    let exit = watch.run(stop.notified(), |_| {
        runs += 1;
        stage.set(&format!("alert-{runs}"), Status::Critical);
        if runs == 5 {
            stop.notify_one();
        }
    });
    assert_eq!(exit.await, Ok(Exit::Done));
    assert_eq!(stage.ilert.accepted(), 4);
    assert_eq!(stage.endpoint.connections(), 1);
}

#[tokio::test]
async fn a_run_under_way_is_finished_before_the_end() {
    let stage = stage();
    stage.set("full", Status::Critical);
    let barrier = Barrier::new();
    stage.endpoint.fail(Some(Fault::Stall(barrier.clone())));
    let config = stage.config();
    let clock = || stage.now();
    let watch = Watch {
        read: &|| Ok(Some(equipment(config.clone()))),
        connect: &connect,
        state: &stage.state(),
        file: None,
        invocation: Invocation::PLAIN,
        every: Duration::from_secs(3600),
        patience: Duration::from_millis(300),
        clock: &clock,
    };
    let mut exits = Vec::new();
    let stop = async {
        // The event is on its way when the word to end comes; only then is it let through.
        barrier.arrived(1).await;
        barrier.open();
    };
    let exit = watch.run(stop, |event| {
        if let WatchEvent::Ran(report) = event {
            exits.push(report.exit);
        }
    });
    assert_eq!(exit.await, Ok(Exit::Done));
    assert_eq!((exits, stage.ilert.open().len()), (vec![Exit::Done], 1));
}

#[tokio::test]
async fn a_configuration_that_is_unusable_from_the_start_is_an_error() {
    let stage = stage();
    let watch = Watch {
        read: &|| Err("no configuration".to_owned()),
        connect: &connect,
        state: &stage.state(),
        file: None,
        invocation: Invocation::PLAIN,
        every: Duration::from_secs(1),
        patience: Duration::from_millis(300),
        clock: &|| 0,
    };
    assert_eq!(watch.run(std::future::pending(), |_| {}).await, Err("no configuration".to_owned()));
}
