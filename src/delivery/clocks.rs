//! Counts the time that this sender has observed. Time in which it did not look (a paused machine, a clock that was
//! set, a missed run) does not count, or a node would be reported unreachable for the time that the sender was away.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The time between two looks counts at least up to this (milliseconds): cron's minute, and a little.
const LEAST: i64 = 75_000;

/// When this sender last looked at Netdata, and how often it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Clocks {
    /// The last look (this machine's clock, milliseconds), whether the agent answered or not.
    pub looked_at: Option<i64>,
    /// How much of the time before it counted, milliseconds.
    pub step: i64,
    /// For how long the agent answers again after it was away, milliseconds; `None` once its nodes had their time.
    pub back_for: Option<i64>,
}

impl Clocks {
    /// Counts all the time until the next look, however long that is.
    pub fn count_wall_time(&mut self) {
        self.step = i64::MAX / 2;
        self.back_for = None;
    }

    /// Notes a look, and returns how much of the time since the last one counts: at most one and a half times the
    /// interval before.
    pub fn look(&mut self, now: i64) -> i64 {
        let passed = self.looked_at.map_or(0, |last| now.saturating_sub(last));
        let most = LEAST.max(self.step.saturating_add(self.step / 2));
        self.step = passed.clamp(0, most);
        self.looked_at = Some(now);
        self.step
    }
}

/// Advances a clock by a step, or starts it. Returns its time (milliseconds).
pub fn advance(clock: &mut Option<i64>, step: i64) -> i64 {
    let shows = clock.map_or(0, |shows| shows.saturating_add(step));
    *clock = Some(shows);
    shows
}

/// A configured delay in milliseconds.
#[must_use]
pub fn millis(delay: Duration) -> i64 {
    i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Clocks, advance};

    fn steps<const N: usize>(looks: [i64; N]) -> [i64; N] {
        let mut clocks = Clocks::default();
        looks.map(|seconds| clocks.look(seconds * 1000) / 1000)
    }

    #[test]
    fn counts_what_was_seen() {
        assert_eq!(steps([0, 60, 120, 180]), [0, 60, 60, 60]);
        assert_eq!(steps([0, 15, 615, 630]), [0, 15, 75, 15], "a pause of ten minutes");
        assert_eq!(steps([0, 60, 3660, 3720]), [0, 60, 90, 60], "a step of the clock by an hour");
        assert_eq!(steps([3600, 0, 60]), [0, 0, 60], "and back");
        assert_eq!(
            steps([0, 300, 600, 900, 1200]),
            [0, 75, 112, 168, 253],
            "looks that are rare come to count"
        );
    }

    #[test]
    fn a_clock_starts_at_nothing() {
        let mut clock = None;
        assert_eq!([60, 60, 5].map(|step| advance(&mut clock, step)), [0, 60, 65]);
    }
}
