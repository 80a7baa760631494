//! Why each alert and node is told, held or left alone: a line each, for `-v`; with fields, for the journal.

use super::dispatch::{in_order, name};
use super::ledger::Ledger;
use super::reason::Reason;
use crate::payload::Subject;

/// Logs one line per decision, if the ledger kept its reasons. `now` is this machine's clock, milliseconds.
pub fn explain(ledger: &Ledger, now: i64) {
    let Some(reasons) = &ledger.reasons else { return };
    let waiting = in_order(ledger).map(|waiting| {
        let event = name(&waiting.notice);
        let rests = waiting.rests_until > now;
        let reason = if rests { Reason::Rests(event, waiting.rests_until) } else { Reason::Due(event) };
        (waiting.notice.subject.clone(), reason)
    });
    let mut lines: Vec<(Subject, Reason)> = waiting.chain(reasons.iter().cloned()).collect();
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    for alike in lines.chunk_by(|one, other| one.0 == other.0) {
        // That it is told already is worth a line only where nothing else is.
        for (subject, reason) in alike.iter().filter(|one| alike.len() == 1 || one.1 != Reason::Told) {
            log(subject, &reason.to_string());
        }
    }
}

fn log(subject: &Subject, reason: &str) {
    match subject {
        Subject::Alert(alert) => {
            tracing::info!(
                node = %alert.node.host,
                machine_guid = %alert.node.guid,
                chart = %alert.chart,
                alert = %alert.name,
                reason,
                "{alert}: {reason}"
            );
        }
        Subject::Node(node) => {
            tracing::info!(node = %node.host, machine_guid = %node.guid, reason, "{node}: {reason}");
        }
    }
}
