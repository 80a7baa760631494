//! What is installed now.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::error::ScheduleError;
use super::installation::{Installation, Scheduler};
use super::program::{run, said};
use super::{crontab, lossless, systemd};
use crate::files;

/// No unit is larger (bytes).
const LARGEST: u64 = 1 << 20;

/// What there is of a schedule, ours or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// The service unit's text, where there is one.
    pub service: Option<String>,
    /// The timer unit's text, where there is one.
    pub timer: Option<String>,
    /// The crontab.
    pub crontab: Crontab,
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
    pub fn kinds(&self) -> Vec<Scheduler> {
        let line = matches!(&self.crontab, Crontab::Text(text) if crontab::is_in(text));
        let kinds = [(self.timer.is_some(), Scheduler::Systemd), (line, Scheduler::Cron)];
        kinds.into_iter().filter_map(|(there, kind)| there.then_some(kind)).collect()
    }
}

impl Present {
    /// The number of a line in the crontab that this program did not write and that runs the sender.
    #[must_use]
    pub fn foreign_line(&self) -> Option<usize> {
        match &self.crontab {
            Crontab::Text(text) => crontab::foreign(text),
            Crontab::Missing | Crontab::Denied(_) => None,
        }
    }

    /// Whether a schedule that is there runs this program with this configuration and this state folder.
    #[must_use]
    pub fn runs(&self, kind: Scheduler, installation: &Installation) -> bool {
        let is_line_of = |line: &str, text: &str| text.lines().any(|found| found.trim_end() == line);
        match (kind, &self.service, &self.crontab) {
            (Scheduler::Systemd, Some(service), _) => {
                systemd::command(installation).is_ok_and(|line| is_line_of(&line, service))
            }
            (Scheduler::Cron, _, Crontab::Text(crontab)) => {
                crontab::line(installation).is_ok_and(|line| crontab::has(crontab, &line))
            }
            _ => false,
        }
    }
}

/// Looks at the unit files and the crontab. Runs `crontab -l`, which takes milliseconds, and no longer than the limit.
pub fn present(installation: &Installation) -> Result<Present, ScheduleError> {
    let [service, timer] = systemd::paths(installation);
    Ok(Present {
        service: read(&service)?,
        timer: read(&timer)?,
        crontab: read_crontab(&installation.path, installation.limit),
    })
}

fn read(path: &Path) -> Result<Option<String>, ScheduleError> {
    match files::text(path, LARGEST) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ScheduleError::File { doing: "read", path: path.to_owned(), source }),
    }
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
