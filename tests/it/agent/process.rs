//! A real Netdata agent, private to a test: folders of its own, ports of its own, and nothing watched but a gauge
//! that the test sets. Killed when dropped.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use netdata_ilert::http::{self, Route};
use netdata_ilert::owner;
use tempfile::TempDir;

/// The host name that the agent goes by.
pub const HOST: &str = "flip-test";
/// The chart of the gauge.
pub const CHART: &str = "statsd_flip.temp_gauge";
/// What [`ALERTS`] say of themselves: characters that JSON, HTML and Netdata each treat in their own way.
pub const INFO: &str = r"sensor \d+ reads > 50 & isn't cooled";

/// More bytes than the log of a newer agent has room for.
pub const LONG: &str = "flip_gauge_by_a_name_that_is_longer_than_most_others_are";

/// Alerts on the gauge: warning above 50, critical above 80. One for someone on call, two for nobody, one that
/// Netdata holds back.
const ALERTS: [(&str, &str, &str); 4] = [
    ("flip_gauge", "sysadmin", ""),
    ("flip_silent", "silent", ""),
    (LONG, "silent", ""),
    ("flip_slow", "sysadmin", "delay: up 10s"),
];

/// The longest that anything may take, on the slowest of machines.
const PATIENCE: Duration = Duration::from_secs(300);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// What children and parents know each other by.
const STREAM_KEY: &str = "11111111-2222-4333-8444-555555555555";

/// What an agent watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watches {
    /// The gauge alone.
    Gauge,
    /// This machine, too, with Netdata's stock alerts.
    Machine,
}

pub struct Agent {
    program: PathBuf,
    host: String,
    folder: TempDir,
    port: u16,
    statsd: u16,
    process: Option<Child>,
    http: reqwest::Client,
}

impl Agent {
    /// An agent that runs and answers; `None`, with a word, where Netdata is not installed and need not be.
    pub async fn start_new(watches: Watches) -> Option<Self> {
        Self::start_as(HOST, watches, &[]).await
    }

    /// The same under this host name: it takes what is streamed to it, and streams to the first of these that answers.
    pub async fn start_as(host: &str, watches: Watches, parents: &[&Self]) -> Option<Self> {
        let Some(program) = installed() else {
            assert!(
                env::var_os("NETDATA_ILERT_REQUIRE_AGENT").is_none_or(|value| value != "1"),
                "NETDATA_ILERT_REQUIRE_AGENT=1, but there is no `netdata` to run: install netdata-core"
            );
            eprintln!("skipped: there is no `netdata` to run (Debian: apt-get install netdata-core)");
            return None;
        };
        let mut agent = Self {
            program,
            host: host.to_owned(),
            folder: tempfile::tempdir().unwrap(),
            port: free_port(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()),
            statsd: free_port(|port| UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok()),
            process: None,
            http: http::client(None, Route::Direct).unwrap(),
        };
        agent.lay_out(watches);
        agent.lay_out_streams(parents);
        agent.start();
        // Of itself it says nothing (503) until it has started whole; of its alerts it does.
        until("the agent has started", || agent.get("/api/v1/info")).await;
        Some(agent)
    }

    /// The folders and files of `netdata -c FILE`, so that it reads and writes nothing of the machine's own.
    fn lay_out(&self, watches: Watches) {
        for folder in ["config/health.d", "stock", "plugins", "cache", "log", "lib/cloud.d"] {
            fs::create_dir_all(self.path(folder)).unwrap();
        }
        fs::write(self.path("config/.opt-out-from-anonymous-statistics"), "").unwrap();
        fs::write(self.path("lib/cloud.d/cloud.conf"), "[global]\n    enabled = no\n").unwrap();
        let mut alerts = String::new();
        for (name, to, delay) in ALERTS {
            write!(
                alerts,
                "alarm: {name}\non: {CHART}\ncalc: $gauge\nevery: 1s\nunits: C\nwarn: $this > 50\n\
                 crit: $this > 80\ninfo: {INFO}\nto: {to}\n{delay}\n\n"
            )
            .unwrap();
        }
        fs::write(self.path("config/health.d/flip.conf"), alerts).unwrap();
        fs::write(self.path("netdata.conf"), self.configuration(watches)).unwrap();
    }

    fn lay_out_streams(&self, parents: &[&Self]) {
        let enabled = if parents.is_empty() { "no" } else { "yes" };
        let to: Vec<String> = parents.iter().map(|parent| format!("127.0.0.1:{}", parent.port)).collect();
        let streams = format!(
            "[stream]\nenabled = {enabled}\ndestination = {}\napi key = {STREAM_KEY}\nreconnect delay seconds = 1\n\
             [{STREAM_KEY}]\nenabled = yes\ndefault memory mode = alloc\nhealth enabled by default = yes\n\
             default postpone alarms on connect seconds = 1\n",
            to.join(" ")
        );
        fs::write(self.path("config/stream.conf"), streams).unwrap();
        // 1.37 crashes as it streams if it does not know its system.
        let names =
            ["HOST_OS_NAME", "HOST_OS_ID", "HOST_OS_VERSION", "SYSTEM_KERNEL_NAME", "SYSTEM_KERNEL_VERSION"];
        let says: String = names.map(|name| format!("echo NETDATA_{name}=test\n")).concat();
        let script = self.path("plugins/system-info.sh");
        fs::write(&script, format!("#!/bin/sh\n{says}")).unwrap();
        fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn configuration(&self, watches: Watches) -> String {
        let root = self.folder.path().display();
        let (machine, stock) = match watches {
            Watches::Gauge => ("no", format!("{root}/stock")),
            Watches::Machine => ("yes", "/usr/lib/netdata/conf.d/health.d".to_owned()),
        };
        format!(
            "[global]\nrun as user = {user}\nhostname = {host}\n\
             [directories]\nconfig = {root}/config\ncache = {root}/cache\nlib = {root}/lib\nlog = {root}/log\n\
             home = {root}\nplugins = {root}/plugins\nstock config = {root}/stock\nstock health config = {stock}\n\
             [db]\nmode = alloc\n\
             [web]\nbind to = 127.0.0.1\ndefault port = {port}\n\
             [plugins]\nproc = {machine}\ndiskspace = {machine}\napps = no\ncharts.d = no\npython.d = no\n\
             go.d = no\ntc = no\ncgroups = no\nidlejitter = no\ntimex = no\nslabinfo = no\n\
             enable running new plugins = no\n\
             [registry]\nenabled = no\n\
             [statsd]\nbind to = udp:127.0.0.1:{statsd}\n\
             [health]\nrun at least every seconds = 1\nscript to execute on alarm = /bin/true\n",
            // An agent that root starts would become the user `netdata`, who may not enter the test's folder.
            user = owner::my_name(),
            host = self.host,
            port = self.port,
            statsd = self.statsd,
        )
    }

    /// Starts the agent (again), and does not wait for it.
    pub fn start(&mut self) {
        let child = Command::new(&self.program)
            .arg("-D")
            .arg("-c")
            .arg(self.path("netdata.conf"))
            .arg("-P")
            .arg(self.path("pid"))
            .env("DO_NOT_TRACK", "1")
            // Newer agents take their control socket from here; 1.37 always uses `/tmp/netdata-ipc`.
            .env("NETDATA_PIPENAME", self.path("ipc"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.process = Some(child);
    }

    /// Stops the agent as `systemctl stop` does, and waits until it is gone.
    pub async fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let id = rustix::process::Pid::from_child(&process);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        let gone = tokio::task::spawn_blocking(move || process.wait());
        tokio::time::timeout(PATIENCE, gone).await.expect("the agent does not stop").unwrap().unwrap();
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets the gauge. The chart comes into being with the first datagram that an agent gets.
    pub fn set_gauge(&self, value: u32) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        // Refused while the agent is not there: it is sent again at each look.
        let _ = socket.send_to(format!("flip.temp:{value}|g").as_bytes(), (Ipv4Addr::LOCALHOST, self.statsd));
    }

    /// Sets the gauge until the agent shows these alerts with that value, in this status.
    pub async fn raise(&self, value: u32, alerts: &[&str], status: &str) {
        let value_text = value.to_string();
        until(&format!("{alerts:?} are {status} at {value}"), async || {
            self.set_gauge(value);
            let reached = self.shows(alerts, "value", &value_text).await;
            (reached && self.shows(alerts, "status", status).await).then_some(())
        })
        .await;
    }

    /// Whether the agent shows these alerts with this in a field.
    pub async fn shows(&self, alerts: &[&str], name: &str, value: &str) -> bool {
        let alarms = self.get("/api/v1/alarms?all").await.unwrap_or_default();
        alerts.iter().all(|alert| field(&alarms, alert, name) == Some(value))
    }

    /// Whether a child's alerts are in this status here.
    pub async fn shows_of(&self, child: &str, alerts: &[&str], status: &str) -> bool {
        let alarms = self.get(&format!("/host/{child}/api/v1/alarms?all")).await.unwrap_or_default();
        alerts.iter().all(|alert| field(&alarms, alert, "status") == Some(status))
    }

    /// When Netdata's delay of an alert ends, seconds since the epoch.
    pub async fn due(&self, alert: &str) -> i64 {
        let alarms = self.get("/api/v1/alarms?all").await.unwrap();
        field(&alarms, alert, "delay_up_to_timestamp").unwrap().parse().unwrap()
    }

    /// What the agent answers with status 200.
    pub async fn get(&self, path: &str) -> Option<String> {
        let request = self.http.get(format!("{}{path}", self.url()));
        let response = request.send().await.ok()?.error_for_status().ok()?;
        response.text().await.ok()
    }

    /// A command of the health API, such as `cmd=SILENCE&alarm=…`.
    pub async fn manage_health(&self, command: &str) {
        let token = fs::read_to_string(self.path("lib/netdata.api.key")).unwrap();
        let url = format!("{}/api/v1/manage/health?{command}", self.url());
        let request = self.http.get(url).header("X-Auth-Token", token.trim());
        request.send().await.unwrap().error_for_status().unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
        if std::thread::panicking() {
            let log = fs::read_to_string(self.path("log/error.log")).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(20).collect();
            eprintln!("the agent's log ends with:");
            last.iter().rev().for_each(|line| eprintln!("  {line}"));
        }
    }
}

/// Looks until there is something to see. The agent is a process of its own, and tells nobody when it has come so far.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(start.elapsed() < PATIENCE, "after {} s, this is still to come: {what}", PATIENCE.as_secs());
        tokio::time::sleep(PAUSE).await;
    }
}

/// A field of an alert in `/api/v1/alarms`, found without a JSON parser: the answer need not be JSON.
fn field<'t>(alarms: &'t str, alert: &str, name: &str) -> Option<&'t str> {
    let (_, alarm) = alarms.split_once(&format!("\"{CHART}.{alert}\": {{"))?;
    let (_, value) = alarm.split_once(&format!("\"{name}\":"))?;
    value.lines().next().map(|value| value.trim().trim_end_matches(',').trim_matches('"'))
}

fn installed() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join("netdata"))
        .find(|program| program.is_file())
}

/// A port that is free, below those that the system gives away: it stays free while the agent is stopped.
fn free_port(is_free: impl Fn(u16) -> bool) -> u16 {
    std::iter::repeat_with(|| fastrand::u16(20_000..32_000)).find(|port| is_free(*port)).unwrap()
}
