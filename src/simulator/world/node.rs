//! A node and its alerts, as the agent holds them now.

use std::collections::{BTreeMap, HashMap};

use super::Definition;
use crate::alert::{Health, Status};

/// A node: the agent's own, or a child.
#[derive(Debug)]
pub(crate) struct Node {
    pub host: String,
    pub guid: String,
    /// Streams to this agent.
    pub connected: bool,
    /// Known to the agent; a node that was forgotten is not.
    pub listed: bool,
    pub health: Health,
    pub ephemeral: bool,
    /// Host labels besides those that every node has.
    pub labels: BTreeMap<String, String>,
    /// When its alerts are evaluated again, after a restart or a reconnection.
    pub resumes: Option<i64>,
    pub alerts: Vec<WatchedAlert>,
    pub next_unique_id: u32,
    by_name: HashMap<String, usize>,
    next_alarm_id: u32,
}

/// What became of an alert's chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chart {
    /// It is collected.
    Collected,
    /// Nothing comes for it any more: the alert stays in the list, as REMOVED, until the agent restarts.
    Obsolete,
    /// It is not there, and neither is the alert.
    Gone,
}

/// An alert in the state that it is in.
#[derive(Debug)]
pub(crate) struct WatchedAlert {
    pub definition: Definition,
    pub id: u32,
    pub chart: Chart,
    pub silenced: bool,
    pub status: Status,
    pub value: Option<f64>,
    /// What it is evaluated to as soon as the node evaluates.
    pub target: Status,
    pub target_value: Option<f64>,
    /// When the status was reached.
    pub changed: i64,
    /// Since when it is raised, through warning and critical.
    pub raised_since: Option<i64>,
    pub delay_up: u32,
    pub delay_down: u32,
    pub delay: i64,
    pub due: i64,
    pub last_repeat: i64,
    /// Global id of its last transition that is no repeat.
    pub last: Option<u64>,
    pub events: u32,
}

impl Node {
    pub fn new(host: &str, guid: &str, now: i64) -> Self {
        // Netdata starts both at the time of its first start, so that no id is given twice.
        let first_id = u32::try_from(now).unwrap_or(1);
        Self {
            host: host.to_owned(),
            guid: guid.to_owned(),
            connected: true,
            listed: true,
            health: Health::Online,
            ephemeral: false,
            labels: BTreeMap::new(),
            resumes: None,
            alerts: Vec::new(),
            next_unique_id: first_id,
            by_name: HashMap::new(),
            next_alarm_id: first_id,
        }
    }

    pub fn find(&self, chart: &str, alert: &str) -> Option<usize> {
        self.by_name.get(&format!("{chart}.{alert}")).copied()
    }

    pub fn add(&mut self, definition: Definition, now: i64) -> usize {
        self.by_name.insert(format!("{}.{}", definition.chart, definition.name), self.alerts.len());
        let (delay_up, delay_down) = (definition.delay_up, definition.delay_down);
        self.alerts.push(WatchedAlert {
            definition,
            id: self.next_alarm_id,
            chart: Chart::Collected,
            silenced: false,
            status: Status::Removed,
            value: None,
            target: Status::Clear,
            target_value: None,
            changed: now,
            raised_since: None,
            delay_up,
            delay_down,
            delay: 0,
            due: 0,
            last_repeat: 0,
            last: None,
            events: 0,
        });
        self.next_alarm_id += 1;
        self.alerts.len() - 1
    }

    /// Whether its alerts are evaluated now.
    pub fn evaluates(&self) -> bool {
        self.is_healthy() && self.resumes.is_none()
    }

    /// Whether its alerts are listed. While health is initializing, the known ones are.
    pub fn is_healthy(&self) -> bool {
        self.connected && self.health != Health::Disabled
    }

    /// The alerts that the agent lists, in the order of their definition.
    pub fn sightings(&self) -> impl Iterator<Item = &WatchedAlert> {
        self.alerts.iter().filter(|alert| self.is_healthy() && alert.chart != Chart::Gone)
    }

    /// How many of the listed alerts are in a status.
    pub fn count(&self, status: Status) -> usize {
        self.sightings().filter(|alert| alert.status == status).count()
    }
}

impl WatchedAlert {
    /// Netdata's delay of a change to `new` at `when`, in seconds. A change within an earlier delay multiplies
    /// both (`health.c`, `delay_multiplier`); becoming worse waits for `up`, anything else for `down`.
    pub fn delay_of(&mut self, new: Status, when: i64) -> i64 {
        let definition = &self.definition;
        if matches!(new, Status::Removed | Status::Uninitialized) {
            return 0;
        }
        if when > self.due {
            (self.delay_up, self.delay_down) = (definition.delay_up, definition.delay_down);
        } else {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and `delay_max`
            let grown = |delay: u32| {
                (f64::from(delay) * definition.delay_multiplier).min(f64::from(definition.delay_max)) as u32
            };
            (self.delay_up, self.delay_down) = (grown(self.delay_up), grown(self.delay_down));
        }
        i64::from(if rank(new) > rank(self.status) { self.delay_up } else { self.delay_down })
    }
}

/// Netdata's order of statuses, from REMOVED (-2) to CRITICAL (4).
fn rank(status: Status) -> i8 {
    match status {
        Status::Removed | Status::Other => -2,
        Status::Undefined => -1,
        Status::Uninitialized => 0,
        Status::Clear => 1,
        Status::Warning => 3,
        Status::Critical => 4,
    }
}
