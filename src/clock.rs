//! This machine's clock.

/// What it shows now: milliseconds since the epoch.
#[must_use]
pub fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
