//! What a simulated agent or parent knows. No I/O: change it, then ask [`netdata::answer`](super::netdata).

mod definition;
mod lifecycle;
mod log;
mod node;
mod uuid;

pub use definition::Definition;
pub use log::LogTrouble;
pub(crate) use log::{LogEntry, TransitionLog, micros};
pub(crate) use node::{Chart, Node, WatchedAlert};
pub(crate) use uuid::{format_uuid, parse_uuid, uuid};

use super::Clock;
use crate::alert::{Api, Status};

/// A node of a [`World`]. Valid only in the world that returned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeHandle(pub(crate) usize);

/// Refuses requests without this `Authorization` header, with this status.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub header: String,
    pub status: u16,
}

/// An agent (one node) or a parent (its own node and its children), with all that it would know.
///
/// Methods that name a node or an alert which is not there change nothing.
#[derive(Debug)]
pub struct World {
    pub(crate) api: Api,
    pub(crate) clock: Clock,
    /// The version that `/api/v3/info` shows, if not the true one.
    pub(crate) version: Option<String>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) log: TransitionLog,
    pub(crate) refusal: Option<u16>,
    pub(crate) guard: Option<Guard>,
    pub(crate) netdata: bool,
    pub(crate) log_lag: i64,
    pub(crate) log_trouble: Option<LogTrouble>,
    /// How many UUIDs were made so far.
    uuids: u64,
    pub(crate) versions: Versions,
    pub(crate) hides_versions: bool,
}

/// What has changed since the agent started.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    /// When it started, by its clock.
    pub started: i64,
    /// Alerts that were added or removed.
    pub alerts: u64,
    /// Transitions, on all nodes.
    pub transitions: u64,
}

impl World {
    /// The agent's own node.
    pub const OWN: NodeHandle = NodeHandle(0);

    /// An agent with one node and no alerts. [`Api::V1`] is a v1.37, which answers 404 to v2 and v3 paths;
    /// [`Api::V3`] a v2.11, which answers v1 paths as well.
    #[must_use]
    pub fn new(api: Api, host: &str) -> Self {
        let mut world = Self {
            api,
            clock: Clock::default(),
            version: None,
            nodes: Vec::new(),
            log: TransitionLog::default(),
            refusal: None,
            guard: None,
            netdata: true,
            log_lag: if api == Api::V3 { log::LAG } else { 0 },
            log_trouble: None,
            uuids: 0,
            versions: Versions::default(),
            hides_versions: false,
        };
        world.versions.started = world.now();
        world.add_node(host);
        world
    }

    /// The same as another parent would be: with a machine GUID and transitions that no other world has, as long as
    /// each has a number of its own.
    #[must_use]
    pub fn another(api: Api, host: &str, number: u32) -> Self {
        let mut world = Self::new(api, host);
        world.uuids = u64::from(number) << 32;
        if let Some(own) = world.nodes.first_mut() {
            own.guid = format_uuid(uuid(u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        }
        world
    }

    /// Lets the clock run as this machine's does.
    #[must_use]
    pub fn in_real_time(mut self) -> Self {
        self.clock = Clock::Real;
        self
    }

    /// Makes a v2.11 show another version.
    pub fn call_version(&mut self, version: &str) {
        self.version = Some(version.to_owned());
    }

    /// Answers 404 to `/api/v3/versions`, as an agent that does not have it would.
    pub fn hide_versions(&mut self) {
        self.hides_versions = true;
    }

    /// The agent's clock, in seconds since the epoch.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Sets the clock, and applies what was due until then. It may go backwards, as real clocks do.
    pub fn set_now(&mut self, now: i64) {
        self.clock = Clock::Set(now);
        self.catch_up();
    }

    /// Advances the clock by this many seconds.
    pub fn advance(&mut self, seconds: i64) {
        self.set_now(self.now() + seconds);
    }

    /// Adds a child that streams here (the first node is the agent's own).
    pub fn add_node(&mut self, host: &str) -> NodeHandle {
        let number = self.nodes.len() as u64 + 1;
        self.add_node_as(host, &format_uuid(uuid(number.wrapping_mul(0x5851_f42d_4c95_7f2d))))
    }

    /// The same with a given machine GUID: cloned machines share one.
    pub fn add_node_as(&mut self, host: &str, guid: &str) -> NodeHandle {
        self.nodes.push(Node::new(host, guid, self.now()));
        NodeHandle(self.nodes.len() - 1)
    }

    /// Host name of a node.
    #[must_use]
    pub fn host(&self, node: NodeHandle) -> &str {
        self.nodes.get(node.0).map_or("", |node| &node.host)
    }

    /// Machine GUID of a node.
    #[must_use]
    pub fn guid(&self, node: NodeHandle) -> &str {
        self.nodes.get(node.0).map_or("", |node| &node.guid)
    }

    /// Defines an alert, or changes its definition. A new one is UNINITIALIZED and then CLEAR at once.
    pub fn define(&mut self, node: NodeHandle, definition: Definition) {
        let Some(found) = self.nodes.get_mut(node.0) else { return };
        if let Some(alert) = found.find(&definition.chart, &definition.name) {
            if let Some(alert) = found.alerts.get_mut(alert) {
                alert.definition = definition;
            }
            return;
        }
        let now = self.clock.now();
        let (healthy, evaluates) = (found.is_healthy(), found.evaluates());
        let alert = found.add(definition, now);
        self.versions.alerts += 1;
        if healthy {
            self.transition(node.0, alert, Status::Uninitialized, None, now);
        }
        if evaluates {
            self.transition(node.0, alert, Status::Clear, None, now);
        }
    }

    /// Sets what an alert evaluates to from now on. A new status is a transition, a new value alone is not.
    ///
    /// An alert without a definition gets a plain one. While the node is away or starting, the status is only
    /// remembered, and reached when the node evaluates again. v3's `alert_transitions` shows it only after
    /// [`set_log_lag`](Self::set_log_lag).
    pub fn set(
        &mut self,
        node: NodeHandle,
        chart: &str,
        alert: &str,
        status: Status,
        value: impl Into<Option<f64>>,
    ) {
        self.set_at(node, chart, alert, status, value.into(), self.now());
    }

    /// The same, logged now but dated this many seconds back: a lower global id that appears late. A negative number
    /// dates it ahead, as a wrong clock would.
    pub fn set_late(
        &mut self,
        node: NodeHandle,
        chart: &str,
        alert: &str,
        status: Status,
        value: impl Into<Option<f64>>,
        seconds_ago: i64,
    ) {
        self.set_at(node, chart, alert, status, value.into(), self.now() - seconds_ago);
    }

    fn set_at(
        &mut self,
        at: NodeHandle,
        chart: &str,
        name: &str,
        status: Status,
        value: Option<f64>,
        when: i64,
    ) {
        self.catch_up();
        let Some(node) = self.nodes.get(at.0) else { return };
        if node.find(chart, name).is_none() {
            self.define(at, Definition::new(chart, name));
        }
        let Some(node) = self.nodes.get_mut(at.0) else { return };
        let Some(index) = node.find(chart, name) else { return };
        let evaluates = node.evaluates();
        let Some(alert) = node.alerts.get_mut(index) else { return };
        (alert.target, alert.target_value) = (status, value);
        let (came_back, changed) = (alert.chart != Chart::Collected, alert.status != status);
        alert.chart = Chart::Collected;
        if !evaluates {
            return;
        }
        if came_back {
            self.versions.alerts += 1;
            self.transition(at.0, index, Status::Uninitialized, None, when);
        }
        if came_back || changed {
            self.transition(at.0, index, status, value, when);
        } else if let Some(alert) = self.nodes.get_mut(at.0).and_then(|node| node.alerts.get_mut(index)) {
            alert.value = value;
        }
    }

    /// Repeats the notification of a repeating alert (`repeat_every`): a new transition, with the flag RECURRING and
    /// the old status of the first one.
    pub fn repeat(&mut self, node: NodeHandle, chart: &str, alert: &str) {
        let now = self.now();
        let Some((index, found)) = self.alert(node, chart, alert) else { return };
        let (Some(last), value) = (found.last, found.value) else { return };
        let Some(last) = self.log.get(last).cloned() else { return };
        let entry = LogEntry {
            when: now,
            old_value: value,
            value,
            duration: now - last.when,
            delay: 0,
            repeat: true,
            updates: 0,
            updated_by: None,
            ..last
        };
        self.append(node.0, index, entry);
    }

    /// Silences an alert through the health API, or ends that. No transition tells of it; later ones carry
    /// the flag SILENCED.
    pub fn silence(&mut self, node: NodeHandle, chart: &str, alert: &str, silenced: bool) {
        let Some(node) = self.nodes.get_mut(node.0) else { return };
        let Some(alert) = node.find(chart, alert).and_then(|alert| node.alerts.get_mut(alert)) else {
            return;
        };
        alert.silenced = silenced;
    }

    /// What is raised now on nodes whose alerts are listed, as (host, chart, alert, status).
    pub fn raised(&self) -> impl Iterator<Item = (&str, &str, &str, Status)> {
        self.nodes.iter().filter(|node| node.listed).flat_map(|node| {
            node.sightings().filter(|alert| alert.status.level().is_some()).map(|alert| {
                let definition = &alert.definition;
                (node.host.as_str(), definition.chart.as_str(), definition.name.as_str(), alert.status)
            })
        })
    }

    fn alert(&self, node: NodeHandle, chart: &str, alert: &str) -> Option<(usize, &WatchedAlert)> {
        let node = self.nodes.get(node.0)?;
        let index = node.find(chart, alert)?;
        Some((index, node.alerts.get(index)?))
    }
}

#[cfg(test)]
mod tests;
