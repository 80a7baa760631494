//! What runs the sender: systemd or cron.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// What runs the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheduler {
    /// A systemd service and its timer: every 15 seconds.
    Systemd,
    /// A line in the crontab: every minute.
    Cron,
}

impl Scheduler {
    /// What `--install-schedule` calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Systemd => "systemd",
            Self::Cron => "cron",
        }
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Systemd => "a systemd timer",
            Self::Cron => "a crontab line",
        })
    }
}
