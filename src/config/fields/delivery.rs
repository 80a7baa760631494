//! `[delivery]`: pace and delays.

use std::time::Duration;

use crate::config::kind::{Delay, Whole};
use crate::config::table::table;

table! {
    /// `[delivery]`: pace and delays.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct Delivery {
        /// Events a minute, at most. ilert takes 50 for one key; this leaves room for tests.
        events_per_minute: u32 => Whole<1> = 45;

        /// How long an alert must be clear before ilert is told: flapping becomes one alert.
        resolve_after: Duration => Delay = Duration::ZERO;

        /// How long a node must be away before ilert is told.
        unreachable_after: Duration => Delay = Duration::from_secs(2 * 60);

        /// How long an alert must be gone from a healthy node before it is resolved as removed.
        removed_after: Duration => Delay = Duration::from_secs(3 * 60);

        /// How long a parent must not list a node before what is open for it is resolved, as for good.
        forget_after: Duration => Delay = Duration::from_secs(24 * 3600);
    }
}
