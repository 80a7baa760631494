//! *Review and write*: the file as it will be, what else is written, and the result.

pub mod done;
pub mod page;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::configuration::{config, secrets};
use super::{key, test};
use crate::config::{ConfigError, rebase};
use crate::schedule::{SchedulePlan, Scheduled, Scheduler};
use crate::secret::Secret;
use crate::setup::{self, Composed, Deed, Former, Ground, SeenFile, written};
use crate::text::ShownPath;
use crate::wizard::answers::{Answers, Schedule};
use crate::wizard::context::{Context, Preparation};
use crate::wizard::form::{Access, Caveat, Choice, Control, Row};

impl Control {
    /// What runs the sender.
    pub const SCHEDULE: Self = Self {
        row: &Row::new("schedule", "Schedule", Access::Choice(schedules, choose_schedule)).help(
            |_, context| {
                own(context)?;
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
        if kinds(answers, context).len() > 1 {
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
    if same { "nothing has changed; the schedule" } else { "what has changed; the schedule" }.to_owned()
}

/// The installed schedule of this configuration.
fn own(context: &Context) -> Option<&Scheduled> {
    context.writing.preparation.as_ref()?.own()
}

/// The schedules that can be chosen, the one that is there first; `None` is none. None comes first where something else runs
/// the sender, and where a configuration that is edited has had none; and where Netdata Cloud delivers: then only what is
/// there can be kept.
fn kinds(answers: &Answers, context: &Context) -> Vec<Option<Scheduler>> {
    let own = own(context).map(|scheduled| scheduled.kind);
    if answers.is_cloud() {
        return [None].into_iter().chain(own.map(Some)).collect();
    }
    let offered = context.writing.preparation.iter().flat_map(Preparation::offered);
    let others = offered.filter(|kind| Some(*kind) != own).map(Some);
    if own.is_none() && (by_hand(context).is_some() || had_none(answers, context)) {
        return [None].into_iter().chain(others).collect();
    }
    own.map(Some).into_iter().chain(others).chain([None]).collect()
}

/// The number of the crontab's line that runs the sender and that this program did not write.
#[must_use]
pub fn by_hand(context: &Context) -> Option<usize> {
    context.writing.preparation.as_ref()?.by_hand
}

/// Whether a configuration is edited that no schedule of this program's runs.
fn had_none(answers: &Answers, context: &Context) -> bool {
    own(context).is_none() && context.edited(answers.start.existing).is_some()
}

/// What runs the sender where no schedule of this program's does.
#[must_use]
pub fn none(answers: &Answers, context: &Context) -> String {
    match by_hand(context) {
        Some(number) => format!("line {number} of the crontab runs it, which this program did not write"),
        None if had_none(answers, context) => {
            "stays as it is: none, I run `netdata-ilert --send` myself".to_owned()
        }
        None => "none: I run `netdata-ilert --send` myself".to_owned(),
    }
}

/// The schedule that is there and stays: whose it is, what it runs, and since when, as far as that is known.
#[must_use]
pub fn kept(answers: &Answers, context: &Context) -> Option<String> {
    let own = own(context).filter(|own| schedule(answers, context) == Some(own.kind))?;
    let serves = &context.writing.preparation.as_ref()?.serves;
    Some(format!("{}: {serves}", there(own)))
}

/// What runs the sender from then on: what was chosen, else what is there, else the best that can be installed here.
#[must_use]
pub fn schedule(answers: &Answers, context: &Context) -> Option<Scheduler> {
    let kinds = kinds(answers, context);
    let first = kinds.first().copied().flatten();
    match answers.review.schedule {
        Schedule::Of(kind) if kinds.contains(&Some(kind)) => Some(kind),
        Schedule::Of(_) | Schedule::Nothing => None,
        Schedule::Recommended => first,
    }
}

fn schedules(answers: &Answers, context: &Context) -> Choice {
    let chosen = schedule(answers, context);
    let own = own(context);
    let label = |kind: &Option<Scheduler>| match (kind, own) {
        (Some(kind), Some(own)) if *kind == own.kind && answers.is_cloud() => {
            format!("leave {}: each run would end with an error", there(own))
        }
        (Some(kind), Some(own)) if *kind == own.kind => format!("keep {}", there(own)),
        (Some(kind), Some(_)) => format!("replace it by {}", every(*kind)),
        (Some(kind), None) => every(*kind).to_owned(),
        (None, Some(own)) if answers.is_cloud() => format!("remove {}", there(own)),
        (None, Some(_)) => "remove it: I run `netdata-ilert --send` myself".to_owned(),
        (None, None) => none(answers, context),
    };
    Choice::among(&kinds(answers, context), |kind| *kind == chosen, label)
}

/// An installed schedule: "the systemd timer of 2026-11-20".
fn there(scheduled: &Scheduled) -> String {
    let what = match scheduled.kind {
        Scheduler::Systemd => "the systemd timer",
        Scheduler::Cron => "the crontab's line",
    };
    let day = scheduled.since.and_then(|since| jiff::Timestamp::try_from(since).ok());
    let day = day.map(|since| since.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d").to_string());
    day.map_or_else(|| format!("{what} that is there"), |day| format!("{what} of {day}"))
}

/// What is said of the schedules that run other configurations.
#[must_use]
pub fn schedules_of_others(context: &Context) -> Option<String> {
    let others = &context.writing.preparation.as_ref()?.others;
    (!others.is_empty()).then(|| format!("Left alone, as it is for others: {}.", others.join("; ")))
}

/// That the schedule lacks a secret, or that none can be installed.
#[must_use]
pub fn caveat(answers: &Answers, context: &Context) -> Option<Caveat> {
    let preparation = context.writing.preparation.as_ref().filter(|_| !answers.is_cloud())?;
    if let Some(kind) = schedule(answers, context) {
        let missing = preparation.plan(kind)?.missing.first()?;
        return Some(Caveat {
            what: format!("The schedule would send nothing: {}", missing.what),
            fix: format!("{}.", first_upper(&missing.fix)),
        });
    }
    let is_refused = preparation.plans.iter().all(|(_, plan)| plan.is_err()) && by_hand(context).is_none();
    let refused = preparation.plans.iter().find_map(|(_, plan)| plan.as_ref().err());
    refused.filter(|_| is_refused).map(|reason| Caveat {
        what: format!("No schedule can be installed: {reason}"),
        fix: "Then `netdata-ilert --install-schedule cron` (or `systemd`) installs one.".to_owned(),
    })
}

fn first_upper(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn choose_schedule(answers: &mut Answers, context: &Context, at: usize) {
    if let Some(kind) = kinds(answers, context).get(at) {
        answers.review.schedule = kind.map_or(Schedule::Nothing, Schedule::Of);
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

/// The file as it will be, once it is known what is there.
#[must_use]
pub fn compose(answers: &Answers, context: &Context) -> Option<Result<Composed, String>> {
    let preparation = context.writing.preparation.as_ref()?;
    if let Some(reason) = &preparation.unwritable {
        return Some(Err(reason.clone()));
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
    match schedule(answers, context) {
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
    deeds.push_back(Deed::Configuration { path: config.clone(), text: composed.text.clone() });
    deeds.extend(proof(answers, context));
    deeds.extend(plan(answers, context).cloned().map(|plan| Deed::Schedule(Box::new(plan))));
    let former = former(answers, context).filter(|_| left_open(context) > 0 && !answers.review.leave_open);
    deeds.extend(former.map(|former| Deed::HandOver { former: Box::new(former), state: state.clone() }));
    if !answers.is_cloud() {
        let kind = schedule(answers, context);
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
