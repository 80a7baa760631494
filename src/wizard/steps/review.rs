//! Step 8, *Review and write*: the file as it will be, what else is written, and the result.

pub mod done;
pub mod page;

use std::collections::VecDeque;
use std::path::Path;

use super::configuration::{config, secrets};
use super::key;
use crate::config::{self, Config};
use crate::schedule::{SchedulePlan, Scheduler};
use crate::secret::Secret;
use crate::text::ShownPath as _;
use crate::wizard::answers::{Answers, Schedule};
use crate::wizard::context::{Composed, Context, Deed, Former, Preparation};
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

/// A kind of schedule, and how often it runs the sender.
#[must_use]
pub fn every(kind: Scheduler) -> &'static str {
    match kind {
        Scheduler::Systemd => "a systemd timer, every 15 seconds",
        Scheduler::Cron => "a line in the crontab, every minute",
    }
}

/// The files that are written, as they are shown.
#[must_use]
pub fn paths(answers: &Answers, context: &Context) -> Vec<String> {
    let config = (context.place.config.clone(), None);
    let secrets = secrets(answers, context).into_iter().map(|(path, secret)| (path, Some(secret)));
    [config]
        .into_iter()
        .chain(secrets)
        .map(|(path, secret)| {
            let path = context.place.abridged(&path.shown());
            if secret.is_some() { format!("{path} (mode 0600)") } else { path }
        })
        .collect()
}

fn schedules(answers: &Answers, context: &Context) -> Choice {
    let chosen = schedule(answers, context);
    let label = |kind: &Option<Scheduler>| {
        kind.map_or("none: I run `netdata-ilert --send` myself", every).to_owned()
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

/// What is to be done, in its order; `None` until the file is composed.
#[must_use]
pub fn deeds(answers: &Answers, context: &Context) -> Option<VecDeque<Deed>> {
    let composed = context.writing.composed.as_ref()?.as_ref().ok()?;
    let (config, state) = (&context.place.config, &context.place.state);
    let secrets = secrets(answers, context);
    let mut deeds: VecDeque<Deed> =
        secrets.into_iter().map(|(path, secret)| Deed::Secret { path, secret }).collect();
    deeds.push_back(Deed::Configuration { path: config.clone(), text: composed.text.clone() });
    deeds.extend(plan(answers, context).cloned().map(Deed::Schedule));
    let former = former(answers, context).filter(|_| left_open(context) > 0 && !answers.review.leave_open);
    deeds.extend(former.map(|former| Deed::HandOver { former: Box::new(former), state: state.clone() }));
    if !answers.is_cloud() {
        deeds.push_back(Deed::DryRun { config: config.clone(), state: state.clone() });
    }
    Some(deeds)
}
