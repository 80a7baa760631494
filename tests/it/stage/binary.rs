//! The built binary as a child process: started, told to end, and how it ended.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::Stage;
use super::told::short;

pub const BINARY: &str = env!("CARGO_BIN_EXE_netdata-ilert");

/// Longer than anything takes: a test that waits so long fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a run of the binary ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A run under way; killed when dropped.
pub struct Running(Option<Child>);

impl Stage {
    /// The binary with this stage's configuration and state, an environment of its own and `arguments`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(arguments);
        command.arg("--config").arg(self.path("config.toml")).arg("--state-dir").arg(self.state());
        command.env("HOME", self.folder.path());
        command
    }

    /// What a message calls the binary by, to mean this stage's configuration and state.
    pub fn called(&self, arguments: &str) -> String {
        let [config, state] = [self.path("config.toml"), self.state()].map(|path| path.display().to_string());
        let called = format!("netdata-ilert -c {config} --state-dir {state} {arguments}");
        format!("`{}`", called.trim_end())
    }

    /// The same through `sh`, which first does `setup`.
    pub fn command_after(&self, setup: &str, arguments: &[&str]) -> Command {
        let inner = self.command(arguments);
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(format!("{setup}; exec \"$0\" \"$@\"")).arg(BINARY).args(inner.get_args());
        isolate(&mut command);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        end(self.command(arguments))
    }

    pub fn send(&self) -> Ended {
        self.run(&["--send"])
    }

    /// A run of the sender that is to end well, and to say nothing but that an outage is over; says what ilert got.
    #[track_caller]
    pub fn send_well(&self) -> Vec<String> {
        let ended = self.send();
        ended.is(0);
        assert!(ended.stdout.is_empty() && ended.stderr.lines().all(is_over), "{ended:?}");
        self.told()
    }

    /// Runs the sender again and again, by the real clock, until ilert was told `event`; says all that ilert was told.
    #[track_caller]
    pub fn send_until(&self, event: &str) -> Vec<String> {
        let mut told = Vec::new();
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            self.send();
            told.extend(self.told());
            if told.iter().any(|one| one == event) {
                return told;
            }
        }
        panic!("ilert was never told `{event}`, but {told:?}");
    }

    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }

    /// What `--status --json` prints.
    pub fn status(&self) -> serde_json::Value {
        serde_json::from_str(&self.run(&["--status", "--json"]).stdout).unwrap()
    }

    /// The events of `--status --json`'s `waiting` or `failed`, such as `ALERT cpu critical`.
    pub fn listed(&self, list: &str) -> Vec<String> {
        let status = self.status();
        let events = status[list].as_array().unwrap().iter();
        let named = |event: &str| event.split_once(' ').map(|(kind, key)| format!("{kind} {}", short(key)));
        events.map(|event| named(event["event"].as_str().unwrap()).unwrap()).collect()
    }
}

impl Ended {
    /// Asserts the exit code.
    #[track_caller]
    pub fn is(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Asserts that stderr says this.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.stderr.contains(words), "not said: `{words}` in {self:#?}");
        self
    }
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(Some(command.spawn().unwrap()))
    }

    pub fn of(child: Child) -> Self {
        Self(Some(child))
    }

    pub fn id(&self) -> u32 {
        self.0.as_ref().unwrap().id()
    }

    /// Waits until it says this on stderr, of which [`Self::wait`] tells what comes after it.
    pub fn until_says(&mut self, words: &str) {
        let stderr = self.0.as_mut().unwrap().stderr.as_mut().unwrap();
        let mut said = Vec::new();
        while !String::from_utf8_lossy(&said).contains(words) {
            let mut byte = [0];
            stderr.read_exact(&mut byte).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&said)));
            said.push(byte[0]);
        }
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let process = Pid::from_raw(self.id().try_into().unwrap()).unwrap();
        kill_process(process, signal).unwrap();
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        let mut child = self.0.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub fn wait(mut self) -> Ended {
        self.0.take().unwrap().wait_with_output().unwrap().into()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// The binary with `arguments` alone, in an environment without surprises.
pub fn bare(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments);
    isolate(&mut command);
    command
}

fn isolate(command: &mut Command) {
    command.env_clear().env("TZ", "UTC").env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
}

/// Runs to the end.
pub fn end(mut command: Command) -> Ended {
    command.output().unwrap().into()
}

/// Runs to the end with this on stdin.
pub fn end_with_input(mut command: Command, input: impl AsRef<[u8]>) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_ref()).unwrap();
    child.wait_with_output().unwrap().into()
}

/// Whether a line says that an outage is over.
fn is_over(line: &str) -> bool {
    let over = [
        "Netdata answers again, after ",
        "ilert takes events again, after ",
        "ilert accepts the key again, after ",
    ];
    over.iter().any(|over| line.starts_with(over)) || line.contains(") answers again, after ")
}
