//! What tests of the built binary stand on: a simulated Netdata and ilert on loopback, a configuration, a key
//! file and a state folder of their own, and the binary as a child process.

use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::ilert::{EventType, Received, Verdict};
use netdata_ilert::simulator::{Gate, Ilert, NodeHandle, Served, World, serve_netdata};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::runtime::{Builder, Handle};
use toml::{Table, Value};

pub const BINARY: &str = env!("CARGO_BIN_EXE_netdata-ilert");
pub const KEY: &str = "il1api0123456789abcdef3f9a";
pub const MASKED: &str = "****3f9a";

/// Drives every simulated port of this test process, on a thread of its own, so that a test may wait for a child.
static RUNTIME: LazyLock<Handle> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let handle = runtime.handle().clone();
    thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    handle
});

pub struct Stage {
    pub folder: TempDir,
    world: Arc<Mutex<World>>,
    pub netdata: Served,
    pub ilert: Ilert,
    pub endpoint: Served,
    config: Table,
    /// How many requests [`Self::told`] has told of.
    told: AtomicUsize,
}

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
    /// A v2.11 agent `web-1` with nothing raised, and an ilert that knows [`KEY`].
    pub fn new() -> Self {
        Self::of(World::new(Api::V3, "web-1"))
    }

    pub fn of(world: World) -> Self {
        let world = Arc::new(Mutex::new(world));
        let ilert = Ilert::new(KEY);
        let _runtime = RUNTIME.enter();
        let netdata = serve_netdata(Arc::clone(&world)).unwrap();
        let endpoint = ilert.serve().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = config(&netdata.url(), &endpoint.url());
        let stage = Self { folder, world, netdata, ilert, endpoint, config, told: AtomicUsize::new(0) };
        stage.write_private("key", KEY);
        stage.write_config();
        stage
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// An alert of the agent's own node, on a chart of the same name, is evaluated to a status. Three seconds pass,
    /// for v3's log does not show the last two.
    pub fn set(&self, alert: &str, status: Status) {
        self.set_on(World::OWN, alert, status);
    }

    pub fn set_on(&self, node: NodeHandle, alert: &str, status: Status) {
        let mut world = self.world();
        world.set(node, &chart(alert), alert, status, 42.0);
        world.advance(3);
    }

    /// Sets a key of the configuration, such as `delivery.resolve_after`.
    pub fn configure(&mut self, key: &str, value: impl Into<Value>) {
        let (section, key) = key.split_once('.').unwrap();
        let section = self.config.entry(section).or_insert_with(|| Table::new().into());
        section.as_table_mut().unwrap().insert(key.to_owned(), value.into());
        self.write_config();
    }

    fn write_config(&self) {
        self.write_private("config.toml", &self.config.to_string());
    }

    /// Writes a file that only its owner can read.
    pub fn write_private(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// The binary with this stage's configuration and state, an environment of its own and `arguments`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(arguments);
        command.arg("--config").arg(self.path("config.toml")).arg("--state-dir").arg(self.state());
        command.env("HOME", self.folder.path());
        command
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

    /// Runs the sender again and again until ilert was told `event`; says all that ilert was told.
    #[track_caller]
    pub fn send_until(&self, event: &str) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..100 {
            self.send();
            told.extend(self.told());
            if told.iter().any(|one| one == event) {
                return told;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("ilert was never told `{event}`, but {told:?}");
    }

    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }

    /// What came to ilert since the last call, such as `ALERT cpu critical`, with what became of it in brackets
    /// where it was not accepted.
    pub fn told(&self) -> Vec<String> {
        let received = self.ilert.received();
        let before = self.told.swap(received.len(), Ordering::Relaxed);
        received[before..].iter().map(described).collect()
    }

    /// The alerts open in ilert, such as `cpu critical`, in the order in which they were opened.
    pub fn open(&self) -> Vec<String> {
        self.ilert.open().iter().map(|alert| short(&alert.key)).collect()
    }

    /// Every alert that was ever opened.
    pub fn history(&self) -> Vec<String> {
        self.ilert.history().iter().map(|alert| short(&alert.key)).collect()
    }

    /// Posts an event to ilert as somebody else than the program would.
    pub fn post(&self, event: &str) {
        let address = self.endpoint.url();
        let mut stream = TcpStream::connect(address.strip_prefix("http://").unwrap()).unwrap();
        let length = event.len();
        let head = format!(
            "POST /api/events HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all((head + event).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    }

    pub fn stop_netdata(&mut self) {
        RUNTIME.block_on(self.netdata.stop());
    }

    pub fn start_netdata(&mut self) {
        let _runtime = RUNTIME.enter();
        self.netdata.start().unwrap();
    }

    pub fn stop_ilert(&mut self) {
        RUNTIME.block_on(self.endpoint.stop());
    }

    pub fn start_ilert(&mut self) {
        let _runtime = RUNTIME.enter();
        self.endpoint.start().unwrap();
    }

    /// Serves an ilert over TLS.
    pub fn serve_tls(ilert: &Ilert, tls: rustls::ServerConfig) -> Served {
        let _runtime = RUNTIME.enter();
        ilert.serve_tls(Arc::new(tls)).unwrap()
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

    /// Every file of the state folder with its mode and contents.
    pub fn state_files(&self) -> Vec<(PathBuf, u32, Vec<u8>)> {
        let entries = fs::read_dir(self.state()).unwrap().map(|entry| entry.unwrap().path());
        entries
            .map(|path| {
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
                let contents = fs::read(&path).unwrap();
                (path, mode, contents)
            })
            .collect()
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
pub fn end_with_input(mut command: Command, input: &str) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

/// Waits until so many requests have come to a gate.
#[track_caller]
pub fn arrived(gate: &Gate, count: usize) {
    let soon = async { tokio::time::timeout(Duration::from_secs(30), gate.arrived(count)).await };
    RUNTIME.block_on(soon).expect("nobody came to the gate");
}

/// The chart that the stage's alerts are on.
pub fn chart(alert: &str) -> String {
    format!("chart.{alert}")
}

/// Whether a line says that an outage is over.
fn is_over(line: &str) -> bool {
    let over = [
        "Netdata answers again, after ",
        "ilert takes events again, after ",
        "ilert accepts the key again, after ",
    ];
    over.iter().any(|over| line.starts_with(over))
}

/// Whether any file in a folder, or below it, has this text in it.
pub fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .any(|path| if path.is_dir() { holds(&path, text) } else { has(&fs::read(&path).unwrap(), text) })
}

/// Whether these bytes have this text in them.
pub fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn config(netdata: &str, ilert: &str) -> Table {
    let text = format!(
        r#"
        version = 1
        [notification]
        name = "Stage"
        notify = ["critical", "warning", "clear", "reachable", "unreachable"]
        [integration]
        api_key = {{ file = "key" }}
        [netdata]
        url = "{netdata}"
        [ilert]
        endpoint = "{ilert}"
        [delivery]
        events_per_minute = 1000
        unreachable_after = "1s"
        removed_after = "1s"
        "#
    );
    text.parse().unwrap()
}

fn described(received: &Received) -> String {
    let event = received.event.as_ref().map_or_else(
        || "what is no event".to_owned(),
        |event| {
            let kind = match event.event_type {
                EventType::Alert => "ALERT",
                EventType::Accept => "ACCEPT",
                EventType::Resolve => "RESOLVE",
                EventType::Comment => "COMMENT",
            };
            format!("{kind} {}", short(&event.alert_key))
        },
    );
    match received.verdict {
        Verdict::Accepted(_) => event,
        Verdict::AcceptedUnanswered => format!("{event} (unanswered)"),
        Verdict::Refused(status) => format!("{event} ({status})"),
        Verdict::Reset => format!("{event} (reset)"),
        Verdict::Stalled => format!("{event} (stalled)"),
    }
}

/// Alert name and tier, or host name and `unreachable`, of an alert key.
fn short(key: &str) -> String {
    match key.split('/').collect::<Vec<_>>().as_slice() {
        ["netdata", _, _, _, alert, tier] => format!("{alert} {tier}"),
        ["netdata", host, _, tier] => format!("{host} {tier}"),
        _ => key.to_owned(),
    }
}
