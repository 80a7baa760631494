//! What silences of this program hold back, as Netdata's own do.

use crate::alert::{AlertDetails, AlertId, NodeId};
use crate::config::{Asked, AskedAlert};
use crate::delivery::coverage::Coverage;
use crate::delivery::entry::{CountingRules, Entry};
use crate::delivery::ledger::Ledger;
use crate::delivery::silences::{Muted, Silences};
use crate::payload::Subject;

use super::Pass;

impl Pass<'_> {
    /// The rules for counting what happened to an alert: it may have happened during a silence.
    pub(super) fn rules_of(&self, alert: &AlertId, facts: &AlertDetails) -> CountingRules {
        if self.silences.is_empty() {
            return self.rules;
        }
        let asked = asked(alert, facts, &self.coverage);
        let muted = self.silences.holding(&asked, facts.when.saturating_mul(1000)).is_some();
        CountingRules { muted, ..self.rules }
    }
}

/// Notes what silences hold back now (milliseconds). Unknown is not clear: the end of a silence releases only alerts on
/// nodes whose state is known.
pub(super) fn mute(
    ledger: &mut Ledger,
    silences: &Silences<'_>,
    coverage: &Coverage<'_>,
    now: i64,
    is_known: impl Fn(&NodeId) -> bool,
) {
    let holding = |subject: &Subject, entry: &Entry| -> Option<Muted> {
        if !entry.may_be_told() {
            return None;
        }
        match subject {
            // Its members are held back, before it is told.
            Subject::Storm(_) => None,
            Subject::Node(node) => {
                silences.holding(&Asked { node, labels: coverage.labels(node), alert: None }, now)
            }
            Subject::Alert(alert) => {
                let held = silences.holding(&asked(alert, entry.fullest_facts(), coverage), now);
                held.or_else(|| entry.muted.clone().filter(|_| !is_known(&alert.node)))
            }
        }
    };
    let concerned = |entry: &Entry| !silences.is_empty() || entry.muted.is_some();
    let changed: Vec<(Subject, Option<Muted>)> = ledger
        .entries
        .iter()
        .filter(|(_, entry)| concerned(entry))
        .map(|(subject, entry)| (subject, entry, holding(subject, entry)))
        .filter(|(_, entry, muted)| *muted != entry.muted || (muted.is_some() && entry.peak.is_some()))
        .map(|(subject, _, muted)| (subject.clone(), muted))
        .collect();
    for (subject, muted) in changed {
        ledger.change(&subject, |entry| entry.mute(muted));
    }
}

fn asked<'a>(alert: &'a AlertId, facts: &'a AlertDetails, coverage: &'a Coverage<'_>) -> Asked<'a> {
    let AlertId { node, chart, name } = alert;
    let known = AskedAlert { name, context: &facts.context, chart, role: &facts.role };
    Asked { node, labels: coverage.labels(node), alert: Some(known) }
}
