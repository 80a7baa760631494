//! Days of the week and a time of day.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// From Monday on, as people write them.
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Each day of a week, and one more where the clocks are changed.
const LOOK: i64 = 8;

/// Days of the week and a time of day, such as `Mon-Fri 08:00`.
#[derive(Clone, PartialEq, Eq)]
pub struct Every {
    text: String,
    /// From Monday on.
    days: [bool; 7],
    at: Time,
}

impl Every {
    /// Reads it as people write it: `Fri 18:00`, `Mon,Wed 22:00`, `Sat-Mon 08:00`, `daily 02:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (days, time) = text.rsplit_once(char::is_whitespace)?;
        Some(Self { text: text.to_owned(), days: read_days(days)?, at: read_time(time)? })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The last begin that is not after this time.
    pub(in crate::config) fn last(&self, zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
        self.begins(zone, at, &mut (-LOOK..=0).rev()).find(|begin| *begin <= at)
    }

    /// The first begin after this time.
    pub(in crate::config) fn next(&self, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
        self.begins(zone, after, &mut (0..=LOOK)).find(|begin| *begin > after)
    }

    /// The longest time from one begin to the next, in days on the wall clock.
    pub(in crate::config) fn longest_pause(&self) -> u64 {
        let on: Vec<u64> = (0..7).zip(self.days).filter(|(_, is_on)| *is_on).map(|(day, _)| day).collect();
        let next = on.iter().skip(1).copied().chain(on.first().map(|first| first + 7));
        on.iter().zip(next).map(|(day, next)| next - day).max().unwrap_or(7)
    }

    /// The begins on days that are so far from a time.
    fn begins<'a>(
        &'a self,
        zone: &'a TimeZone,
        at: Timestamp,
        days: &'a mut dyn Iterator<Item = i64>,
    ) -> impl Iterator<Item = Timestamp> + 'a {
        let today = zone.to_datetime(at).date();
        days.filter_map(move |day| today.checked_add(jiff::Span::new().try_days(day).ok()?).ok())
            .filter(|day| self.is_on(*day))
            .filter_map(|day| zone.to_timestamp(day.to_datetime(self.at)).ok())
    }

    fn is_on(&self, day: Date) -> bool {
        let number = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
        self.days.get(number).is_some_and(|is_on| *is_on)
    }
}

impl fmt::Debug for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Every").field(&self.text).finish()
    }
}

fn read_days(text: &str) -> Option<[bool; 7]> {
    if text.trim().eq_ignore_ascii_case("daily") {
        return Some([true; 7]);
    }
    let mut days = [false; 7];
    for part in text.split([',', ' ', '\t']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (read_day(first)?, read_day(last)?);
        // `Sat-Mon` goes over the end of the week.
        let count = (last + 7 - first) % 7;
        for day in first..=first + count {
            *days.get_mut(day % 7)? = true;
        }
    }
    days.contains(&true).then_some(days)
}

fn read_day(name: &str) -> Option<usize> {
    let name = name.to_ascii_lowercase();
    DAYS.iter().position(|day| *day == name || (name.len() == 3 && day.starts_with(&name)))
}

fn read_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = (1..=2).contains(&hour.len()) && minute.len() == 2 && is_number(hour) && is_number(minute);
    let time = || Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok();
    is_whole.then(time).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Every, read_days};

    #[test]
    fn reads_days() {
        let shown = |text| {
            read_days(text)
                .map(|days| days.map(|is_on| if is_on { 'x' } else { '-' }).iter().collect::<String>())
        };
        for (text, days) in [
            ("daily", Some("xxxxxxx")),
            ("Fri", Some("----x--")),
            ("friday", Some("----x--")),
            ("Mon,Wed", Some("x-x----")),
            ("Mon, WED", Some("x-x----")),
            ("Mon Wed", Some("x-x----")),
            ("Mon-Fri", Some("xxxxx--")),
            ("Sat-Mon", Some("x----xx")),
            ("Fri,Sun-Tue", Some("xx--x-x")),
            ("Sun-Sun", Some("------x")),
            ("", None),
            (",", None),
            ("Fr", None),
            ("Frid", None),
            ("Mon-", None),
            ("weekly", None),
        ] {
            assert_eq!(shown(text).as_deref(), days, "`{text}`");
        }
    }

    #[test]
    fn reads_times() {
        for (text, is_good) in [
            ("Fri 18:00", true),
            (" Fri   8:05 ", true),
            ("Fri 00:00", true),
            ("Fri 23:59", true),
            ("Fri 24:00", false),
            ("Fri 18:60", false),
            ("Fri 18:0", false),
            ("Fri 18", false),
            ("Fri +8:00", false),
            ("Fri 18:00:00", false),
            ("18:00", false),
            ("18:00 Fri", false),
            ("", false),
        ] {
            assert_eq!(Every::parse(text).is_some(), is_good, "`{text}`");
        }
    }
}
