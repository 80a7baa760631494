//! All that is remembered between runs, for one API key and endpoint: what was told, and what waits.

mod members;
mod recent;
mod records;
mod unrecorded;

use std::collections::{BTreeMap, BTreeSet};

use super::clocks::Clocks;
use super::entry::{CountingRules, Entry, Standing, Waiting};
use super::plan::PlanInput;
use super::reason::{Reason, Reasons, StormIs};
use super::silences::ByHand;
use super::unrecorded::Mark;
use crate::alert::{Agent, AlertDetails, AlertId, Level, NodeId, Status};
use crate::payload::{Notice, ResolveReason, StormId, Subject};
pub use recent::Recent;
pub use records::{NodeRecord, ParentRecord};

/// All that is remembered between runs, for one API key and endpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Alerts and nodes of which something is to be remembered.
    pub entries: BTreeMap<Subject, Entry>,
    /// Nodes seen reachable.
    pub nodes: BTreeMap<NodeId, NodeRecord>,
    /// The agent or parent, as it last answered; of several the first that answered.
    pub agent: Option<Agent>,
    /// Who answered last at each URL, in the configuration's order.
    pub parents: Vec<ParentRecord>,
    /// When it last answered (this machine's clock, milliseconds).
    pub observed_at: Option<i64>,
    /// It has not answered since.
    pub away: bool,
    /// How much time this sender has observed.
    pub clocks: Clocks,
    /// Silences made by hand.
    pub silences: Vec<ByHand>,
    /// What differs from the store.
    pub changes: Changes,
    /// Events refused for good that the store does not hold yet.
    pub failed: Vec<RefusedEvent>,
    /// Pages left since the last record, and nothing says which.
    pub unrecorded: Option<Mark>,
    /// Alerts that changed, of which the agent's log does not have the transition yet: the change is held.
    pub pending: usize,
    /// What came and went in this run, too long ago to be told.
    pub untold: usize,
    /// How many raises became due lately.
    pub recent: Recent,
    /// Why each alert and node is told, held or left alone; kept only where somebody listens.
    pub reasons: Option<Reasons>,
}

/// An event that ilert refused for good.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedEvent {
    /// When (this machine's clock, milliseconds).
    pub at: i64,
    /// HTTP status; 0 where there was no answer.
    pub status: u16,
    /// What ilert said.
    pub reason: String,
    /// What it was to tell.
    pub notice: Notice,
}

/// What a run changed and the store does not hold yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Entries changed, added or removed.
    pub entries: BTreeSet<Subject>,
    /// Node records changed, added or removed.
    pub nodes: BTreeSet<NodeId>,
}

impl Changes {
    /// Whether there is nothing to store.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.nodes.is_empty()
    }
}

impl Ledger {
    /// Computes every entry's waiting events anew, and drops what need not be remembered.
    pub fn replan(&mut self, input: &PlanInput) {
        members::refresh(self, input.now);
        self.plan(input, |_| true);
    }

    /// Computes the waiting events of these anew.
    pub(super) fn replan_only(&mut self, changed: &BTreeSet<Subject>, input: &PlanInput) {
        if changed.is_empty() {
            return;
        }
        if let Some(reasons) = &mut self.reasons {
            reasons.forget(changed);
        }
        members::refresh(self, input.now);
        self.plan(input, |subject| changed.contains(subject));
    }

    /// Tells singly what a storm was to tell: it cannot be recorded.
    pub(super) fn tell_singly(&mut self, input: &PlanInput) {
        if members::disband_untold(self) {
            self.replan(input);
        }
    }

    fn plan(&mut self, input: &PlanInput, is_meant: impl Fn(&Subject) -> bool) {
        let mut over = Vec::new();
        let refused = members::refused(self);
        for (subject, entry) in self.entries.iter_mut().filter(|(subject, _)| is_meant(subject)) {
            let (waiting, peak, times) = (entry.waiting.clone(), entry.peak, entry.times);
            let outcome = entry.plan(subject, input);
            self.untold += usize::from(outcome.untold);
            if let Some(reasons) = &mut self.reasons {
                let sends = |one: &Waiting| Reason::of(one, input.recorded);
                let is_refused = entry.member.as_ref().is_some_and(|member| refused.contains(&*member.storm));
                let decided = outcome.reason.map(|reason| match reason {
                    Reason::InStorm(StormIs::Waiting) if is_refused => Reason::InStorm(StormIs::Refused),
                    reason => reason,
                });
                for reason in entry.waiting.iter().map(sends).chain(decided) {
                    reasons.note(subject, reason);
                }
            }
            if entry.is_over(input.now) {
                over.push(subject.clone());
            }
            if (&waiting, peak, times) != (&entry.waiting, entry.peak, entry.times) {
                self.changes.entries.insert(subject.clone());
            }
        }
        for subject in over {
            self.entries.remove(&subject);
            self.changes.entries.insert(subject);
        }
    }

    /// The same if ilert had been told nothing, and no storm had told anything. For a preview.
    pub(super) fn untold(mut self) -> Self {
        self.entries.retain(|subject, _| !subject.is_storm());
        self.entries.values_mut().for_each(Entry::forget_told);
        self
    }

    /// Keeps only what waits of what stands. What is clear does not stand, though that may not count yet.
    pub(super) fn keep_standing(&mut self) {
        for entry in self.entries.values_mut().filter(|entry| !entry.is_raised() || entry.clearing.is_some())
        {
            entry.waiting.clear();
        }
    }

    /// Keeps only what waits and neither rests nor comes after what rests at this time (this machine's clock,
    /// milliseconds); nothing while all is held. For a preview.
    pub(super) fn keep_due(&mut self, is_held: bool, now: i64) {
        for entry in self.entries.values_mut() {
            if is_held || entry.waiting.first().is_some_and(|first| first.rests(now)) {
                entry.waiting.clear();
            }
        }
    }

    /// Keeps only pages that stand, those that are meant.
    pub(super) fn keep_pages(&mut self, is_meant: impl Fn(&Notice) -> bool) {
        self.keep_standing();
        for entry in self.entries.values_mut() {
            entry.waiting.retain(|waiting| waiting.is_page() && is_meant(&waiting.notice));
        }
    }

    /// Takes what is away now as away since the last record. For runs that cannot write the state: no clock can go on
    /// between them.
    pub fn count_wall_time(&mut self) {
        self.clocks.count_wall_time();
        for record in self.nodes.values_mut() {
            record.away_for.get_or_insert(0);
        }
    }

    /// Storms that are remembered, the newest of a kind first.
    pub fn storms(&self) -> impl Iterator<Item = (&StormId, &Entry)> {
        // They are last in the order of subjects.
        self.entries.iter().rev().map_while(|(subject, entry)| match subject {
            Subject::Storm(id) => Some((id, entry)),
            Subject::Alert(_) | Subject::Node(_) => None,
        })
    }

    /// Whether any event waits.
    #[must_use]
    pub fn has_waiting(&self) -> bool {
        self.entries.values().any(|entry| !entry.waiting.is_empty())
    }

    /// Alerts to look for in any status if they are missing among the raised ones.
    pub fn followed(&self) -> impl Iterator<Item = (&AlertId, &Entry)> {
        self.entries.iter().filter_map(|(subject, entry)| match subject {
            Subject::Alert(alert) if entry.is_followed() => Some((alert, entry)),
            _ => None,
        })
    }

    /// The agent's own node, as it last answered.
    #[must_use]
    pub fn own(&self) -> Option<&NodeId> {
        self.agent.as_ref().map(|agent| &*agent.node)
    }

    /// Notes why an alert or node is told, held or left alone, if somebody listens.
    pub(super) fn explain(&mut self, subject: &Subject, reason: impl FnOnce() -> Reason) {
        if let Some(reasons) = &mut self.reasons {
            reasons.note(subject, reason());
        }
    }

    /// Changes an entry, or adds one, and notes whether that changed anything.
    pub(super) fn change(&mut self, subject: &Subject, change: impl FnOnce(&mut Entry)) {
        let entry = self.entries.entry(subject.clone()).or_default();
        let before = entry.clone();
        change(entry);
        if *entry != before {
            self.changes.entries.insert(subject.clone());
        }
    }

    /// Keeps a node's record.
    pub(super) fn record(&mut self, node: &NodeId, record: NodeRecord) {
        if self.nodes.get(node) != Some(&record) {
            self.nodes.insert(node.clone(), record);
            self.changes.nodes.insert(node.clone());
        }
    }

    /// Counts a node as reachable or not.
    pub(super) fn stand(&mut self, node: &NodeId, facts: AlertDetails, rules: &CountingRules) {
        let subject = Subject::Node(node.clone());
        if facts.status == Status::Clear && !self.entries.contains_key(&subject) {
            return;
        }
        let standing =
            if facts.status == Status::Clear { Standing::Clear } else { Standing::Raised(Level::Critical) };
        self.change(&subject, |entry| entry.stand(standing, facts, rules));
    }

    /// Ends everything on these nodes, each for its reason, and drops their records.
    pub(super) fn drop_nodes(&mut self, dropped: &BTreeMap<NodeId, ResolveReason>, now: i64) {
        if dropped.is_empty() {
            return;
        }
        self.end_all(now, |subject| dropped.get(subject.node()).filter(|_| !subject.is_storm()).cloned());
        for node in dropped.keys().filter(|node| self.nodes.remove(node).is_some()) {
            self.changes.nodes.insert(node.clone());
        }
    }

    /// Ends every alert and node for which there is a reason, at this time (agent's clock, seconds).
    pub(super) fn end_all(&mut self, now: i64, why: impl Fn(&Subject) -> Option<ResolveReason>) {
        let ended: Vec<(Subject, ResolveReason)> =
            self.entries.keys().filter_map(|subject| Some((subject.clone(), why(subject)?))).collect();
        for (subject, why) in ended {
            self.change(&subject, |entry| {
                if entry.ended.is_none() {
                    entry.end(why, now);
                }
            });
        }
    }

    /// Restarts the clocks of the nodes that are meant: whoever shows them was away.
    pub(super) fn restart_clocks(&mut self, is_meant: impl Fn(&NodeId, &NodeRecord) -> bool) {
        let running: Vec<(NodeId, NodeRecord)> = self
            .nodes
            .iter()
            .filter(|(_, record)| record.is_away())
            .filter(|(node, record)| is_meant(node, record))
            .map(|(node, record)| (node.clone(), record.clone()))
            .collect();
        for (node, record) in running {
            self.record(&node, NodeRecord { away_for: None, unlisted_for: None, ..record });
        }
    }
}
