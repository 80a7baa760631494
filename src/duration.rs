//! Durations as people write them: `90s`, `2m`, `1h 30m`, `1d`.

use std::time::Duration;

/// Units from the longest down, in seconds.
const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

/// Reads a duration. Each unit at most once, the longer before the shorter; a number needs its unit.
#[must_use]
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut units = UNITS.iter();
    let mut seconds: u64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        let after = after.trim_start();
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at_checked(letters)?;
        let (_, length) = units.find(|(name, _)| *name == unit)?;
        seconds = seconds.checked_add(number.parse::<u64>().ok()?.checked_mul(*length)?)?;
        rest = after.trim_start();
    }
    Some(Duration::from_secs(seconds))
}

/// Writes a duration as [`parse`] reads it: `1h 30m`. A fraction of a second is left out.
#[must_use]
pub fn print(duration: Duration) -> String {
    words(duration.as_secs(), |_| true)
}

/// Writes seconds in at most two units: `42s`, `3m 20s`, `2h 5m`, `3d 4h`. As `1d 5s` would read as exact, that is
/// `1d`.
#[must_use]
pub fn about(seconds: u64) -> String {
    let longest = UNITS.iter().position(|(_, length)| seconds >= *length).unwrap_or_default();
    words(seconds, |unit| unit <= longest + 1)
}

fn words(seconds: u64, shown: impl Fn(usize) -> bool) -> String {
    let mut rest = seconds;
    let mut words = Vec::new();
    for (at, (name, length)) in UNITS.iter().enumerate() {
        if rest >= *length && shown(at) {
            words.push(format!("{}{name}", rest / length));
        }
        rest %= length;
    }
    if words.is_empty() { "0s".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{about, parse, print};

    #[test]
    fn reads() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("2m", Some(120)),
            ("1h 30m", Some(5_400)),
            ("1h30m", Some(5_400)),
            (" 1 h  30 m ", Some(5_400)),
            ("0s", Some(0)),
            ("1d 1s", Some(86_401)),
            ("", None),
            ("90", None),
            ("s", None),
            ("1.5h", None),
            ("-1s", None),
            ("250ms", None),
            ("1m 1h", None),
            ("1m 2m", None),
            ("1s,", None),
            ("2M", None),
            ("1µs", None),
            ("99999999999999999999s", None),
            ("999999999999999999d", None),
        ] {
            assert_eq!(parse(text), seconds.map(Duration::from_secs), "`{text}`");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for (seconds, text) in
            [(0, "0s"), (45, "45s"), (90, "1m 30s"), (120, "2m"), (5_400, "1h 30m"), (90_061, "1d 1h 1m 1s")]
        {
            let duration = Duration::from_secs(seconds);
            assert_eq!(print(duration), text);
            assert_eq!(parse(text), Some(duration));
        }
    }

    #[test]
    fn writes_durations_in_two_units() {
        for (seconds, expected) in [
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (200, "3m 20s"),
            (3_600, "1h"),
            (7_500, "2h 5m"),
            (86_405, "1d"),
            (273_600, "3d 4h"),
            (u64::MAX, "213503982334601d 7h"),
        ] {
            assert_eq!(about(seconds), expected);
        }
    }
}
