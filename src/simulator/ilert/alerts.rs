//! Alerts as ilert keeps them: one open alert for a key of a source, and every one that ever was.

use std::collections::HashMap;

use super::event::{Event, EventType};
use crate::config::Priority;
use crate::secret::Secret;

/// An alert in ilert.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Key of the source that it belongs to.
    pub source: Secret,
    /// Its key as the event that opened it had it, trimmed.
    pub key: String,
    /// Summary of the event that opened it.
    pub summary: String,
    /// Details of the event that opened it.
    pub details: String,
    /// HIGH pages, LOW does not.
    pub priority: Priority,
    /// 1 (worst) to 5.
    pub severity: Option<u8>,
    /// When it was opened, in seconds on ilert's clock.
    pub opened: i64,
    /// When and how it was resolved; `None` while it is open.
    pub resolved: Option<Resolution>,
    /// The events that it has seen, the one that opened it first.
    pub log: Vec<LogLine>,
}

/// How an alert ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// By an event, at this second.
    Event(i64),
    /// By a person, at this second.
    Person(i64),
}

/// One event of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When, in seconds on ilert's clock.
    pub at: i64,
    /// What it did.
    pub event_type: EventType,
    /// Its summary.
    pub summary: String,
}

#[derive(Default)]
pub(super) struct Alerts {
    alerts: Vec<Alert>,
    /// Open alerts by source and key in lower case.
    open: HashMap<(String, String), usize>,
}

impl Alerts {
    pub fn all(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.iter()
    }

    /// Does what the event says. Only open alerts are looked at; without a key each ALERT opens its own.
    pub fn apply(&mut self, source: &Secret, event: &Event, now: i64) {
        let line = LogLine { at: now, event_type: event.event_type, summary: event.summary.clone() };
        let key = (source.expose().to_owned(), event.alert_key.to_lowercase());
        let found = self.open.get(&key).and_then(|index| self.alerts.get_mut(*index));
        match (found, event.event_type) {
            (Some(alert), event_type) => {
                alert.log.push(line);
                if event_type == EventType::Resolve {
                    alert.resolved = Some(Resolution::Event(now));
                    self.open.remove(&key);
                }
            }
            (None, EventType::Alert) => {
                if !key.1.is_empty() {
                    self.open.insert(key, self.alerts.len());
                }
                self.alerts.push(Alert {
                    source: source.clone(),
                    key: event.alert_key.clone(),
                    summary: event.summary.clone(),
                    details: event.details.clone(),
                    priority: event.priority,
                    severity: event.severity,
                    opened: now,
                    resolved: None,
                    log: vec![line],
                });
            }
            // Nothing to accept, resolve or comment on.
            (None, _) => {}
        }
    }

    pub fn resolve_by_hand(&mut self, alert_key: &str, now: i64) -> bool {
        let wanted = alert_key.trim().to_lowercase();
        let Some(key) = self.open.keys().find(|(_, key)| *key == wanted).cloned() else { return false };
        let index = self.open.remove(&key);
        if let Some(alert) = index.and_then(|index| self.alerts.get_mut(index)) {
            alert.resolved = Some(Resolution::Person(now));
        }
        true
    }
}
