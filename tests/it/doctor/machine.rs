//! A machine to break things on: a simulated Netdata and ilert, a configuration, a crontab.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::config;
use netdata_ilert::delivery::Job;
use netdata_ilert::delivery::run;
use netdata_ilert::doctor::{Diagnosis, Mark, Place, Style, examine};
use netdata_ilert::exit::Exit;
use netdata_ilert::netdata::{self, Credentials};
use netdata_ilert::schedule::{self, Kind, Setting};
use netdata_ilert::simulator::{Ilert, Served, World, serve_netdata};
use tempfile::TempDir;

pub const KEY: &str = "il1api-of-the-simulator-3f9a";
pub const BEAT: &str = "il1hbt-of-the-simulator-77aa";
pub const PLAIN: Style = Style { color: false, unicode: true };

/// A machine on which all is well, until a test breaks something.
pub struct Machine {
    pub folder: TempDir,
    pub world: Arc<Mutex<World>>,
    pub agent: Served,
    pub ilert: Ilert,
    pub service: Served,
    /// This machine's clock against Netdata's, milliseconds.
    pub ahead: i64,
    /// Replacements in the configuration's text.
    pub edits: Vec<(String, String)>,
}

impl Machine {
    pub fn new() -> Self {
        let mut world = World::new(Api::V3, "db-1");
        world.add_node("web-1");
        world.set(World::OWN, "disk._", "full", Status::Critical, 99.0);
        world.advance(2);
        let world = Arc::new(Mutex::new(world));
        let agent = serve_netdata(Arc::clone(&world)).unwrap();
        let ilert = Ilert::new(KEY);
        ilert.add_heartbeat(BEAT);
        let service = ilert.serve().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let machine = Self { folder, world, agent, ilert, service, ahead: 0, edits: Vec::new() };
        fs::create_dir(machine.at("bin")).unwrap();
        machine.program("crontab", "[ \"$1\" = -l ] && cat $HERE/crontab || cat > $HERE/crontab");
        fs::write(machine.at("crontab"), "").unwrap();
        machine.secret("api-key", KEY);
        machine.secret("heartbeat-url", &format!("{}/api/pings/{BEAT}", machine.service.url()));
        machine
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn secret(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).unwrap();
        fs::set_permissions(self.at(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub fn program(&self, name: &str, script: &str) {
        let path = self.at("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\nHERE={}\n{script}\n", self.folder.path().display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
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
            self.agent.url(),
            self.service.url(),
        );
        for (from, to) in &self.edits {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        fs::write(self.at("config.toml"), text).unwrap();
        self.at("config.toml")
    }

    pub fn now(&self) -> i64 {
        self.world.lock().unwrap().now() * 1000 + self.ahead
    }

    pub fn setting(&self) -> Setting {
        Setting {
            root: true,
            binary: "/usr/bin/netdata-ilert".into(),
            config: self.at("config.toml"),
            state_dir: self.at("state"),
            credentials: Vec::new(),
            variables: Vec::new(),
            units: self.at("units"),
            systemd: self.at("no-systemd"),
            path: std::env::join_paths([self.at("bin"), "/usr/bin".into(), "/bin".into()]).unwrap(),
        }
    }

    pub fn schedule(&self) {
        let setting = self.setting();
        let plan = schedule::plan(Kind::Cron, &setting, &schedule::present(&setting).unwrap()).unwrap();
        schedule::install(&plan).unwrap();
    }

    /// One run of the sender.
    pub async fn run(&self) -> Exit {
        let config = config::load(&self.write_config()).unwrap();
        let netdata = netdata::Client::new(&config.netdata.url, None, Credentials::default()).unwrap();
        let (key, state) = (config.api_key().unwrap(), self.at("state"));
        let job = Job { clock: &|| self.now(), ..Job::new(&config, &key, &state, &netdata) };
        run::send(&job).await.unwrap().exit
    }

    pub async fn examine(&self) -> Diagnosis {
        let diagnosis = examine(&Place {
            config: &self.write_config(),
            state: &self.at("state"),
            schedule: Some(self.setting()),
            notify_files: vec![self.at("health_alarm_notify.conf")],
            clock: &|| self.now(),
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
    let machine = Machine::new();
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
