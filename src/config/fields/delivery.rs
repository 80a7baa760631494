//! `[delivery]`: pace and delays.

use std::time::Duration;

use crate::config::kind::{Delay, Span, Whole};
use crate::config::table::table;

table! {
    /// `[delivery]`: pace and delays.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct Delivery {
        /// The most events to send in a minute. ilert takes 50 for one key; this leaves room for tests.
        events_per_minute: u32 => Whole<1> = 45;

        /// How long an alert must be clear before it is resolved in ilert: flapping becomes one alert.
        resolve_after: Duration => Span<Delay> = Duration::ZERO;

        /// How long a node must be away before it becomes an alert in ilert.
        unreachable_after: Duration => Span<Delay> = Duration::from_secs(2 * 60);

        /// How long an alert must be gone from a healthy node before it is resolved as removed.
        removed_after: Duration => Span<Delay> = Duration::from_secs(3 * 60);

        /// How long a node must be missing from its parent's list before its open alerts are resolved
        /// for good.
        forget_after: Duration => Span<Delay> = Duration::from_secs(24 * 3600);

        /// How many alerts of one class (critical, warning, unreachable) may be raised in 15 minutes. More
        /// of them are told as one alert, a storm. 0: never.
        storm_after: u32 => Whole<0> = 20;

        /// How many times an alert or node is raised in 30 minutes before it counts as flapping: it is
        /// resolved once it has been clear for 15 minutes. 0: never.
        flap_after: u32 => Whole<0> = 4;
    }
}
