//! A crontab's text: adds and removes our one line without touching any other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::entry::{Entry, entries};
use super::error::ScheduleError;
use super::installation::{Installation, Serves, configurations_in};
use super::runs::Runs;
use crate::config;
use crate::text::{ShownPath as _, quoted};

/// Ends our line: a comment to the shell that runs it, and how the line is found again.
const MARKER: &str = "# netdata-ilert --install-schedule";

/// Stands before the marker where the last line had no newline until ours came: [`without`] takes the newline back.
const ADDED: &str = "# the line above had no newline ";

/// Our line, without its end. Every minute is cron's finest.
pub(super) fn line(installation: &Installation) -> Result<String, ScheduleError> {
    let binary = word(&installation.binary)?;
    let state = word(&installation.state_dir)?;
    let marker = marker(installation);
    match &installation.serves {
        Serves::One { .. } => Ok(format!(
            "* * * * * {binary} --send --config {} --state-dir {state} {marker}",
            word(&installation.config)?
        )),
        Serves::All { folder: None } => Ok(format!("* * * * * {binary} --send --state-dir {state} {marker}")),
        Serves::All { folder: Some(folder) } => Ok(format!(
            "* * * * * CONFIGURATION_DIRECTORY={} {binary} --send --state-dir {state} {marker}",
            word(folder)?
        )),
    }
}

/// The line that runs one configuration, as version 0.1.0 wrote it for any.
fn line_of_one(installation: &Installation) -> Result<String, ScheduleError> {
    let [binary, config, state] =
        [&installation.binary, &installation.config, &installation.state_dir].map(|path| word(path));
    Ok(format!("* * * * * {} --send --config {} --state-dir {} {MARKER}", binary?, config?, state?))
}

/// Whether our line is in a crontab.
pub(super) fn is_in(crontab: &str, installation: &Installation) -> bool {
    entries(crontab).any(|entry| is_ours(&entry, installation))
}

/// What our line in a crontab runs.
pub(super) fn runs(crontab: &str, installation: &Installation) -> Runs {
    let ours = || {
        let ours = entries(crontab).filter(|entry| is_ours(entry, installation));
        ours.map(|entry| (unnoted(entry.line.trim_end()), entry.config()))
    };
    let has =
        |line: Result<String, ScheduleError>| line.is_ok_and(|line| ours().any(|(found, _)| found == line));
    let runs_this = |(found, config): (String, Option<PathBuf>)| {
        line_of_one(&installation.spelling(config))
            .is_ok_and(|line| found == line || found.starts_with(&format!("{line} ")))
    };
    match &installation.serves {
        _ if has(line(installation)) || has(line(&installation.explicit())) => Runs::This,
        Serves::All { .. } if has(line_of_one(installation)) => Runs::FirstAlone,
        Serves::One { .. } if ours().any(runs_this) => Runs::This,
        _ => Runs::Other,
    }
}

/// The variables that our line has, or one that somebody else wrote in its place; or that ours would have at the end.
pub(super) fn variables(crontab: &str, installation: &Installation) -> BTreeMap<String, String> {
    let ours = entries(crontab)
        .find(|entry| is_ours(entry, installation))
        .or_else(|| entries(crontab).find(|entry| is_by_hand(entry, installation)));
    // A line of our own at the end has those of all lines above it.
    let with_line = format!("{crontab}\n#");
    ours.or_else(|| entries(&with_line).last()).map(|entry| entry.variables).unwrap_or_default()
}

/// The lines that run the sender for others, in words: this program's own, and those by hand that name what they run.
/// What is in a line may be secret.
pub(super) fn others(crontab: &str, installation: &Installation) -> Vec<String> {
    let is_others = |entry: &Entry<'_>| {
        if is_marked(entry.line) {
            return !is_ours(entry, installation);
        }
        sends(entry.line) && !is_by_hand(entry, installation)
    };
    let what = |entry: &Entry<'_>| match entry.config() {
        Some(config) => format!("`{}`", config.shown()),
        None => configurations_in(entry.folder(installation.root).as_deref()),
    };
    let others = entries(crontab).filter(is_others);
    others.map(|entry| format!("line {} of the crontab runs {}", entry.number, what(&entry))).collect()
}

/// The number of the first line that somebody else wrote and that runs the sender, as far as it says for this
/// configuration; the first line is 1. What is in it may be secret.
pub(super) fn by_hand(crontab: &str, installation: &Installation) -> Option<usize> {
    entries(crontab).find(|entry| is_by_hand(entry, installation)).map(|entry| entry.number)
}

/// The number of the first of them that runs just this configuration, with this state. `usual` is the state folder that a
/// line means which names none.
pub(super) fn same_by_hand(
    crontab: &str,
    installation: &Installation,
    usual: Option<&Path>,
) -> Option<usize> {
    let is_same = |entry: &Entry<'_>| {
        let state = entry.path("--state-dir", None);
        is_by_hand(entry, installation)
            && is_for(entry, installation)
            && state.as_deref().or(usual) == Some(&*installation.state_dir)
            && !entry.line.contains("--dry-run")
    };
    entries(crontab).find(is_same).map(|entry| entry.number)
}

/// One that names nothing may run any: whoever wrote it knows.
fn is_by_hand(entry: &Entry<'_>, installation: &Installation) -> bool {
    let names_this = || !entry.names_any() || is_for(entry, installation);
    !is_marked(entry.line) && sends(entry.line) && names_this()
}

/// Whether cron runs the sender by this line.
fn sends(line: &str) -> bool {
    let mut is_program = false;
    let line = line.trim_start();
    let name = line.split('=').next().unwrap_or_default().trim_end();
    if line.contains('=') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return false;
    }
    for word in line.split_whitespace().take_while(|word| !word.starts_with('#')) {
        let bare = word.trim_matches(|c: char| "'\"(){}`;&|".contains(c));
        let rest = ["--send", "--watch"].iter().find_map(|option| bare.strip_prefix(option));
        if is_program && rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
        {
            return true;
        }
        let ends = word.ends_with([';', '&', '|']) && !word.ends_with(">&");
        is_program = !ends && (is_program || bare.rsplit('/').next() == Some("netdata-ilert"));
    }
    false
}

/// The crontab with this line in place of ours, or at its end.
pub(super) fn with(crontab: &str, line: &str, installation: &Installation) -> String {
    let mut text = String::with_capacity(crontab.len() + line.len() + 2);
    let mut placed = false;
    for entry in entries(crontab) {
        if !is_ours(&entry, installation) {
            text.push_str(entry.line);
        } else if !placed {
            let line = if is_noted(entry.line) { noted(line) } else { line.to_owned() };
            push(&mut text, &line);
            placed = true;
        }
    }
    if !placed {
        // cron ignores a last line that has no end; ours must not become a part of it.
        let is_cut = !text.is_empty() && !text.ends_with('\n');
        if is_cut {
            text.push('\n');
        }
        push(&mut text, &if is_cut { noted(line) } else { line.to_owned() });
    }
    text
}

/// The crontab without our line.
pub(super) fn without(crontab: &str, installation: &Installation) -> String {
    let mut text = String::with_capacity(crontab.len());
    let mut is_last = false;
    for entry in entries(crontab) {
        if is_ours(&entry, installation) {
            is_last |= is_noted(entry.line);
        } else {
            text.push_str(entry.line);
            is_last = false;
        }
    }
    if is_last && text.ends_with('\n') {
        text.pop();
    }
    text
}

fn noted(line: &str) -> String {
    line.rfind(MARKER).map_or_else(
        || line.to_owned(),
        |at| {
            let (start, marker) = line.split_at(at);
            format!("{start}{ADDED}{marker}")
        },
    )
}

fn unnoted(line: &str) -> String {
    line.replacen(&format!("{ADDED}{MARKER}"), MARKER, 1)
}

fn is_noted(line: &str) -> bool {
    line.rfind(MARKER).and_then(|at| line.get(..at)).is_some_and(|start| start.ends_with(ADDED))
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// How our line is found again.
fn marker(installation: &Installation) -> String {
    match &installation.serves {
        Serves::All { .. } => MARKER.to_owned(),
        Serves::One { name } => format!("{MARKER} {name}"),
    }
}

/// Whether a line is one of this program's. One that was commented out is its owner's.
fn is_marked(line: &str) -> bool {
    let after = line.rfind(MARKER).and_then(|at| line.get(at + MARKER.len()..)).map(str::trim_end);
    let is_name =
        |rest: &str| rest.strip_prefix(' ').is_some_and(|name| !name.is_empty() && !name.contains(' '));
    !line.trim_start().starts_with('#') && after.is_some_and(|rest| rest.is_empty() || is_name(rest))
}

/// Whether a line is ours: by its marker, and by what it runs.
fn is_ours(entry: &Entry<'_>, installation: &Installation) -> bool {
    let line = entry.line.trim_end();
    if !is_marked(line) {
        return false;
    }
    match &installation.serves {
        Serves::One { .. } => line.ends_with(&marker(installation)) || is_for(entry, installation),
        Serves::All { .. } => line.ends_with(MARKER) && is_for(entry, installation),
    }
}

/// The state folder that our line names.
pub(super) fn state_dir(crontab: &str, installation: &Installation) -> Option<PathBuf> {
    entries(crontab).find(|entry| is_ours(entry, installation))?.path("--state-dir", None)
}

/// Whether a line runs this configuration, or those that are installed here.
fn is_for(entry: &Entry<'_>, installation: &Installation) -> bool {
    let config = entry.config();
    // A name, and none at all, is of those in the line's folder.
    if config.as_deref().is_none_or(|config| !config::is_path(config)) {
        return installation.owns_folder(entry.folder(installation.root).as_deref());
    }
    installation.owns(config.as_deref())
}

fn word(path: &Path) -> Result<String, ScheduleError> {
    let refuse = |found| ScheduleError::Path { path: path.to_owned(), found, place: "a crontab" };
    let text = path.to_str().ok_or_else(|| refuse("bytes that are no UTF-8"))?;
    // cron takes a percent sign for the end of the command, and crons disagree about how to escape it.
    if text.contains('%') {
        return Err(refuse("a percent sign"));
    }
    if text.chars().any(char::is_control) {
        return Err(refuse("a control character"));
    }
    Ok(quoted(path))
}

#[cfg(test)]
mod tests;
