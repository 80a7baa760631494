//! Clamps times that lie ahead of the agent's clock, as after a start with a wrong clock. Without this, alerts would
//! wait for hours without a word.

use std::collections::{HashMap, HashSet};

use super::gap;
use crate::alert::{AlertId, Sighting, Transition};

/// How far ahead a time may be, seconds: clocks count whole seconds, and answers take a while.
const AHEAD: i64 = 2;

/// The times ahead that were found and not reported before.
#[derive(Default)]
pub(super) struct Beyond {
    alerts: HashSet<AlertId>,
    /// By how many seconds, at most.
    furthest: i64,
}

impl Beyond {
    /// Adds what was found elsewhere.
    pub(super) fn merge(&mut self, other: Self) {
        self.alerts.extend(other.alerts);
        self.furthest = self.furthest.max(other.furthest);
    }

    /// In words, if there was anything.
    pub(super) fn gap(&self) -> Option<String> {
        (!self.alerts.is_empty()).then(|| gap::ahead(self.alerts.len(), self.furthest))
    }
}

/// The agent's present.
pub(super) struct AgentNow {
    /// The agent's clock, as the observation has it.
    now: i64,
    /// The latest time that is not in the future, given how long the observation took.
    latest: i64,
    beyond: Beyond,
}

impl AgentNow {
    /// `passed` is how many seconds after `now` the last answer may have been given.
    pub(super) fn new(now: i64, passed: i64) -> Self {
        let latest = now.saturating_add(passed).saturating_add(AHEAD);
        Self { now, latest, beyond: Beyond::default() }
    }

    /// Whether this time cannot have come yet.
    pub(super) fn is_before(&self, when: i64) -> bool {
        when > self.latest
    }

    /// Clamps transitions, which are in order for each alert: none is later than the one after it.
    pub(super) fn bound_transitions(&mut self, transitions: &mut [Transition]) {
        if !transitions.iter().any(|transition| self.is_before(transition.facts.when)) {
            return;
        }
        let mut next: HashMap<AlertId, i64> = HashMap::new();
        for transition in transitions.iter_mut().rev() {
            if self.is_before(transition.facts.when) {
                let bound = next.get(&transition.alert).map_or(self.now, |next| self.now.min(*next));
                self.note(&transition.alert, transition.facts.when);
                let delay = delay(transition.due, transition.facts.when);
                (transition.facts.when, transition.due) = (bound, bound.saturating_add(delay));
            }
            next.insert(transition.alert.clone(), transition.facts.when);
        }
    }

    /// Clamps a sighting; `told` says that an earlier observation had the same transition.
    pub(super) fn bound_sighting(&mut self, sighting: &mut Sighting, told: bool) {
        let when = sighting.facts.when;
        if !self.is_before(when) {
            return;
        }
        if !told {
            self.note(&sighting.alert, when);
        }
        sighting.due = sighting.due.map(|due| self.now.saturating_add(delay(due, when)));
        sighting.facts.when = self.now;
    }

    /// What was clamped.
    pub(super) fn into_beyond(self) -> Beyond {
        self.beyond
    }

    fn note(&mut self, alert: &AlertId, when: i64) {
        self.beyond.alerts.insert(alert.clone());
        self.beyond.furthest = self.beyond.furthest.max(when.saturating_sub(self.now));
    }
}

/// Netdata's delay, seconds.
fn delay(due: i64, when: i64) -> i64 {
    due.saturating_sub(when).max(0)
}
