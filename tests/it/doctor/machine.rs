//! A machine to break things on: a simulated Netdata and ilert, a configuration, a crontab.

use std::fs;
use std::path::PathBuf;

use netdata_ilert::config::Invocation;
use netdata_ilert::delivery::ledger::Ledger;
use netdata_ilert::delivery::store::{Commit, RunRecord, Store};
use netdata_ilert::doctor::{Diagnosis, DoctorInput, Mark, Style, examine};
use netdata_ilert::exit::Exit;
use netdata_ilert::schedule::{self, Installation, Scheduler, Serves};
use netdata_ilert::simulator::World;

use crate::stage::{KEY, Services, Stage, parent};

pub const BEAT: &str = "il1hbt-of-the-simulator-77aa";
pub const PLAIN: Style = Style { color: false, unicode: true };

/// A machine on which all is well, until a test breaks something.
pub struct Machine {
    pub stage: Stage,
    /// Replacements in the configuration's text.
    pub edits: Vec<(String, String)>,
}

impl Machine {
    pub fn new() -> Self {
        Self::of(parent())
    }

    /// With an agent that shows this world.
    pub fn of(world: World) -> Self {
        let stage = Stage::empty(Services::with(world));
        stage.ilert.add_heartbeat(BEAT);
        stage.write_program("crontab", "[ \"$1\" = -l ] && cat crontab || cat > crontab");
        fs::write(stage.path("crontab"), "").unwrap();
        stage.write_private("api-key", KEY);
        stage.write_private("heartbeat-url", &format!("{}/api/pings/{BEAT}", stage.endpoint.url()));
        Self { stage, edits: Vec::new() }
    }

    pub fn edit(&mut self, from: &str, to: &str) {
        self.edits.push((from.to_owned(), to.to_owned()));
    }

    pub fn write_config(&self) -> PathBuf {
        let mut text = format!(
            "version = 1\n\
             notification = {{ name = \"test\", rooms = [\"all\"], notify = [\"critical\", \"warning\", \"clear\", \
             \"reachable\", \"unreachable\"] }}\n\
             integration.api_key = {{ file = \"api-key\" }}\n\
             netdata.url = \"{}\"\n\
             ilert.endpoint = \"{}\"\n\
             heartbeat.url = {{ file = \"heartbeat-url\" }}\n\
             [[room]]\nname = \"all\"\nnodes = \"db-* web-*\"\n",
            self.stage.netdata.url(),
            self.stage.endpoint.url(),
        );
        for (from, to) in &self.edits {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        self.stage.write_private("config.toml", &text)
    }

    pub fn installation(&self) -> Installation {
        Installation {
            root: true,
            serves: Serves::All { folder: None },
            invocation: Invocation::default(),
            binary: "/usr/bin/netdata-ilert".into(),
            config: self.stage.path("config.toml"),
            state_dir: self.stage.state(),
            credentials: Vec::new(),
            way: netdata_ilert::schedule::Way::default(),
            variables: Vec::new(),
            units: self.stage.path("units"),
            vendor: vec![self.stage.path("vendor")],
            systemd: self.stage.path("no-systemd"),
            path: std::env::join_paths([self.stage.path("bin"), "/usr/bin".into(), "/bin".into()]).unwrap(),
            limit: std::time::Duration::from_secs(10),
        }
    }

    pub fn schedule(&self) {
        let installation = self.installation();
        let plan = schedule::plan(Scheduler::Cron, &installation, &schedule::present(&installation).unwrap())
            .unwrap();
        schedule::install(&plan).unwrap();
    }

    /// One run of the sender.
    pub async fn run(&self) -> Exit {
        self.write_config();
        self.stage.deliver().await.exit
    }

    /// The last run was started by a person.
    pub fn note_a_run_by_hand(&self) {
        let mut store = Store::open(&self.stage.state()).unwrap();
        let config = self.stage.config();
        let key = store.fingerprint(&config.api_key().unwrap(), &config.ilert.endpoint).unwrap();
        let run = RunRecord { by_hand: true, ..store.last_run().unwrap().unwrap() };
        let commit = Commit { run: Some(&run), ..Commit::default() };
        store.commit(&key, &mut Ledger::default(), &commit).unwrap();
        store.close().unwrap();
    }

    pub async fn examine(&self) -> Diagnosis {
        let diagnosis = examine(&DoctorInput {
            config: &self.write_config(),
            state: &self.stage.state(),
            invocation: Invocation::default(),
            others: &[],
            schedule: Some(self.installation()),
            notify_files: vec![self.stage.path("health_alarm_notify.conf")],
            clock: &|| self.stage.now(),
        })
        .await;
        let shown = diagnosis.text(PLAIN) + &serde_json::to_string(&diagnosis).unwrap();
        for secret in [KEY, BEAT, "hunter2"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        diagnosis
    }
}

/// A machine on which all is well and a run was made.
pub async fn healthy() -> Machine {
    healthy_of(parent()).await
}

/// The same, with an agent that shows this world.
pub async fn healthy_of(world: World) -> Machine {
    let machine = Machine::of(world);
    machine.schedule();
    assert_eq!(machine.run().await, Exit::Done);
    machine
}

/// That the check has a line with this mark which says this, and this is the fix.
#[track_caller]
pub fn assert_line(diagnosis: &Diagnosis, check: &str, mark: Mark, says: &str, fix: &str) {
    let found = diagnosis.checks.iter().any(|line| {
        line.check == check
            && line.mark == mark
            && line.says.contains(says)
            && line.fix.as_deref().unwrap_or_default().contains(fix)
    });
    assert!(found, "{check} {mark:?} {says} / {fix}\n{}", diagnosis.text(PLAIN));
}
