//! The built binary between a real agent and a simulated ilert.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use netdata_ilert::config::Priority;
use netdata_ilert::simulator::ilert::EventType;
use netdata_ilert::simulator::{Clock, Ilert, Served};
use tempfile::TempDir;

use super::agent::{Agent, HOST};

const KEY: &str = "il1api-of-the-agent-test-7c21";

/// How the binary ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Done, and not a word of it.
    pub fn is_quiet(&self) -> bool {
        self.code == 0 && self.stdout.is_empty() && self.stderr.is_empty()
    }
}

pub struct Sender {
    folder: TempDir,
    pub ilert: Ilert,
    /// Kept for its port.
    served: Served,
    /// How many events were looked at already.
    known: usize,
}

impl Sender {
    /// A configuration for this agent, with delays that a test can wait for.
    pub fn new(agent: &Agent) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ilert = Ilert::new(KEY);
        ilert.set_clock(Clock::Real);
        let served = ilert.serve().unwrap();
        let key = folder.path().join("key");
        fs::write(&key, KEY).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        let config = format!(
            "version = 1\n\
             [notification]\nname = \"agent test\"\n\
             notify = [\"critical\", \"warning\", \"clear\", \"reachable\", \"unreachable\"]\n\
             [integration]\napi_key = {{ file = \"key\" }}\n\
             [netdata]\nurl = \"{}\"\n\
             [ilert]\nendpoint = \"{}\"\n\
             [delivery]\nevents_per_minute = 1000\nunreachable_after = \"1s\"\n",
            agent.url(),
            served.url()
        );
        fs::write(folder.path().join("config.toml"), config).unwrap();
        Self { folder, ilert, served, known: 0 }
    }

    /// `netdata-ilert --config … --state-dir …` with these arguments.
    pub async fn run(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_netdata-ilert"));
        command
            .env_clear()
            .arg("--config")
            .arg(self.path("config.toml"))
            .arg("--state-dir")
            .arg(self.path("state"))
            .args(arguments);
        // The simulated ilert answers on this thread.
        let Output { status, stdout, stderr } =
            tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run = Run { code: status.code().unwrap(), stdout: text(stdout), stderr: text(stderr) };
        assert!(!run.stdout.contains(KEY) && !run.stderr.contains(KEY), "the key is shown: {arguments:?}");
        run
    }

    pub async fn send(&self) -> Run {
        self.run(&["--send"]).await
    }

    /// A run of which nobody hears.
    pub async fn send_quietly(&self) {
        let run = self.send().await;
        assert!(run.is_quiet(), "{run:?}");
    }

    /// What ilert accepted since the last time, each as `ALERT flip_gauge/warning LOW` or `RESOLVE unreachable`.
    pub fn news(&mut self) -> Vec<String> {
        let received = self.ilert.received();
        let new = received.iter().skip(self.known).map(|one| {
            assert!(one.verdict.is_accepted(), "{one:?}");
            let event = one.event.as_ref().unwrap();
            let priority = if event.priority == Priority::High { " HIGH" } else { " LOW" };
            let (kind, priority) = match event.event_type {
                EventType::Alert => ("ALERT", priority),
                EventType::Resolve => ("RESOLVE", ""),
                EventType::Accept | EventType::Comment => ("COMMENT", ""),
            };
            format!("{kind} {}{priority}", name(&event.alert_key))
        });
        let new = new.collect();
        self.known = received.len();
        new
    }

    /// The alerts that are open in ilert, each as `flip_gauge/warning`.
    pub fn open(&self) -> Vec<String> {
        self.ilert.open().iter().map(|alert| name(&alert.key).to_owned()).collect()
    }

    /// Where ilert is.
    pub fn endpoint(&self) -> String {
        self.served.url()
    }

    /// How many requests ilert has had.
    pub fn requests(&self) -> usize {
        self.served.requests().len()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// An alert key without host, GUID and chart.
fn name(key: &str) -> &str {
    let rest = key.strip_prefix(&format!("netdata/{HOST}/")).expect("a key of this agent");
    let (_, rest) = rest.split_once('/').unwrap();
    rest.split_once('/').map_or(rest, |(_, alert)| alert)
}
