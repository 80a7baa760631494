//! What a run works with, and by when it ends.

use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::plan::PlanInput;
use super::unrecorded::Stamp;
use crate::clock;
use crate::config::{Config, Invocation};
use crate::netdata;
use crate::secret::Secret;

/// A run ends within this time, so that the next one, a minute later, finds the lock free.
pub const DEADLINE: Duration = Duration::from_secs(50);

/// What a run works with.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The alert source's API key.
    pub key: &'a Secret,
    /// The state folder.
    pub state: &'a Path,
    /// The configuration's file, absolute, if there is one. The state notes it.
    pub file: Option<&'a Path>,
    /// Whether a person starts it, at a terminal.
    pub by_hand: bool,
    /// What the commands that the report suggests are to call this program by.
    pub invocation: &'a Invocation,
    /// Asks the agent, or the parents.
    pub netdata: &'a netdata::Parents,
    /// This machine's clock, milliseconds since the epoch.
    pub clock: &'a dyn Fn() -> i64,
    /// Random numbers.
    pub random: &'a dyn Fn() -> u64,
    /// When it ends, whatever is left to do.
    pub deadline: Instant,
}

/// What observing Netdata takes.
#[derive(Clone, Copy)]
pub(super) struct Observer<'a> {
    pub config: &'a Config,
    pub netdata: &'a netdata::Parents,
    pub clock: &'a dyn Fn() -> i64,
}

impl<'a> Job<'a> {
    /// For which API key and endpoint, where there is no state with a salt.
    pub(super) fn sender(&self) -> String {
        Stamp::sender(self.key, &self.config.ilert.endpoint)
    }

    /// Of what leaves in a run with this plan.
    pub(super) fn stamp(&self, plan: &PlanInput) -> Stamp {
        Stamp { sender: self.sender(), seen: plan.now, left: plan.recorded }
    }

    /// A job by this machine's clock that ends within [`DEADLINE`].
    #[must_use]
    pub fn new(config: &'a Config, key: &'a Secret, state: &'a Path, netdata: &'a netdata::Parents) -> Self {
        let deadline = Instant::now() + DEADLINE;
        Self {
            config,
            key,
            state,
            file: None,
            by_hand: false,
            invocation: Invocation::PLAIN,
            netdata,
            clock: &clock::now,
            random: &|| fastrand::u64(..),
            deadline,
        }
    }

    pub(super) fn observer(&self) -> Observer<'a> {
        Observer { config: self.config, netdata: self.netdata, clock: self.clock }
    }
}
