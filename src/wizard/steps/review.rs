//! Step 8, *Review and write*: the file as it will be, what else is written, and what came of it.

use std::path::{Path, PathBuf};

use crate::config::{self, Config, SecretSource};
use crate::schedule::{Kind, Plan};
use crate::secret::Secret;
use crate::url;
use crate::wizard::control::{Control, Widget};
use crate::wizard::diff::{Change, diff};
use crate::wizard::model::Model;
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{agent, key};

/// What was looked up on the disk for this step.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// The configuration file's text, if there is a file.
    pub on_disk: Result<Option<String>, String>,
    /// The schedules that can be installed here, and what that would do.
    pub plans: Vec<(Kind, Result<Plan, String>)>,
    /// How many alerts and nodes are open in ilert under the key that is not used any more.
    pub left_open: usize,
}

/// What the sender was run with, and will not be any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Former {
    /// The configuration.
    pub config: Config,
    /// Its API key.
    pub key: Secret,
}

/// The configuration file as it will be.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    /// Its text.
    pub text: Secret,
    /// What changes, secrets masked.
    pub diff: Vec<(Change, String)>,
}

/// What came of writing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// What was done, a line each.
    pub done: Vec<String>,
    /// What failed; nothing after it was tried.
    pub failed: Option<String>,
    /// What became of what was open under the former key, in words; `None` where nothing was to be done.
    pub handed_over: Option<Result<String, String>>,
    /// What a dry run of the sender said; `None` where Netdata Cloud delivers.
    pub dry_run: Option<Result<String, String>>,
}

/// All that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Orders {
    /// The configuration file.
    pub path: PathBuf,
    /// Its text, which may hold the key.
    pub text: Secret,
    /// Secrets in files of their own, mode 0600.
    pub secrets: Vec<(PathBuf, Secret)>,
    /// The schedule.
    pub plan: Option<Plan>,
    /// The state folder, for the dry run.
    pub state: PathBuf,
    /// What is open under this key is to be resolved.
    pub former: Option<Former>,
    /// Whether a dry run of the sender follows.
    pub dry_run: bool,
}

/// State of the step.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// What was looked up; `None` while it is.
    pub ground: Option<Ground>,
    /// The file as it will be, or why it cannot be made.
    pub composed: Option<Result<Composed, String>>,
    /// The chosen schedule; `None` for none.
    pub schedule: Option<Kind>,
    /// What is open under the former key is to stay open.
    pub leave_open: bool,
    /// A schedule was chosen by hand: what is offered first is not chosen again.
    pub chosen: bool,
    /// How many lines of the diff are above the window.
    pub scroll: u16,
    /// What came of it.
    pub written: Option<Written>,
}

impl Review {
    /// Everything is written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.written.as_ref().is_some_and(|written| written.failed.is_none())
    }
}

/// Takes up what was looked up, and makes the file of it.
pub fn take(model: &mut Model, ground: Ground) {
    let offered = |kind| ground.plans.iter().any(|(one, plan)| *one == kind && plan.is_ok());
    if !model.review.chosen && !model.is_cloud() {
        model.review.schedule = [Kind::Systemd, Kind::Cron].into_iter().find(|kind| offered(*kind));
    }
    if model.is_cloud() || !model.review.schedule.is_none_or(offered) {
        model.review.schedule = None;
    }
    let composed = match &ground.on_disk {
        Ok(text) => compose(text.as_deref(), model.start.edits(), &model.config(), &model.place.config),
        Err(reason) => Err(reason.clone()),
    };
    model.review.composed = Some(composed);
    model.review.ground = Some(ground);
}

fn compose(old: Option<&str>, keep: bool, config: &Config, path: &Path) -> Result<Composed, String> {
    let base = if keep { old } else { None };
    let text = config::render(config, base, path).map_err(|error| error.to_string())?;
    let new = config::render(&masked(config), base, path).map_err(|error| error.to_string())?;
    let shown = old.map_or_else(String::new, |old| shown(old, path));
    Ok(Composed { text: Secret::new(text), diff: diff(&shown, &new) })
}

/// A file's text as far as it can be shown: secrets masked, nothing of a file that cannot be read.
fn shown(text: &str, path: &Path) -> String {
    config::parse(text, path)
        .and_then(|old| config::render(&masked(&old), Some(text), path))
        .unwrap_or_else(|_| "(a file that is no valid configuration)\n".to_owned())
}

/// The configuration with every secret in it masked.
fn masked(config: &Config) -> Config {
    let hidden = |source: &SecretSource| match source {
        SecretSource::Literal(secret) => SecretSource::Literal(Secret::new(secret.masked())),
        other => other.clone(),
    };
    let mut masked = config.clone();
    masked.integration.api_key = hidden(&config.integration.api_key);
    masked.netdata.password = config.netdata.password.as_ref().map(hidden);
    masked.netdata.bearer_token = config.netdata.bearer_token.as_ref().map(hidden);
    masked.heartbeat = config.heartbeat.as_ref().map(hidden);
    masked.ilert.proxy = config.ilert.proxy.as_deref().map(url::shown);
    masked
}

/// The chosen schedule's plan.
#[must_use]
pub fn plan(model: &Model) -> Option<&Plan> {
    let kind = model.review.schedule?;
    let plans = &model.review.ground.as_ref()?.plans;
    plans.iter().find(|(one, _)| *one == kind).and_then(|(_, plan)| plan.as_ref().ok())
}

/// What the sender was run with, where it will be with another key, or not at all.
#[must_use]
pub fn former(model: &Model) -> Option<Former> {
    let found = model.start.found.as_ref()?;
    let (config, key) = (found.usable()?.clone(), found.key.clone()?);
    let is_over = model.is_cloud() || key::secret(model).as_ref() != Some(&key);
    is_over.then_some(Former { config, key })
}

/// How many alerts and nodes are left open under the former key, unless they are resolved.
#[must_use]
pub fn left_open(model: &Model) -> usize {
    model.review.ground.as_ref().map_or(0, |ground| ground.left_open)
}

/// The box that asks for that.
#[must_use]
pub fn hand_over(model: &Model) -> Widget<'static> {
    let label = match left_open(model) {
        1 => "resolve in ilert what is open under the former key: 1 alert".to_owned(),
        count => format!("resolve in ilert what is open under the former key: {count} alerts"),
    };
    Widget::Tick { label, on: !model.review.leave_open }
}

/// All that is to be written, once it is known.
#[must_use]
pub fn orders(model: &Model) -> Option<Orders> {
    let composed = model.review.composed.as_ref()?.as_ref().ok()?;
    Some(Orders {
        path: model.place.config.clone(),
        text: composed.text.clone(),
        secrets: secrets(model),
        plan: plan(model).cloned(),
        state: model.place.state.clone(),
        former: former(model).filter(|_| left_open(model) > 0 && !model.review.leave_open),
        dry_run: !model.is_cloud(),
    })
}

/// Secrets that go into files of their own.
#[must_use]
pub fn secrets(model: &Model) -> Vec<(PathBuf, Secret)> {
    key::to_write(model).into_iter().chain(agent::to_write(model)).chain(for_me::to_write(model)).collect()
}

/// The schedules that can be chosen; the last is none.
#[must_use]
pub fn kinds(model: &Model) -> Vec<Option<Kind>> {
    let plans = model.review.ground.iter().flat_map(|ground| &ground.plans);
    let usable = plans.filter(|(_, plan)| plan.is_ok()).map(|(kind, _)| Some(*kind));
    usable.chain([None]).collect()
}

/// What runs the sender, as a choice.
#[must_use]
pub fn schedules(model: &Model) -> Widget<'static> {
    let kinds = kinds(model);
    let label = |kind: &Option<Kind>| match kind {
        Some(Kind::Systemd) => "a systemd timer, every 15 seconds",
        Some(Kind::Cron) => "a line in the crontab, every minute",
        None => "none: I run `netdata-ilert --send` myself",
    };
    Widget::Choice {
        selected: kinds.iter().position(|kind| *kind == model.review.schedule).unwrap_or(0),
        options: kinds.iter().map(|kind| label(kind).to_owned()).collect(),
    }
}

/// Chooses what runs the sender.
pub fn choose_schedule(model: &mut Model, at: usize) {
    if let Some(kind) = kinds(model).get(at) {
        model.review.schedule = *kind;
        model.review.chosen = true;
    }
}

/// The schedule, unless Netdata Cloud delivers, what is left open, and the files to look at.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let mut controls = Vec::new();
    if model.review.written.is_none() {
        if !model.is_cloud() && kinds(model).len() > 1 {
            controls.push(Control::Schedule);
        }
        if left_open(model) > 0 {
            controls.push(Control::HandOver);
        }
    }
    controls.push(Control::Files);
    controls
}
