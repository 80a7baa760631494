//! An agent or parent that does not answer, or refuses: one alert on its own node.

use crate::alert::NodeId;
use crate::config::Config;
use crate::delivery::clocks::{self, millis};
use crate::delivery::entry::CountingRules;
use crate::delivery::ledger::Ledger;
use crate::delivery::reason::{Reason, Unknown};
use crate::payload::Subject;

use super::Pass;
use super::nodes::unreachable;

/// Raises the alert of an agent's own node once it has been away for `unreachable_after`. It does so whether the rooms
/// cover that node or not, since nothing that they cover is seen without it. `now` is this machine's clock, milliseconds.
pub(super) fn stand(
    ledger: &mut Ledger,
    own: &NodeId,
    why: String,
    rules: &CountingRules,
    config: &Config,
    now: i64,
) {
    let Some(mut record) = ledger.nodes.get(own).cloned() else { return };
    record.unreachable_since.get_or_insert(now);
    let away = clocks::advance(&mut record.away_for, rules.step);
    if away >= millis(config.delivery.unreachable_after) && !record.ephemeral {
        ledger.stand(own, unreachable(why, &record), rules);
    } else {
        ledger.explain(&Subject::Node(own.clone()), || Reason::AwayForLess(away));
    }
    ledger.record(own, record);
}

/// Nothing is known of anything: no clock of an alert goes on.
pub(super) fn know_nothing(ledger: &mut Ledger) {
    let subjects: Vec<Subject> = ledger.entries.keys().cloned().collect();
    for subject in &subjects {
        if ledger.entries.get(subject).is_some_and(|entry| entry.gone.is_some()) {
            ledger.change(subject, |entry| entry.gone = None);
        }
        ledger.explain(subject, || Reason::Unknown(Unknown::AgentAway));
    }
}

/// How many nodes are not seen because these do not answer.
pub(super) fn blind(ledger: &Ledger, away: usize) -> String {
    let it = if away == 1 { "it" } else { "them" };
    match ledger.nodes.len().saturating_sub(away) {
        0 => String::new(),
        1 => format!("; 1 node behind {it} is not seen meanwhile"),
        more => format!("; {more} nodes behind {it} are not seen meanwhile"),
    }
}

impl Pass<'_> {
    /// Raises the alerts of parents that do not answer, while others do.
    pub(super) fn parents_away(&self, ledger: &mut Ledger) {
        for (own, reason) in &self.parents.away {
            let answers = if self.parents.answering.len() == 1 { "answers" } else { "answer" };
            let names: Vec<String> = self.parents.answering.iter().map(NodeId::to_string).collect();
            let why = format!(
                "this parent does not answer: {reason}; {} {answers}, and what is shown there is sent",
                names.join(" and ")
            );
            stand(ledger, own, why, &self.rules, self.config, self.now);
        }
    }
}
