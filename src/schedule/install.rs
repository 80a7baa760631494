//! Doing what a plan says: files whole or not at all, the crontab by its own program, commands in order.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::{Command as Process, Output, Stdio};

use tempfile::NamedTempFile;

use super::plan::Needs;
use super::{Command, Crontab, File, Plan, ScheduleError, Setting, crontab, lossless};
use crate::text::one_line;

/// Longest word of another program that is repeated, in characters.
const LONGEST: usize = 300;

/// Does it, and says what was done, a line each. Whatever fails ends it: what a plan does can be done again.
pub fn install(plan: &Plan) -> Result<Vec<String>, ScheduleError> {
    check(plan)?;
    let mut done = Vec::new();
    run_all(&plan.before, &plan.path, &mut done)?;
    for folder in &plan.folders {
        make_private(folder)?;
    }
    for file in &plan.files {
        if let Some(text) = &file.text {
            let failed = |source| ScheduleError::File { doing: "write", path: file.path.clone(), source };
            write(&file.path, text).map_err(failed)?;
            done.push(format!("wrote `{}`", file.path.display()));
        } else {
            remove(&file.path)?;
            done.push(format!("removed `{}`", file.path.display()));
        }
    }
    if let Some((before, after)) = &plan.crontab {
        write_crontab(&plan.path, after)?;
        let what = if crontab::is_in(after) {
            if crontab::is_in(before) { "changed the line in" } else { "added a line to" }
        } else {
            "took the line out of"
        };
        done.push(format!("{what} the crontab"));
    }
    run_all(&plan.after, &plan.path, &mut done)?;
    Ok(done)
}

/// Before anything is changed: whether what the plan needs is there.
fn check(plan: &Plan) -> Result<(), ScheduleError> {
    match &plan.needs {
        Needs::Systemd { root, runtime } if !runtime.exists() => {
            Err(if *root { ScheduleError::NoSystemd } else { ScheduleError::NoUserSystemd(runtime.clone()) })
        }
        Needs::Crontab if !is_found("crontab", &plan.path) => Err(ScheduleError::NoCrontab),
        _ => Ok(()),
    }
}

fn run_all(commands: &[Command], path: &OsStr, done: &mut Vec<String>) -> Result<(), ScheduleError> {
    for command in commands {
        match (run(command, path), &command.otherwise) {
            (Ok(()), _) => done.push(format!("ran `{command}`")),
            (Err(_), Some(otherwise)) => done.push(otherwise.clone()),
            (Err(error), None) => return Err(error),
        }
    }
    Ok(())
}

fn run(command: &Command, path: &OsStr) -> Result<(), ScheduleError> {
    let failed = |said: String| ScheduleError::Command { command: command.to_string(), said };
    let Some((program, arguments)) = command.words.split_first() else { return Ok(()) };
    let output = process(program, path).args(arguments).output();
    let output = output.map_err(|error| failed(error.to_string()))?;
    if output.status.success() { Ok(()) } else { Err(failed(said(&output))) }
}

/// A file that appears with its whole text, or not.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::with_prefix_in(".netdata-ilert-", folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(Permissions::from_mode(File::MODE))?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    fs::File::open(folder)?.sync_all()
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

/// The crontab of the user that this runs as.
pub(super) fn read_crontab(setting: &Setting) -> Crontab {
    match process("crontab", &setting.path).arg("-l").output() {
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

fn write_crontab(path: &OsStr, text: &str) -> Result<(), ScheduleError> {
    let failed = |said: String| ScheduleError::Crontab { doing: "write it", said };
    let mut child = process("crontab", path)
        .arg("-")
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    // A program that does not read to the end says why by its status.
    let written = child.stdin.take().map(|mut input| input.write_all(&lossless::bytes(text)));
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    match (output.status.success(), written) {
        (true, Some(Ok(()))) => Ok(()),
        (true, Some(Err(error))) => Err(failed(error.to_string())),
        _ => Err(failed(said(&output))),
    }
}

pub(super) fn finds(setting: &Setting, program: &str) -> bool {
    is_found(program, &setting.path)
}

fn is_found(program: &str, path: &OsStr) -> bool {
    std::env::split_paths(path).any(|folder| folder.join(program).is_file())
}

/// A program found by this `PATH`, which speaks English and asks nothing.
fn process(program: &str, path: &OsStr) -> Process {
    let mut process = Process::new(program);
    process
        .env("PATH", path)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    process
}

/// What a program said on its way out, or how it ended.
fn said(output: &Output) -> String {
    let text = [output.stderr.as_slice(), output.stdout.as_slice()]
        .into_iter()
        .map(|bytes| one_line(&String::from_utf8_lossy(bytes), LONGEST))
        .find(|text| !text.is_empty());
    text.unwrap_or_else(|| output.status.to_string())
}
