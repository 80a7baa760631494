//! How long an answer asks to wait (`Retry-After`, RFC 9110): ilert sends none, a proxy in front of it may.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// Longest time that is believed: a proxy must not hold events back for longer.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// The time that an answer asks for, 10 min at most: seconds, or a date, which is reckoned from the answer's own
/// `Date`, and from this machine's clock where it has none.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits that are no number are too many.
        Duration::from_secs(asked.parse().unwrap_or(u64::MAX))
    } else {
        let until = date(headers, &RETRY_AFTER)?;
        let now = date(headers, &DATE).unwrap_or_else(Timestamp::now);
        // A date that has passed asks for no wait.
        Duration::try_from(until.duration_since(now)).unwrap_or_default()
    };
    Some(wait.min(LONGEST))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<Timestamp> {
    let text = headers.get(name)?.to_str().ok()?;
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

    #[test]
    fn reads_seconds_and_dates_and_believes_ten_minutes() {
        let of = |asked: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(asked).unwrap());
            headers.insert(DATE, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"));
            super::retry_after(&headers).map(|wait| wait.as_secs())
        };
        for (asked, seconds) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("601", Some(600)),
            ("99999999999999999999999", Some(600)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("Mon, 07 Nov 1994 08:49:37 GMT", Some(600)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            assert_eq!(of(asked), seconds, "{asked}");
        }
        assert_eq!(super::retry_after(&HeaderMap::new()), None);
        // Without a date of its own, it is reckoned from now.
        let headers =
            [(RETRY_AFTER, HeaderValue::from_static("Fri, 01 Jan 1999 00:00:00 GMT"))].into_iter().collect();
        assert_eq!(super::retry_after(&headers), Some(Duration::ZERO));
    }
}
