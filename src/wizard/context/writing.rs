//! What the last step knows of the disk, what it writes, and the result.

use std::path::PathBuf;

use crate::config::{Config, Moment};
use crate::schedule::{SchedulePlan, Scheduler};
use crate::secret::Secret;
use crate::wizard::diff::LineChange;

/// The last step's work.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// What was looked up; `None` while it is.
    pub preparation: Option<Preparation>,
    /// The file as it will be, or why it cannot be made.
    pub composed: Option<Result<Composed, String>>,
    /// What came of it.
    pub written: Option<Written>,
}

impl Writing {
    /// Everything is written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.written.as_ref().is_some_and(|written| written.failed.is_none())
    }
}

/// What was looked up on this machine before anything is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Preparation {
    /// The configuration file's text, if there is a file.
    pub on_disk: Result<Option<String>, String>,
    /// The schedules that can be installed here, and what that would do.
    pub plans: Vec<(Scheduler, Result<SchedulePlan, String>)>,
    /// How many alerts and nodes are open in ilert under the key that is not used any more.
    pub left_open: usize,
    /// What the clock on the wall showed.
    pub wall: Moment,
}

impl Preparation {
    /// How the sender can be scheduled here.
    pub fn offered(&self) -> impl Iterator<Item = Scheduler> {
        self.plans.iter().filter(|(_, plan)| plan.is_ok()).map(|(kind, _)| *kind)
    }
}

/// The configuration file as it will be.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    /// Its text.
    pub text: Secret,
    /// What changes, secrets masked.
    pub diff: Vec<(LineChange, String)>,
}

/// What the sender was run with, and will not be any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Former {
    /// The configuration.
    pub config: Config,
    /// Its API key.
    pub key: Secret,
}

/// All that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Orders {
    /// The configuration file.
    pub path: PathBuf,
    /// Its text, which may hold the key.
    pub text: Secret,
    /// Secrets in files of their own, mode 0600.
    pub secrets: Vec<(PathBuf, Secret)>,
    /// The schedule.
    pub plan: Option<SchedulePlan>,
    /// The state folder, for the dry run.
    pub state: PathBuf,
    /// Resolve what is open under this configuration's key.
    pub former: Option<Former>,
    /// Whether a dry run of the sender follows.
    pub dry_run: bool,
}

/// What came of writing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// What was done, a line each.
    pub done: Vec<String>,
    /// What failed; nothing after it was tried.
    pub failed: Option<String>,
    /// What became of what was open under the former key, in words; `None` where nothing was to be done.
    pub handed_over: Option<Result<String, String>>,
    /// What a dry run of the sender said; `None` where Netdata Cloud delivers.
    pub dry_run: Option<Result<String, String>>,
}
