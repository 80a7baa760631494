//! Times for people: on this machine's clock, with their zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time (milliseconds since the epoch) with its date and zone.
#[must_use]
pub fn stamp(milliseconds: i64) -> String {
    format(milliseconds, "%Y-%m-%d %H:%M:%S %Z")
}

/// A time (seconds since the epoch) with its zone, and with its date where that is not today's. `now` is in
/// milliseconds.
#[must_use]
pub fn moment(now: i64, seconds: i64) -> String {
    let milliseconds = seconds.saturating_mul(1000);
    let is_today = format(milliseconds, "%F") == format(now, "%F");
    if is_today { format(milliseconds, "%H:%M:%S %Z") } else { stamp(milliseconds) }
}

fn format(milliseconds: i64, format: &str) -> String {
    let shown = |time: Timestamp| time.to_zoned(TimeZone::system()).strftime(format).to_string();
    Timestamp::from_millisecond(milliseconds).map_or_else(|_| milliseconds.to_string(), shown)
}

/// How long ago, in its one or two largest units. Both are milliseconds since the epoch.
#[must_use]
pub fn ago(now: i64, then: i64) -> String {
    let seconds = ((now - then) / 1000).max(0);
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h {} min ago", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h ago", seconds / 86_400, seconds % 86_400 / 3600),
    }
}
