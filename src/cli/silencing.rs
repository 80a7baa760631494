//! Parses what `--silence` and `--unsilence` take: a pattern that can match something, a sensible length, an id.

use std::str::FromStr;
use std::time::Duration;

use crate::config::Pattern;
use crate::duration;

/// The shortest and the longest silence by hand.
const LENGTHS: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(30 * 86_400)];

/// Longest pattern, bytes.
const LONGEST_PATTERN: usize = 4096;

/// A simple pattern of Netdata that something can match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern(pub Pattern);

/// How long a silence lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SilenceLength(pub Duration);

impl FromStr for NamePattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LONGEST_PATTERN {
            return Err("it is longer than 4096 bytes");
        }
        let pattern = Pattern::new(text.trim());
        if pattern.can_match() {
            Ok(Self(pattern))
        } else {
            Err("nothing can match it: it needs a word without `!`, such as `db-*`, or `*` for all")
        }
    }
}

impl FromStr for SilenceLength {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let [least, most] = LENGTHS;
        let length = duration::parse(text).ok_or("it is no duration, such as `90m`, `2h` or `1d 12h`")?;
        if length < least {
            Err("it is less than a minute: from `1m` to `30d` is allowed")
        } else if length > most {
            Err("it is more than `30d`: write a `[[silence]]` into the configuration instead")
        } else {
            Ok(Self(length))
        }
    }
}

/// Reads an id that `--status` lists.
pub fn read_id(text: &str) -> Result<i64, &'static str> {
    text.parse().map_err(|_| "it is no id: `--status` lists them, numbers such as `3`")
}

#[cfg(test)]
mod tests {
    use super::{NamePattern, SilenceLength};

    #[test]
    fn takes_what_can_be_meant() {
        for (text, is_good) in [
            ("1m", true),
            ("2h", true),
            ("30d", true),
            ("59s", false),
            ("31d", false),
            ("2", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<SilenceLength>().is_ok(), is_good, "`{text}`");
        }
        for (text, is_good) in [("db-*", true), ("!a *", true), ("!a", false), (" ", false)] {
            assert_eq!(text.parse::<NamePattern>().is_ok(), is_good, "`{text}`");
        }
        assert!("a".repeat(4097).parse::<NamePattern>().is_err());
    }
}
