//! What *Review and write* knows of the disk, what it writes, and the result.

use std::collections::VecDeque;
use std::path::PathBuf;

use crate::config::Moment;
use crate::exit::Exit;
use crate::schedule::{ForeignLine, SchedulePlan, Scheduled, Scheduler};
use crate::secret::Secret;
use crate::setup::{Composed, Deed, UnusedSecret};

/// The work of *Review and write*.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// What was looked up; `None` while it is.
    pub preparation: Option<Preparation>,
    /// The file as it will be, or why it cannot be made.
    pub composed: Option<Result<Composed, String>>,
    /// Why nothing was written, where something had changed on the disk meanwhile: what is shown now is made anew.
    pub changed: Option<String>,
    /// What was done so far; `None` until it begins.
    pub written: Option<Written>,
}

impl Writing {
    /// Everything is written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.written.as_ref().is_some_and(|written| written.left.is_empty() && written.failed.is_none())
    }

    /// The dry run of the sender got no answer from Netdata.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.written.as_ref().is_some_and(|written| written.dry_run == Some(Exit::Later))
    }

    /// Something could not be written, and nothing after it was tried.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.written.as_ref().is_some_and(|written| written.failed.is_some())
    }
}

/// What was looked up on this machine before anything is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Preparation {
    /// The configuration file's text, if there is a file.
    pub on_disk: Result<Option<String>, String>,
    /// What the files hold that secrets are to be written into; `None` for one that is not there.
    pub secrets: Vec<(PathBuf, Option<Secret>)>,
    /// The files with secrets that the configuration used, and will not use any more.
    pub unused: Vec<UnusedSecret>,
    /// Why something cannot be written here, or would not be used, if so.
    pub unwritable: Option<String>,
    /// The schedules that can be installed here, and what that would do.
    pub plans: Vec<(Scheduler, Result<SchedulePlan, String>)>,
    /// The schedules that are there already and run this configuration.
    pub scheduled: Vec<Scheduled>,
    /// Whose that schedule is, or would be, and what it runs.
    pub serves: String,
    /// The crontab's line that runs the sender and that this program did not write, if there is one.
    pub by_hand: Option<ForeignLine>,
    /// The schedules that run other configurations, in words.
    pub others: Vec<String>,
    /// What has the sender run by itself here, in a sentence; `None` where it cannot be told what runs it.
    pub by_itself: Option<String>,
    /// The sender ran a moment ago, whatever ran it.
    pub ran_lately: bool,
    /// What removing them would do.
    pub removal: Option<SchedulePlan>,
    /// How many alerts and nodes are open in ilert under the key that is not used any more.
    pub left_open: usize,
    /// What the clock on the wall showed.
    pub wall: Moment,
}

impl Preparation {
    /// The installed schedule of this configuration.
    #[must_use]
    pub fn own(&self) -> Option<&Scheduled> {
        self.scheduled.first()
    }

    /// What installing a schedule of this kind would do, where it can be.
    #[must_use]
    pub fn plan(&self, kind: Scheduler) -> Option<&SchedulePlan> {
        self.plans.iter().find(|(one, _)| *one == kind)?.1.as_ref().ok()
    }

    /// How the sender can be scheduled here.
    pub fn offered(&self) -> impl Iterator<Item = Scheduler> {
        self.plans.iter().filter(|(_, plan)| plan.is_ok()).map(|(kind, _)| *kind)
    }
}

/// What was done, and what is left to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// What was done, a line each, or what went wrong and hindered nothing after it.
    pub lines: Vec<Result<String, String>>,
    /// What is left; the first of it is under way, or has failed.
    pub left: VecDeque<Deed>,
    /// Why the first of what is left could not be done.
    pub failed: Option<String>,
    /// How the dry run of the sender ended, where it was none.
    pub dry_run: Option<Exit>,
}
