//! Nodes that come and go: unreachable, renamed, replaced, left behind, not listed any more.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Pass;
use crate::alert::{AlertDetails, Node, NodeId, Status};
use crate::delivery::clocks::{self, millis};
use crate::delivery::entry::Entry;
use crate::delivery::ledger::{Ledger, NodeRecord};
use crate::delivery::parents::GRACE;
use crate::delivery::reason::{Reason, Unknown};
use crate::payload::{ResolveReason, Subject};

impl Pass<'_> {
    /// Takes in the nodes. Returns those to drop, each with its reason, once what is known of their alerts has counted.
    pub(super) fn nodes(&self, ledger: &mut Ledger) -> BTreeMap<NodeId, ResolveReason> {
        self.record_unseen(ledger);
        let before: Vec<NodeId> = ledger.nodes.keys().cloned().collect();
        let listed = ListedNodes::new(&self.seen.nodes, &before);
        let mut dropped = BTreeMap::new();
        for node in before.iter().filter(|node| !self.parents.is_away(node)) {
            if !self.wants(&Subject::Node(node.clone())) {
                let foreign = ledger.nodes.get(node).is_some_and(|record| self.is_foreign(record));
                let why = if foreign { ResolveReason::NotWatched } else { ResolveReason::Filtered };
                dropped.insert(node.clone(), why);
            } else if !self.nodes.contains_key(node) {
                dropped.extend(self.unlisted(ledger, node, &listed).map(|why| (node.clone(), why)));
            }
        }
        let those = self.seen.nodes.iter().filter(|node| !self.parents.is_away(&node.id));
        for node in those.filter(|node| self.wants(&Subject::Node((*node.id).clone()))) {
            if node.reachable {
                let shown = NodeRecord::shown_by(ledger.nodes.get(&*node.id), &self.showing(&node.id));
                let labels = self.coverage.labels(&node.id).clone();
                let record = NodeRecord { ephemeral: node.ephemeral, labels, ..shown };
                ledger.record(&node.id, record);
                let back =
                    AlertDetails { status: Status::Clear, when: self.seen.now, ..AlertDetails::default() };
                ledger.stand(&node.id, back, &self.rules);
            } else if let Some(record) = ledger.nodes.get(&*node.id).cloned() {
                let labels = self.coverage.labels(&node.id).clone();
                let record = NodeRecord { ephemeral: node.ephemeral, labels, unlisted_for: None, ..record };
                let why = format!("no longer streams to {}", self.parents.names());
                let why = self.away(ledger, &node.id, record, why, &listed);
                dropped.extend(why.map(|why| ((*node.id).clone(), why)));
            }
        }
        dropped
    }

    /// Ends everything on these nodes, each for its reason, and drops them.
    pub(super) fn drop_nodes(&self, ledger: &mut Ledger, dropped: &BTreeMap<NodeId, ResolveReason>) {
        Self::recall_dropped(ledger, dropped);
        ledger.drop_nodes(dropped, self.seen.now);
    }

    /// Marks nodes that are to be dropped as maybe unreachable in ilert, if pages left without a record: once they are
    /// dropped, nothing says that they may be open.
    fn recall_dropped(ledger: &mut Ledger, dropped: &BTreeMap<NodeId, ResolveReason>) {
        let Some(left) = ledger.unrecorded.filter(|left| left.of_nodes) else { return };
        for node in dropped.keys() {
            let subject = Subject::Node(node.clone());
            let was_seen = ledger.nodes.get(node).is_some_and(|record| !record.unseen);
            let is_open = ledger.entries.get(&subject).is_some_and(|entry| entry.keys.any_open());
            if was_seen && !is_open {
                ledger.change(&subject, |entry| entry.may_be_unreachable(left.scheme, true));
            }
        }
    }

    /// Records nodes that only the log mentions, so that their open alerts end, too.
    fn record_unseen(&self, ledger: &mut Ledger) {
        let open =
            ledger.entries.iter().filter(|(subject, entry)| !subject.is_storm() && entry.is_going_on());
        let nodes = open.map(|(subject, _)| subject.node()).filter(|node| !ledger.nodes.contains_key(node));
        let unseen: BTreeSet<NodeId> = nodes.cloned().collect();
        for node in unseen {
            let shown_by = self.seen.agent.node.guid.clone();
            ledger.record(&node, NodeRecord { shown_by, unseen: true, ..NodeRecord::default() });
        }
    }

    /// Whether others than those that are asked have shown the node reachable.
    fn is_foreign(&self, record: &NodeRecord) -> bool {
        self.parents.are_foreign_to(record)
    }

    /// The machine GUIDs of those that show a reachable node so.
    fn showing(&self, node: &NodeId) -> BTreeSet<String> {
        match self.merged {
            Some(merged) => merged.shown_by.get(node).cloned().unwrap_or_default(),
            None => BTreeSet::from([self.seen.agent.node.guid.clone()]),
        }
    }

    /// What becomes of a node that is not listed; the reason if it is to be dropped.
    fn unlisted(
        &self,
        ledger: &mut Ledger,
        node: &NodeId,
        listed: &ListedNodes<'_>,
    ) -> Option<ResolveReason> {
        if let Some(renamed) = listed.new_by_guid.get(node.guid.as_str()) {
            return Some(ResolveReason::Renamed(renamed.host.clone()));
        }
        let mut record = ledger.nodes.get(node).cloned()?;
        if self.parents.are_away_from(&record) {
            // Unknown: its clocks stand still.
            let subject = Subject::Node(node.clone());
            ledger.explain(&subject, || Reason::Unknown(Unknown::ParentsAway(node.host.clone())));
            return None;
        }
        let unlisted = clocks::advance(&mut record.unlisted_for, self.rules.step);
        let removed = unlisted >= millis(self.config.delivery.removed_after);
        let gone = if self.is_foreign(&record) {
            removed.then_some(ResolveReason::NotWatched)
        } else if record.ephemeral && removed {
            Some(ResolveReason::NodeGone)
        } else if record.unseen && removed {
            Some(ResolveReason::Unlisted)
        } else {
            (unlisted >= millis(self.config.delivery.forget_after)).then_some(ResolveReason::Unlisted)
        };
        if gone.is_some() {
            return gone;
        }
        let why = format!("no longer listed by {}", self.parents.names());
        self.away(ledger, node, record, why, listed)
    }

    /// Raises an unreachable node once it has been away for long, unless it was replaced or is ephemeral. Returns the
    /// reason if it is to be dropped.
    fn away(
        &self,
        ledger: &mut Ledger,
        node: &NodeId,
        mut record: NodeRecord,
        why: String,
        listed: &ListedNodes<'_>,
    ) -> Option<ResolveReason> {
        let subject = Subject::Node(node.clone());
        let is_replaced = listed.replace(node);
        if self.is_foreign(&record) || (record.unseen && !is_replaced) {
            ledger.explain(&subject, || Reason::Unknown(Unknown::NeverReachable(self.parents.names())));
            ledger.record(node, record);
            return None;
        }
        if !is_replaced && self.parents.are_away_from(&record) {
            // Unknown: the alert of the parent that does not answer stands for it, and its clocks stand still.
            ledger.explain(&subject, || Reason::Unknown(Unknown::ParentsAway(node.host.clone())));
            ledger.record(node, record);
            return None;
        }
        record.unreachable_since.get_or_insert(self.now);
        let away = clocks::advance(&mut record.away_for, self.rules.step);
        // A node whose parent went away has time to come to another one.
        let least = if self.parents.miss_one_of(&record) { GRACE } else { 0 };
        let long = away >= millis(self.config.delivery.unreachable_after).max(least);
        if is_replaced {
            if long {
                return Some(ResolveReason::Replaced);
            }
        } else if record.ephemeral {
            if ledger.entries.get(&subject).is_some_and(Entry::is_raised) {
                ledger.change(&subject, |entry| entry.end(ResolveReason::Ephemeral, self.seen.now));
            }
        } else if !long {
            ledger.explain(&subject, || Reason::AwayForLess(away));
        } else if let Some(back_for) = self.parents.grace(&record) {
            ledger.explain(&subject, || Reason::Grace(back_for));
        } else {
            ledger.stand(node, unreachable(why, &record), &self.rules);
        }
        ledger.record(node, record);
        None
    }
}

/// The nodes that are listed, by what makes one of them another's successor.
struct ListedNodes<'a> {
    /// The first of each machine GUID that was not known before.
    new_by_guid: HashMap<&'a str, &'a NodeId>,
    /// The machine GUIDs of those that are reachable, by host name.
    reachable_by_host: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> ListedNodes<'a> {
    fn new(listed: &'a [Node], before: &[NodeId]) -> Self {
        let known: HashSet<&NodeId> = before.iter().collect();
        let (mut new_by_guid, mut reachable_by_host) = (HashMap::new(), HashMap::<_, Vec<_>>::new());
        for Node { id, reachable, .. } in listed {
            if !known.contains(&**id) {
                new_by_guid.entry(id.guid.as_str()).or_insert(&**id);
            }
            if *reachable {
                reachable_by_host.entry(id.host.as_str()).or_default().push(id.guid.as_str());
            }
        }
        Self { new_by_guid, reachable_by_host }
    }

    /// Whether another machine answers under the node's name: a rebuilt container, a reinstalled machine.
    fn replace(&self, node: &NodeId) -> bool {
        let others = self.reachable_by_host.get(node.host.as_str());
        others.is_some_and(|guids| guids.iter().any(|guid| *guid != node.guid))
    }
}

/// The details of an unreachable node's alert.
pub(super) fn unreachable(why: String, record: &NodeRecord) -> AlertDetails {
    let when = record.unreachable_since.unwrap_or_default() / 1000;
    AlertDetails { status: Status::Critical, info: why.into(), when, ..AlertDetails::default() }
}
