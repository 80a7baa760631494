//! Prints why each alert and node is told, held or left alone: a line each, for `-v`; with fields, for the journal.

use super::reason::Reasons;
use crate::payload::Subject;

/// Logs a line for each reason. `now` is this machine's clock, milliseconds.
pub(super) fn explain(reasons: &Reasons, now: i64) {
    for (subject, reason) in reasons.iter() {
        log(subject, &reason.words(now));
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
        Subject::Storm(storm) => {
            let when = storm.when().to_uppercase();
            tracing::info!(storm = %when, reason, "storm of {when}: {reason}");
        }
        Subject::Node(node) => {
            tracing::info!(node = %node.host, machine_guid = %node.guid, reason, "{node}: {reason}");
        }
    }
}
