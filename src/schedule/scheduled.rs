//! Which schedules of one installation are there, and since when.

use std::fs;
use std::time::SystemTime;

use super::installation::Installation;
use super::present::Present;
use super::scheduler::Scheduler;
use super::systemd;

/// A schedule of an installation's that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// What it is.
    pub kind: Scheduler,
    /// Since when it has been as it is. Of a crontab's line that cannot be known: the only time is that of the whole crontab,
    /// which any other line changes, and its file is root's alone to see.
    pub since: Option<SystemTime>,
}

impl Present {
    /// The schedules of this installation that are there; normally one at most.
    #[must_use]
    pub fn scheduled(&self, installation: &Installation) -> Vec<Scheduled> {
        let since = |kind| match kind {
            Scheduler::Systemd => {
                let [_, timer] = systemd::paths(installation);
                let found = fs::metadata(timer).ok();
                let enabled = || fs::symlink_metadata(self.enabling_link()?).ok();
                found.or_else(enabled)?.modified().ok()
            }
            Scheduler::Cron => None,
        };
        self.kinds(installation).into_iter().map(|kind| Scheduled { kind, since: since(kind) }).collect()
    }
}
