//! The account's list of alerts: those that events opened in its alert sources, newest first.

use hyper::http::request::Parts;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::{Alert, EventType, Ilert, Resolution, Response, State, lock, refusal};
use super::Query;
use crate::config::Priority;

/// The first id of an alert.
const FIRST: i64 = 50_001;

const STATES: [&str; 3] = ["PENDING", "ACCEPTED", "RESOLVED"];

impl Ilert {
    /// Answers the next `lookups` requests for the alerts (`GET /api/alerts`) with none, as if every event were still in
    /// the queue.
    pub fn hold_alerts(&self, lookups: usize) {
        lock(&self.0).directory.held = lookups;
    }
}

impl State {
    pub(super) fn alerts(&mut self, request: &Parts) -> Result<Response, Response> {
        let mut query = Query::of(request);
        let number = |id: &str| id.parse().map_err(|_| refusal(400, "sources must be numbers"));
        let sources: Vec<i64> = query.take("sources").into_iter().map(number).collect::<Result<_, _>>()?;
        let states = query.take("states");
        if let Some(state) = states.iter().find(|state| !STATES.contains(state)) {
            return Err(refusal(400, &format!("{state} is no state of an alert")));
        }
        let mut shown = Vec::new();
        for (alert, id) in self.alerts.all().zip(FIRST..) {
            // Alerts of other sources do not belong to this account.
            let Some(source) = self.directory.sources.iter().find(|source| source.key == alert.source) else {
                continue;
            };
            if (sources.is_empty() || sources.contains(&source.id))
                && (states.is_empty() || states.contains(&status(alert)))
            {
                let source = json!({"id": source.id, "name": source.name});
                shown.push(json(alert, id, &source));
            }
        }
        if let Some(left) = self.directory.held.checked_sub(1) {
            self.directory.held = left;
            shown.clear();
        }
        query.page(shown.into_iter().rev())
    }
}

fn json(alert: &Alert, id: i64, source: &Value) -> Value {
    let resolved = alert.resolved.map(|resolution| match resolution {
        Resolution::Event(at) | Resolution::Person(at) => time(at),
    });
    json!({
        "id": id, "summary": alert.summary, "details": alert.details, "status": status(alert),
        "alertKey": alert.key, "alertSource": source, "priority": priority(alert.priority),
        "reportTime": time(alert.opened), "resolvedOn": resolved,
    })
}

fn status(alert: &Alert) -> &'static str {
    if alert.resolved.is_some() {
        "RESOLVED"
    } else if alert.log.iter().any(|line| line.event_type == EventType::Accept) {
        "ACCEPTED"
    } else {
        "PENDING"
    }
}

fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "HIGH",
        Priority::Low => "LOW",
    }
}

/// ISO 8601, UTC.
fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or_default().to_string()
}
