//! What happens to alerts, nodes and agents over time: transitions, restarts, connections, refusals.

use super::{Chart, Definition, Guard, LogEntry, Node, NodeHandle, Versions, World, uuid};
use crate::alert::{Health, Status};

impl World {
    /// Removes an alert's chart while the node goes on: the alert is REMOVED, and in no list any more.
    pub fn remove_chart(&mut self, node: NodeHandle, chart: &str, alert: &str) {
        self.lose_chart(node, chart, alert, Chart::Gone);
    }

    /// Makes an alert's chart obsolete, as when a container stops or a disk is unmounted: the alert is REMOVED, and
    /// listed so until the agent restarts or the alert is set again.
    pub fn obsolete_chart(&mut self, node: NodeHandle, chart: &str, alert: &str) {
        self.lose_chart(node, chart, alert, Chart::Obsolete);
    }

    fn lose_chart(&mut self, node: NodeHandle, chart: &str, alert: &str, becomes: Chart) {
        let now = self.now();
        let Some((index, found)) = self.alert(node, chart, alert) else { return };
        if found.chart == Chart::Collected {
            self.transition(node.0, index, Status::Removed, None, now);
        }
        if let Some(alert) = self.nodes.get_mut(node.0).and_then(|node| node.alerts.get_mut(index)) {
            self.versions.alerts += u64::from(becomes == Chart::Gone && alert.chart != Chart::Gone);
            alert.chart = becomes;
        }
    }

    /// Disconnects a child: it turns stale, its health is disabled, its alerts leave the list, and the log
    /// says REMOVED of each.
    pub fn disconnect(&mut self, node: NodeHandle) {
        self.catch_up();
        self.remove_all(node.0);
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.connected = false;
            node.health = Health::Disabled;
            node.resumes = None;
        }
    }

    /// Reconnects a child: its alerts are UNINITIALIZED, and evaluated after this many seconds (Netdata takes ten
    /// seconds to minutes).
    pub fn reconnect(&mut self, node: NodeHandle, evaluated_after: i64) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.connected = true;
            node.listed = true;
            node.health = Health::Online;
        }
        self.start(node.0, evaluated_after);
    }

    /// Sets `health.status` of a node. Its alerts are listed, and evaluated, unless it is disabled: 2.11 says
    /// `initializing` from each new chart until the next health pass, and goes on all the while.
    pub fn set_health(&mut self, node: NodeHandle, health: Health) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.health = health;
        }
        self.catch_up();
        if self.nodes.get(node.0).is_some_and(Node::evaluates) {
            self.evaluate(node.0, self.now());
        }
    }

    /// Removes a node from the list: the agent does not know it any more.
    pub fn forget(&mut self, node: NodeHandle) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.listed = false;
        }
    }

    /// Gives a node another host name and the same machine GUID.
    pub fn rename(&mut self, node: NodeHandle, host: &str) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            host.clone_into(&mut node.host);
        }
    }

    /// Gives a node a host label.
    pub fn set_label(&mut self, node: NodeHandle, name: &str, value: &str) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.labels.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Labels a node `_is_ephemeral`.
    pub fn set_ephemeral(&mut self, node: NodeHandle, ephemeral: bool) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.ephemeral = ephemeral;
        }
    }

    /// Restarts the agent: every alert of every connected node goes to REMOVED, to UNINITIALIZED, and after so
    /// many seconds to its state.
    pub fn restart_agent(&mut self, evaluated_after: i64) {
        self.versions = Versions { started: self.now(), ..Versions::default() };
        for node in 0..self.nodes.len() {
            self.reload(NodeHandle(node), evaluated_after);
        }
    }

    /// The same for one node that keeps running, as happens when a child connects.
    pub fn reload(&mut self, node: NodeHandle, evaluated_after: i64) {
        self.catch_up();
        if self.nodes.get(node.0).is_some_and(|node| node.connected) {
            self.remove_all(node.0);
            self.start(node.0, evaluated_after);
        }
    }

    /// Wipes the agent's database: the log is empty, and unique ids start low again.
    pub fn wipe_database(&mut self) {
        self.versions = Versions { started: self.now(), ..Versions::default() };
        self.log.clear();
        for node in &mut self.nodes {
            node.next_unique_id = 1;
            for alert in &mut node.alerts {
                (alert.last, alert.events, alert.status) = (None, 0, Status::Removed);
            }
        }
        for node in 0..self.nodes.len() {
            if self.nodes.get(node).is_some_and(|node| node.connected) {
                self.start(node, 0);
            }
        }
    }

    /// Refuses every request with this status: 451, 412 and 403 leave v3's `info` open, 503 nothing. `None`
    /// ends it.
    pub fn refuse(&mut self, status: Option<u16>) {
        self.refusal = status;
    }

    /// Refuses with `status` what does not carry exactly this `Authorization` header: 412 for bearer token
    /// protection, 401 for basic authentication in a reverse proxy. `None` ends it.
    pub fn require_authorization(&mut self, guard: Option<(&str, u16)>) {
        self.guard = guard.map(|(header, status)| Guard { header: header.to_owned(), status });
    }

    /// Whether something else listens on the port: a web server that answers HTML to everything.
    pub fn not_netdata(&mut self, other: bool) {
        self.netdata = !other;
    }

    /// Applies what is due by now.
    pub(crate) fn catch_up(&mut self) {
        let now = self.now();
        for index in 0..self.nodes.len() {
            let due = self.nodes.get(index).filter(|node| node.is_healthy()).and_then(|node| node.resumes);
            if let Some(when) = due.filter(|when| *when <= now) {
                if let Some(node) = self.nodes.get_mut(index) {
                    node.resumes = None;
                }
                self.evaluate(index, when);
            }
        }
    }

    /// Logs that an alert reached a status.
    pub(super) fn transition(
        &mut self,
        node: usize,
        index: usize,
        new: Status,
        value: Option<f64>,
        when: i64,
    ) {
        let Some(alert) = self.nodes.get_mut(node).and_then(|node| node.alerts.get_mut(index)) else {
            return;
        };
        let delay = alert.delay_of(new, when);
        let recurring = alert.definition.repeat_every > 0
            && (new.level().is_some() || (new == Status::Clear && alert.raised_since.is_some()));
        let last = alert.last;
        let entry = LogEntry {
            gi: 0,
            uuid: 0,
            node,
            alert: index,
            unique_id: 0,
            event_id: 0,
            when,
            logged: 0,
            old: alert.status,
            new,
            old_value: alert.value.filter(|_| alert.status != Status::Uninitialized),
            value,
            duration: if last.is_some() { (when - alert.changed).max(0) } else { 0 },
            raised_duration: alert.raised_since.map_or(0, |since| (when - since).max(0)),
            delay,
            silenced: alert.silenced,
            recurring,
            repeat: false,
            updates: 0,
            updated_by: None,
        };
        alert.due = entry.due();
        alert.delay = delay;
        alert.changed = when;
        (alert.status, alert.value) = (new, value);
        alert.last_repeat = 0;
        alert.raised_since = new.level().and(alert.raised_since.or(Some(when)));
        self.append(node, index, entry);
    }

    /// Gives an entry its ids and logs it.
    pub(super) fn append(&mut self, node: usize, index: usize, mut entry: LogEntry) {
        self.uuids += 1;
        self.versions.transitions += 1;
        entry.gi = self.log.free_gi(entry.when);
        entry.uuid = uuid(self.uuids);
        entry.logged = self.now();
        let Some(node) = self.nodes.get_mut(node) else { return };
        let Some(alert) = node.alerts.get_mut(index) else { return };
        entry.unique_id = node.next_unique_id;
        node.next_unique_id += 1;
        alert.events += 1;
        entry.event_id = alert.events;
        if entry.repeat {
            alert.last_repeat = entry.when;
        } else {
            let before = alert.last.replace(entry.gi).and_then(|gi| self.log.get_mut(gi));
            if let Some(before) = before {
                before.updated_by = Some((entry.unique_id, entry.when));
                entry.updates = before.unique_id;
            }
        }
        self.log.push(entry);
    }

    fn remove_all(&mut self, node: usize) {
        let now = self.now();
        for (index, status) in self.present(node) {
            self.versions.alerts += 1;
            if status != Status::Removed {
                self.transition(node, index, Status::Removed, None, now);
            }
        }
    }

    fn start(&mut self, node: usize, evaluated_after: i64) {
        let now = self.now();
        if let Some(node) = self.nodes.get_mut(node) {
            for alert in node.alerts.iter_mut().filter(|alert| alert.chart == Chart::Obsolete) {
                alert.chart = Chart::Gone;
            }
        }
        for (index, _) in self.present(node) {
            self.versions.alerts += 1;
            self.transition(node, index, Status::Uninitialized, None, now);
        }
        if let Some(node) = self.nodes.get_mut(node) {
            node.resumes = Some(now + evaluated_after);
        }
        self.catch_up();
    }

    fn evaluate(&mut self, node: usize, when: i64) {
        for (index, status) in self.present(node) {
            let Some(alert) = self.nodes.get_mut(node).and_then(|node| node.alerts.get_mut(index)) else {
                continue;
            };
            let (target, value) = (alert.target, alert.target_value);
            if status == target {
                alert.value = value;
            } else {
                self.transition(node, index, target, value, when);
            }
        }
    }

    /// Indexes and statuses of the alerts whose charts are collected.
    fn present(&self, node: usize) -> Vec<(usize, Status)> {
        self.nodes.get(node).map_or_else(Vec::new, |node| {
            node.alerts
                .iter()
                .enumerate()
                .filter(|(_, alert)| alert.chart == Chart::Collected)
                .map(|(index, alert)| (index, alert.status))
                .collect()
        })
    }

    /// The definition of an entry's alert.
    pub(crate) fn definition(&self, entry: &LogEntry) -> Option<&Definition> {
        self.nodes.get(entry.node)?.alerts.get(entry.alert).map(|alert| &alert.definition)
    }
}
