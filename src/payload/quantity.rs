//! Values and times as someone on call reads them: `96.2 %`, `2h 5m`, `2026-11-23T05:12:00Z`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::alert::AlertDetails;
use crate::duration;
use crate::text::Shown;

/// An alert's value with its unit; empty if it has none. As the agent prints it, if it does: it knows units that this
/// program does not.
#[must_use]
pub fn shown(facts: &AlertDetails) -> Shown {
    match facts.value_text.as_str() {
        "" | "-" => facts
            .value
            .and_then(|value| self::value(value, facts.units.as_str()))
            .map(Shown::from)
            .unwrap_or_default(),
        _ => facts.value_text.clone(),
    }
}

/// A value with its unit, or `None` if it is not a number. Units that are times are spelled out: `7500` in `seconds` is
/// `2h 5m`.
#[must_use]
pub fn value(value: f64, units: &str) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let suffix = match units {
        "" => return Some(number(value)),
        "s" | "seconds" => "",
        "seconds ago" => " ago",
        _ => return Some(format!("{} {units}", number(value))),
    };
    // Below a minute the fraction may matter; above, nobody counts seconds.
    if (60.0..1e15).contains(&value) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // inside the range above
        return Some(format!("{}{suffix}", duration::about(value as u64)));
    }
    Some(format!("{} {units}", number(value)))
}

/// A number with the digits that matter: about four, and no zeros behind them.
fn number(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        1000.0.. => 0,
        100.0.. => 1,
        1.0.. => 2,
        _ => 4,
    };
    if size >= 1e15 || (size > 0.0 && size < 0.0001) {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.decimals$}");
    if !text.contains('.') {
        return text;
    }
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// Seconds since the epoch as ISO 8601 in UTC; empty where there is no time (0 or out of range).
#[must_use]
pub fn utc(seconds: i64) -> String {
    match Timestamp::from_second(seconds) {
        Ok(time) if seconds != 0 => time.to_string(),
        _ => String::new(),
    }
}

/// The same in the time zone of this machine, with its offset.
#[must_use]
pub fn local(seconds: i64) -> String {
    match Timestamp::from_second(seconds) {
        Ok(time) if seconds != 0 => {
            time.to_zoned(TimeZone::system()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{local, utc, value};

    #[test]
    fn writes_values_with_their_units() {
        for (number, units, expected) in [
            (96.2, "%", "96.2 %"),
            (41.0, "%", "41 %"),
            (96.219_34, "%", "96.22 %"),
            (4.25, "", "4.25"),
            (0.0, "C", "0 C"),
            (-0.000_01, "C", "-1.00e-5 C"),
            (-0.000_2, "C", "-0.0002 C"),
            (123_456.7, "MiB", "123457 MiB"),
            (100.0, "KiB/s", "100 KiB/s"),
            (1e20, "", "1.00e20"),
            (7500.0, "seconds", "2h 5m"),
            (7500.0, "seconds ago", "2h 5m ago"),
            (1.5, "seconds", "1.5 seconds"),
            (-90.0, "s", "-90 s"),
        ] {
            assert_eq!(value(number, units).as_deref(), Some(expected));
        }
        assert_eq!(value(f64::NAN, "%"), None);
        assert_eq!(value(f64::INFINITY, ""), None);
    }

    #[test]
    fn writes_times_or_nothing() {
        assert_eq!(utc(1_795_410_720), "2026-11-23T05:12:00Z");
        for none in [0, i64::MAX, i64::MIN] {
            assert_eq!((utc(none), local(none)), (String::new(), String::new()));
        }
        assert_eq!(local(1_795_410_720).len(), "2026-11-23T05:12:00+00:00".len());
    }
}
