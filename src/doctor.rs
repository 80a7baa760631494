//! `--doctor`: everything that must be right for alerts to get through, a line each, with the fix under what is
//! not. "The test works, real alerts don't" is mostly another user, another environment or another store of
//! certificates: called as the user that cron uses, this looks with the eyes of the sender.
//!
//! It changes nothing, sends no event and never shows a secret. A heartbeat is pinged for real: nothing else
//! proves it.

mod agent;
mod configuration;
mod earlier;
mod service;
mod show;
mod state;
mod timetable;

use std::path::{Path, PathBuf};

use serde::Serialize;

pub use earlier::{Trace, earlier_life};
pub use show::Style;

use crate::advice::Advised;
use crate::config;
use crate::delivery::run::Exit;
use crate::other_senders::other_sender;
use crate::schedule;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// As it should be.
    Good,
    /// It works, and there is something to know.
    Warning,
    /// A person must do something.
    Wrong,
}

/// One check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What was looked at, in a word or two.
    pub check: &'static str,
    /// How it ended.
    pub mark: Mark,
    /// What was found. Never a secret.
    pub says: String,
    /// What to do about it.
    pub fix: Option<String>,
    /// Whether the configuration is what is wrong.
    #[serde(skip)]
    pub configuration: bool,
}

/// Where to look.
pub struct Place<'a> {
    /// The configuration file.
    pub config: &'a Path,
    /// The state folder.
    pub state: &'a Path,
    /// For whom a schedule would be; `None` where that cannot be told.
    pub schedule: Option<schedule::Setting>,
    /// Netdata's `health_alarm_notify.conf`, wherever it may be.
    pub notify_files: Vec<PathBuf>,
    /// This machine's clock, milliseconds since the epoch.
    pub clock: &'a dyn Fn() -> i64,
}

/// All that was found, in the order in which alerts go: from the configuration to who runs it.
#[derive(Debug, Serialize)]
pub struct Diagnosis {
    /// A line for each check.
    pub checks: Vec<Line>,
}

/// Looks at everything. Takes as long as the slowest answer from the network, 15 s at most.
pub async fn examine(place: &Place<'_>) -> Diagnosis {
    let loaded = config::load(place.config);
    let mut checks = configuration::lines(place.config, &loaded);
    if let Ok(config) = &loaded {
        let (agent, service) = tokio::join!(agent::lines(config, place.clock), service::lines(config));
        checks.extend(agent);
        checks.extend(service);
    }
    let (lines, last_run) = state::lines(place, loaded.as_ref().ok());
    checks.extend(lines);
    checks.extend(timetable::lines(place, loaded.as_ref().ok(), last_run));
    checks.extend(senders(&place.notify_files));
    Diagnosis { checks }
}

fn senders(files: &[PathBuf]) -> Vec<Line> {
    const CHECK: &str = "other senders";
    let found: Vec<Line> = files
        .iter()
        .filter_map(|path| other_sender(path))
        .map(|sender| {
            let path = sender.path.display();
            match sender.unreadable {
                None => Line::warning(
                    CHECK,
                    format!("Netdata's own ilert sender is on: each alert pages twice (`{path}`)"),
                    format!("set `SEND_ILERT=\"NO\"` in `{path}`"),
                ),
                Some(reason) => Line::warning(
                    CHECK,
                    format!("cannot tell whether Netdata's own ilert sender is on: `{path}`: {reason}"),
                    format!("look whether `SEND_ILERT` is `\"NO\"` in `{path}`"),
                ),
            }
        })
        .collect();
    if found.is_empty() {
        return vec![Line::good(CHECK, "none on this machine".to_owned())];
    }
    found
}

impl Diagnosis {
    /// 3 where the configuration is wrong, 4 where anything else is, 0 otherwise, warnings included.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let wrong = |line: &&Line| line.mark == Mark::Wrong;
        match self.checks.iter().filter(wrong).map(|line| line.configuration).max() {
            Some(true) => Exit::Configuration,
            Some(false) => Exit::Refused,
            None => Exit::Done,
        }
    }
}

impl Line {
    fn good(check: &'static str, says: String) -> Self {
        Self { check, mark: Mark::Good, says, fix: None, configuration: false }
    }

    fn warning(check: &'static str, says: String, fix: impl Into<String>) -> Self {
        Self { mark: Mark::Warning, fix: Some(fix.into()), ..Self::good(check, says) }
    }

    fn wrong(check: &'static str, says: String, fix: impl Into<String>) -> Self {
        Self { mark: Mark::Wrong, fix: Some(fix.into()), ..Self::good(check, says) }
    }

    /// What an error says; and what to do where it does not know.
    fn of(check: &'static str, error: &impl Advised, otherwise: &str) -> Self {
        Self::wrong(check, error.what(), error.hint().unwrap_or_else(|| otherwise.to_owned()))
    }

    /// A message of this program's own, which says what is wrong, then what to do.
    fn advised(check: &'static str, message: &str, between: &str) -> Self {
        let (says, fix) = match message.rsplit_once(between) {
            Some((says, fix)) => (says, Some(fix.to_owned())),
            None => (message, None),
        };
        Self { mark: Mark::Wrong, fix, ..Self::good(check, says.to_owned()) }
    }

    /// The configuration is to blame.
    fn by_configuration(self) -> Self {
        Self { configuration: true, ..self }
    }
}

/// `1 node`, `2 nodes`.
fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
