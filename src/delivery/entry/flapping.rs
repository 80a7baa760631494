//! Flapping: what is raised again and again stays open until it has been clear for a while. A return to critical from
//! warning is a raise like one from clear.

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::alert::Level;

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
    /// When it was raised from clear, or returned to critical (agent's clock, seconds), oldest first.
    raises: Vec<i64>,
    /// How far it has come since it was raised from clear.
    reached: Reached,
    /// It flaps: a clear counts once it has lasted for [`CLEAR_FOR`].
    pub on: bool,
    /// A comment has said so.
    pub said: bool,
    /// When the last ALERT was accepted (agent's clock, seconds).
    alerted_at: i64,
}

/// How far an alert has come since it was raised from clear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reached {
    /// It was a warning all the time.
    #[default]
    Warning,
    /// It is critical.
    Critical,
    /// It was critical, and fell to a warning.
    Fallen,
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

    /// Notes a raise from clear at this time (agent's clock, seconds). `flap_after` is the number of raises that is
    /// flapping; 0: never.
    pub(super) fn raised(&mut self, when: i64, flap_after: usize) {
        if flap_after == 0 {
            *self = Self::default();
            return;
        }
        self.reached = Reached::Warning;
        self.count(when, flap_after);
    }

    /// Notes the level that it is at from this time on (agent's clock, seconds). A return to critical is a raise, and a
    /// fall from there tells whether it flaps, as a clear does.
    pub(super) fn at(&mut self, level: Level, when: i64, flap_after: usize) {
        if flap_after == 0 {
            return;
        }
        self.reached = match (level, self.reached) {
            (Level::Critical, Reached::Fallen) => {
                self.count(when, flap_after);
                Reached::Critical
            }
            (Level::Critical, _) => Reached::Critical,
            (Level::Warning, Reached::Critical) => {
                self.judge(when, flap_after);
                Reached::Fallen
            }
            (Level::Warning, reached) => reached,
        };
    }

    fn count(&mut self, when: i64, flap_after: usize) {
        self.raises.retain(|at| when - at < WINDOW);
        self.raises.push(when);
        let most = self.raises.len().saturating_sub(flap_after.min(MOST));
        self.raises.drain(..most);
    }

    /// Notes a clear, or a fall, at this time (agent's clock, seconds): it flaps if it was raised that often.
    pub(super) fn judge(&mut self, when: i64, flap_after: usize) {
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
    use crate::alert::Level::{self, Critical, Warning};

    fn raised(at: &[i64]) -> Flapping {
        let mut flapping = Flapping::default();
        for minute in at {
            flapping.raised(minute * 60, 4);
        }
        flapping
    }

    fn flaps(at: &[i64], cleared: i64) -> bool {
        let mut flapping = raised(at);
        flapping.judge(cleared * 60, 4);
        flapping.on
    }

    /// Raised from clear at these levels, one each minute; how many raises that is.
    fn raises(levels: &[Level]) -> usize {
        let mut flapping = raised(&[0]);
        for (level, minute) in levels.iter().zip(0..) {
            flapping.at(*level, minute * 60, 4);
        }
        flapping.raises.len()
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
    fn a_return_to_critical_is_a_raise_and_the_first_rise_to_it_is_none() {
        for (levels, count) in [
            (&[Warning][..], 1),
            (&[Critical], 1),
            (&[Warning, Critical], 1),
            (&[Warning, Critical, Critical], 1),
            (&[Critical, Warning, Warning, Critical], 2),
            (&[Warning, Critical, Warning, Critical, Warning, Critical], 3),
        ] {
            assert_eq!(raises(levels), count, "{levels:?}");
        }
        let mut twice = raised(&[0]);
        twice.at(Critical, 60, 4);
        twice.at(Warning, 120, 4);
        twice.raised(180, 4);
        twice.at(Critical, 240, 4);
        assert_eq!(twice.raises.len(), 2, "raised from clear, it rises anew");
    }

    #[test]
    fn a_line_at_most_every_five_minutes() {
        let mut flapping = raised(&[0, 1, 2, 3]);
        flapping.judge(200, 4);
        flapping.alerted(240);
        assert!(flapping.is_said_enough(539));
        assert!(!flapping.is_said_enough(540));
        assert!(flapping.is_remembered(180 + 1799) && !flapping.is_remembered(180 + 1800));
    }
}
