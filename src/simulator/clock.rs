//! The clock of a simulated service: set by hand in tests, the real one in the demo.

use std::time::{SystemTime, UNIX_EPOCH};

/// A clock in whole seconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Stands still until it is set.
    Set(i64),
    /// This machine's.
    Real,
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now(self) -> i64 {
        match self {
            Self::Set(now) => now,
            Self::Real => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|age| i64::try_from(age.as_secs()).ok())
                .unwrap_or_default(),
        }
    }
}

impl Default for Clock {
    /// 22 November 2026, 12:00 UTC: late enough to be a plausible time, and the same in every test.
    fn default() -> Self {
        Self::Set(1_795_348_800)
    }
}
