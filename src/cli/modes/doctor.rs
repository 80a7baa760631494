//! `--doctor`: prints the checks, as lines or as JSON.

use std::io::Write as _;
use std::path::Path;

use color_eyre::eyre::{self, WrapErr};

use super::each::{ConfigurationOutcome, Limit, each, print_json, worst};
use super::left_behind::{LeftBehind, left_behind};
use super::selection::{self, Selection};
use super::{print, written};
use crate::cli::Arguments;
use crate::clock::now;
use crate::config::Installed;
use crate::doctor::{self, Diagnosis, DoctorInput, Line, Style};
use crate::exit::Exit;
use crate::other_senders::health_alarm_notify;
use crate::output;
use crate::schedule::Installation;

/// Looks at everything, and says what it found.
pub async fn examine(arguments: &Arguments) -> eyre::Result<Exit> {
    let others = selection::installed(arguments);
    let named = match Selection::by(arguments)? {
        Selection::One(one) => {
            let mut diagnosis = examine_one(&one, &others).await;
            if arguments.config.is_none() {
                diagnosis.checks.extend(left_behind(arguments)?.into_iter().map(line));
            }
            show(arguments, &diagnosis)?;
            return Ok(diagnosis.exit());
        }
        Selection::Several(named) => named,
    };
    let work = move |one: Installed| {
        let others = others.clone();
        async move { Ok(examine_one(&one, &others).await) }
    };
    let mut outcomes = each(named, Limit::None, work).await;
    outcomes.extend(left_behind(arguments)?.into_iter().map(|left| ConfigurationOutcome {
        name: left.name.clone(),
        gave: Ok(Diagnosis { checks: vec![line(left)] }),
    }));
    if arguments.json {
        print_json(&outcomes)?;
    } else {
        written(write_all(arguments, &outcomes))?;
    }
    Ok(worst(&outcomes, Diagnosis::exit))
}

fn line(LeftBehind { says, fix, .. }: LeftBehind) -> Line {
    Line::warning("left open", says, fix)
}

async fn examine_one(one: &Installed, others: &[Installed]) -> Diagnosis {
    let input = DoctorInput {
        config: &one.path,
        state: &one.state,
        invocation: one.invocation.clone(),
        others,
        schedule: schedule(one),
        notify_files: health_alarm_notify(Path::new("/")),
        clock: &now,
    };
    doctor::examine(&input).await
}

fn show(arguments: &Arguments, diagnosis: &Diagnosis) -> eyre::Result<Exit> {
    if arguments.json {
        return print(&output::json(diagnosis).wrap_err("cannot write the checks as JSON")?);
    }
    let mut out = output::stdout();
    let style = style(arguments, out.is_terminal());
    written(diagnosis.write(&mut out, style))
}

fn write_all(arguments: &Arguments, outcomes: &[ConfigurationOutcome<Diagnosis>]) -> std::io::Result<()> {
    let mut out = output::stdout();
    let style = style(arguments, out.is_terminal());
    for (at, ConfigurationOutcome { name, gave }) in outcomes.iter().enumerate() {
        writeln!(out, "{}[{name}]", if at > 0 { "\n" } else { "" })?;
        match gave {
            Ok(diagnosis) => diagnosis.write(&mut out, style)?,
            Err(stopped) => writeln!(out, "{}", stopped.words)?,
        }
    }
    Ok(())
}

fn style(arguments: &Arguments, is_terminal: bool) -> Style {
    let unicode = output::shows_unicode(|name| std::env::var(name).ok());
    Style { color: arguments.color.wanted(is_terminal), unicode }
}

/// For whom a schedule would be; `None` where that cannot be told.
pub(super) fn schedule(one: &Installed) -> Option<Installation> {
    Installation::of(one).ok()
}
