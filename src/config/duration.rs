//! Durations as the file has them: whole seconds, written `90s`, `2m`, `1h 30m`, `1d`.

use std::time::Duration;

/// Units from the longest down, in seconds.
const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

/// Reads a duration. Each unit at most once, the longer before the shorter; a number needs its unit.
pub(super) fn parse(text: &str) -> Option<Duration> {
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
pub(super) fn format(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    if rest == 0 {
        return "0s".to_owned();
    }
    let mut parts = Vec::new();
    for (name, length) in UNITS {
        if rest >= length {
            parts.push(format!("{}{name}", rest / length));
            rest %= length;
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{format, parse};

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
            assert_eq!(format(duration), text);
            assert_eq!(parse(text), Some(duration));
        }
    }
}
