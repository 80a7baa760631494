//! `--retry`, `--discard` and `--forget`: what a person does by hand, in one configuration or in each.

use color_eyre::eyre;

use super::each::{Limit, each, worst};
use super::selection::{self, Selection, must_be_known, needs_name};
use super::{Misuse, SenderSetup, is_on};
use crate::cli::arguments::Chosen;
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::config::{Installed, Invocation};
use crate::delivery::by_hand::{self, Retried};
use crate::delivery::reconcile::Forgotten;
use crate::exit::Exit;
use crate::text::one_line;
use crate::words::either;

/// `--retry`.
pub(super) async fn retry(arguments: &Arguments, ids: &[i64]) -> eyre::Result<Exit> {
    match Selection::by(arguments)? {
        Selection::One(one) => retry_one(&one, ids).await,
        // Each counts its own.
        Selection::Several(named) if !ids.is_empty() => Err(needs_name("--retry ID", &named).into()),
        Selection::Several(named) => {
            let work =
                |one| async move { if is_on(&one) { retry_one(&one, &[]).await } else { Ok(Exit::Done) } };
            Ok(worst(&each(named, Limit::None, work).await, |exit| *exit))
        }
    }
}

async fn retry_one(one: &Installed, ids: &[i64]) -> eyre::Result<Exit> {
    let setup = SenderSetup::read(one)?;
    let Retried { events, others, notice } =
        by_hand::retry(&setup.state, &setup.key, &setup.config, ids, now()).await?;
    if let Some(words) = notice {
        say(words);
    }
    for (id, failed) in &events {
        say(format_args!("event {id} waits again: {}", failed.notice.name()));
    }
    for id in &others {
        say(format_args!(
            "event {id} failed under another API key or endpoint: it is kept, and can be tried again once that is back"
        ));
    }
    missing(one, ids, &events.keys().chain(&others).copied().collect::<Vec<_>>())?;
    if events.is_empty() && others.is_empty() {
        say("nothing has failed");
    }
    Ok(Exit::Done)
}

/// `--discard`.
pub(super) async fn discard(arguments: &Arguments, chosen: &[Chosen]) -> eyre::Result<Exit> {
    let is_all = chosen.contains(&Chosen::All);
    match Selection::by(arguments)? {
        Selection::One(one) => {
            must_be_known(&one)?;
            if is_all { discard_all(&one).await } else { discard_some(&one, chosen).await }
        }
        Selection::Several(named) if !is_all => Err(needs_name("--discard ID", &named).into()),
        Selection::Several(named) => {
            let work =
                |one| async move { if is_on(&one) { discard_all(&one).await } else { Ok(Exit::Done) } };
            Ok(worst(&each(named, Limit::None, work).await, |exit| *exit))
        }
    }
}

async fn discard_all(one: &Installed) -> eyre::Result<Exit> {
    let (failed, set_aside) = by_hand::discard_all(&one.state, now()).await?;
    match failed {
        0 => say("nothing has failed"),
        1 => say("1 failed event is dropped"),
        count => say(format_args!("{count} failed events are dropped")),
    }
    if set_aside > 0 {
        say(format_args!("no longer listed, though open in ilert under an old key or endpoint: {set_aside}"));
    }
    Ok(Exit::Done)
}

async fn discard_some(one: &Installed, chosen: &[Chosen]) -> eyre::Result<Exit> {
    let ids: Vec<i64> = chosen.iter().filter_map(Chosen::id).collect();
    let dropped = by_hand::discard(&one.state, &ids, now()).await?;
    for id in &dropped {
        say(format_args!("{id} is dropped"));
    }
    missing(one, &ids, &dropped)?;
    Ok(Exit::Done)
}

fn missing(one: &Installed, asked: &[i64], found: &[i64]) -> Result<(), Misuse> {
    let missing: Vec<String> =
        asked.iter().filter(|id| !found.contains(id)).map(|id| format!("`{id}`")).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let status = one.invocation.command("--status");
    Err(Misuse(format!("no failed event has the id {}: {status} lists them", missing.join(", "))))
}

/// What became of a node that was to be forgotten.
enum Forgot {
    /// It was known, and how its end was sent.
    Node(Exit),
    /// It is not known there.
    Unknown,
}

/// `--forget`.
pub(super) async fn forget(arguments: &Arguments, node: &str) -> eyre::Result<Exit> {
    let unknown = |invocation: &Invocation| {
        let status = invocation.command("--status");
        Misuse(format!("no node `{node}` is known here: {status} lists what is open"))
    };
    let named = match Selection::by(arguments)? {
        Selection::One(one) => {
            return match forget_in(&one, node).await? {
                Forgot::Node(exit) => Ok(exit),
                Forgot::Unknown => Err(unknown(&one.invocation).into()),
            };
        }
        Selection::Several(named) => named,
    };
    let sought = node.to_owned();
    let work = move |one: Installed| {
        let node = sought.clone();
        async move { if is_on(&one) { forget_in(&one, &node).await } else { Ok(Forgot::Unknown) } }
    };
    let outcomes = each(named, Limit::None, work).await;
    if outcomes.iter().all(|one| matches!(one.gave, Ok(Forgot::Unknown))) {
        return Err(unknown(&Invocation::of_all(&selection::states(arguments)?)).into());
    }
    Ok(worst(&outcomes, |forgot| match forgot {
        Forgot::Node(exit) => *exit,
        Forgot::Unknown => Exit::Done,
    }))
}

async fn forget_in(one: &Installed, node: &str) -> eyre::Result<Forgot> {
    let setup = SenderSetup::read(one)?;
    let netdata = setup.netdata()?;
    let (Forgotten { nodes, reachable, away }, report) = by_hand::forget(&setup.job(&netdata), node).await?;
    if nodes.is_empty() && !reachable.is_empty() {
        let guids: Vec<&str> = reachable.iter().map(|node| node.guid.as_str()).collect();
        let away = if away.is_empty() {
            String::new()
        } else {
            let parents = either(away.iter().map(String::as_str));
            format!(
                ". What only {parents} showed of it, which does not answer, ends once its URL is taken out of `url` under \
                 `[netdata]`"
            )
        };
        return Err(Misuse(format!(
            "`{node}` ({}) was reachable when it was last seen, so it is not forgotten: the next run would tell it \
             anew. Stop the machine or its streaming first, or leave it out of the rooms{away}",
            guids.join(", ")
        ))
        .into());
    }
    if nodes.is_empty() {
        return Ok(Forgot::Unknown);
    }
    for node in nodes {
        say(format_args!("forgotten: {node} ({})", one_line(&node.guid, usize::MAX)));
    }
    for line in report.words {
        say(line);
    }
    Ok(Forgot::Node(report.exit))
}
