//! A crontab's text: our one line in it, put there and taken out without touching any other.

use std::path::Path;

use super::error::ScheduleError;
use super::setting::Setting;
use crate::config::quoted;

/// Ends our line: a comment to the shell that runs it, and how the line is found again.
const MARKER: &str = "# netdata-ilert --install-schedule";

/// Our line, without its end. Every minute is cron's finest.
pub(super) fn line(setting: &Setting) -> Result<String, ScheduleError> {
    let binary = word(&setting.binary)?;
    let config = word(&setting.config)?;
    let state = word(&setting.state_dir)?;
    Ok(format!("* * * * * {binary} --send --config {config} --state-dir {state} {MARKER}"))
}

/// Whether our line is in a crontab.
pub(super) fn is_in(crontab: &str) -> bool {
    crontab.lines().any(is_ours)
}

/// The crontab with this line in place of ours, or at its end.
pub(super) fn with(crontab: &str, line: &str) -> String {
    let mut text = String::with_capacity(crontab.len() + line.len() + 2);
    let mut placed = false;
    for old in crontab.split_inclusive('\n') {
        if !is_ours(old) {
            text.push_str(old);
        } else if !placed {
            push(&mut text, line);
            placed = true;
        }
    }
    if !placed {
        push(&mut text, line);
    }
    text
}

/// The crontab without our line.
pub(super) fn without(crontab: &str) -> String {
    crontab.split_inclusive('\n').filter(|line| !is_ours(line)).collect()
}

fn push(text: &mut String, line: &str) {
    // cron ignores a last line that has no end; ours must not become a part of it.
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(line);
    text.push('\n');
}

/// A line that was commented out is its owner's.
fn is_ours(line: &str) -> bool {
    !line.trim_start().starts_with('#') && line.trim_end().ends_with(MARKER)
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
