//! The agent or the parents at this look: who answers, who does not, and what that says of a node.

use std::collections::{BTreeSet, HashMap};

use crate::alert::NodeId;
use crate::delivery::ledger::NodeRecord;

/// The agent or the parents that were asked now.
#[derive(Clone, Debug, Default)]
pub(in crate::delivery) struct ParentsNow {
    /// The own nodes of those that answer. The clock of the first counts.
    pub answering: Vec<NodeId>,
    /// Those that do not answer, with the reason.
    pub away: Vec<(NodeId, String)>,
    /// One that does not answer never has: which nodes it shows is not known.
    pub stranger_is_away: bool,
    /// Those that returned a short while ago: for how long they answer again (milliseconds), by machine GUID.
    pub back_for: HashMap<String, i64>,
    /// Those that answer and did not at the last look, by machine GUID.
    pub returned: BTreeSet<String>,
}

impl ParentsNow {
    /// One agent, which answers.
    pub fn one(own: &NodeId) -> Self {
        Self { answering: vec![own.clone()], ..Self::default() }
    }

    /// Whether this is the own node of one of them.
    pub fn include(&self, node: &NodeId) -> bool {
        self.answering.contains(node) || self.is_away(node)
    }

    /// Whether this is the own node of one that does not answer.
    pub fn is_away(&self, node: &NodeId) -> bool {
        self.away.iter().any(|(own, _)| own == node)
    }

    fn answers(&self, guid: &str) -> bool {
        self.answering.iter().any(|own| own.guid == guid)
    }

    /// Whether none of them has shown the node reachable. Records of 0.1.0 do not say.
    pub fn are_foreign_to(&self, record: &NodeRecord) -> bool {
        let known = |guid: &str| self.answers(guid) || self.away.iter().any(|(own, _)| own.guid == guid);
        !record.shown_by.is_empty() && !record.shown().any(known)
    }

    /// Whether all that have shown the node reachable are away now. One that never answered may be one of them.
    pub fn are_away_from(&self, record: &NodeRecord) -> bool {
        if record.shown_by.is_empty() || record.shown().any(|guid| self.answers(guid)) {
            return false;
        }
        self.stranger_is_away || !self.are_foreign_to(record)
    }

    /// Whether one that has shown the node reachable is away now: the node may be on its way to another parent.
    pub fn miss_one_of(&self, record: &NodeRecord) -> bool {
        record.shown().any(|guid| self.away.iter().any(|(own, _)| own.guid == guid))
    }

    /// For how long one that shows the node has answered again, if it has only just returned (milliseconds): the node may
    /// be on its way back. Where none shows the node, all must have returned.
    pub fn grace(&self, record: &NodeRecord) -> Option<i64> {
        let back_for = |guid: &str| self.back_for.get(guid).copied();
        let mut showing = record.shown().filter(|guid| self.answers(guid)).peekable();
        if showing.peek().is_some() {
            return showing.filter_map(back_for).max();
        }
        let back: Option<Vec<i64>> = self.answering.iter().map(|own| back_for(&own.guid)).collect();
        back?.into_iter().max()
    }

    /// Whether those that show the node were all away at the last look.
    pub fn have_returned_to(&self, record: &NodeRecord) -> bool {
        let mut showing = record.shown().filter(|guid| self.answers(guid)).peekable();
        showing.peek().is_some() && showing.all(|guid| self.returned.contains(guid))
    }

    /// Their host names, for words.
    pub fn names(&self) -> String {
        self.answering.iter().map(NodeId::to_string).collect::<Vec<_>>().join(" or ")
    }
}
