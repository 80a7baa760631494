//! Step 8, *Review and write*: the file as it will be, what else is written, and the result.

pub mod page;

use std::path::Path;

use super::configuration::{config, secrets};
use super::{key, test};
use crate::config::{self, Config};
use crate::schedule::{SchedulePlan, Scheduler};
use crate::secret::Secret;
use crate::text::ShownPath as _;
use crate::wizard::answers::{Answers, Schedule};
use crate::wizard::context::{Composed, Context, Former, Orders, Preparation};
use crate::wizard::diff::diff;
use crate::wizard::form::{Access, Choice, Control, Row};

impl Control {
    /// What runs the sender.
    pub const SCHEDULE: Self =
        Self { row: &Row::new("schedule", "Schedule", Access::Choice(schedules, choose_schedule)), at: 0 };
    /// What is open under the former key is resolved.
    pub const HAND_OVER: Self = Self {
        row: &Row::new(
            "hand-over",
            "",
            Access::Tick(
                |answers, context, _| (resolves(context), !answers.review.leave_open),
                |answers, _, _, on| answers.review.leave_open = !on,
            ),
        ),
        at: 0,
    };
    /// What will be written.
    pub const FILES: Self = Self { row: &Row::new("files", "Files", Access::Look), at: 0 };
}

/// The schedule, unless Netdata Cloud delivers, what is left open, and the files to look at.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = Vec::new();
    if context.writing.written.is_none() {
        if !answers.is_cloud() && kinds(context).len() > 1 {
            controls.push(Control::SCHEDULE);
        }
        if left_open(context) > 0 {
            controls.push(Control::HAND_OVER);
        }
    }
    controls.push(Control::FILES);
    controls
}

/// The schedules that can be chosen; the last is none.
fn kinds(context: &Context) -> Vec<Option<Scheduler>> {
    let offered = context.writing.preparation.iter().flat_map(Preparation::offered);
    offered.map(Some).chain([None]).collect()
}

/// What runs the sender, as far as it can be installed here.
#[must_use]
pub fn schedule(answers: &Answers, context: &Context) -> Option<Scheduler> {
    let mut offered = context.writing.preparation.as_ref()?.offered();
    match answers.review.schedule {
        _ if answers.is_cloud() => None,
        Schedule::Recommended => {
            let offered: Vec<Scheduler> = offered.collect();
            [Scheduler::Systemd, Scheduler::Cron].into_iter().find(|kind| offered.contains(kind))
        }
        Schedule::Of(kind) => offered.find(|one| *one == kind),
        Schedule::Nothing => None,
    }
}

fn schedules(answers: &Answers, context: &Context) -> Choice {
    let chosen = schedule(answers, context);
    let label = |kind: &Option<Scheduler>| match kind {
        Some(Scheduler::Systemd) => "a systemd timer, every 15 seconds".to_owned(),
        Some(Scheduler::Cron) => "a line in the crontab, every minute".to_owned(),
        None => "none: I run `netdata-ilert --send` myself".to_owned(),
    };
    Choice::among(&kinds(context), |kind| *kind == chosen, label)
}

fn choose_schedule(answers: &mut Answers, context: &Context, at: usize) {
    if let Some(kind) = kinds(context).get(at) {
        answers.review.schedule = kind.map_or(Schedule::Nothing, Schedule::Of);
    }
}

/// The label of the box that offers to resolve alerts left open.
fn resolves(context: &Context) -> String {
    match left_open(context) {
        1 => "resolve in ilert what is open under the old key: 1 alert".to_owned(),
        count => format!("resolve in ilert what is open under the old key: {count} alerts"),
    }
}

/// The file as it will be, once it is known what is there.
#[must_use]
pub fn compose(answers: &Answers, context: &Context) -> Option<Result<Composed, String>> {
    let preparation = context.writing.preparation.as_ref()?;
    let edits = context.edited(answers.start.existing).is_some();
    Some(match &preparation.on_disk {
        Ok(text) => changed(text.as_deref(), edits, &config(answers, context), &context.place.config),
        Err(reason) => Err(reason.clone()),
    })
}

fn changed(old: Option<&str>, keep: bool, config: &Config, path: &Path) -> Result<Composed, String> {
    let base = if keep { old } else { None };
    let text = config::render(config, base, path).map_err(|error| error.to_string())?;
    let new = config::render(&config.masked(), base, path).map_err(|error| error.to_string())?;
    let shown = old.map_or_else(String::new, |old| shown(old, path));
    Ok(Composed { text: Secret::new(text), diff: diff(&shown, &new) })
}

/// A file's text as far as it can be shown: secrets masked, nothing of a file that cannot be read.
fn shown(text: &str, path: &Path) -> String {
    config::parse(text, path)
        .and_then(|old| config::render(&old.masked(), Some(text), path))
        .unwrap_or_else(|_| "(a file that is not a valid configuration)\n".to_owned())
}

/// The chosen schedule's plan.
#[must_use]
pub fn plan<'a>(answers: &Answers, context: &'a Context) -> Option<&'a SchedulePlan> {
    let kind = schedule(answers, context)?;
    let plans = &context.writing.preparation.as_ref()?.plans;
    plans.iter().find(|(one, _)| *one == kind).and_then(|(_, plan)| plan.as_ref().ok())
}

/// What the sender was run with, where it will be with another key, or not at all.
#[must_use]
pub fn former(answers: &Answers, context: &Context) -> Option<Former> {
    let found = context.found.as_ref()?;
    let (config, key) = (found.usable()?.clone(), found.key.clone()?);
    let is_over = answers.is_cloud() || key::secret(answers, context).as_ref() != Some(&key);
    is_over.then_some(Former { config, key })
}

/// How many alerts and nodes are left open under the former key, unless they are resolved.
#[must_use]
pub fn left_open(context: &Context) -> usize {
    context.writing.preparation.as_ref().map_or(0, |preparation| preparation.left_open)
}

/// What to write; `None` until the file is composed.
#[must_use]
pub fn orders(answers: &Answers, context: &Context) -> Option<Orders> {
    let composed = context.writing.composed.as_ref()?.as_ref().ok()?;
    Some(Orders {
        path: context.place.config.clone(),
        text: composed.text.clone(),
        secrets: secrets(answers, context),
        plan: plan(answers, context).cloned(),
        state: context.place.state.clone(),
        former: former(answers, context).filter(|_| left_open(context) > 0 && !answers.review.leave_open),
        dry_run: !answers.is_cloud(),
    })
}

/// What is asked before it is written.
#[must_use]
pub fn question(answers: &Answers, context: &Context) -> String {
    let mut lines = Vec::new();
    for (path, _) in secrets(answers, context) {
        lines.push(format!("{} (mode 0600)", path.shown()));
    }
    lines.push(context.place.config.shown());
    if plan(answers, context).is_some() {
        lines.push("and the schedule, as shown".to_owned());
    }
    if left_open(context) > 0 && !answers.review.leave_open {
        lines.push("and what is open under the old key is resolved in ilert".to_owned());
    }
    if test::passed(answers, context).is_none() {
        lines.push("\nThe live test was skipped: nothing proves yet that alerts arrive.".to_owned());
    }
    lines.push("\nenter writes, esc goes back".to_owned());
    lines.join("\n")
}
