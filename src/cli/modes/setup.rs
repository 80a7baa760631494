//! `--setup`: does what the wizard does, without a question, for Ansible and cloud-init. It checks all that can be checked,
//! proves the key by a live test, and then writes. The same call again changes nothing; after a failure it goes on.

mod answers;
mod checks;
mod plan;

use std::collections::VecDeque;

use color_eyre::eyre;

use self::answers::{Answers, KeyAnswer};
use super::alert_source::{self, key_file, say_provided};
use super::send::{SendResult, say_elsewhere};
use super::test_event::prove;
use crate::cli::{Arguments, say};
use crate::config::{Config, ConfigError, Priority, SecretError, SecretSource};
use crate::exit::{Ended, Exit, Stopped};
use crate::ilert::Account;
use crate::ilert::account::{ProvideError, provide};
use crate::interrupt::Interrupts;
use crate::secret::{Secret, SecretKind};
use crate::setup::{Deed, Former, left_open, perform};
use crate::text::ShownPath as _;

/// Sets up, or prints what setting up would do.
pub async fn set_up(arguments: &Arguments, interrupts: &mut Interrupts) -> eyre::Result<Ended> {
    if arguments.dry_run {
        let shown = unless_told(interrupts, plan::show(arguments)).await;
        return shown.map_or_else(Ok, |exit| exit.map(Ended::With));
    }
    let Ready { config, key, work } = match unless_told(interrupts, ready(arguments)).await {
        Ok(ready) => ready?,
        Err(told) => {
            say("nothing was written");
            return Ok(told);
        }
    };
    if arguments.no_test {
        say("no live test, as `--no-test` says: `netdata-ilert --test` proves the key");
    } else if work.is_proven {
        say(format_args!(
            "unchanged: the key {key}, the endpoint and the configuration, so there is no live test \
             (`netdata-ilert --test` sends one)"
        ));
    } else {
        let priority = arguments.priority.map_or(Priority::Low, Priority::from);
        let ended = prove(&config, &key, priority, interrupts).await?;
        if ended != Ended::With(Exit::Done) {
            say("the live test did not pass, so nothing was written; the same call again goes on from here");
            return Ok(ended);
        }
    }
    for words in &work.unchanged {
        say(format_args!("unchanged: {words}"));
    }
    carry_out(work.deeds, interrupts).await
}

/// All that is known before anything is written.
struct Ready {
    /// The configuration, as it will be.
    config: Config,
    /// Its API key.
    key: Secret,
    /// What is to do.
    work: Work,
}

/// What is to do, and what need not be done.
struct Work {
    /// Neither the key nor the configuration changes.
    is_proven: bool,
    /// What is as it should be, in words.
    unchanged: Vec<String>,
    /// What is to do, in this order.
    deeds: VecDeque<Deed>,
}

async fn ready(arguments: &Arguments) -> eyre::Result<Ready> {
    let answers = Answers::of(arguments).await?;
    checks::here(&answers)?;
    checks::netdata(&answers.config).await?.iter().for_each(say);
    checks::other_senders().iter().for_each(say);
    let key = fetch(&answers).await?;
    let work = Work::of(&answers, &key)?;
    Ok(Ready { config: answers.config, key, work })
}

/// The API key. An alert source is created only now, after all else was checked.
async fn fetch(answers: &Answers) -> eyre::Result<Secret> {
    let (name, policy, token) = match &answers.key {
        KeyAnswer::Given(key) => return Ok(key.clone()),
        KeyAnswer::Source { name, policy, token } => (name, policy, token.clone()),
    };
    let Some(token) = token else { return Err(answers::missing(&[answers::TOKEN]).into()) };
    let stopped = |error: ProvideError| {
        let exit = alert_source::exit(&error);
        let again = match exit {
            Exit::Later => "; the same call again goes on from here",
            _ => "",
        };
        Stopped { words: format!("{error}\nNothing was written{again}."), exit }
    };
    let account = Account::new(&answers.config.ilert, token).map_err(|error| stopped(error.into()))?;
    let provided = provide(&account, name, policy, None).await.map_err(stopped)?;
    say_provided(&provided);
    Ok(provided.key)
}

impl Work {
    fn of(answers: &Answers, key: &Secret) -> eyre::Result<Self> {
        let (path, state) = (&answers.one.path, &answers.one.state);
        let secret = kept(answers, key)?;
        let text = answers.compose()?.text;
        let is_written = answers.old.as_deref() == Some(text.expose());
        let mut work =
            Self { is_proven: secret.is_none() && is_written, unchanged: Vec::new(), deeds: VecDeque::new() };
        match (secret, &answers.config.integration.api_key) {
            (Some(secret), _) => work.deeds.push_back(secret),
            (None, SecretSource::File(file)) => work.unchanged.push(format!("`{}`", file.shown())),
            (None, _) => {}
        }
        if is_written {
            work.unchanged.push(format!("`{}`", path.shown()));
        } else {
            work.deeds.push_back(Deed::Configuration { path: path.clone(), text });
        }
        match &answers.schedule {
            None => work.unchanged.push(
                "the schedule, of which nothing was said (`--schedule systemd` or `--schedule cron` installs one)"
                    .to_owned(),
            ),
            Some(plan) => {
                if plan.keeps_schedule() {
                    work.unchanged.push("the schedule".to_owned());
                }
                if !plan.is_empty() {
                    work.deeds.push_back(Deed::Schedule(Box::new(plan.clone())));
                }
            }
        }
        if let Some(former) = answers.former(key) {
            let endpoint = &former.config.ilert.endpoint;
            if left_open(state, &former.key, endpoint)? > 0 {
                work.deeds.push_back(Deed::HandOver { former: Box::new(former), state: state.clone() });
            }
        }
        match SendResult::elsewhere(&answers.config) {
            None => work.deeds.push_back(Deed::DryRun { config: path.clone(), state: state.clone() }),
            Some(elsewhere) => say_elsewhere(elsewhere),
        }
        Ok(work)
    }
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

impl Answers {
    /// What the sender was run with, where it will be with another key.
    fn former(&self, key: &Secret) -> Option<Former> {
        let config = self.base.clone()?;
        let former = config.api_key().ok().filter(|former| former != key)?;
        Some(Former { config, key: former })
    }
}

/// Does one thing after the other. What could not be done, and what was not tried, is said.
async fn carry_out(mut deeds: VecDeque<Deed>, interrupts: &mut Interrupts) -> eyre::Result<Ended> {
    let mut exit = Exit::Done;
    while let Some(deed) = deeds.pop_front() {
        match unless_told(interrupts, perform(deed.clone())).await {
            Ok(Ok(done)) => done.into_iter().for_each(say),
            Ok(Err(stopped)) => {
                say(&stopped.words);
                exit = Exit::worst([exit, stopped.exit]);
                if deed.is_needed() {
                    deeds.push_front(deed);
                    break;
                }
            }
            Err(told) => {
                deeds.push_front(deed);
                say_left(&deeds);
                return Ok(told);
            }
        }
    }
    say_left(&deeds);
    Ok(Ended::With(exit))
}

fn say_left(deeds: &VecDeque<Deed>) {
    if !deeds.is_empty() {
        let left = deeds.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        say(format_args!("not done: {left}; what was done stays, and the same call again goes on from here"));
    }
}

/// What some work ends with, unless the program is told to end before.
async fn unless_told<T>(interrupts: &mut Interrupts, work: impl Future<Output = T>) -> Result<T, Ended> {
    tokio::select! {
        biased;
        done = work => Ok(done),
        Some(interrupt) = interrupts.next() => Err(Ended::By(interrupt)),
    }
}
