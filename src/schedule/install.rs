//! Carries out a plan: writes files whole or not at all, changes the crontab by `crontab`, runs commands in order.

use std::collections::HashSet;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::error::ScheduleError;
use super::installation::Installation;
use super::plan::{Needs, PlannedCommand, PlannedFile, SchedulePlan, systemctl};
use super::present::{Crontab, read_crontab};
use super::program::{self, is_found, said};
use super::scheduler::Scheduler;
use super::{crontab, lossless, systemd, unit};
use crate::files;
use crate::text::ShownPath as _;

/// Carries a plan out and returns what was done, a line each: what is new runs before what it replaces is stopped. The
/// first failure ends it; a plan can be carried out again.
pub fn install(plan: &SchedulePlan) -> Result<Vec<String>, ScheduleError> {
    check(plan)?;
    unchanged(plan)?;
    let mut done = Vec::new();
    for folder in &plan.folders {
        make_private(folder)?;
    }
    for PlannedFile { path, text, .. } in &plan.files {
        let Some(text) = text else { continue };
        let failed = |source| ScheduleError::File { doing: "write", path: path.clone(), source };
        write(path, text).map_err(failed)?;
        done.push(format!("wrote `{}`", path.shown()));
    }
    if plan.adds_line() {
        done.extend(change_crontab(plan)?);
    }
    run_all(&plan.start, plan, &mut done)?;
    run_all(&plan.stop, plan, &mut done)?;
    for PlannedFile { path, .. } in plan.files.iter().filter(|file| file.text.is_none()) {
        remove(path)?;
        done.push(format!("removed `{}`", path.shown()));
    }
    run_all(&plan.settle, plan, &mut done)?;
    if !plan.adds_line() {
        done.extend(change_crontab(plan)?);
    }
    Ok(done)
}

fn change_crontab(plan: &SchedulePlan) -> Result<Option<String>, ScheduleError> {
    let Some((before, after)) = &plan.crontab else { return Ok(None) };
    write_crontab(plan, after)?;
    let had_line = crontab::is_in(before, &plan.installation);
    let what = match (had_line, plan.adds_line()) {
        (true, true) => "changed the line in",
        (false, true) => "added a line to",
        (_, false) => "took the line out of",
    };
    Ok(Some(format!("{what} the crontab")))
}

/// Whether what the plan needs is there. Changes nothing.
pub fn check(plan: &SchedulePlan) -> Result<(), ScheduleError> {
    match &plan.needs {
        Needs::Systemd { runtime, .. } if !runtime.exists() && !is_found("crontab", &plan.path) => {
            Err(ScheduleError::NoScheduler)
        }
        Needs::Systemd { root, runtime } if !runtime.exists() => {
            Err(if *root { ScheduleError::NoSystemd } else { ScheduleError::NoUserSystemd(runtime.clone()) })
        }
        Needs::Crontab if !is_found("crontab", &plan.path) => {
            let systemd = plan.installation.offers(Scheduler::Systemd);
            Err(if systemd { ScheduleError::NoCrontab } else { ScheduleError::NoScheduler })
        }
        _ => Ok(()),
    }
}

/// Whether the plan leaves all as it is: the files and the crontab are as they should be, and systemd runs the timer, also
/// after the next start of the machine. Asks `systemctl`, where the plan needs it.
#[must_use]
pub fn is_in_force(plan: &SchedulePlan) -> bool {
    if !plan.keeps_schedule() {
        return false;
    }
    let timer = systemd::timer(&plan.installation.unit());
    let says_yes =
        |question: &str| run(&systemctl(&plan.installation, &[question, "--quiet", &timer]), plan).is_ok();
    plan.is_empty() || ["is-enabled", "is-active"].into_iter().all(says_yes)
}

/// Whether the timer that is there stands still: somebody stopped it, or it failed. Asks `systemctl`; what it does not say
/// is taken for no.
#[must_use]
pub fn is_stopped(installation: &Installation) -> bool {
    let timer = systemd::timer(&installation.unit());
    let asked = systemctl(installation, &["is-active", &timer]);
    let words: Vec<_> = asked.words.iter().map(String::as_str).collect();
    let answer = || program::run(&words, b"", &installation.path, installation.limit).ok();
    installation.systemd.exists()
        && answer().is_some_and(|said| [&b"inactive"[..], b"failed"].contains(&said.stdout.trim_ascii()))
}

/// Whether all that the plan changes is as it was when the plan was made, or as the plan has it. Changes nothing.
pub fn unchanged(plan: &SchedulePlan) -> Result<(), ScheduleError> {
    for file in &plan.files {
        let found = unit::read(&file.path)?;
        // Of some that are removed, the text was not looked at.
        let is_known = file.old.is_some() || file.text.is_some();
        if is_known && found != file.old && found != file.text {
            return Err(ScheduleError::Changed(format!("`{}`", file.path.shown())));
        }
    }
    let Some((before, after)) = &plan.crontab else { return Ok(()) };
    match read_crontab(&plan.path, plan.limit) {
        Crontab::Text(found) if found == *before || found == *after => Ok(()),
        Crontab::Text(_) => Err(ScheduleError::Changed("the crontab".to_owned())),
        other => other.text().map(drop),
    }
}

fn run_all(
    commands: &[PlannedCommand],
    plan: &SchedulePlan,
    done: &mut Vec<String>,
) -> Result<(), ScheduleError> {
    for command in commands {
        match (run(command, plan), &command.otherwise) {
            (Ok(()), _) => done.push(format!("ran `{command}`")),
            (Err(_), Some(otherwise)) => done.push(otherwise.clone()),
            (Err(error), None) => return Err(error),
        }
    }
    Ok(())
}

fn run(command: &PlannedCommand, plan: &SchedulePlan) -> Result<(), ScheduleError> {
    let failed = |said: String| ScheduleError::Command { command: command.to_string(), said };
    let words: Vec<_> = command.words.iter().map(String::as_str).collect();
    let output = program::run(&words, b"", &plan.path, plan.limit);
    let output = output.map_err(|error| failed(error.to_string()))?;
    if output.status.success() { Ok(()) } else { Err(failed(said(&output))) }
}

/// A file that appears with its whole text, or not.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder)?;
    files::replace(path, text.as_bytes(), PlannedFile::MODE)
}

fn remove(path: &Path) -> Result<(), ScheduleError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(ScheduleError::File { doing: "remove", path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

fn make_private(folder: &Path) -> Result<(), ScheduleError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|source| ScheduleError::File {
        doing: "make",
        path: folder.to_owned(),
        source,
    })
}

/// Writes the crontab and reads it back.
fn write_crontab(plan: &SchedulePlan, text: &str) -> Result<(), ScheduleError> {
    let failed = |said: String| ScheduleError::Crontab { doing: "write", said };
    let write = |text: &str| {
        program::run(&["crontab", "-"], &lossless::bytes(text), &plan.path, plan.limit)
            .map_err(|error| failed(error.to_string()))
    };
    let mut output = write(text)?;
    if !output.status.success() && !text.is_empty() && !text.ends_with('\n') {
        // Most crons take no crontab whose last line has no end, also where one was there.
        output = write(&format!("{text}\n"))?;
    }
    if !output.status.success() {
        return Err(failed(said(&output)));
    }
    match read_crontab(&plan.path, plan.limit) {
        Crontab::Text(kept) if is_kept(text, &kept, plan) => Ok(()),
        Crontab::Text(_) => Err(ScheduleError::NotKept),
        Crontab::Denied(said) => Err(ScheduleError::Crontab { doing: "read back", said }),
        Crontab::Missing => Err(ScheduleError::NoCrontab),
    }
}

/// Whether each line was kept, and none of ours besides. Some crons show a head of their own above.
fn is_kept(written: &str, kept: &str, plan: &SchedulePlan) -> bool {
    let lines: HashSet<&str> = kept.lines().collect();
    written.lines().all(|line| lines.contains(line))
        && crontab::is_in(written, &plan.installation) == crontab::is_in(kept, &plan.installation)
}
