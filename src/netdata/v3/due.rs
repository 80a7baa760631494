//! When a sighted alert is due, and whether it is silenced: what its last transition says, asked for only
//! where neither the log just read nor an earlier observation has told.
//!
//! A silence can end without a transition. Whether it has is asked at every run of the alerts that are raised
//! and were silenced, of v1's `alarms`: it is the one answer that says so of now.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, stream};

use super::log::{Log, Told};
use super::{Info, transitions};
use crate::alert::{Sighting, Transition};
use crate::netdata::connection::Connection;
use crate::netdata::error::Error;
use crate::netdata::roster::Roster;
use crate::netdata::{CONCURRENCY, Interest, v1};

/// More unknown transitions than this are asked for in bulk first.
const FEW: usize = 20;
/// How far back the bulk goes, seconds: delays of the stock configuration are an hour at most.
const BULK: i64 = 24 * 3600;
/// How many are looked up one by one in a run, at most; the youngest first.
const MOST_LOOK_UPS: usize = 200;

/// Fills in `due` and `silent` as far as they can be known.
pub(super) async fn fill(
    connection: &Connection,
    info: &Info,
    log: &Log,
    interest: &Interest<'_>,
    sightings: &mut [Sighting],
    notes: &mut Vec<String>,
) -> Result<(), Error> {
    let mut silenced = Vec::new();
    let mut unknown = Vec::new();
    for sighting in sightings.iter_mut() {
        match standing(sighting, log, interest) {
            Standing::Known => {}
            Standing::Told(told) => tell(sighting, told),
            Standing::Silenced => silenced.push(sighting),
            Standing::Unknown => unknown.push(sighting),
        }
    }
    unknown.extend(ask_silences(connection, info, silenced).await);
    // What v1 could not say of a silence, the log may: the flags of the last transition.
    unknown.retain_mut(|sighting| match log.told(&sighting.facts.transition) {
        Some(told) => {
            tell(sighting, told);
            false
        }
        None => true,
    });
    look_up(connection, info.now, unknown, notes).await
}

/// What is known of a sighting's last transition.
enum Standing {
    /// It was told earlier, or there is none to ask for.
    Known,
    /// It is in the log.
    Told(Told),
    /// It was told earlier, but was silenced.
    Silenced,
    /// Nobody has said.
    Unknown,
}

fn standing(sighting: &Sighting, log: &Log, interest: &Interest<'_>) -> Standing {
    let transition = &sighting.facts.transition;
    if !is_id(transition) {
        return Standing::Known;
    }
    match (interest.followed.get(&sighting.alert), log.told(transition)) {
        (Some(followed), _) if followed.transition == *transition => {
            if followed.silenced && sighting.facts.status.level().is_some() {
                Standing::Silenced
            } else {
                Standing::Known
            }
        }
        (_, Some(told)) => Standing::Told(told),
        (_, None) => Standing::Unknown,
    }
}

/// Whether it can be asked for: there is one, and it is not the UUID of zeros.
fn is_id(transition: &str) -> bool {
    transition.bytes().any(|byte| !matches!(byte, b'0' | b'-'))
}

fn tell(sighting: &mut Sighting, told: Told) {
    sighting.due = (!told.new).then_some(told.due);
    sighting.silent = Some(told.silent || sighting.facts.silent_role());
}

/// Asks each node once whether its silenced alerts still are. Gives back those that got no answer.
async fn ask_silences<'s>(
    connection: &Connection,
    info: &Info,
    silenced: Vec<&'s mut Sighting>,
) -> Vec<&'s mut Sighting> {
    let nodes: HashSet<_> = silenced.iter().map(|sighting| sighting.alert.node.clone()).collect();
    let questions: Vec<_> = nodes
        .into_iter()
        .map(|node| async {
            let path = if node == info.agent.node { String::new() } else { v1::host_path(&node.guid) };
            // A node that does not answer here is no failure: the flags are asked instead.
            let answer = v1::silences(connection, &path, &node).await.unwrap_or_default();
            (node, answer)
        })
        .collect();
    let answers: HashMap<_, _> = stream::iter(questions).buffer_unordered(CONCURRENCY).collect().await;
    let mut unanswered = Vec::new();
    for sighting in silenced {
        let answer = answers
            .get(&sighting.alert.node)
            .and_then(|alarms| alarms.get(&(sighting.alert.chart.clone(), sighting.alert.name.clone())));
        match answer {
            Some(silenced) => sighting.silent = Some(*silenced || sighting.facts.silent_role()),
            None => unanswered.push(sighting),
        }
    }
    unanswered
}

/// Looks the last transitions up: many in bulk, the rest one by one.
async fn look_up(
    connection: &Connection,
    now: i64,
    mut unknown: Vec<&mut Sighting>,
    notes: &mut Vec<String>,
) -> Result<(), Error> {
    // What is looked up is of covered nodes: they were sighted.
    let mut found = HashMap::new();
    if unknown.len() > FEW {
        let young = unknown.iter().map(|sighting| sighting.facts.when).filter(|when| *when >= now - BULK);
        if let Some(oldest) = young.min() {
            let seconds = (now - oldest).max(0) + 60;
            let part = transitions::since(connection, seconds, &mut Roster::new(&|_| true)).await?;
            found.extend(part.transitions.into_iter().map(by_id));
        }
    }
    unknown.sort_by_key(|sighting| std::cmp::Reverse(sighting.facts.when));
    let ids: Vec<String> = unknown
        .iter()
        .map(|sighting| &sighting.facts.transition)
        .filter(|id| !found.contains_key(*id))
        .cloned()
        .collect();
    if ids.len() > MOST_LOOK_UPS {
        notes.push(format!(
            "{} alerts raised for long were taken as due and not silenced: too many to ask for each",
            ids.len() - MOST_LOOK_UPS
        ));
    }
    let questions: Vec<_> = ids
        .into_iter()
        .take(MOST_LOOK_UPS)
        .map(|id| async move { transitions::one(connection, &id, &mut Roster::new(&|_| true)).await })
        .collect();
    let mut answers = stream::iter(questions).buffer_unordered(CONCURRENCY);
    while let Some(answer) = answers.next().await {
        found.extend(answer?.map(by_id));
    }
    for sighting in unknown {
        if let Some(transition) = found.get(&sighting.facts.transition) {
            tell(sighting, Told { due: transition.due, silent: transition.silent, new: false });
        }
    }
    Ok(())
}

fn by_id(transition: Transition) -> (String, Transition) {
    (transition.facts.transition.clone(), transition)
}
