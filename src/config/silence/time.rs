//! When a silence is in force.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::calendar::{Every, Moment};
use crate::config::fields::Silence;
use crate::duration;

/// With so many overlapping occurrences in a row, no end is given.
const CHAIN: usize = 15;

/// A time in which a silence is in force: milliseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When it begins; `None` where it has always been.
    pub from: Option<i64>,
    /// When it ends, itself not within; `None` where no end is to be seen.
    pub until: Option<i64>,
}

impl Window {
    /// Whether a time (milliseconds) is within.
    #[must_use]
    pub fn holds(&self, at: i64) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

impl Silence {
    /// The window that a time (milliseconds since the epoch) is in, if it is in one. Occurrences that overlap or meet
    /// are one window from the last begin on.
    #[must_use]
    pub fn window(&self, at: i64) -> Option<Window> {
        let (Some(every), Some(length)) = (&self.every, self.length) else {
            return self.once().filter(|window| window.holds(at));
        };
        let zone = self.zone();
        let from = every.last(&zone, Timestamp::from_millisecond(at).ok()?)?;
        let until = end(from, length)?;
        let window = Window { from: Some(millis(from)), until: Some(millis(until)) };
        window.holds(at).then(|| Window { until: chained(every, &zone, from, length), ..window })
    }

    /// The next window that begins after this time.
    #[must_use]
    pub fn next(&self, after: i64) -> Option<Window> {
        let (Some(every), Some(length)) = (&self.every, self.length) else {
            return self.once().filter(|window| window.from.is_some_and(|from| from > after));
        };
        let zone = self.zone();
        let from = every.next(&zone, Timestamp::from_millisecond(after).ok()?)?;
        Some(Window { from: Some(millis(from)), until: chained(every, &zone, from, length) })
    }

    /// Whether it is over at this time (milliseconds), and does not begin again.
    #[must_use]
    pub fn is_over(&self, at: i64) -> bool {
        self.window(at).is_none() && self.next(at).is_none()
    }

    /// Whether each occurrence lasts until the next one begins, but for an hour where the clocks are changed.
    #[must_use]
    pub fn is_unbroken(&self) -> bool {
        let pause = |every: &Every| Duration::from_secs(every.longest_pause() * 86_400);
        self.every.as_ref().zip(self.length).is_some_and(|(every, length)| length >= pause(every))
    }

    /// The only window of one that does not recur; `None` where its times are out of all bounds.
    fn once(&self) -> Option<Window> {
        let zone = self.zone();
        let at = |moment: &Moment| zone.to_timestamp(moment.0).ok();
        let from = self.from.as_ref().map(at);
        let until = match (&self.until, from, self.length) {
            (Some(until), ..) => Some(at(until)?),
            (None, Some(from), Some(length)) => Some(end(from?, length)?),
            _ => None,
        };
        let from = match from {
            Some(from) => Some(from?),
            None => None,
        };
        Some(Window { from: from.map(millis), until: until.map(millis) })
    }

    /// When it is, in words.
    #[must_use]
    pub fn times(&self) -> String {
        let length = self.length.map(|length| format!("for {}", duration::print(length)));
        let every = self.every.as_ref().map(|every| every.as_str().to_owned());
        let from = self.from.map(|from| format!("from {from}"));
        let until = self.until.map(|until| format!("until {until}"));
        let zone = self.timezone.as_ref().map(|zone| format!("({})", zone.name()));
        let words: Vec<String> = [every, from, until, length, zone].into_iter().flatten().collect();
        words.join(" ")
    }

    fn zone(&self) -> TimeZone {
        self.timezone.as_ref().map_or_else(TimeZone::system, |zone| zone.0.clone())
    }
}

/// The end of an occurrence and of all that begin before it is over; `None` where there are too many of them.
fn chained(every: &Every, zone: &TimeZone, from: Timestamp, length: Duration) -> Option<i64> {
    let mut from = from;
    for _ in 0..CHAIN {
        let until = end(from, length)?;
        match every.next(zone, from).filter(|next| *next <= until) {
            Some(next) => from = next,
            None => return Some(millis(until)),
        }
    }
    None
}

fn end(from: Timestamp, length: Duration) -> Option<Timestamp> {
    from.checked_add(length).ok()
}

fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

#[cfg(test)]
mod tests;
