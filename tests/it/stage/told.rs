//! What the simulated ilert was told, in words that a test can compare.

use std::sync::atomic::Ordering;

use netdata_ilert::simulator::ilert::{EventOutcome, EventType, Received};

use super::Stage;

impl Stage {
    /// What came to ilert since the last call, such as `ALERT cpu critical`, with what became of it in brackets
    /// where it was not accepted.
    pub fn told(&self) -> Vec<String> {
        let received = self.ilert.received();
        let before = self.told.swap(received.len(), Ordering::Relaxed);
        received[before..].iter().map(described).collect()
    }

    /// The alerts open in ilert, such as `cpu critical`, in the order in which they were opened.
    pub fn open(&self) -> Vec<String> {
        self.ilert.open().iter().map(|alert| short(&alert.key)).collect()
    }

    /// Every alert that was ever opened.
    pub fn history(&self) -> Vec<String> {
        self.ilert.history().iter().map(|alert| short(&alert.key)).collect()
    }
}

fn described(received: &Received) -> String {
    let event = received.event.as_ref().map_or_else(
        || "what is no event".to_owned(),
        |event| {
            let kind = match event.event_type {
                EventType::Alert => "ALERT",
                EventType::Accept => "ACCEPT",
                EventType::Resolve => "RESOLVE",
                EventType::Comment => "COMMENT",
            };
            format!("{kind} {}", short(&event.alert_key))
        },
    );
    match received.outcome {
        EventOutcome::Accepted(_) => event,
        EventOutcome::AcceptedUnanswered => format!("{event} (unanswered)"),
        EventOutcome::Refused(status) => format!("{event} ({status})"),
        EventOutcome::Reset => format!("{event} (reset)"),
        EventOutcome::Stalled => format!("{event} (stalled)"),
    }
}

/// Alert name and tier, or host name and `unreachable`, of an alert key.
pub fn short(key: &str) -> String {
    match key.split('/').collect::<Vec<_>>().as_slice() {
        ["netdata", _, _, _, alert, tier] => format!("{alert} {tier}"),
        ["netdata", host, _, tier] => format!("{host} {tier}"),
        _ => key.to_owned(),
    }
}
