//! Where no state is: whether something tells that this sender ran before, so that its state was lost.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::config::{Config, DeliveredBy};
use crate::schedule::{Kind, Setting, present};

/// A configuration that was written within this (milliseconds) is new: nothing can have run with it yet.
const NEW: i64 = 10 * 60_000;

/// What tells of an earlier life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What was found.
    pub says: String,
    /// What to do.
    pub fix: &'static str,
}

/// Looks for what an earlier life would have left, where the state folder holds nothing: a schedule that runs this very
/// configuration, or a heartbeat. One that was set up a moment ago is no trace. `now` is this machine's clock,
/// milliseconds. Runs `crontab -l`, which takes milliseconds.
#[must_use]
pub fn earlier_life(path: &Path, config: &Config, schedule: Option<&Setting>, now: i64) -> Option<Trace> {
    if config.notification.delivered_by == DeliveredBy::NetdataCloud || is_new(path, now) {
        return None;
    }
    let sign =
        schedule.and_then(scheduled).or(config.heartbeat.as_ref().map(|_| "a heartbeat is configured"))?;
    Some(Trace {
        says: format!(
            "there is no state yet, although {sign}: if this ran before, its state was lost, and what was open in ilert \
             is not known here"
        ),
        fix: "`netdata-ilert --adopt` takes over what is open there; if this is the first run, all is well",
    })
}

fn is_new(path: &Path, now: i64) -> bool {
    let written = fs::metadata(path).and_then(|found| found.modified()).ok();
    let since = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    since
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .is_none_or(|at| now.saturating_sub(at) < NEW)
}

fn scheduled(setting: &Setting) -> Option<&'static str> {
    let there = present(setting).ok()?;
    match there.kinds().into_iter().find(|kind| there.runs(*kind, setting))? {
        Kind::Systemd => Some("a systemd timer runs this"),
        Kind::Cron => Some("a crontab line runs this"),
    }
}
