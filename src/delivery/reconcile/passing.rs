//! The time that has passed: delays end, alerts stay away, nodes leave the rooms.

use super::Pass;
use super::observed::Observed;
use crate::alert::{Health, NodeId};
use crate::delivery::clocks::millis;
use crate::delivery::entry::{CountingRules, Entry, Gone};
use crate::delivery::ledger::Ledger;
use crate::delivery::reason::Reason;
use crate::payload::{ResolveReason, Subject};

impl Pass<'_> {
    /// Lets the time pass for each entry that this may change.
    pub(super) fn pass_time(&self, ledger: &mut Ledger) {
        let subjects: Vec<Subject> = ledger
            .entries
            .iter()
            .filter(|(subject, entry)| self.restless(subject, entry))
            .map(|(subject, _)| subject.clone())
            .collect();
        for subject in subjects {
            ledger.change(&subject, |entry| self.let_time_pass(&subject, entry));
            self.explain(ledger, &subject);
        }
    }

    fn restless(&self, subject: &Subject, entry: &Entry) -> bool {
        let Subject::Alert(alert) = subject else { return entry.clearing.is_some() || !self.wants(subject) };
        entry.held.is_some()
            || entry.clearing.is_some()
            || entry.gone.is_some()
            || !matches!(Observed::of(self.sightings.get(alert).copied()), Observed::Raised | Observed::Clear)
            || !self.wants(subject)
    }

    /// Whether the configuration covers it. An agent that does not answer is told whatever the rooms.
    pub(super) fn wants(&self, subject: &Subject) -> bool {
        let is_own = matches!(subject, Subject::Node(node) if self.parents.include(node));
        // A storm is what its members are.
        is_own || subject.is_storm() || self.coverage.covers(subject.node())
    }

    fn let_time_pass(&self, subject: &Subject, entry: &mut Entry) {
        if !self.wants(subject) {
            if entry.ended.is_none() {
                entry.end(ResolveReason::Filtered, self.seen.now);
            }
            return;
        }
        let known = match subject {
            Subject::Alert(alert) => self.known(&alert.node),
            Subject::Node(node) => self.nodes.get(node).is_some_and(|node| node.reachable),
            Subject::Storm(_) => return,
        };
        entry.advance(&if known { self.rules } else { CountingRules { step: 0, ..self.rules } });
        let Subject::Alert(alert) = subject else { return };
        if let Some(silent) = self.sightings.get(alert).and_then(|sighting| sighting.silent) {
            entry.silence(silent);
        }
        if self.status(alert) == Observed::Gone && entry.is_followed() {
            self.let_go(&alert.node, entry);
        } else {
            entry.gone = None;
        }
    }

    /// Ends an alert that has been gone for `removed_after` while the node's health was online at least once. After
    /// three times as long it ends anyway: a node that keeps adding charts may never say that it is online.
    fn let_go(&self, node: &NodeId, entry: &mut Entry) {
        let mut gone =
            entry.gone.map_or(Gone::default(), |gone| Gone { seen: gone.seen + self.rules.step, ..gone });
        gone.online |= self.nodes.get(node).is_some_and(|node| node.health == Health::Online);
        let patience = millis(self.config.delivery.removed_after);
        let for_good = (gone.online && gone.seen >= patience) || gone.seen >= patience.saturating_mul(3);
        if for_good {
            entry.end(ResolveReason::Removed, self.seen.now);
        } else {
            entry.gone = Some(gone);
        }
    }

    /// Notes what holds an alert back, or why nothing is known of one that is raised.
    fn explain(&self, ledger: &mut Ledger, subject: &Subject) {
        let Subject::Alert(alert) = subject else { return };
        let Some(entry) = ledger.entries.get(subject) else { return };
        let reason = match (&entry.held, self.status(alert), entry.gone, entry.clearing) {
            (Some(held), ..) => Reason::Delayed(held.facts.status, held.due),
            (None, Observed::Pending, ..) => Reason::NotInTheLog,
            (None, _, Some(gone), _) => Reason::Gone(gone.seen),
            (None, _, None, Some(since)) if entry.flapping.on => Reason::Flapping(since, entry.cleared_for),
            (None, _, None, Some(since)) => Reason::Clearing(since, entry.cleared_for),
            (None, Observed::Unknown(why), None, None) if entry.is_raised() => Reason::Unknown(why),
            _ => return,
        };
        ledger.explain(subject, || reason);
    }
}
