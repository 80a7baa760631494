//! If there is no state: looks for signs that this sender ran before, so that its state was lost.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::config::{Config, DeliveredBy, Invocation};
use crate::schedule::{Crontab, Installation, Runs, Scheduler, present};

/// A configuration that was written within this (milliseconds) is new: nothing can have run with it yet.
const NEW: i64 = 10 * 60_000;

/// What tells of an earlier life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What was found.
    pub says: String,
    /// What to do.
    pub fix: String,
}

/// Looks for traces of earlier runs if the state folder is empty: a schedule that runs this configuration (or that
/// cannot be read), or a heartbeat. A configuration written a moment ago leaves no trace yet. `now` is this machine's
/// clock, milliseconds. Runs `crontab -l`, which takes milliseconds.
#[must_use]
pub fn earlier_life(
    path: &Path,
    config: &Config,
    schedule: Option<&Installation>,
    now: i64,
    invocation: &Invocation,
) -> Option<Trace> {
    if config.notification.delivered_by == DeliveredBy::NetdataCloud || is_new(path, now) {
        return None;
    }
    let sign = match schedule.map_or(Scheduled::No, |installation| scheduled(installation, path)) {
        Scheduled::Yes(sign) => format!("although {sign}"),
        _ if config.heartbeat.url.is_some() => "although a heartbeat is configured".to_owned(),
        Scheduled::Unknown(why) => format!("and cannot tell whether a schedule runs this ({why})"),
        Scheduled::No => return None,
    };
    Some(Trace {
        says: format!(
            "no run has left a state here yet, {sign}: if this ran before, its state was lost, and what was open in ilert is not \
             known here"
        ),
        fix: format!(
            "{} takes over what is open there; if this is the first run, all is well",
            invocation.command("--adopt")
        ),
    })
}

fn is_new(path: &Path, now: i64) -> bool {
    let written = fs::metadata(path).and_then(|found| found.modified()).ok();
    let since = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .is_none_or(|at| now.saturating_sub(at) < NEW)
}

/// Whether a schedule runs this very configuration.
enum Scheduled {
    Yes(&'static str),
    No,
    /// It cannot be told; why.
    Unknown(String),
}

fn scheduled(installation: &Installation, path: &Path) -> Scheduled {
    let is_first = std::path::absolute(path).is_ok_and(|path| path == installation.config);
    let there = match present(installation) {
        Ok(there) => there,
        Err(error) => return Scheduled::Unknown(error.to_string()),
    };
    let runs_this = |kind: &Scheduler| match there.runs(*kind, installation) {
        Runs::This => true,
        Runs::FirstAlone => is_first,
        Runs::Other => false,
    };
    match (there.kinds(installation).into_iter().find(runs_this), there.crontab) {
        (Some(Scheduler::Systemd), _) => Scheduled::Yes("a systemd timer runs this"),
        (Some(Scheduler::Cron), _) => Scheduled::Yes("a crontab line runs this"),
        (None, Crontab::Denied(said)) => Scheduled::Unknown(format!("the crontab cannot be read: {said}")),
        (None, _) => Scheduled::No,
    }
}
