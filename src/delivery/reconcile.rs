//! What Netdata shows against what ilert was told, for all alerts and nodes: values in, values out.
//!
//! Unknown is not clear. Everything on a node that is not reachable, or whose health is not online, or
//! behind an agent that does not answer, keeps the state it has.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use super::entry::{Entry, Rules};
use super::ledger::{Ledger, NodeRecord};
use super::plan::Terms;
use crate::alert::{AlertId, Facts, Health, Node, NodeId, Observation, Sighting, Status};
use crate::config::Config;
use crate::payload::{Subject, Why};

/// Takes an observation in: what is due afterwards is waiting in the entries.
#[must_use]
pub fn reconcile(mut ledger: Ledger, seen: &Observation, config: &Config, now: i64) -> Ledger {
    if ledger.away {
        ledger.stand_still(&seen.agent.node, now);
    }
    let pass = Pass::new(seen, config, now);
    pass.nodes(&mut ledger);
    pass.log(&mut ledger);
    pass.sightings(&mut ledger);
    pass.rest(&mut ledger);
    ledger.agent = Some(seen.agent.clone());
    ledger.observed_at = Some(now);
    ledger.away = false;
    ledger.replan(&pass.terms());
    ledger
}

/// Takes in that the agent did not answer, or refused: one alert on its own node once `unreachable_after`
/// has passed. Its children are unknown and their clocks stand still.
#[must_use]
pub fn reconcile_away(mut ledger: Ledger, reason: &str, config: &Config, now: i64) -> Ledger {
    let resting: Vec<Subject> = ledger
        .entries
        .iter()
        .filter(|(_, entry)| entry.gone_since.is_some())
        .map(|(subject, _)| subject.clone())
        .collect();
    for subject in resting {
        ledger.change(&subject, |entry| entry.gone_since = None);
    }
    let own = ledger.agent.as_ref().map(|agent| agent.node.clone()).filter(|own| config.covers(own));
    if let Some((own, mut record)) =
        own.and_then(|own| ledger.nodes.get(&*own).cloned().map(|record| (own, record)))
    {
        let long = passed(&mut record.unreachable_since, now, config.delivery.unreachable_after);
        if long && !record.ephemeral {
            let why = format!("the agent does not answer: {reason}");
            ledger.stand(&own, unreachable(why, &record), &Rules::of(config));
        }
        ledger.record(&own, record);
    }
    ledger.away = true;
    ledger.replan(&Terms::without_agent(config.notification.notify, now));
    ledger
}

/// Resolves what is open for a node that is gone for good, by host name or machine GUID. Returns the nodes
/// that were meant.
pub fn forget(ledger: &mut Ledger, name: &str, config: &Config, now: i64) -> BTreeSet<NodeId> {
    let named = |node: &NodeId| node.host == name || node.guid.eq_ignore_ascii_case(name);
    let mut nodes: BTreeSet<NodeId> = ledger.nodes.keys().filter(|node| named(node)).cloned().collect();
    nodes.extend(ledger.entries.keys().map(Subject::node).filter(|node| named(node)).cloned());
    for node in &nodes {
        ledger.drop_node(node, &Why::Forgotten);
    }
    ledger.replan(&Terms::without_agent(config.notification.notify, now));
    nodes
}

/// Resolves all that is open under a key that is not used any more: what is raised is told with another one, or by
/// another sender. What was not told yet is not told with this one.
pub fn hand_over(ledger: &mut Ledger, config: &Config, now: i64) {
    ledger.end_all(&Why::HandedOver, |_| true);
    ledger.replan(&Terms::without_agent(config.notification.notify, now));
}

impl Rules {
    /// What the configuration says about counting.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { notify: config.notification.notify, resolve_after: seconds(config.delivery.resolve_after) }
    }
}

/// One observation, indexed.
struct Pass<'a> {
    seen: &'a Observation,
    config: &'a Config,
    now: i64,
    rules: Rules,
    nodes: HashMap<&'a NodeId, &'a Node>,
    covered: HashSet<&'a NodeId>,
    sightings: HashMap<&'a AlertId, &'a Sighting>,
}

impl<'a> Pass<'a> {
    fn new(seen: &'a Observation, config: &'a Config, now: i64) -> Self {
        Self {
            seen,
            config,
            now,
            rules: Rules::of(config),
            nodes: seen.nodes.iter().map(|node| (&*node.id, node)).collect(),
            covered: seen.nodes.iter().map(|node| &*node.id).filter(|node| config.covers(node)).collect(),
            sightings: seen.sightings.iter().map(|sighting| (&sighting.alert, sighting)).collect(),
        }
    }

    fn terms(&self) -> Terms {
        Terms { notify: self.config.notification.notify, now: self.seen.now, recorded: self.now }
    }

    /// Whether the state of what is on this node is known, and wanted.
    fn known(&self, node: &NodeId) -> bool {
        self.nodes.get(node).is_some_and(|node| node.reachable && node.health != Health::Disabled)
            && self.covers(node)
    }

    fn covers(&self, node: &NodeId) -> bool {
        self.covered.contains(node)
    }

    fn nodes(&self, ledger: &mut Ledger) {
        let before: Vec<NodeId> = ledger.nodes.keys().cloned().collect();
        let known: HashSet<&NodeId> = before.iter().collect();
        for node in before.iter().filter(|node| !self.config.covers(node)) {
            ledger.drop_node(node, &Why::Filtered);
        }
        for node in before.iter().filter(|node| self.config.covers(node) && !self.nodes.contains_key(node)) {
            self.unlisted(ledger, node, &known);
        }
        for node in self.seen.nodes.iter().filter(|node| self.config.covers(&node.id)) {
            if node.reachable {
                let record = NodeRecord { ephemeral: node.ephemeral, ..NodeRecord::default() };
                ledger.record(&node.id, record);
                let back = Facts { status: Status::Clear, when: self.seen.now, ..Facts::default() };
                ledger.stand(&node.id, back, &self.rules);
            } else if let Some(record) = ledger.nodes.get(&*node.id).cloned() {
                let record = NodeRecord { ephemeral: node.ephemeral, unlisted_since: None, ..record };
                let why = format!("no longer streams to {}", self.seen.agent.node.host);
                self.unreachable(ledger, &node.id, record, why);
            }
        }
    }

    fn unlisted(&self, ledger: &mut Ledger, node: &NodeId, known: &HashSet<&NodeId>) {
        let renamed =
            self.seen.nodes.iter().find(|other| other.id.guid == node.guid && !known.contains(&*other.id));
        if let Some(renamed) = renamed {
            return ledger.drop_node(node, &Why::Renamed(renamed.id.host.clone()));
        }
        let Some(mut record) = ledger.nodes.get(node).cloned() else { return };
        if passed(&mut record.unlisted_since, self.now, self.config.delivery.removed_after)
            && record.ephemeral
        {
            return ledger.drop_node(node, &Why::NodeGone);
        }
        let why = format!("no longer listed by {}", self.seen.agent.node.host);
        self.unreachable(ledger, node, record, why);
    }

    fn unreachable(&self, ledger: &mut Ledger, node: &NodeId, mut record: NodeRecord, why: String) {
        let long = passed(&mut record.unreachable_since, self.now, self.config.delivery.unreachable_after);
        if long && !record.ephemeral {
            ledger.stand(node, unreachable(why, &record), &self.rules);
        }
        ledger.record(node, record);
    }

    fn log(&self, ledger: &mut Ledger) {
        for transition in self.seen.transitions.iter().filter(|one| self.config.covers(&one.alert.node)) {
            let subject = Subject::Alert(transition.alert.clone());
            // Of what is not remembered only a raise is news.
            if transition.facts.status.level().is_some() || ledger.entries.contains_key(&subject) {
                ledger.change(&subject, |entry| entry.read(transition, &self.rules));
            }
        }
    }

    fn sightings(&self, ledger: &mut Ledger) {
        for sighting in self.seen.sightings.iter().filter(|one| self.known(&one.alert.node)) {
            let subject = Subject::Alert(sighting.alert.clone());
            let entry = ledger.entries.get(&subject);
            let news = match entry {
                Some(entry) => !entry.knows(sighting),
                None => sighting.facts.status.level().is_some(),
            };
            if news {
                ledger.change(&subject, |entry| entry.sight(sighting, &self.rules));
            }
        }
    }

    /// What time brings: delays that pass, alerts that stay away, nodes that the filter left behind.
    fn rest(&self, ledger: &mut Ledger) {
        let subjects: Vec<Subject> = ledger
            .entries
            .iter()
            .filter(|(subject, entry)| self.restless(subject, entry))
            .map(|(subject, _)| subject.clone())
            .collect();
        for subject in subjects {
            ledger.change(&subject, |entry| self.let_time_pass(&subject, entry));
        }
    }

    fn restless(&self, subject: &Subject, entry: &Entry) -> bool {
        let Subject::Alert(alert) = subject else { return !self.config.covers(subject.node()) };
        entry.held.is_some()
            || entry.clearing.is_some()
            || entry.gone_since.is_some()
            || !self.sightings.contains_key(alert)
            || !self.config.covers(&alert.node)
    }

    fn let_time_pass(&self, subject: &Subject, entry: &mut Entry) {
        if !self.config.covers(subject.node()) {
            if entry.ended.is_none() {
                entry.end(Why::Filtered);
            }
            return;
        }
        let Subject::Alert(alert) = subject else { return };
        let sighting = self.sightings.get(alert);
        entry.advance(self.seen.now, &self.rules);
        if let Some(silent) = sighting.and_then(|sighting| sighting.silent) {
            entry.silent = silent;
        }
        if sighting.is_some() || !self.known(&alert.node) || !entry.is_followed() {
            entry.gone_since = None;
        } else if passed(&mut entry.gone_since, self.now, self.config.delivery.removed_after) {
            entry.end(Why::Removed);
        }
    }
}

fn unreachable(why: String, record: &NodeRecord) -> Facts {
    let when = record.unreachable_since.unwrap_or_default() / 1000;
    Facts { status: Status::Critical, info: why, when, ..Facts::default() }
}

/// Whether `delay` has passed since the clock was started (milliseconds); starts it if it stands. A clock
/// of the machine that went back starts it anew.
fn passed(clock: &mut Option<i64>, now: i64, delay: Duration) -> bool {
    let since = clock.map_or(now, |since| since.min(now));
    *clock = Some(since);
    u128::try_from(now - since).is_ok_and(|passed| passed >= delay.as_millis())
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
