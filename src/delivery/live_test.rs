//! The live test, of `--test` and of the wizard: an ALERT under a key of its own, then its RESOLVE, through the same
//! code as everything that is sent.

use std::time::Duration;

use crate::config::{Config, Priority};
use crate::ilert::Event;
use crate::payload::{Renderer, test_notices};

/// Pauses before the RESOLVE is tried again: an ALERT that was opened is not left open for one lost packet.
pub const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// How long the test may go on, its RESOLVE included, after it was told to end: SIGKILL soon follows SIGTERM.
pub const LAST_WORDS: Duration = Duration::from_secs(5);

/// How much of that it waits for the answer to the ALERT: the RESOLVE must not overtake it.
pub const ANSWER: Duration = Duration::from_secs(2);

/// The two events.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveTest {
    /// Opens the alert.
    pub alert: Event,
    /// Resolves it.
    pub resolve: Event,
}

impl LiveTest {
    /// `unique` tells this test from any other; `host` is where it was started. [`Priority::High`] pages for real.
    #[must_use]
    pub fn new(config: &Config, unique: &str, host: &str, priority: Priority) -> Self {
        let (alert, resolve) = test_notices(unique, host, priority);
        let renderer = Renderer::new(config, "");
        Self { alert: renderer.event(&alert).event, resolve: renderer.event(&resolve).event }
    }

    /// The key of the alert that it opens.
    #[must_use]
    pub fn alert_key(&self) -> &str {
        &self.alert.alert_key
    }
}
