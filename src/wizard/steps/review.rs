//! *Review and write*: the file as it will be, what else is written, and the result.

pub mod done;
pub mod page;
pub mod schedule;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::configuration::{config, secrets};
use super::{key, refusal, refused, test};
use crate::config::{ConfigError, rebase};
use crate::schedule::SchedulePlan;
use crate::secret::Secret;
use crate::setup::{self, Composed, Deed, Former, Ground, SeenFile, UnusedSecret, written};
use crate::text::ShownPath;
use crate::wizard::answers::Answers;
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Control, Row};
use crate::words::sentence;

impl Control {
    /// What runs the sender.
    pub const SCHEDULE: Self = Self {
        row: &Row::new("schedule", "Schedule", Access::Choice(schedule::choices, schedule::choose)).help(
            |_, context| {
                schedule::own(context)?;
                Some(format!("What is there is {}.", context.writing.preparation.as_ref()?.serves))
            },
        ),
        at: 0,
    };
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

/// The schedule if there is a choice, the alerts left open, and the files to look at.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = Vec::new();
    if context.writing.written.is_none() {
        if schedule::kinds(answers, context).len() > 1 {
            controls.push(Control::SCHEDULE);
        }
        if left_open(context) > 0 {
            controls.push(Control::HAND_OVER);
        }
    }
    controls.push(Control::FILES);
    controls
}

/// What the menu says of it.
#[must_use]
pub fn holds(answers: &Answers, context: &Context) -> String {
    let same = config(answers, context) == *context.base(answers.start.existing)
        && secrets(answers, context).is_empty();
    if same { "nothing has changed so far" } else { "shows what changes, then writes it" }.to_owned()
}

/// The files that are written, in a line: those beside the configuration by their names alone.
#[must_use]
pub fn files(answers: &Answers, context: &Context) -> String {
    let config = &context.place.config;
    let mut files = vec![context.place.abridged(&config.shown())];
    for (path, _) in secrets(answers, context) {
        let name = path.file_name().filter(|_| path.parent() == config.parent()).map(Path::new);
        let path = name.map_or_else(|| context.place.abridged(&path.shown()), ShownPath::shown);
        files.push(format!("{path} (mode 0600)"));
    }
    files.join(", ")
}

/// The label of the box that offers to resolve alerts left open.
fn resolves(context: &Context) -> String {
    match left_open(context) {
        1 => "resolve in ilert what is open under the old key: 1 alert".to_owned(),
        count => format!("resolve in ilert what is open under the old key: {count} alerts"),
    }
}

/// The file as it will be, once it is known what is there; or the step whose answers cannot be saved, and why.
#[must_use]
pub fn compose(answers: &Answers, context: &Context) -> Option<Result<Composed, String>> {
    let preparation = context.writing.preparation.as_ref()?;
    if let Some(reason) = &preparation.unwritable {
        return Some(Err(reason.clone()));
    }
    if let Some((step, problem)) = refused(answers, context) {
        return Some(Err(sentence(&refusal(step, &problem))));
    }
    Some(match &preparation.on_disk {
        Ok(text) => composed(answers, context, text.as_deref()).map_err(|error| error.to_string()),
        Err(reason) => Err(reason.clone()),
    })
}

/// What was answered, on the file as it is now: what somebody else has changed since it was read stays.
fn composed(answers: &Answers, context: &Context, text: Option<&str>) -> Result<Composed, ConfigError> {
    let (path, base) = (&context.place.config, context.edited(answers.start.existing));
    let mut config = config(answers, context);
    if let (Some(base), Some(text)) = (base, text) {
        config = rebase(base, &config, text, path)?;
    }
    setup::compose(text, base.is_some(), &config, path)
}

/// What is done to the schedule: installs the chosen one, or removes the installed one.
#[must_use]
pub fn plan<'a>(answers: &Answers, context: &'a Context) -> Option<&'a SchedulePlan> {
    let preparation = context.writing.preparation.as_ref()?;
    match schedule::chosen(answers, context) {
        Some(kind) => preparation.plan(kind).filter(|plan| !plan.is_empty()),
        None => preparation.removal.as_ref().filter(|_| preparation.own().is_some()),
    }
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

/// The files with secrets that the configuration will not use any more.
fn unused(context: &Context) -> &[UnusedSecret] {
    context.writing.preparation.as_ref().map_or(&[], |preparation| &preparation.unused)
}

/// What becomes of what is open under the former key, where that is resolved.
#[must_use]
pub fn hands_over(answers: &Answers, context: &Context) -> Option<String> {
    (left_open(context) > 0 && !answers.review.leave_open).then(|| resolves(context))
}

/// The deeds, in their order; `None` until the file is composed.
#[must_use]
pub fn deeds(answers: &Answers, context: &Context) -> Option<VecDeque<Deed>> {
    let composed = context.writing.composed.as_ref()?.as_ref().ok()?;
    let (config, state) = (&context.place.config, &context.place.state);
    let secrets = secrets(answers, context);
    let ground = ground(composed, &secrets, plan(answers, context), context)?;
    let mut deeds = VecDeque::from([Deed::Ground(Box::new(ground))]);
    deeds.extend(secrets.into_iter().map(|(path, secret)| Deed::Secret { path, secret }));
    if !composed.diff.is_empty() {
        deeds.push_back(Deed::Configuration { path: config.clone(), text: composed.text.clone() });
    }
    deeds.extend(proof(answers, context));
    deeds.extend(plan(answers, context).cloned().map(|plan| Deed::Schedule(Box::new(plan))));
    let former = former(answers, context).filter(|_| left_open(context) > 0 && !answers.review.leave_open);
    deeds.extend(former.map(|former| Deed::HandOver { former: Box::new(former), state: state.clone() }));
    let unused = unused(context).iter().filter(|one| one.stays.is_none());
    deeds.extend(unused.map(|one| Deed::Remove { path: one.path.clone() }));
    if !answers.is_cloud() {
        let kind = schedule::chosen(answers, context);
        let plan = kind.and_then(|kind| context.writing.preparation.as_ref()?.plan(kind));
        let environment = plan.and_then(|plan| plan.environment.clone()).map(Box::new);
        deeds.push_back(Deed::DryRun { config: config.clone(), state: state.clone(), environment });
    }
    Some(deeds)
}

/// Keeps that the live test passed: `--setup` sends none after it.
fn proof(answers: &Answers, context: &Context) -> Option<Deed> {
    let target = &test::passed(answers, context)?.target;
    let (key, endpoint) = (target.key.clone(), target.ilert.endpoint.clone());
    Some(Deed::Proof { state: context.place.state.clone(), key, endpoint, priority: target.kind.priority()? })
}

/// What all of this was made from.
fn ground(
    composed: &Composed,
    secrets: &[(PathBuf, Secret)],
    plan: Option<&SchedulePlan>,
    context: &Context,
) -> Option<Ground> {
    let preparation = context.writing.preparation.as_ref()?;
    let on_disk = preparation.on_disk.as_ref().ok()?.clone().map(Secret::new);
    let seen = |path: &PathBuf| preparation.secrets.iter().find(|(one, _)| one == path)?.1.clone();
    let mut files =
        vec![SeenFile { path: context.place.config.clone(), seen: on_disk, new: composed.text.clone() }];
    files.extend(secrets.iter().map(|(path, secret)| SeenFile {
        path: path.clone(),
        seen: seen(path),
        new: written(secret),
    }));
    Some(Ground { files, plan: plan.cloned().map(Box::new) })
}
