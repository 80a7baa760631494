//! What `--setup` prints: the plan of `--dry-run`, in words, and both as JSON.

use std::fmt::Write as _;

use color_eyre::eyre::{self, WrapErr};
use serde::Serialize;

use super::answers::{Answers, KeyAnswer};
use super::checks;
use super::flags::{named, say};
use super::part::{Part, PartName, Proven};
use super::plan::Plan;
use crate::cli::Arguments;
use crate::cli::modes::print;
use crate::config::Installed;
use crate::exit::Exit;
use crate::output;
use crate::setup::diff::{LineChange, fold};
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

/// Prints the plan, or ends as the real call would. Nothing is sent to ilert.
pub(super) async fn dry_run(arguments: &Arguments) -> eyre::Result<Exit> {
    let answers = Answers::of(arguments).await?;
    let found = checks::all(&answers).await?;
    let key = match &answers.key {
        KeyAnswer::Given(key) => Some(key),
        KeyAnswer::Source { .. } => None,
    };
    let plan = Plan::of(arguments, &answers, key)?;
    if arguments.json {
        found.iter().for_each(say);
        return json(&answers.one, &plan, true);
    }
    print(&text(&found, &plan))
}

fn text(found: &[String], plan: &Plan) -> String {
    let mut text = String::new();
    for line in found {
        let _ = writeln!(text, "{}", named(line));
    }
    for part in &plan.parts {
        let _ = writeln!(text, "{}", part.says);
        if part.name == PartName::Configuration {
            let (lines, folded) = diff(plan);
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
            if folded > 0 {
                let _ = writeln!(text, "  (lines of comments that are not shown: {folded})");
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
        diff: diff(plan).0.into_iter().fold(String::new(), |text, line| text + &line + "\n"),
    };
    print(&output::json(&shown).wrap_err("cannot write JSON")?)
}

/// What changes in the configuration, and how many lines of comments that leaves out.
fn diff(plan: &Plan) -> (Vec<String>, usize) {
    let (lines, folded) = fold(&plan.diff);
    let line =
        |(change, line): &(LineChange, String)| format!("{} {line}", change.sign()).trim_end().to_owned();
    (lines.iter().map(line).collect(), folded)
}
