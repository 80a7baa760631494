//! The built binary between a real agent and a simulated ilert.

use netdata_ilert::alert::Api;
use netdata_ilert::config::Priority;
use netdata_ilert::simulator::ilert::EventType;
use netdata_ilert::simulator::{Clock, World};

use super::process::{Agent, HOST};
use crate::stage::{Ended, KEY, Stage};

pub struct Sender {
    pub stage: Stage,
    /// How many events were looked at already.
    known: usize,
}

impl Sender {
    /// Configured for this agent.
    pub fn new(agent: &Agent) -> Self {
        let mut stage = Stage::of(World::new(Api::V1, HOST));
        // As long as usual, for an agent that restarts.
        stage.configure("delivery.removed_after", "3m");
        stage.ilert.set_clock(Clock::Real);
        stage.configure("netdata.url", agent.url());
        Self { stage, known: 0 }
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        let run = self.stage.run(arguments);
        assert!(!run.stdout.contains(KEY) && !run.stderr.contains(KEY), "the key is shown: {arguments:?}");
        run
    }

    pub fn send(&self) -> Ended {
        self.run(&["--send"])
    }

    /// A run that is done, and not a word of it.
    pub fn send_quietly(&self) {
        let run = self.send();
        assert!(run.code == Some(0) && run.stdout.is_empty() && run.stderr.is_empty(), "{run:?}");
    }

    /// What ilert accepted since the last time, each as `ALERT flip_gauge/warning LOW` or `RESOLVE unreachable`.
    pub fn news(&mut self) -> Vec<String> {
        let received = self.stage.ilert.received();
        let new = received.iter().skip(self.known).map(|one| {
            assert!(one.outcome.is_accepted(), "{one:?}");
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
        self.stage.ilert.open().iter().map(|alert| name(&alert.key).to_owned()).collect()
    }

    /// How many requests ilert has had.
    pub fn requests(&self) -> usize {
        self.stage.endpoint.requests().len()
    }
}

/// An alert key without host, GUID and chart; another node's with its host.
fn name(key: &str) -> &str {
    let rest = key.strip_prefix("netdata/").expect("a key of this program");
    let Some(rest) = rest.strip_prefix(HOST).and_then(|rest| rest.strip_prefix('/')) else { return rest };
    let (_, rest) = rest.split_once('/').unwrap();
    rest.split_once('/').map_or(rest, |(_, alert)| alert)
}
