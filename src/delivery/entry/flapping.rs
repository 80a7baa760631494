//! Flapping: what is raised again and again stays open until it has been clear for a while.

use serde::{Deserialize, Serialize};

use super::Entry;

/// Raises are counted for this long (seconds).
const WINDOW: i64 = 30 * 60;
/// What flaps must be clear for this long before it is resolved (milliseconds).
pub const CLEAR_FOR: i64 = 15 * 60_000;
/// The time between two ALERTs of what flaps and is open already (seconds).
const LINE_EVERY: i64 = 5 * 60;
/// Raises that are remembered at most.
const MOST: usize = 64;

/// How often an alert or node came and went lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Flapping {
    /// When it was raised from clear (agent's clock, seconds), oldest first.
    raises: Vec<i64>,
    /// It flaps: a clear counts once it has lasted for [`CLEAR_FOR`].
    pub on: bool,
    /// A comment has said so.
    pub said: bool,
    /// When the last ALERT was accepted (agent's clock, seconds).
    alerted_at: i64,
}

impl Flapping {
    /// Whether there is nothing to remember.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether its raises still matter at this time (agent's clock, seconds).
    #[must_use]
    pub fn is_remembered(&self, now: i64) -> bool {
        self.raises.last().is_some_and(|last| (now - last).saturating_abs() < WINDOW)
    }

    /// Notes a raise at this time (agent's clock, seconds). `flap_after` is the number of raises that is flapping; 0:
    /// never.
    pub(super) fn raised(&mut self, when: i64, flap_after: usize) {
        if flap_after == 0 {
            *self = Self::default();
            return;
        }
        self.raises.retain(|at| when - at < WINDOW);
        self.raises.push(when);
        let most = self.raises.len().saturating_sub(flap_after.min(MOST));
        self.raises.drain(..most);
    }

    /// Notes a clear at this time (agent's clock, seconds): it flaps if it was raised that often.
    pub(super) fn cleared(&mut self, when: i64, flap_after: usize) {
        let raises = self.raises.iter().filter(|at| when - **at < WINDOW).count();
        self.on = flap_after > 0 && raises >= flap_after.min(MOST);
        self.said &= self.on;
    }

    /// The clear has counted.
    pub(super) fn ended(&mut self) {
        (self.on, self.said) = (false, false);
    }

    /// An ALERT was accepted at this time (agent's clock, seconds).
    pub fn alerted(&mut self, now: i64) {
        if !self.raises.is_empty() {
            self.alerted_at = now;
        }
    }

    /// Whether an ALERT that is a line in the log of what is open has to wait.
    #[must_use]
    pub fn is_said_enough(&self, now: i64) -> bool {
        self.on && (now - self.alerted_at).saturating_abs() < LINE_EVERY
    }
}

impl Entry {
    /// Whether it is clear, and flaps: the clear does not count yet.
    #[must_use]
    pub fn is_flapping_clear(&self) -> bool {
        self.clearing.is_some() && self.flapping.on
    }

    /// Whether a comment is to say so.
    #[must_use]
    pub fn is_flapping_news(&self) -> bool {
        self.is_flapping_clear() && !self.flapping.said
    }
}

#[cfg(test)]
mod tests {
    use super::Flapping;

    fn raised(at: &[i64]) -> Flapping {
        let mut flapping = Flapping::default();
        for minute in at {
            flapping.raised(minute * 60, 4);
        }
        flapping
    }

    fn flaps(at: &[i64], cleared: i64) -> bool {
        let mut flapping = raised(at);
        flapping.cleared(cleared * 60, 4);
        flapping.on
    }

    #[test]
    fn four_raises_in_half_an_hour_are_flapping() {
        assert!(flaps(&[0, 5, 10, 15], 16));
        assert!(!flaps(&[0, 5, 10], 16));
        assert!(!flaps(&[0, 10, 20, 31], 32), "the first is too old");
        assert!(!flaps(&[0, 5, 10, 15], 31), "it stood for long since");
        let mut never = raised(&[0, 5, 10, 15]);
        never.raised(960, 0);
        assert!(never.is_none());
    }

    #[test]
    fn a_line_at_most_every_five_minutes() {
        let mut flapping = raised(&[0, 1, 2, 3]);
        flapping.cleared(200, 4);
        flapping.alerted(240);
        assert!(flapping.is_said_enough(539));
        assert!(!flapping.is_said_enough(540));
        assert!(flapping.is_remembered(180 + 1799) && !flapping.is_remembered(180 + 1800));
    }
}
