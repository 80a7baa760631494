//! What is installed now.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::environment::{Environment, Missing};
use super::error::ScheduleError;
use super::installation::{Installation, Serves, configurations_in};
use super::packaged::Packaged;
use super::program::{run, said};
use super::runs::Runs;
use super::scheduler::Scheduler;
use super::unit::{self, UNIT};
use super::{crontab, lossless, systemd};
use crate::text::ShownPath as _;

/// What there is of a schedule, ours or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// The text of the service unit with this schedule's name, if it is installed.
    pub service: Option<String>,
    /// The text of the timer unit with this schedule's name, if it is installed.
    pub timer: Option<String>,
    /// The units that version 0.1.0 wrote for any configuration, if they are another's, or this one's from then.
    pub unsuffixed: UnsuffixedUnits,
    /// The units that a package brought, unless these are another's.
    pub packaged: Option<Packaged>,
    /// What other timers of ours here run, in words.
    pub other_units: Vec<String>,
    /// The crontab.
    pub crontab: Crontab,
}

/// The units `netdata-ilert.service` and `.timer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnsuffixedUnits {
    /// There are none, or they are this schedule's as it is called now.
    None,
    /// They run this configuration, which is elsewhere: version 0.1.0 wrote them. The service's text.
    Former(String),
    /// They run this other configuration, which is elsewhere.
    Anothers(PathBuf),
    /// They run the configurations in this other folder, or in the usual one.
    AnotherFolder(Option<PathBuf>),
}

/// A line of the crontab that runs the sender, and that this program did not write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignLine {
    /// Its number; the first line is 1.
    pub number: usize,
    /// The secrets that it does not have, as far as the crontab says.
    pub missing: Vec<Missing>,
    /// What is set here and decides the way to ilert or Netdata, and is not so for it.
    pub strays: Vec<Missing>,
}

/// The crontab of the user that this runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Crontab {
    /// There is no program `crontab`.
    Missing,
    /// Its text; empty where there is none yet.
    Text(String),
    /// It cannot be read; what `crontab` said, or what is wrong with it.
    Denied(String),
}

impl Crontab {
    pub(super) fn text(&self) -> Result<&str, ScheduleError> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Missing => Err(ScheduleError::NoCrontab),
            Self::Denied(said) => Err(ScheduleError::Crontab { doing: "read", said: said.clone() }),
        }
    }
}

impl Present {
    /// Which schedules there are; normally one at most.
    #[must_use]
    pub fn kinds(&self, installation: &Installation) -> Vec<Scheduler> {
        let line = matches!(&self.crontab, Crontab::Text(text) if crontab::is_in(text, installation));
        let timer = self.timer.is_some()
            || matches!(self.unsuffixed, UnsuffixedUnits::Former(_))
            || self.enabling_link().is_some();
        let kinds = [(timer, Scheduler::Systemd), (line, Scheduler::Cron)];
        kinds.into_iter().filter_map(|(there, kind)| there.then_some(kind)).collect()
    }
}

impl Present {
    /// The link that starts a package's timer with the machine, if it is enabled.
    pub(super) fn enabling_link(&self) -> Option<&Path> {
        self.packaged.as_ref()?.link.as_deref()
    }

    /// The text of the service that the timer starts.
    fn service_in_force(&self) -> Option<&String> {
        let former = match &self.unsuffixed {
            UnsuffixedUnits::Former(text) => Some(text),
            _ => None,
        };
        let packaged = || self.packaged.as_ref().map(|packaged| &packaged.service);
        self.service.as_ref().or(former).or_else(packaged)
    }

    /// The number of a line in the crontab that this program did not write and that runs the sender, as far as it says
    /// for this configuration.
    #[must_use]
    pub fn foreign_line(&self, installation: &Installation) -> Option<usize> {
        match &self.crontab {
            Crontab::Text(text) => crontab::by_hand(text, installation),
            Crontab::Missing | Crontab::Denied(_) => None,
        }
    }

    /// That line, with what it does not have.
    #[must_use]
    pub fn foreign(&self, installation: &Installation) -> Option<ForeignLine> {
        let number = self.foreign_line(installation)?;
        let has = self.environment(Scheduler::Cron, installation);
        let (missing, strays) = (has.lacks(installation), has.strays(&installation.way));
        Some(ForeignLine { number, missing, strays })
    }

    /// The secrets that a schedule of this kind has as it is now, beyond those in files that the configuration names.
    #[must_use]
    pub fn environment(&self, kind: Scheduler, installation: &Installation) -> Environment {
        Environment::of(kind, installation, self.crontab.text().unwrap_or_default())
    }

    /// What a schedule that is there runs.
    #[must_use]
    pub fn runs(&self, kind: Scheduler, installation: &Installation) -> Runs {
        match (kind, &self.crontab) {
            (Scheduler::Systemd, _) => self.service_runs(installation),
            (Scheduler::Cron, Crontab::Text(crontab)) => crontab::runs(crontab, installation),
            (Scheduler::Cron, _) => Runs::Other,
        }
    }

    /// The state folder that the schedule which is there names, if one is and does.
    #[must_use]
    pub fn state_dir(&self, installation: &Installation) -> Option<PathBuf> {
        let unit = self.service_in_force().and_then(|service| unit::named_by(service, "--state-dir"));
        unit.or_else(|| match &self.crontab {
            Crontab::Text(crontab) => crontab::state_dir(crontab, installation),
            Crontab::Missing | Crontab::Denied(_) => None,
        })
    }

    fn service_runs(&self, installation: &Installation) -> Runs {
        let Some(service) = self.service_in_force() else { return Runs::Other };
        let has = |line: &String| unit::has_line(service, line);
        if systemd::command(installation).is_ok_and(|lines| lines.iter().all(has)) {
            return Runs::This;
        }
        let named = installation.spelling(unit::named_by(service, "--config"));
        if matches!(installation.serves, Serves::One { .. })
            && systemd::command_of_one(&named).is_ok_and(|line| has(&line))
        {
            return Runs::This;
        }
        let is_first = matches!(installation.serves, Serves::All { .. })
            && systemd::command_of_one(installation).is_ok_and(|line| has(&line));
        if is_first { Runs::FirstAlone } else { Runs::Other }
    }

    /// The schedules that run others, in words: a clause each. None is ever replaced.
    #[must_use]
    pub fn others(&self, installation: &Installation) -> Vec<String> {
        let unsuffixed = match &self.unsuffixed {
            UnsuffixedUnits::Anothers(config) => Some(format!("`{}`", config.shown())),
            UnsuffixedUnits::AnotherFolder(folder) => Some(configurations_in(folder.as_deref())),
            UnsuffixedUnits::None | UnsuffixedUnits::Former(_) => None,
        };
        let unsuffixed = unsuffixed.map(|what| format!("the timer `{}` runs {what}", systemd::timer(UNIT)));
        let units = self.other_units.iter().cloned();
        let lines = match &self.crontab {
            Crontab::Text(text) => crontab::others(text, installation),
            Crontab::Missing | Crontab::Denied(_) => Vec::new(),
        };
        unsuffixed.into_iter().chain(units).chain(lines).collect()
    }
}

/// Looks at the unit files and the crontab. Runs `crontab -l`, which takes milliseconds, and no longer than the limit.
pub fn present(installation: &Installation) -> Result<Present, ScheduleError> {
    let [service, timer] = systemd::paths(installation);
    let (mut service, mut timer) = (unit::read(&service)?, unit::read(&timer)?);
    let [plain, _] = systemd::paths_of(installation, UNIT);
    let mut packaged = Packaged::find(installation)?;
    let enabled = packaged.as_ref().filter(|packaged| packaged.link.is_some());
    let in_force = unit::read(&plain)?.or_else(|| enabled.map(|packaged| packaged.service.clone()));
    let unsuffixed = match (&installation.serves, in_force) {
        (_, None) => UnsuffixedUnits::None,
        (serves, Some(text)) => {
            let config = unit::named_by(&text, "--config");
            match (serves, installation.owns(config.as_deref()), config) {
                (Serves::One { .. }, true, _) => UnsuffixedUnits::Former(text),
                (Serves::All { .. }, false, Some(config)) => {
                    (service, timer, packaged) = (None, None, None);
                    UnsuffixedUnits::Anothers(config)
                }
                (Serves::All { .. }, true, None)
                    if !installation.owns_folder(systemd::folder_of(&text).as_deref()) =>
                {
                    (service, timer, packaged) = (None, None, None);
                    UnsuffixedUnits::AnotherFolder(systemd::folder_of(&text))
                }
                _ => UnsuffixedUnits::None,
            }
        }
    };
    let other_units = other_units(installation);
    let crontab = read_crontab(&installation.path, installation.limit);
    Ok(Present { service, timer, unsuffixed, packaged, other_units, crontab })
}

/// The timers of this program's that are called otherwise, and what they run, in words. Whose those of version 0.1.0's
/// name are, the service says.
fn other_units(installation: &Installation) -> Vec<String> {
    let own = installation.unit();
    let others = unit::names(&installation.units).into_iter().filter(|name| format!("{UNIT}-{name}") != own);
    let runs = |name: String| {
        let timer = systemd::timer(&format!("{UNIT}-{name}"));
        match unit::config_of(&installation.units, &name) {
            Some(config) => format!("the timer `{timer}` runs `{}`", config.shown()),
            None => format!("the timer `{timer}` runs another"),
        }
    };
    others.map(runs).collect()
}

/// The crontab of the user that this runs as.
pub(super) fn read_crontab(path: &OsStr, limit: Duration) -> Crontab {
    match run(&["crontab", "-l"], b"", path, limit) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Crontab::Missing,
        Err(error) => Crontab::Denied(error.to_string()),
        Ok(output) if output.status.success() => Crontab::Text(lossless::text(&output.stdout)),
        Ok(output) => {
            // Every cron has words of its own for a user who has no crontab yet.
            let said = said(&output);
            let none = ["no crontab", "No such file"].iter().any(|words| said.contains(words));
            if none { Crontab::Text(String::new()) } else { Crontab::Denied(said) }
        }
    }
}
