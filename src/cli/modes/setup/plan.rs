//! `--setup --dry-run`: what there is, and what would be done. Nothing is sent to ilert.

use std::fmt::Write as _;

use color_eyre::eyre;

use super::answers::{Answers, KeyAnswer};
use super::{checks, kept};
use crate::cli::Arguments;
use crate::cli::arguments::TestPriority;
use crate::cli::modes::print;
use crate::cli::modes::send::SendResult;
use crate::exit::{Exit, Stopped};
use crate::setup::diff::LineChange;
use crate::text::{ShownPath as _, one_line};

/// Longest name that is shown, characters.
const LONGEST: usize = 100;

/// Prints the plan.
pub(super) async fn show(arguments: &Arguments) -> eyre::Result<Exit> {
    let answers = Answers::of(arguments).await?;
    checks::here(&answers)?;
    let mut text = String::new();
    match checks::netdata(&answers.config).await {
        Ok(lines) => lines.iter().for_each(|line| _ = writeln!(text, "{line}")),
        Err(error) => match error.downcast::<Stopped>() {
            Ok(away) => _ = writeln!(text, "Netdata, without which nothing is set up: {}", first_line(&away)),
            Err(error) => return Err(error),
        },
    }
    let key = key(&answers, &mut text)?;
    let is_written = configuration(&answers, &mut text)?;
    let proof = match arguments.priority {
        _ if arguments.no_test => "none, as `--no-test` says",
        _ if is_written && key == Stays::Yes => "none, as key, endpoint and configuration stay as they are",
        Some(TestPriority::High) => "an ALERT with priority HIGH, which escalates, and its RESOLVE",
        _ if is_written && key == Stays::Unknown => {
            "an ALERT with priority LOW, and its RESOLVE, if the key is another one"
        }
        _ => "an ALERT with priority LOW, and its RESOLVE: nobody is paged",
    };
    let _ = writeln!(text, "live test, before anything is written: {proof}");
    match &answers.schedule {
        None => text.push_str("schedule: stays as it is\n"),
        Some(plan) => _ = writeln!(text, "schedule:\n{}", indented(&plan.shown())),
    }
    if SendResult::elsewhere(&answers.config).is_none() {
        text.push_str("then a dry run of `--send`\n");
    }
    text.push_str("nothing was changed\n");
    print(&text)
}

/// Whether something stays as it is.
#[derive(PartialEq)]
enum Stays {
    Yes,
    No,
    /// Only ilert knows.
    Unknown,
}

fn key(answers: &Answers, text: &mut String) -> eyre::Result<Stays> {
    let (stays, words) = match &answers.key {
        KeyAnswer::Given(key) => match kept(answers, key)? {
            None => (Stays::Yes, format!("{key}, unchanged")),
            Some(deed) => (Stays::No, format!("{key}, into {deed} (mode 0600)")),
        },
        KeyAnswer::Source { name, policy, .. } => (
            Stays::Unknown,
            format!(
                "that of the alert source `{}` in ilert, which is created if there is none (escalation policy `{}`)",
                one_line(name, LONGEST),
                one_line(policy, LONGEST)
            ),
        ),
    };
    let _ = writeln!(text, "API key: {words}");
    Ok(stays)
}

fn configuration(answers: &Answers, text: &mut String) -> eyre::Result<bool> {
    let composed = answers.compose()?;
    let is_written = answers.old.as_deref() == Some(composed.text.expose());
    let what = match (&answers.old, is_written) {
        (None, _) => "new, mode 0600",
        (Some(_), true) => "unchanged",
        (Some(_), false) => "changed",
    };
    let _ = writeln!(text, "`{}`: {what}", answers.one.path.shown());
    for (change, line) in &composed.diff {
        let skipped = if *change == LineChange::Skipped { " unchanged" } else { "" };
        let _ = writeln!(text, "  {}{}", change.sign(), format!(" {line}{skipped}").trim_end());
    }
    Ok(is_written)
}

fn indented(text: &str) -> String {
    text.trim_end()
        .lines()
        .map(|line| format!("  {line}").trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

fn first_line(away: &Stopped) -> &str {
    away.words.lines().next().unwrap_or_default()
}
