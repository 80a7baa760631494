//! At most so many requests in any 60 s, and a pause after a 429: pure arithmetic over what the store keeps.
//!
//! ilert takes 50 events a minute for one integration key (docs: alert source throttle). A request counts
//! from its reservation until 60 s after it was over, whatever its answer: however the network delays it,
//! the service never sees more than the pace in a minute. A killed run is assumed to have sent its last
//! request as late as it could.

use std::time::Duration;

/// The window, in milliseconds.
pub const WINDOW: i64 = 60_000;

/// The longest time that a round can last, in milliseconds. No reservation lies further ahead.
const LONGEST_ROUND: i64 = 60_000;

/// The pause after a second 429 in a row, in milliseconds; after the first it is half of that.
const HOLD: i64 = 30_000;

/// The longest pause that an answer may ask for, in milliseconds.
const LONGEST_HOLD: i64 = 600_000;

/// Requests that count (times are this machine's clock, milliseconds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    /// When they were over, or will be at the latest.
    pub over: i64,
    /// How many.
    pub count: u32,
}

/// The pace of one key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Requests of the last minute.
    pub slots: Vec<Slots>,
    /// A 429 stops the key until then (milliseconds).
    pub held_until: i64,
    /// How many 429 in a row.
    pub strikes: u32,
}

/// What may be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowance {
    /// This many requests.
    Now(usize),
    /// None before this much time has passed.
    In(Duration),
}

impl Pace {
    /// Clamps times that lie further in the future than any run can have written: the clock was set back. Returns
    /// whether it changed any; the caller must then store them, or the wait would start anew at every run.
    pub(super) fn clamp_future(&mut self, now: i64) -> bool {
        let before = self.clone();
        for slots in &mut self.slots {
            slots.over = slots.over.min(now + LONGEST_ROUND);
        }
        if self.held_until > now + LONGEST_HOLD {
            self.held_until = now + HOLD;
        }
        *self != before
    }

    /// How many requests may start now.
    #[must_use]
    pub(super) fn allowance(&self, per_minute: u32, now: i64) -> Allowance {
        let mut used = 0_u32;
        let mut next_free = i64::MAX;
        for slots in &self.slots {
            let free_at = slots.over + WINDOW;
            if free_at > now {
                used = used.saturating_add(slots.count);
                next_free = next_free.min(free_at);
            }
        }
        if used < per_minute {
            return Allowance::Now(usize::try_from(per_minute - used).unwrap_or(usize::MAX));
        }
        Allowance::In(Duration::from_millis(u64::try_from(next_free - now).unwrap_or_default()))
    }

    /// How long a 429 still stops this key.
    #[must_use]
    pub fn held(&self, now: i64) -> Option<Duration> {
        u64::try_from(self.held_until - now).ok().filter(|left| *left > 0).map(Duration::from_millis)
    }

    /// Reserves the requests of a round that starts now. Until they are completed they count as over at `until`,
    /// the latest moment at which the last of them can leave this machine: at most a minute from now.
    pub(super) fn reserve(&mut self, count: u32, now: i64, until: i64) {
        self.slots.retain(|slots| slots.over + WINDOW > now);
        self.slots.push(Slots { over: until.max(now), count });
    }

    /// Completes the last reservation: its requests are over, and `count` of them were really made.
    pub(super) fn complete(&mut self, count: u32, now: i64) {
        if let Some(slots) = self.slots.last_mut() {
            *slots = Slots { over: now, count };
        }
    }

    /// Counts requests of the last minute of which there is no record. Each was made at about this time.
    pub(super) fn count(&mut self, made: impl Iterator<Item = i64>, now: i64) {
        let lately = made.filter(|over| (now - WINDOW..=now).contains(over));
        self.slots.extend(lately.map(|over| Slots { over, count: 1 }));
    }

    /// Notes a 429: the key rests for 15 s, for 30 s after a second one in a row, longer if the answer asks for it.
    pub fn limited(&mut self, now: i64, retry_after: Option<Duration>) {
        let asked = retry_after.map_or(0, super::clocks::millis).min(LONGEST_HOLD);
        let hold = if self.strikes == 0 { HOLD / 2 } else { HOLD };
        self.held_until = now + hold.max(asked);
        self.strikes = self.strikes.saturating_add(1);
    }

    /// An event was accepted.
    pub fn accepted(&mut self) {
        self.strikes = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Allowance, LONGEST_ROUND, Pace};

    #[test]
    fn counts_a_request_until_a_minute_after_it_was_over() {
        let mut pace = Pace::default();
        pace.reserve(45, 0, 11_000);
        assert_eq!(pace.allowance(45, 0), Allowance::In(Duration::from_secs(71)));
        pace.complete(40, 2_000);
        assert_eq!(pace.allowance(45, 2_000), Allowance::Now(5));
        assert_eq!(pace.allowance(40, 61_999), Allowance::In(Duration::from_millis(1)));
        assert_eq!(pace.allowance(40, 62_000), Allowance::Now(40));
    }

    #[test]
    fn counts_what_left_without_a_record_for_a_minute() {
        let mut pace = Pace::default();
        pace.count([1_000, 1_000, 30_000, 99_000].into_iter(), 62_000);
        assert_eq!(pace.allowance(45, 62_000), Allowance::Now(44), "one is older, one of the future");
    }

    /// ilert takes 5.5 s for an answer: after a first request, 44 more leave, eight at a time, until the run is
    /// killed at 31 s. The next run starts at 76 s, and the run's deadline was at 50 s.
    #[test]
    fn a_round_that_was_killed_counts_until_the_last_moment_at_which_it_can_have_sent() {
        let mut pace = Pace::default();
        pace.reserve(1, 0, 50_000);
        pace.complete(1, 5_500);
        pace.reserve(44, 5_500, 50_000);
        // The last request that left did so at 27.5 s: 60 s later it still is within the minute.
        assert!(!pace.clamp_future(76_000));
        assert_eq!(pace.allowance(45, 76_000), Allowance::Now(1));
        assert_eq!(pace.allowance(45, 87_499), Allowance::Now(1));
        assert_eq!(pace.allowance(45, 109_999), Allowance::Now(1));
        assert_eq!(pace.allowance(45, 110_000), Allowance::Now(45));
    }

    #[test]
    fn a_clock_that_went_back_does_not_stop_the_key_for_ever() {
        let mut pace = Pace::default();
        pace.reserve(45, 1_000_000_000, 1_000_050_000);
        pace.limited(1_000_000_000, None);
        assert!(pace.clamp_future(0));
        assert!(!pace.clamp_future(1));
        assert_eq!(pace.held(1_000), Some(Duration::from_secs(29)));
        assert_eq!(pace.allowance(45, LONGEST_ROUND + 60_000), Allowance::Now(45));
    }

    #[test]
    fn what_a_run_can_have_written_stays() {
        let mut pace = Pace::default();
        pace.reserve(45, 0, LONGEST_ROUND);
        assert!(!pace.clamp_future(0));
        // A deadline that is over.
        pace.reserve(1, 200_000, 190_000);
        assert_eq!(pace.allowance(1, 200_000), Allowance::In(Duration::from_secs(60)));
    }

    #[test]
    fn rests_longer_after_a_second_429() {
        let mut pace = Pace::default();
        pace.limited(0, None);
        assert_eq!(pace.held(0), Some(Duration::from_secs(15)));
        assert_eq!(pace.held(15_000), None);
        pace.limited(20_000, None);
        assert_eq!(pace.held(20_000), Some(Duration::from_secs(30)));
        pace.accepted();
        pace.limited(60_000, None);
        assert_eq!(pace.held(60_000), Some(Duration::from_secs(15)));
    }
}
