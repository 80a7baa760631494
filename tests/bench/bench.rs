//! The simulated services, and a configuration of the sender for them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Ilert, NodeHandle, World};
use tempfile::TempDir;

use super::measure::{Cost, Errand, cost};
use super::services::{KEY, Services, tls};

/// Faster than any of the measurements.
pub const UNPACED: u32 = 10_000_000;

pub struct Bench {
    pub folder: TempDir,
    pub services: Services,
}

impl Bench {
    pub fn new(world: World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, tls) = tls("localhost");
        fs::write(folder.path().join("ca.pem"), certificate).unwrap();
        let bench = Self { folder, services: Services::of(world, Ilert::new(KEY), Some(tls)) };
        bench.configure(UNPACED, &bench.url());
        bench
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
        let mut world = self.services.world();
        let all = (0..alerts).flat_map(|alert| nodes.iter().map(move |node| (*node, alert)));
        for (number, (node, alert)) in all.enumerate() {
            let status = if number < criticals { Status::Critical } else { Status::Warning };
            world.set(node, &chart(alert), "disk_space_usage", status, 91.5);
        }
        world.advance(2);
    }

    /// Lets time pass on the agent's clock.
    pub fn wait(&self, seconds: i64) {
        self.services.world().advance(seconds);
    }

    /// Told singly, which is the most work.
    pub fn configure(&self, events_per_minute: u32, endpoint: &str) {
        let text = format!(
            "version = 1\n[notification]\nname = \"benchmark\"\n\
             notify = [\"critical\", \"warning\", \"clear\", \"reachable\", \"unreachable\"]\n\
             [integration]\napi_key = \"{KEY}\"\n[netdata]\nurl = \"{}\"\n\
             [ilert]\nendpoint = \"{endpoint}\"\nca_file = \"ca.pem\"\n\
             [delivery]\nevents_per_minute = {events_per_minute}\nstorm_after = 0\n",
            self.services.netdata.url()
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

    /// The sender as a command.
    pub fn errand(&self) -> Errand {
        Errand { program: BINARY.to_owned(), arguments: self.send() }
    }

    /// Lets a full look stand: nothing has changed for a while, and nothing was written.
    pub fn settle(&self) {
        for _ in 0..3 {
            self.wait(600);
            self.cost(1);
        }
    }

    /// Cost of the sender.
    pub fn cost(&self, times: u32) -> Cost {
        cost(times, BINARY, &self.send())
    }

    /// Runs the sender until ilert has accepted this many events.
    pub fn send_until(&self, events: u64) {
        for _ in 0..20 {
            self.cost(1);
            if self.services.ilert.accepted() >= events {
                return;
            }
        }
        panic!("{} events were accepted, {events} expected", self.services.ilert.accepted());
    }

    /// Where the simulated ilert answers.
    pub fn url(&self) -> String {
        self.services.endpoint.url()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The sender, built with the release profile.
pub const BINARY: &str = env!("CARGO_BIN_EXE_netdata-ilert");

fn chart(number: usize) -> String {
    format!("disk_space./srv/data-{number:03}")
}
