//! A plan in words, for a person to read before anything is done.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::{PlannedCommand, PlannedFile, SchedulePlan};
use crate::text::ShownPath as _;

impl SchedulePlan {
    /// Everything that will be done, in words and with the texts, for a person to read before.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = String::new();
        let run = |text: &mut String, commands: &[PlannedCommand]| {
            for command in commands {
                let _ = writeln!(text, "run `{command}`");
            }
        };
        for file in &self.files {
            let Some(unit) = &file.text else { continue };
            let what = if file.old.is_some() { "replace" } else { "write" };
            let path = file.path.shown();
            let _ = writeln!(text, "{what} `{path}` (mode {:04o}):\n{}", PlannedFile::MODE, indented(unit));
        }
        let crontab = self.crontab.as_ref().map(|(before, after)| changed(before, after));
        let mut crontab =
            crontab.map(|change| format!("change the crontab:\n{change}\n")).unwrap_or_default();
        if self.adds_line() {
            text.push_str(&std::mem::take(&mut crontab));
        }
        run(&mut text, &self.start);
        run(&mut text, &self.stop);
        for file in self.files.iter().filter(|file| file.text.is_none()) {
            let _ = writeln!(text, "remove `{}`", file.path.shown());
        }
        run(&mut text, &self.settle);
        text.push_str(&crontab);
        text.push_str(&self.notes_shown());
        if self.is_empty() { self.unchanged() } else { text }
    }

    /// The same where the schedule is in force already ([`is_in_force`](super::super::is_in_force)).
    #[must_use]
    pub fn unchanged(&self) -> String {
        self.notes_shown() + "nothing to change: the schedule is as it should be\n"
    }

    fn notes_shown(&self) -> String {
        self.notes.iter().fold(String::new(), |notes, note| notes + "note: " + note + "\n")
    }
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{}", format!("    {line}").trim_end());
        all
    })
}

/// Our lines that go and come; all others stay and are not repeated.
fn changed(before: &str, after: &str) -> String {
    let only = |one: &str, other: &str, sign: char| {
        let others: HashSet<&str> = other.lines().collect();
        one.lines().filter(|line| !others.contains(line)).fold(String::new(), |mut all, line| {
            let _ = writeln!(all, "  {sign} {line}");
            all
        })
    };
    only(before, after, '-') + &only(after, before, '+')
}
