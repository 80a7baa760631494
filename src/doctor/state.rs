//! The state folder: whether it can be written and outlives a restart, and what the last run left in it.

use std::io::{self, Write as _};
use std::path::Path;

use rustix::fs::{Access, access, statfs, statvfs};

use super::{DoctorInput, Line, count, earlier_life};
use crate::config::{Config, Invocation};
use crate::delivery::store::{self, RunRecord, StoreError};
use crate::exit::Exit;
use crate::status::{self, StatusReport};
use crate::text::{ShownPath as _, ago::ago, quoted};

const CHECK: &str = "state folder";
const STATE: &str = "state";

/// Less room than this (bytes) is soon none.
const LITTLE_ROOM: u64 = 16 << 20;

/// What writing in a folder takes.
const WRITE: Access = Access::WRITE_OK.union(Access::EXEC_OK);

/// What waits longer than this (milliseconds) is stuck.
const LONG: i64 = 10 * 60_000;

/// File systems by statfs(2)'s numbers (linux/magic.h): those in memory, and those across a network.
const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];
const ACROSS_NETWORK: [u32; 4] = [0x6969, 0xff53_4d42, 0xfe53_4d42, 0x0000_517b];

/// When this last ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LastRun {
    /// There was none.
    Never,
    /// It started then (this machine's clock, milliseconds).
    At(i64),
    /// The same, and a person started it.
    ByHand(i64),
    /// The state that would say so cannot be read, or is lost.
    Unknown,
}

impl LastRun {
    fn of(status: &StatusReport) -> Self {
        match &status.last_run {
            Some(run) if run.by_hand => Self::ByHand(run.started),
            Some(run) => Self::At(run.started),
            None if status.lost.is_some() || status.unrecorded => Self::Unknown,
            None => Self::Never,
        }
    }
}

/// Lines, and when the last run was. A folder that cannot be written may be read all the same.
pub(super) fn lines(
    input: &DoctorInput<'_>,
    config: Option<&Config>,
    state: Result<StatusReport, StoreError>,
) -> (Vec<Line>, LastRun) {
    let mut lines = folder(input.state);
    match state {
        Ok(status) => {
            let now = (input.clock)();
            lines.extend(whole(input, config, &status, now));
            lines.extend(left(&status, now));
            (lines, LastRun::of(&status))
        }
        Err(error) => {
            if lines.iter().all(|line| line.mark != super::Mark::Wrong) {
                lines.push(Line::advised(CHECK, &error).by_failure());
            }
            (lines, LastRun::Unknown)
        }
    }
}

fn folder(path: &Path) -> Vec<Line> {
    let shown = path.shown();
    let fix = || format!("run this as the user that runs `--send`, or let that user write to `{shown}`");
    let unmade = |says: String| vec![Line::wrong(CHECK, says, fix()).by_failure()];
    let there = match nearest(path) {
        Ok(Some(there)) => there,
        Ok(None) => return unmade(format!("`{shown}` cannot be made")),
        Err(error) => return unmade(format!("cannot look whether `{shown}` is there: {error}")),
    };
    if let Err(error) = store::inspect(path) {
        return vec![Line::advised(CHECK, &error).by_failure()];
    }
    let says = if there == path {
        let failed = |error: &StoreError| vec![Line::of(CHECK, error, &fix()).by_failure()];
        if let Err(error) = store::check_writable(path) {
            return failed(&error);
        }
        if access(path, WRITE).is_err() {
            // A run sets the mode of a folder with its state.
            let says = format!("the mode of `{shown}` lets nobody write there");
            let fix = format!("the next `--send` opens it, as `chmod 700 {}` does", quoted(path));
            return vec![Line::warning(CHECK, says, fix)];
        }
        if let Err(error) = try_to_write(path) {
            return failed(&error);
        }
        format!("`{shown}` can be written")
    } else if there.is_dir() && access(there, WRITE).is_ok() {
        format!("`{shown}` will be made by the first run")
    } else {
        return unmade(format!("`{shown}` cannot be made in `{}`", there.shown()));
    };
    let mut lines = vec![Line::good(CHECK, says)];
    lines.extend(store::ajar(path).map(|words| {
        Line::warning(
            CHECK,
            words,
            format!("the next `--send` closes it, as `chmod 700 {}` does", quoted(path)),
        )
    }));
    lines.extend(disk(there, path));
    lines
}

/// The folder itself, or the nearest one above it that is there.
fn nearest(path: &Path) -> io::Result<Option<&Path>> {
    for folder in path.ancestors() {
        match folder.try_exists() {
            Ok(false) => {}
            // A file in a folder's place: what is below it is not there.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Ok(true) => return Ok(Some(folder)),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// A file of some kilobytes, gone at once: tells of permissions, read-only disks and full ones alike.
fn try_to_write(folder: &Path) -> Result<(), StoreError> {
    let write = || {
        let mut file = tempfile::NamedTempFile::with_prefix_in(".doctor-", folder)?;
        file.write_all(&[0; 4096])?;
        file.as_file().sync_all()
    };
    // That error names a file which nobody knows.
    write().map_err(|error: io::Error| StoreError::folder(folder, error.kind().into()))
}

fn disk(there: &Path, path: &Path) -> Option<Line> {
    let shown = path.shown();
    let elsewhere = "name a folder on a disk of this machine with `--state-dir`, for the schedule, too";
    // The number is as wide as the machine; its kinds fit 32 bits.
    let kind = statfs(there).ok().and_then(|found| u32::try_from(found.f_type & 0xffff_ffff).ok());
    if kind.is_some_and(|kind| IN_MEMORY.contains(&kind)) {
        let says = format!(
            "`{shown}` is in memory: a restart forgets what ilert was told, and what was open stays open"
        );
        return Some(Line::warning(CHECK, says, elsewhere));
    }
    if kind.is_some_and(|kind| ACROSS_NETWORK.contains(&kind)) {
        let says =
            format!("`{shown}` is on a network's disk, where locks and SQLite are not to be relied on");
        return Some(Line::warning(CHECK, says, elsewhere));
    }
    let free = statvfs(there).ok().map(|found| found.f_bavail.saturating_mul(found.f_frsize))?;
    (free < LITTLE_ROOM).then(|| {
        Line::warning(
            CHECK,
            format!("only {} MiB are free where `{shown}` is", free >> 20),
            "make room on that disk",
        )
    })
}

/// Whether the state is what the last run left.
fn whole(input: &DoctorInput<'_>, config: Option<&Config>, status: &StatusReport, now: i64) -> Option<Line> {
    let lost = lost(status);
    if lost.is_some() || !status.is_absent() {
        return lost;
    }
    let trace = earlier_life(input.config, config?, input.schedule.as_ref(), now, &input.invocation)?;
    Some(Line::warning(STATE, trace.says, trace.fix))
}

/// That the state is not what the last run left, as far as it says so itself.
pub(super) fn lost(status: &StatusReport) -> Option<Line> {
    if let Some(lost) = &status.lost {
        let says = format!("the state is {}: what was open in ilert before is not known here", lost.words());
        let fix = format!(
            "{} takes it over, with an API token of ilert's; without one, look in ilert for alerts that Netdata does not \
             show any more",
            status.invocation.command("--adopt")
        );
        return Some(Line::wrong(STATE, says, fix));
    }
    status.unrecorded.then(|| {
        let says = format!("{}: what it sent is not known here", status::UNRECORDED);
        let fix = format!(
            "{} says why, and makes up for it as soon as the state can be written",
            status.invocation.command("--send")
        );
        Line::wrong(STATE, says, fix)
    })
}

/// What the last run says of itself. One that ended with 4 (ilert refused, or does not know the key) or 1 needs a
/// person.
fn last_run(run: &RunRecord, invocation: &Invocation, now: i64) -> Option<Line> {
    const CHECK: &str = "last run";
    if run.exit == Exit::Done as u8 && run.problems.is_empty() {
        return None;
    }
    let says = format!("it ended with {}, {}: {}", run.exit, ago(now, run.started), run.problems.join("; "));
    let fix = format!("{} shows it whole", invocation.command("--status"));
    let goes_on = [Exit::Done, Exit::Later].iter().any(|exit| *exit as u8 == run.exit);
    Some(if goes_on { Line::warning(CHECK, says, fix) } else { Line::wrong(CHECK, says, fix) })
}

/// What the last runs left to a person.
pub(super) fn left(status: &StatusReport, now: i64) -> Vec<Line> {
    let invocation = &status.invocation;
    let shown = invocation.command("--status");
    let mut lines: Vec<Line> =
        status.last_run.iter().filter_map(|run| last_run(run, invocation, now)).collect();
    if let Some(latest) = status.failed.last() {
        lines.push(Line::wrong(
            "failed events",
            format!(
                "{} failed for good, the last one {}: {}",
                count(status.failed.len(), "event"),
                ago(now, latest.at),
                latest.words()
            ),
            format!(
                "{shown} lists them; then {} tries them again, {} drops them",
                invocation.command("--retry"),
                invocation.command("--discard all")
            ),
        ));
    }
    let oldest = status.waiting.iter().map(|waiting| waiting.since).min();
    if let Some(since) = oldest.filter(|since| now - since > LONG) {
        let waiting = count(status.waiting.len(), "event");
        lines.push(Line::warning(
            "outbox",
            format!("{waiting} not accepted by ilert yet, the oldest recorded {}", ago(now, since)),
            format!("{} tries now and says why", invocation.command("--send -v")),
        ));
    }
    let resting = status.waiting.iter().filter(|waiting| waiting.faults > 0).count();
    if resting > 0 {
        lines.push(Line::warning(
            "resting",
            format!("{} not taken by ilert, while others were", count(resting, "event")),
            format!("{shown} says until when they rest; after ten failures they count as failed"),
        ));
    }
    if !status.set_aside.is_empty() {
        lines.push(Line::warning(
            "old key",
            format!(
                "{} still open under an API key or endpoint used before",
                count(status.set_aside.len(), "alert")
            ),
            format!("resolve what {shown} lists by hand, in ilert"),
        ));
    }
    lines
}
