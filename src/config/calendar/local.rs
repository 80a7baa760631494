//! A date and a time on the wall clock, and the zone where the clock hangs.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// How a date and a time may be written.
const FORMS: [&str; 4] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"];

/// A date and a time on the wall clock, such as `2026-12-24T18:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub(in crate::config) DateTime);

/// A time zone of this machine's database, by its name.
#[derive(Clone, PartialEq)]
pub struct Zone(pub(in crate::config) TimeZone, String);

impl Moment {
    /// Reads a date and a time of day, without a zone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        FORMS.iter().find_map(|form| DateTime::strptime(form, text).ok()).map(Self)
    }

    /// Reads a date with a time of day, or alone: its first minute.
    #[must_use]
    pub fn parse_or_date(text: &str) -> Option<Self> {
        let date = || Date::strptime("%Y-%m-%d", text.trim()).ok();
        Self::parse(text).or_else(|| Some(Self(date()?.at(0, 0, 0, 0))))
    }

    /// The minute on the wall clock, in this machine's zone, at a time (milliseconds since the epoch).
    #[must_use]
    pub fn at(now: i64) -> Self {
        let now = Timestamp::from_millisecond(now).unwrap_or_default();
        let wall = TimeZone::system().to_datetime(now);
        Self(wall.date().at(wall.hour(), wall.minute(), 0, 0))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [minutes, seconds, ..] = FORMS;
        let form = if self.0.second() == 0 { minutes } else { seconds };
        self.0.strftime(form).fmt(f)
    }
}

impl Zone {
    /// The zone of this name, if this machine knows it.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let zone = TimeZone::get(name).ok().filter(|zone| !zone.is_unknown())?;
        Some(Self(zone, name.to_owned()))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.1
    }

    /// A zone by a rule of POSIX, which needs no database.
    #[cfg(test)]
    pub(in crate::config) fn by_rule(rule: &str) -> Self {
        Self(TimeZone::posix(rule).unwrap(), rule.to_owned())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.1).finish()
    }
}
