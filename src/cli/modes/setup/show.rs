//! What `--setup` prints: the plan of `--dry-run`, in words, and both as JSON.

use std::fmt::Write as _;

use color_eyre::eyre::{self, WrapErr};
use serde::Serialize;

use super::answers::{Answers, KeyAnswer};
use super::checks;
use super::plan::{Part, PartName, Plan, Proven};
use crate::cli::modes::print;
use crate::cli::{Arguments, say};
use crate::config::Installed;
use crate::exit::{Exit, Stopped};
use crate::output;
use crate::setup::diff::LineChange;
use crate::text::ShownPath as _;

/// What `--json` prints.
#[derive(Serialize)]
struct Shown<'a> {
    dry_run: bool,
    changed: Option<bool>,
    configuration: String,
    proven: Option<Proven>,
    parts: &'a [Part],
    diff: String,
}

/// Prints the plan. Nothing is sent to ilert.
pub(super) async fn dry_run(arguments: &Arguments) -> eyre::Result<Exit> {
    let answers = Answers::of(arguments).await?;
    checks::here(&answers)?;
    let netdata = match checks::netdata(&answers.config).await {
        Ok(lines) => lines,
        Err(error) => match error.downcast::<Stopped>() {
            Ok(away) => {
                let reason = away.words.lines().next().unwrap_or_default();
                vec![format!("Netdata, without which nothing is set up: {reason}")]
            }
            Err(error) => return Err(error),
        },
    };
    let key = match &answers.key {
        KeyAnswer::Given(key) => Some(key),
        KeyAnswer::Source { .. } => None,
    };
    let plan = Plan::of(arguments, &answers, key)?;
    if arguments.json {
        netdata.iter().for_each(say);
        return json(&answers.one, &plan, true);
    }
    print(&text(&netdata, &plan))
}

fn text(netdata: &[String], plan: &Plan) -> String {
    let mut text = String::new();
    for line in netdata {
        let _ = writeln!(text, "{line}");
    }
    for part in &plan.parts {
        let _ = writeln!(text, "{}", part.says);
        if part.name == PartName::Configuration {
            for line in diff(plan) {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    text + "nothing was changed\n"
}

/// Prints it as JSON.
pub(super) fn json(one: &Installed, plan: &Plan, dry_run: bool) -> eyre::Result<Exit> {
    let shown = Shown {
        dry_run,
        changed: plan.changed(),
        configuration: one.path.shown(),
        proven: plan.proven,
        parts: &plan.parts,
        diff: diff(plan).fold(String::new(), |text, line| text + &line + "\n"),
    };
    print(&output::json(&shown).wrap_err("cannot write JSON")?)
}

fn diff(plan: &Plan) -> impl Iterator<Item = String> {
    plan.diff.iter().map(|(change, line)| {
        let skipped = if *change == LineChange::Skipped { " unchanged" } else { "" };
        format!("{}{}", change.sign(), format!(" {line}{skipped}").trim_end())
    })
}
