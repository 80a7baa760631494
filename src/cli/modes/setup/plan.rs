//! What setting up consists of, part after part, in the order in which they are done; each with how it stands, and with
//! what there is to do for it.

use color_eyre::eyre;
use serde::Serialize;

use super::answers::{Answers, KeyAnswer};
use crate::cli::Arguments;
use crate::cli::modes::alert_source::key_file;
use crate::cli::modes::schedule::{by_hand, idle, there};
use crate::cli::modes::send::SendResult;
use crate::config::{ConfigError, Priority, SecretError, SecretSource};
use crate::delivery::Proof;
use crate::ilert::account::Provided;
use crate::schedule::is_in_force;
use crate::secret::{Secret, SecretKind};
use crate::setup::diff::LineChange;
use crate::setup::{Deed, Former, Ground, SeenFile, content, left_open, written};
use crate::text::{ShownPath as _, one_line};

/// Longest name that is shown, characters.
const LONGEST: usize = 100;

/// All parts.
pub(super) struct Plan {
    /// In the order in which they are done.
    pub(super) parts: Vec<Part>,
    /// What changes in the configuration, secrets masked.
    pub(super) diff: Vec<(LineChange, String)>,
    /// The live test that passed last with this key at this endpoint.
    pub(super) proven: Option<Proven>,
    /// What all of this was made from: it is looked at again before the first part is written.
    pub(super) ground: Option<Ground>,
}

/// A part of setting up.
#[derive(Serialize)]
pub(super) struct Part {
    /// Which.
    #[serde(rename = "part")]
    pub(super) name: PartName,
    /// How it stands.
    pub(super) state: PartState,
    /// What it is, what is planned, or what came of it, in words. Never a secret.
    pub(super) says: String,
    /// What it is called while it is done.
    #[serde(skip)]
    pub(super) called: String,
    /// What there is to do.
    #[serde(skip)]
    pub(super) work: Option<PartWork>,
}

/// Which part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PartName {
    AlertSource,
    LiveTest,
    ApiKey,
    Configuration,
    Schedule,
    OldKey,
    DryRun,
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PartState {
    /// It is to be done.
    Planned,
    /// Whether there is anything to do, only ilert knows.
    Unknown,
    /// There is nothing to do.
    Unchanged,
    /// It is not wanted.
    Skipped,
    /// It is done.
    Done,
    /// It could not be done.
    Failed,
    /// Something before it could not be done.
    NotDone,
}

/// What there is to do for a part.
pub(super) enum PartWork {
    /// A live test with this priority.
    Test(Priority),
    /// Anything else.
    Deed(Deed),
}

/// A live test that passed.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Proven {
    /// Its priority.
    pub(super) priority: Priority,
    /// When (this machine's clock, milliseconds).
    pub(super) at: i64,
}

impl Part {
    fn new(name: PartName, state: PartState, says: impl Into<String>) -> Self {
        Self { name, state, says: says.into(), called: String::new(), work: None }
    }

    fn called(self, called: impl Into<String>) -> Self {
        Self { called: called.into(), ..self }
    }

    fn to_do(name: PartName, deed: Deed, says: impl Into<String>) -> Self {
        let called = deed.to_string();
        Self { work: Some(PartWork::Deed(deed)), ..Self::new(name, PartState::Planned, says).called(called) }
    }

    /// The alert source that was found or created.
    pub(super) fn provided(provided: &Provided) -> Self {
        let state = if provided.created { PartState::Done } else { PartState::Unchanged };
        let name = one_line(&provided.source.name, LONGEST);
        Self::new(PartName::AlertSource, state, format!("alert source: `{name}`, id {}", provided.source.id))
    }
}

impl Plan {
    /// What there is to do with this key. Without one, only ilert knows it.
    pub(super) fn of(arguments: &Arguments, answers: &Answers, key: Option<&Secret>) -> eyre::Result<Self> {
        let endpoint = &answers.config.ilert.endpoint;
        let proof = key.map(|key| Proof::of(&answers.one.state, key, endpoint)).transpose()?.flatten();
        let composed = answers.compose()?;
        let mut parts = Vec::new();
        if let (KeyAnswer::Source { name, policy, .. }, None) = (&answers.key, key) {
            let says = format!(
                "alert source: `{}` in ilert, which is created if there is none (escalation policy `{}`)",
                one_line(name, LONGEST),
                one_line(policy, LONGEST)
            );
            parts.push(Part::new(PartName::AlertSource, PartState::Unknown, says));
        }
        parts.push(live_test(arguments, key, proof.as_ref()));
        parts.push(api_key(answers, key)?);
        parts.push(configuration(answers, composed.text));
        parts.push(schedule(answers));
        parts.extend(old_key(answers, key)?);
        parts.push(dry_run(answers));
        let proven = proof.map(|proof| Proven { priority: proof.priority, at: proof.at });
        let ground = Some(ground(answers, &parts));
        Ok(Self { parts, diff: composed.diff, proven, ground })
    }

    /// Whether anything is to be done, or was, that the same call again will not do; `None` where only ilert knows.
    pub(super) fn changed(&self) -> Option<bool> {
        let any = |state| self.parts.iter().any(|part| part.name != PartName::DryRun && part.state == state);
        if any(PartState::Planned) || any(PartState::Done) {
            return Some(true);
        }
        (!any(PartState::Unknown)).then_some(false)
    }
}

fn live_test(arguments: &Arguments, key: Option<&Secret>, proof: Option<&Proof>) -> Part {
    const WHEN: &str = "live test, before anything is written";
    let part = |state, says: &str| Part::new(PartName::LiveTest, state, format!("{WHEN}: {says}"));
    let priority = arguments.priority.map_or(Priority::Low, Priority::from);
    let what = match priority {
        Priority::High => "an ALERT with priority HIGH, which escalates, and its RESOLVE",
        Priority::Low => "an ALERT with priority LOW, and its RESOLVE: nobody is paged",
    };
    if arguments.no_test {
        let says = "none, as `--no-test` says (`netdata-ilert --test` proves the key)";
        return part(PartState::Skipped, says);
    }
    match (key, proof) {
        (None, _) => part(PartState::Unknown, &format!("{what}; none if the key was proven by one before")),
        (Some(key), Some(proof)) if proof.covers(priority) => {
            let words = proof.words();
            part(PartState::Unchanged, &format!("none, as the key was {words}"))
                .called(format!("the key {key}, {words}, so there is no live test"))
        }
        (Some(_), _) => Part {
            work: Some(PartWork::Test(priority)),
            ..part(PartState::Planned, what).called("the live test")
        },
    }
}

fn api_key(answers: &Answers, key: Option<&Secret>) -> eyre::Result<Part> {
    let part = |state, says| Part::new(PartName::ApiKey, state, format!("API key: {says}"));
    let Some(key) = key else { return Ok(part(PartState::Unknown, "that of the alert source".to_owned())) };
    Ok(match kept(answers, key)? {
        Some(deed) => {
            let says = format!("API key: {key}, into {deed} (mode 0600)");
            Part::to_do(PartName::ApiKey, deed, says)
        }
        None => part(PartState::Unchanged, format!("{key}, unchanged")).called(
            match &answers.config.integration.api_key {
                SecretSource::File(file) => format!("`{}`", file.shown()),
                _ => "the API key".to_owned(),
            },
        ),
    })
}

/// Writes the key where the configuration takes it from; `None` where it is there already.
fn kept(answers: &Answers, key: &Secret) -> eyre::Result<Option<Deed>> {
    let source = &answers.config.integration.api_key;
    match (source.resolve(SecretKind::Key), source) {
        (Ok(held), _) if held == *key => Ok(None),
        (Err(error), SecretSource::File(_)) if !matches!(error, SecretError::NoFile(_)) => {
            Err(ConfigError::Secret { key: "integration.api_key", error }.into())
        }
        _ => {
            let path = key_file(&answers.config, &answers.one.path)?;
            Ok(Some(Deed::Secret { path, secret: key.clone() }))
        }
    }
}

fn configuration(answers: &Answers, text: Secret) -> Part {
    let path = &answers.one.path;
    let says = |what: &str| format!("`{}`: {what}", path.shown());
    if answers.old.as_deref() == Some(text.expose()) {
        return Part::new(PartName::Configuration, PartState::Unchanged, says("unchanged"))
            .called(format!("`{}`", path.shown()));
    }
    let what = if answers.old.is_some() { "changed" } else { "new, mode 0600" };
    Part::to_do(PartName::Configuration, Deed::Configuration { path: path.clone(), text }, says(what))
}

fn schedule(answers: &Answers) -> Part {
    let part = |says: String| Part::new(PartName::Schedule, PartState::Unchanged, says);
    let Some(plan) = &answers.schedule else {
        let found = found(answers);
        return part(format!("schedule: {found}"))
            .called(format!("the schedule, of which nothing was said: {found}"));
    };
    if is_in_force(plan) {
        let notes = plan.notes.iter().fold(String::new(), |all, note| all + "\n  note: " + note);
        return part(format!("schedule: unchanged{notes}")).called(format!("the schedule{notes}"));
    }
    let says = format!("schedule:\n{}", indented(&plan.shown()));
    Part::to_do(PartName::Schedule, Deed::Schedule(Box::new(plan.clone())), says)
}

/// What runs the sender, where that stays as it is.
fn found(answers: &Answers) -> String {
    if let Some(idle) = idle(&answers.one, &answers.config) {
        return idle;
    }
    match (there(&answers.one), SendResult::elsewhere(&answers.config)) {
        (Some(kind), _) => format!("{kind} is there"),
        (None, Some(_)) => "none, and none is needed".to_owned(),
        (None, None) => match by_hand(&answers.one) {
            Some(number) => format!("line {number} of the crontab runs it, which this program did not write"),
            None => "none (`--schedule systemd` or `--schedule cron` installs one)".to_owned(),
        },
    }
}

/// What is open under the key that the sender was run with, where it will be another.
fn old_key(answers: &Answers, key: Option<&Secret>) -> eyre::Result<Option<Part>> {
    let (Some(key), Some(config)) = (key, answers.base.clone()) else { return Ok(None) };
    let Some(old) = config.api_key().ok().filter(|old| old != key) else { return Ok(None) };
    let state = &answers.one.state;
    let count = left_open(state, &old, &config.ilert.endpoint)?;
    let former = Box::new(Former { config, key: old });
    let deed = Deed::HandOver { former, state: state.clone() };
    let says = format!("then what is open under the old key is resolved (alerts: {count})");
    Ok((count > 0).then(|| Part::to_do(PartName::OldKey, deed, says)))
}

fn dry_run(answers: &Answers) -> Part {
    if let Some(elsewhere) = SendResult::elsewhere(&answers.config) {
        return Part::new(PartName::DryRun, PartState::Skipped, elsewhere.words());
    }
    let (config, state) = (answers.one.path.clone(), answers.one.state.clone());
    let environment = answers.schedule.as_ref().and_then(|plan| plan.environment.clone()).map(Box::new);
    let deed = Deed::DryRun { config, state, environment };
    Part::to_do(PartName::DryRun, deed, "then a dry run of `--send`")
}

/// What the parts are made from.
fn ground(answers: &Answers, parts: &[Part]) -> Ground {
    let mut ground = Ground::default();
    for part in parts {
        let file = match &part.work {
            Some(PartWork::Deed(Deed::Secret { path, secret })) => {
                SeenFile { path: path.clone(), seen: content(path), new: written(secret) }
            }
            Some(PartWork::Deed(Deed::Configuration { path, text })) => {
                let seen = answers.old.clone().map(Secret::new);
                SeenFile { path: path.clone(), seen, new: text.clone() }
            }
            Some(PartWork::Deed(Deed::Schedule(plan))) => {
                ground.plan = Some(plan.clone());
                continue;
            }
            _ => continue,
        };
        ground.files.push(file);
    }
    ground
}

fn indented(text: &str) -> String {
    text.trim_end()
        .lines()
        .map(|line| format!("  {line}").trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}
