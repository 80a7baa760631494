//! Why each alert and node is told, held or left alone: a line each, for `-v`; with fields, for the journal.

use super::dispatch::{in_order, name};
use super::ledger::Ledger;
use super::reason::Reason;
use crate::payload::Subject;
use crate::text::one_line;

/// Longest name of an alert that is logged, in characters.
const LONGEST_NAME: usize = 500;

/// Logs one line per decision, if the ledger kept its reasons. `now` is this machine's clock, milliseconds.
pub fn explain(ledger: &Ledger, now: i64) {
    let Some(reasons) = &ledger.reasons else { return };
    for waiting in in_order(ledger) {
        let event = name(&waiting.notice);
        let reason = match waiting.rests_until {
            until if until > now => Reason::Rests(event, until),
            _ => Reason::Due(event),
        };
        log(&waiting.notice.subject, &reason.to_string());
    }
    for (subject, reason) in reasons {
        log(subject, &reason.to_string());
    }
}

fn log(subject: &Subject, reason: &str) {
    match subject {
        Subject::Alert(alert) => {
            let shown = one_line(&alert.to_string(), LONGEST_NAME);
            tracing::info!(
                node = %alert.node.host,
                machine_guid = %alert.node.guid,
                chart = %alert.chart,
                alert = %alert.name,
                reason,
                "{shown}: {reason}"
            );
        }
        Subject::Node(node) => {
            let shown = one_line(&node.host, LONGEST_NAME);
            tracing::info!(node = %node.host, machine_guid = %node.guid, reason, "{shown}: {reason}");
        }
    }
}
