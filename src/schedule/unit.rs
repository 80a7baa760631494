//! Units as they are in their folder: what they are called, and what a service names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::ScheduleError;
use crate::files;

/// What the units of all that are installed are called, and, in version 0.1.0, those of any.
pub(super) const UNIT: &str = "netdata-ilert";

/// No unit is larger (bytes).
const LARGEST: u64 = 1 << 20;

/// A unit's text, if it is there and not masked.
pub(super) fn read(path: &Path) -> Result<Option<String>, ScheduleError> {
    text(path).map_err(|source| ScheduleError::File { doing: "read", path: path.to_owned(), source })
}

/// The same, with the system's error.
pub(super) fn text(path: &Path) -> io::Result<Option<String>> {
    if is_masked(path) {
        return Ok(None);
    }
    match files::text(path, LARGEST) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a unit has this line, whatever blanks stand behind it.
pub(super) fn has_line(unit: &str, line: &str) -> bool {
    unit.lines().any(|found| found.trim_end() == line)
}

/// Whether `systemctl mask` made this link: systemd runs no unit of its name.
pub(super) fn is_masked(path: &Path) -> bool {
    fs::read_link(path).is_ok_and(|target| target == Path::new("/dev/null"))
}

/// The names of those schedules with a timer in this folder that are for one configuration elsewhere.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let units = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let name =
        |unit: String| Some(unit.strip_prefix(UNIT)?.strip_prefix('-')?.strip_suffix(".timer")?.to_owned());
    let mut names: Vec<String> = units.filter_map(name).collect();
    names.sort_unstable();
    names
}

/// The configuration that the schedule of this name runs.
pub(super) fn config_of(folder: &Path, name: &str) -> Option<PathBuf> {
    let text = text(&folder.join(format!("{UNIT}-{name}.service"))).ok()??;
    named_by(&text, "--config")
}

/// The path that a service names with this option, such as `--config`, if it names one.
pub(super) fn named_by(service: &str, option: &str) -> Option<PathBuf> {
    let line = service.lines().find(|line| line.starts_with("ExecStart="))?;
    let (_, rest) = line.split_once(&format!(" {option} "))?;
    let mut path = String::new();
    let quoted = rest.strip_prefix('"');
    let mut characters = quoted.unwrap_or(rest).chars();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted.is_some() => break,
            ' ' if quoted.is_none() => break,
            '\\' if quoted.is_some() => path.extend(characters.next()),
            '%' => {
                path.push('%');
                characters.next();
            }
            c => path.push(c),
        }
    }
    Some(path.into())
}
