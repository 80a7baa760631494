//! Why each alert is told, held or left alone: a line each, for `-v`; with fields, for the journal.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::dispatch::name;
use super::entry::{Entry, Standing};
use super::ledger::Ledger;
use crate::payload::Subject;
use crate::text::one_line;

/// Longest name of an alert that is logged, in characters.
const LONGEST_NAME: usize = 500;

/// Logs one line per decision. Costs nothing where nobody listens.
pub fn explain(ledger: &Ledger) {
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    for (subject, entry) in &ledger.entries {
        let name = match subject {
            Subject::Alert(alert) => one_line(&alert.to_string(), LONGEST_NAME),
            Subject::Node(node) => one_line(&node.host, LONGEST_NAME),
        };
        for reason in reasons(entry) {
            match subject {
                Subject::Alert(alert) => tracing::info!(
                    node = %alert.node.host,
                    machine_guid = %alert.node.guid,
                    chart = %alert.chart,
                    alert = %alert.name,
                    reason,
                    "{name}: {reason}"
                ),
                Subject::Node(node) => tracing::info!(
                    node = %node.host,
                    machine_guid = %node.guid,
                    reason,
                    "{name}: {reason}"
                ),
            }
        }
    }
}

/// What is decided about one entry, and why.
#[must_use]
pub fn reasons(entry: &Entry) -> Vec<String> {
    let mut reasons: Vec<String> =
        entry.waiting.iter().map(|waiting| format!("due: {}", name(&waiting.notice))).collect();
    if let Some(held) = &entry.held {
        let status = held.facts.status;
        reasons.push(format!("held: {status} counts once Netdata's delay is over, at {}", clock(held.due)));
    }
    if let Some(since) = entry.clearing {
        reasons.push(format!("held: clear since {}, for less than `resolve_after`", clock(since)));
    }
    if let Some(since) = entry.gone_since {
        let gone = clock(since / 1000);
        reasons.push(format!("held: not there any more since {gone}, for less than `removed_after`"));
    }
    let raised = matches!(entry.standing, Some(Standing::Raised(_)));
    let keys = [entry.keys.warning, entry.keys.critical, entry.keys.unreachable];
    if raised && entry.silent && !entry.keys.any_open() {
        reasons.push("silent: its recipients, or a silence, say that nobody is to be told".to_owned());
    } else if keys.iter().any(|key| key.refused || key.stuck) {
        reasons.push("failed: ilert refused it for good; see `--status`".to_owned());
    } else if raised && reasons.is_empty() {
        let told = if entry.keys.any_open() { "told already" } else { "not among the notification types" };
        reasons.push(told.to_owned());
    }
    reasons
}

fn clock(seconds: i64) -> String {
    let shown = |time: Timestamp| time.to_zoned(TimeZone::system()).strftime("%H:%M:%S").to_string();
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), shown)
}
