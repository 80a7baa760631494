//! Pages that leave without a record, and what is made of them later.

use super::{Ledger, NodeRecord};
use crate::alert::NodeId;
use crate::delivery::entry::{Entry, Standing};
use crate::delivery::key::Told;
use crate::delivery::unrecorded::{Mark, Page, Unrecorded};
use crate::payload::{Scheme, Subject};

impl Ledger {
    /// Pages on the wire, among what has changed.
    pub(in crate::delivery) fn leaving(&self) -> Vec<Page> {
        let changed = self.changes.entries.iter().filter_map(|subject| self.entries.get(subject));
        changed.filter_map(Entry::leaving).collect()
    }

    /// What became of a page that left, if that is among what has changed.
    pub(in crate::delivery) fn told(&self, page: &Page) -> Option<Told> {
        let changed = self.changes.entries.get(&page.subject)?;
        Some(self.entries.get(changed)?.keys.get(page.kind).told)
    }

    /// Whether an alert or node is seen to be over.
    pub(in crate::delivery) fn is_over(&self, subject: &Subject) -> bool {
        match (self.entries.get(subject), subject) {
            (Some(entry), _) => entry.standing == Some(Standing::Clear),
            (None, Subject::Node(node)) => self.nodes.get(node).is_some_and(|record| !record.is_away()),
            (None, _) => false,
        }
    }

    /// Takes in pages of this sender that left without a record. What they do not say, the next look at Netdata tells.
    pub fn recall(&mut self, left: Option<&Unrecorded>, sender: &str) {
        match left {
            None => {}
            Some(Unrecorded::Some(mark)) => self.unrecorded = Some(*mark),
            Some(Unrecorded::Known(pages)) => {
                pages.of(sender).for_each(|page| self.take_in(page));
            }
        }
    }

    /// Takes in a page that left without a record.
    pub fn take_in(&mut self, page: &Page) {
        self.change(&page.subject, |entry| entry.recall(page));
        if let Subject::Node(node) = &page.subject {
            self.was_away(node, page.facts.when);
        }
    }

    /// A node was away at this time (seconds), as a page without a record said.
    fn was_away(&mut self, node: &NodeId, at: i64) {
        if let Some(record) = self.nodes.get(node).filter(|record| !record.is_away()) {
            let unreachable_since = Some(at.saturating_mul(1000));
            self.record(node, NodeRecord { unreachable_since, away_for: Some(0), ..record.clone() });
        }
    }

    /// Marks as maybe open what pages that left without a record may have opened.
    pub(in crate::delivery) fn guess(&mut self, left: Mark, now: i64) {
        let subjects: Vec<Subject> = self.entries.keys().cloned().collect();
        for subject in subjects {
            self.change(&subject, |entry| entry.guess(&subject, left.scheme, now));
        }
        if left.of_nodes {
            self.guess_nodes(left.scheme);
        }
    }

    /// Marks every node as maybe unreachable in ilert, since no log says which was told. Reachable ones are resolved
    /// now, the others when they come back.
    fn guess_nodes(&mut self, scheme: Scheme) {
        let seen: Vec<(Subject, bool)> = self
            .nodes
            .iter()
            .filter(|(_, record)| !record.unseen)
            .map(|(node, record)| (Subject::Node(node.clone()), record.is_away()))
            .filter(|(subject, _)| !self.entries.get(subject).is_some_and(Entry::is_going_on))
            .collect();
        for (subject, is_away) in seen {
            self.change(&subject, |entry| entry.may_be_unreachable(scheme, is_away));
        }
    }
}
