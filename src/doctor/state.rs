//! The state folder: whether it can be written and outlives a restart, and what the last run left in it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use rustix::fs::{Access, access, statfs, statvfs};

use super::{Line, Place, count};
use crate::delivery::store::{self, RunRecord};
use crate::status::{self, Status, ago};

const CHECK: &str = "state folder";

/// Less room than this (bytes) is soon none.
const LITTLE_ROOM: u64 = 16 << 20;

/// What waits longer than this (milliseconds) is stuck.
const LONG: i64 = 10 * 60_000;

/// File systems by statfs(2)'s numbers (linux/magic.h): those in memory, and those across a network.
const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];
const ACROSS_NETWORK: [u32; 4] = [0x6969, 0xff53_4d42, 0xfe53_4d42, 0x0000_517b];

/// Lines, and the last run.
pub(super) fn lines(place: &Place<'_>) -> (Vec<Line>, Option<RunRecord>) {
    let mut lines = folder(place.state);
    if lines.iter().any(|line| line.mark == super::Mark::Wrong) {
        return (lines, None);
    }
    match status::read(place.state) {
        Ok(status) => {
            lines.extend(left(&status, (place.clock)()));
            (lines, status.last_run)
        }
        Err(error) => {
            lines.push(Line::advised(CHECK, &error.to_string(), ": "));
            (lines, None)
        }
    }
}

fn folder(path: &Path) -> Vec<Line> {
    let shown = path.display();
    let fix = || format!("run this as the user that runs `--send`, or let that user write to `{shown}`");
    let Some(there) = path.ancestors().find(|folder| folder.exists()) else {
        return vec![Line::wrong(CHECK, format!("`{shown}` cannot be made"), fix())];
    };
    if let Err(error) = store::inspect(path) {
        return vec![Line::advised(CHECK, &error.to_string(), ": ")];
    }
    let says = if there == path {
        match try_to_write(path) {
            Ok(()) => format!("`{shown}` can be written"),
            Err(error) => return vec![unwritable(path, &error)],
        }
    } else if there.is_dir() && access(there, Access::WRITE_OK | Access::EXEC_OK).is_ok() {
        format!("`{shown}` will be made by the first run")
    } else {
        return vec![Line::wrong(CHECK, format!("`{shown}` cannot be made in `{}`", there.display()), fix())];
    };
    let mut lines = vec![Line::good(CHECK, says)];
    lines.extend(disk(there, path));
    lines
}

/// A file of some kilobytes, gone at once: tells of permissions, read-only disks and full ones alike.
fn try_to_write(folder: &Path) -> io::Result<()> {
    if !fs::metadata(folder)?.is_dir() {
        return Err(io::Error::other("it is no folder"));
    }
    let mut file = tempfile::NamedTempFile::with_prefix_in(".doctor-", folder)?;
    file.write_all(&[0; 4096])?;
    file.as_file().sync_all()
}

fn unwritable(path: &Path, error: &io::Error) -> Line {
    let fix = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on that disk".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "name another folder with `--state-dir`".to_owned(),
        _ => format!(
            "run this as the user that runs `--send`, and let that user write to `{}`",
            path.display()
        ),
    };
    Line::wrong(CHECK, format!("`{}` cannot be written: {error}", path.display()), fix)
}

fn disk(there: &Path, path: &Path) -> Option<Line> {
    let shown = path.display();
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

/// What the last runs left to a person.
fn left(status: &Status, now: i64) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(run) = status.last_run.as_ref().filter(|run| !run.problems.is_empty()) {
        let when = ago(now, run.started);
        let problems = run.problems.join("; ");
        lines.push(Line::warning(
            "last run",
            format!("it ended with {}, {when}: {problems}", run.exit),
            "`--status` shows it whole; the lines above may say why",
        ));
    }
    if let Some(latest) = status.failed.last() {
        lines.push(Line::wrong(
            "failed events",
            format!(
                "ilert refused {} for good, the last one {}: HTTP {}: {}",
                count(status.failed.len(), "event"),
                ago(now, latest.at),
                latest.status,
                latest.reason
            ),
            "`--status` lists them; then `--retry` tries them again, `--discard ID` drops one",
        ));
    }
    let oldest = status.waiting.iter().map(|waiting| waiting.since).min();
    if let Some(since) = oldest.filter(|since| now - since > LONG) {
        let waiting = count(status.waiting.len(), "event");
        lines.push(Line::warning(
            "outbox",
            format!("{waiting} not accepted by ilert yet, the oldest recorded {}", ago(now, since)),
            "`--send -v` tries now and says why",
        ));
    }
    if !status.set_aside.is_empty() {
        lines.push(Line::warning(
            "old key",
            format!("{} still open under an API key used before", count(status.set_aside.len(), "alert")),
            "resolve what `--status` lists by hand, in ilert",
        ));
    }
    lines
}
