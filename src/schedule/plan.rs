//! Computes what to do from what is wanted and what is there. It changes nothing.

mod removal;
mod words;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

pub use removal::removal;

use super::environment::{Environment, Missing};
use super::error::ScheduleError;
use super::installation::{Installation, configurations_in};
use super::present::{Crontab, Present, UnsuffixedUnits};
use super::scheduler::Scheduler;
use super::{crontab, systemd};
use crate::config;

/// What is to be done, as text: nothing is done yet.
#[derive(Clone, Debug, PartialEq)]
pub struct SchedulePlan {
    /// Folders that are made if they are not there, with mode 0700.
    pub folders: Vec<PathBuf>,
    /// Files that are written before anything is called, or removed once what they say is stopped.
    pub files: Vec<PlannedFile>,
    /// The whole crontab, before and after; `None` where it stays as it is.
    pub crontab: Option<(String, String)>,
    /// For whom the plan is.
    pub(super) installation: Installation,
    /// What starts the schedule, once its files are there.
    pub start: Vec<PlannedCommand>,
    /// What stops a schedule that goes. It runs until the one in its place has started.
    pub stop: Vec<PlannedCommand>,
    /// What is called at last.
    pub settle: Vec<PlannedCommand>,
    /// What a person should know besides, a sentence each.
    pub notes: Vec<String>,
    /// The secrets that the schedule will have, where it installs one, beyond those in files.
    pub environment: Option<Environment>,
    /// The secrets that it would need and will not have: its runs end with an error until then.
    pub missing: Vec<Missing>,
    /// What is set here and decides the way to ilert or Netdata, and will not be so for it.
    pub strays: Vec<Missing>,
    /// What must be there for it.
    pub(super) needs: Needs,
    /// By which programs are found.
    pub(super) path: OsString,
    /// How long each of them may take.
    pub(super) limit: Duration,
}

/// A file of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFile {
    /// Where.
    pub path: PathBuf,
    /// What will be in it; `None` removes it.
    pub text: Option<String>,
    /// What is in it now, if it is there.
    pub old: Option<String>,
}

impl PlannedFile {
    /// The mode of the files that a plan writes: there is no secret in them.
    pub const MODE: u32 = 0o644;
}

/// A command of a plan: the program and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCommand {
    /// The program, then its arguments; never a secret.
    pub words: Vec<String>,
    /// What to tell if it fails and the rest goes on all the same; `None` if it must not fail.
    pub otherwise: Option<String>,
}

impl fmt::Display for PlannedCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.join(" "))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Crontab,
    Systemd { root: bool, runtime: PathBuf },
}

/// What there is to do to install this kind of schedule, in place of whatever is present.
pub fn plan(
    kind: Scheduler,
    installation: &Installation,
    present: &Present,
) -> Result<SchedulePlan, ScheduleError> {
    let mut plan = match kind {
        Scheduler::Systemd => {
            match &present.unsuffixed {
                UnsuffixedUnits::Anothers(config) => return Err(ScheduleError::Anothers(config.clone())),
                UnsuffixedUnits::AnotherFolder(folder) => {
                    return Err(ScheduleError::AnotherFolder(configurations_in(folder.as_deref())));
                }
                UnsuffixedUnits::None | UnsuffixedUnits::Former(_) => {}
            }
            let mut plan = SchedulePlan::empty(installation);
            plan.needs = Needs::Systemd { root: installation.root, runtime: installation.systemd.clone() };
            plan.add_units(installation, present)?;
            plan.take_former(installation, present);
            plan.take_line(installation, present);
            plan
        }
        Scheduler::Cron => {
            let mut plan = SchedulePlan::empty(installation);
            plan.take_units(installation, present);
            plan.needs = Needs::Crontab;
            if present.crontab == Crontab::Missing && !installation.offers(Scheduler::Systemd) {
                return Err(ScheduleError::NoScheduler);
            }
            let before = present.crontab.text()?;
            if let Some(number) = crontab::by_hand(before, installation)
                && !crontab::is_in(before, installation)
            {
                return Err(ScheduleError::Foreign(number));
            }
            let mut after = crontab::with(before, &crontab::line(installation)?, installation);
            if !crontab::is_in(&after, installation) {
                // The crontab sets a variable that leads elsewhere.
                after = crontab::with(before, &crontab::line(&installation.explicit())?, installation);
            }
            plan.crontab = (before != after).then(|| (before.to_owned(), after));
            plan
        }
    };
    plan.remark(kind, installation, present);
    plan.remark_foreign(present);
    Ok(plan)
}

/// What there is to do where a line of the crontab that somebody else wrote runs just this: that line is the schedule, and
/// stays. `None` where there is none, or one of this program's besides.
#[must_use]
pub fn kept_by_hand(installation: &Installation, present: &Present) -> Option<SchedulePlan> {
    let crontab = present.crontab.text().ok().filter(|text| !crontab::is_in(text, installation))?;
    let usual = config::default_state_dir().ok();
    let number = crontab::same_by_hand(crontab, installation, usual.as_deref())?;
    let mut plan = SchedulePlan::empty(installation);
    plan.take_units(installation, present);
    plan.remark(Scheduler::Cron, installation, present);
    plan.notes.push(format!(
        "line {number} of the crontab runs the sender already: it is kept as the schedule, though this program did not \
         write it"
    ));
    Some(plan)
}

impl SchedulePlan {
    fn empty(installation: &Installation) -> Self {
        Self {
            folders: Vec::new(),
            files: Vec::new(),
            crontab: None,
            start: Vec::new(),
            stop: Vec::new(),
            settle: Vec::new(),
            notes: Vec::new(),
            environment: None,
            missing: Vec::new(),
            strays: Vec::new(),
            installation: installation.clone(),
            needs: Needs::Nothing,
            path: installation.path.clone(),
            limit: installation.limit,
        }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keeps_schedule() && self.start.is_empty()
    }

    /// Whether the schedule itself is as it should be: nothing is written or removed, whatever is called besides.
    #[must_use]
    pub fn keeps_schedule(&self) -> bool {
        self.files.is_empty() && self.crontab.is_none() && self.stop.is_empty()
    }

    /// Whether the crontab has the schedule's line afterwards. It is changed before another schedule is stopped, else
    /// after all.
    pub(super) fn adds_line(&self) -> bool {
        self.crontab.as_ref().is_some_and(|(_, after)| crontab::is_in(after, &self.installation))
    }

    fn add_units(&mut self, installation: &Installation, present: &Present) -> Result<(), ScheduleError> {
        if installation.root {
            // The service may write there alone, and does not start without it.
            self.folders.push(installation.state_dir.clone());
        }
        let own = [&present.service, &present.timer];
        let is_packaged = own.iter().all(|unit| unit.is_none())
            && present.packaged.as_ref().is_some_and(|packaged| packaged.do_for(installation));
        if !is_packaged {
            for ((path, text), old) in systemd::units(installation)?.into_iter().zip(own) {
                if old.as_ref() != Some(&text) {
                    self.files.push(PlannedFile { path, text: Some(text), old: old.clone() });
                }
            }
        }
        let then = &mut self.start;
        if !self.files.is_empty() {
            then.push(systemctl(installation, &["daemon-reload"]));
        }
        then.push(systemctl(installation, &["enable", "--now", &systemd::timer(&installation.unit())]));
        if !installation.root {
            then.push(PlannedCommand {
                words: ["loginctl", "enable-linger"].map(str::to_owned).into(),
                otherwise: Some(
                    "the timer stops when you log out: have an administrator run `loginctl enable-linger` for you"
                        .to_owned(),
                ),
            });
        }
        Ok(())
    }

    fn remark_foreign(&mut self, present: &Present) {
        if let Some(number) = present.foreign_line(&self.installation) {
            self.notes.push(format!(
                "line {number} of the crontab runs the sender too, and this program did not write it: \
                 `--remove-schedule` cannot remove it, remove it by hand (`crontab -e`)"
            ));
        }
    }

    /// What the schedule will have of the secrets that configurations take from elsewhere than files.
    fn remark(&mut self, kind: Scheduler, installation: &Installation, present: &Present) {
        let now = present.crontab.text().unwrap_or_default();
        let crontab = self.crontab.as_ref().map_or(now, |(_, after)| after);
        let environment = Environment::of(kind, installation, crontab);
        self.missing = environment.lacks(installation);
        self.strays = environment.strays(&installation.way);
        let lacking = self.missing.iter().chain(&self.strays);
        self.notes.extend(lacking.map(|missing| format!("{}: {}", missing.what, missing.fix)));
        self.environment = Some(environment);
    }
}

pub(super) fn systemctl(installation: &Installation, arguments: &[&str]) -> PlannedCommand {
    let user = (!installation.root).then_some("--user");
    let words = ["systemctl"].into_iter().chain(user).chain(arguments.iter().copied());
    PlannedCommand { words: words.map(str::to_owned).collect(), otherwise: None }
}
