//! Puts into words what could not be read and may hide something.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::Error;

/// A year, seconds. Longer times are shown as "more than a year".
const YEAR: i64 = 366 * 86_400;

/// For a log that could not be read. `whose` begins the sentence; `since` is when it was last read (agent's clock,
/// seconds).
pub(super) fn log_missing(whose: &str, error: &Error, share: Duration, since: i64) -> String {
    let why = match error {
        Error::Timeout { .. } => format!("did not come within {} s", share.as_secs()),
        Error::SlowToRead { .. } => "took too long to read".to_owned(),
        Error::TooLarge { limit, .. } => format!("is larger than {} MB", limit >> 20),
        Error::Unreadable { detail, .. } => format!("cannot be read ({detail})"),
        error => format!("could not be had: {}", error.reason()),
    };
    format!(
        "{whose} log {why}: what came and went since {} is not known; what is raised now is sent all the same, within 2 min",
        clock_time(since)
    )
}

/// For a log that was cut.
pub(super) fn log_cut(whose: &str, kept: usize, since: i64) -> String {
    format!(
        "{whose} log was cut at its newest {kept} entries: not all is known of what came and went since {}; what is \
         raised now is sent all the same, within 2 min",
        clock_time(since)
    )
}

/// For `count` raised alerts that there was no time to ask about: they may be delayed or silenced.
pub(super) fn not_looked_up(count: usize) -> String {
    let alerts = if count == 1 { "1 alert was".to_owned() } else { format!("{count} alerts were") };
    format!(
        "there was no time to ask whether Netdata delays or silences what is raised: {alerts} taken as due and not \
         silenced"
    )
}

/// For `count` alerts with times in the future, the furthest by this many seconds.
pub(super) fn ahead(count: usize, furthest: i64) -> String {
    let (alerts, they) = match count {
        1 => ("1 alert is dated".to_owned(), "it is"),
        _ => (format!("{count} alerts are dated"), "they are"),
    };
    let far = match (furthest, count) {
        (YEAR.., _) => "more than a year".to_owned(),
        (_, 1) => length(furthest),
        _ => format!("up to {}", length(furthest)),
    };
    format!("{alerts} {far} ahead of the agent's clock: {they} taken as of now")
}

/// A length of time, in its largest unit.
fn length(seconds: i64) -> String {
    match seconds {
        86_400.. => format!("{} days", seconds / 86_400),
        3_600.. => format!("{} h", seconds / 3_600),
        60.. => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

/// The time of day here, as a person on call would say it.
fn clock_time(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .map(|time| time.to_zoned(TimeZone::system()).strftime("%H:%M").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_not_known() {
        let late = Error::Timeout { url: String::new() };
        let said = log_missing("Netdata's", &late, Duration::from_secs(10), 0);
        assert!(
            said.starts_with("Netdata's log did not come within 10 s: what came and went since "),
            "{said}"
        );
        let large = Error::TooLarge { url: String::new(), limit: 64 << 20 };
        assert!(log_missing("x's", &large, Duration::ZERO, 0).starts_with("x's log is larger than 64 MB: "));
    }

    #[test]
    fn says_how_far_ahead() {
        for (seconds, expected) in [(3, "3 s"), (61, "1 min"), (8 * 3600, "8 h"), (172_801, "2 days")] {
            assert_eq!(length(seconds), expected);
        }
        assert_eq!(ahead(1, 3600), "1 alert is dated 1 h ahead of the agent's clock: it is taken as of now");
        assert_eq!(
            ahead(2, 8 * 3600),
            "2 alerts are dated up to 8 h ahead of the agent's clock: they are taken as of now"
        );
        for (count, says) in [(1, "1 alert is dated more"), (4, "4 alerts are dated more")] {
            let said = ahead(count, i64::MAX);
            assert!(said.starts_with(&format!("{says} than a year ahead of the agent's clock: ")), "{said}");
        }
    }
}
