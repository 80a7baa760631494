//! The same work for each of several configurations, all at once: none waits for another, and none stops another.
//!
//! Each has a thread of its own, as a mode has: a disk that stalls under one holds up no other. What it says begins
//! with its name ([`speaker`](crate::speaker)).

use std::thread;

use color_eyre::eyre::{self, WrapErr, eyre};
use serde::Serialize;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::{complain, print};
use crate::cli::say_as;
use crate::cli::work::{OVERDUE, STACK, block_on, overdue, side_by_side};
use crate::config::{FoundConfigurations, Installed};
use crate::delivery::job::DEADLINE;
use crate::exit::{Exit, Stopped};
use crate::output;
use crate::speaker::Speaker;

/// The result of one of several configurations.
pub(super) struct ConfigurationOutcome<T> {
    /// The configuration's name.
    pub(super) name: String,
    /// Its result; or the error, which is printed already.
    pub(super) gave: Result<T, Stopped>,
}

/// Does some work for each. An error of one is printed under its name.
pub(super) async fn each<T, F>(
    named: FoundConfigurations,
    limit: Limit,
    work: impl Fn(Installed) -> F + Clone + Send + 'static,
) -> Vec<ConfigurationOutcome<T>>
where
    T: Send + 'static,
    F: Future<Output = eyre::Result<T>>,
{
    let until = Instant::now() + DEADLINE + OVERDUE;
    side_by_side(limit == Limit::Run);
    let mut under_way = Vec::new();
    for one in named.installed {
        let (name, work) = (one.name.clone(), work.clone());
        let (end, ended) = oneshot::channel();
        let speaker = Speaker::one_of_several(&name);
        let begun = thread::Builder::new().name(name.clone()).stack_size(STACK).spawn(move || {
            speaker.speak();
            // Who waited for it may be gone.
            let _ = end.send(block_on(work(one)).map_err(|error| complain(&error)));
        });
        under_way.push((name, begun.map(|_| ended)));
    }
    let mut outcomes = Vec::new();
    for (name, begun) in under_way {
        let gave = match begun {
            Ok(ended) => match limit.wait(ended, until).await {
                Ok(gave) => gave,
                Err(error) => Err(said(&name, &error)),
            },
            Err(error) => Err(said(&name, &eyre!("cannot start a thread: {error}"))),
        };
        outcomes.push(ConfigurationOutcome { name, gave });
    }
    side_by_side(false);
    for refused in named.refused {
        let gave = Err(said(&refused.name, &refused.error.into()));
        outcomes.push(ConfigurationOutcome { name: refused.name, gave });
    }
    outcomes
}

/// How long each may take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// As long as it does.
    None,
    /// As long as a run of the sender.
    Run,
}

impl Limit {
    async fn wait<T>(self, ended: oneshot::Receiver<T>, until: Instant) -> eyre::Result<T> {
        let ended = match self {
            Self::None => ended.await,
            Self::Run => timeout_at(until, ended).await.map_err(|_| overdue())?,
        };
        ended.wrap_err("it ended without a word")
    }
}

fn said(name: &str, error: &eyre::Report) -> Stopped {
    let exit = super::exit_of(error);
    let words = super::words_of(error, exit);
    say_as(name, &words);
    Stopped { words, exit }
}

/// The worst exit code of several.
pub(super) fn worst<T>(outcomes: &[ConfigurationOutcome<T>], exit: impl Fn(&T) -> Exit) -> Exit {
    Exit::worst(outcomes.iter().map(|one| match &one.gave {
        Ok(gave) => exit(gave),
        Err(stopped) => stopped.exit,
    }))
}

#[derive(Serialize)]
struct Entry<'a, T> {
    name: &'a str,
    #[serde(flatten)]
    shown: Shown<'a, T>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Shown<'a, T> {
    Given(&'a T),
    Broken { error: &'a str },
}

/// Prints what several gave as one list of JSON: each has its name, and what one alone would print, or `error`.
pub(super) fn print_json<T: Serialize>(outcomes: &[ConfigurationOutcome<T>]) -> eyre::Result<Exit> {
    let list: Vec<Entry<'_, T>> = outcomes
        .iter()
        .map(|ConfigurationOutcome { name, gave }| Entry {
            name,
            shown: match gave {
                Ok(gave) => Shown::Given(gave),
                Err(stopped) => Shown::Broken { error: &stopped.words },
            },
        })
        .collect();
    print(&output::json(&list).wrap_err("cannot write JSON")?)
}
