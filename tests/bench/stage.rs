//! A simulated Netdata and ilert on a thread of their own, and a configuration of the sender for them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Ilert, NodeHandle, Served, World, serve_netdata};
use rustls::pki_types::PrivateKeyDer;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::measure::{Cost, cost};

const KEY: &str = "il1api-of-the-benchmark-0000";
/// Faster than any of the measurements.
pub const UNPACED: u32 = 10_000_000;

pub struct Stage {
    pub folder: TempDir,
    pub world: Arc<Mutex<World>>,
    pub ilert: Ilert,
    pub netdata_port: Served,
    ilert_port: Served,
    /// Dropped, it ends the thread.
    _stop: oneshot::Sender<()>,
}

impl Stage {
    pub fn new(world: World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (world, ilert) = (Arc::new(Mutex::new(world)), Ilert::new(KEY));
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(folder.path().join("ca.pem"), certified.cert.pem()).unwrap();
        let (sender, receiver) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let (for_netdata, for_ilert) = (world.clone(), ilert.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let netdata = serve_netdata(for_netdata).unwrap();
                sender.send((netdata, for_ilert.serve_tls(tls(&certified)).unwrap())).unwrap();
                let _: Result<(), _> = stopped.await;
            });
        });
        let (netdata_port, ilert_port) = receiver.recv().unwrap();
        let stage = Self { folder, world, ilert, netdata_port, ilert_port, _stop: stop };
        stage.configure(UNPACED, &stage.url());
        stage
    }

    /// An agent or a parent with so many nodes, on each so many alerts; and what is on each node.
    pub fn with_alerts(api: Api, nodes: usize, alerts: usize) -> (Self, Vec<NodeHandle>) {
        let mut world = World::new(api, "parent");
        let mut all = vec![World::OWN];
        all.extend((1..nodes).map(|number| world.add_node(&format!("node-{number:04}"))));
        for node in &all {
            for alert in 0..alerts {
                world.set(*node, &chart(alert), "disk_space_usage", Status::Clear, 10.0);
            }
        }
        world.advance(600);
        (Self::new(world), all)
    }

    /// Raises alerts: the first so many of all to critical, the others to warning.
    pub fn raise(&self, nodes: &[NodeHandle], alerts: usize, criticals: usize) {
        let mut world = self.world.lock().unwrap();
        let all = (0..alerts).flat_map(|alert| nodes.iter().map(move |node| (*node, alert)));
        for (number, (node, alert)) in all.enumerate() {
            let status = if number < criticals { Status::Critical } else { Status::Warning };
            world.set(node, &chart(alert), "disk_space_usage", status, 91.5);
        }
        world.advance(2);
    }

    /// Lets time pass on the agent's clock.
    pub fn wait(&self, seconds: i64) {
        self.world.lock().unwrap().advance(seconds);
    }

    pub fn configure(&self, events_per_minute: u32, endpoint: &str) {
        let text = format!(
            "version = 1\n[notification]\nname = \"benchmark\"\n\
             notify = [\"critical\", \"warning\", \"clear\", \"reachable\", \"unreachable\"]\n\
             [integration]\napi_key = \"{KEY}\"\n[netdata]\nurl = \"{}\"\n\
             [ilert]\nendpoint = \"{endpoint}\"\nca_file = \"ca.pem\"\n\
             [delivery]\nevents_per_minute = {events_per_minute}\n",
            self.netdata_port.url()
        );
        let path = self.path("config.toml");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// The arguments of the sender.
    pub fn send(&self) -> Vec<String> {
        let path = |name| self.path(name).display().to_string();
        vec!["--config".into(), path("config.toml"), "--state-dir".into(), path("state"), "--send".into()]
    }

    /// Cost of the sender.
    pub fn cost(&self, times: u32) -> Cost {
        cost(times, BINARY, &self.send())
    }

    /// Runs the sender until ilert has accepted so many events.
    pub fn settle(&self, events: u64) {
        for _ in 0..20 {
            self.cost(1);
            if self.ilert.accepted() >= events {
                return;
            }
        }
        panic!("{} events were accepted, {events} expected", self.ilert.accepted());
    }

    /// Where the simulated ilert answers.
    pub fn url(&self) -> String {
        self.ilert_port.url()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        Path::new(self.folder.path()).join(name)
    }
}

/// The sender, built with the release profile.
pub const BINARY: &str = env!("CARGO_BIN_EXE_netdata-ilert");

fn chart(number: usize) -> String {
    format!("disk_space./srv/data-{number:03}")
}

fn tls(certified: &rcgen::CertifiedKey<rcgen::KeyPair>) -> Arc<rustls::ServerConfig> {
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(tls)
}
