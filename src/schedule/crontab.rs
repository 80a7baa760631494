//! A crontab's text: adds and removes our one line without touching any other.

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::lossless;
    use super::{MARKER, is_in, is_ours, with, without};

    const LINE: &str = "* * * * * /usr/bin/netdata-ilert --send # netdata-ilert --install-schedule";

    /// Bytes of any kind, and what looks like a crontab with lines that are nearly ours.
    fn crontab() -> impl Strategy<Value = Vec<u8>> {
        let line = prop_oneof![
            "[ #*a-z0-9%\\t\\r\u{e9}]{0,20}".prop_map(String::into_bytes),
            Just(format!("#{LINE}").into_bytes()),
            Just(format!("{LINE} and more").into_bytes()),
            Just(MARKER.as_bytes().to_vec()),
            proptest::collection::vec(any::<u8>(), 0..12),
        ];
        proptest::collection::vec(line, 0..8).prop_map(|lines| lines.join(&b'\n'))
    }

    fn lines_of_others(bytes: &[u8]) -> Vec<&[u8]> {
        bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !is_ours(&lossless::text(line))).collect()
    }

    proptest! {
        #[test]
        fn what_was_installed_and_removed_left_every_byte(before in crontab(), again in any::<bool>()) {
            let text = lossless::text(&before);
            prop_assume!(!is_in(&text));
            let mut installed = with(&text, LINE);
            if again {
                installed = with(&installed, LINE);
            }
            // What is written is read back by another run.
            let installed = lossless::bytes(&installed);
            prop_assert!(is_in(&lossless::text(&installed)));
            let mut removed = lossless::bytes(&without(&lossless::text(&installed)));
            // cron takes no crontab whose last line has no end.
            if !before.is_empty() && !before.ends_with(b"\n") {
                prop_assert_eq!(removed.pop(), Some(b'\n'));
            }
            prop_assert_eq!(removed, before);
        }

        #[test]
        fn lines_of_others_stay_as_they_are_wherever_ours_stands(before in crontab(), at in any::<prop::sample::Index>()) {
            let mut lines: Vec<_> = before.split_inclusive(|byte| *byte == b'\n').collect();
            let ours = format!("{LINE}\n");
            lines.insert(at.index(lines.len() + 1), ours.as_bytes());
            let before = lines.concat();
            let text = lossless::text(&before);
            for after in [with(&text, LINE), without(&text)] {
                let after = lossless::bytes(&after);
                prop_assert_eq!(lines_of_others(&after), lines_of_others(&before));
            }
        }
    }
}
