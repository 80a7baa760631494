//! Finds when a sighted alert is due and whether it is silenced. Its last transition says so. That is asked for only if
//! neither the log just read nor an earlier observation has it.
//!
//! The log lacks the newest second or two, and is written through a queue. So a young transition that is not there is
//! waited for, never guessed. An older one that is not there was never written.
//!
//! A silence can end without a transition. So every run asks v1's `alarms` about alerts that are raised and were
//! silenced: only that answer says whether they still are.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, stream};
use tokio::time::timeout_at;

use super::log::{LogWindow, NotificationFlags};
use super::{Round, transitions};
use crate::alert::{Sighting, Transition};
use crate::netdata::error::Error;
use crate::netdata::future::AgentNow;
use crate::netdata::lenient_json::read_back;
use crate::netdata::node_index::NodeIndex;
use crate::netdata::{CONCURRENCY, Interest, gap, v1};

/// More unknown transitions than this are asked for in bulk first.
const FEW: usize = 20;
/// How far back the bulk goes, seconds: delays of the stock configuration are an hour at most.
const BULK: i64 = 24 * 3600;
/// How long to wait for a transition that is not in the log, seconds.
const YOUNG: i64 = 120;

/// Fills in `due` and `silent` as far as they are known, or marks the sighting as pending.
pub(super) async fn fill(
    round: &mut Round<'_>,
    log: &LogWindow,
    sightings: &mut [Sighting],
) -> Result<(), Error> {
    let mut silenced = Vec::new();
    let mut unknown = Vec::new();
    for sighting in sightings.iter_mut() {
        match last_transition(sighting, log, round.interest) {
            LastTransition::Known => {}
            LastTransition::InTheLog(flags) => tell(sighting, flags),
            LastTransition::Silenced => silenced.push(sighting),
            LastTransition::Unknown => unknown.push(PendingLookUp { sighting, known: false }),
            LastTransition::Untold => assume(sighting),
        }
    }
    let unanswered = ask_silences(round, silenced).await;
    unknown.extend(unanswered.into_iter().map(|sighting| PendingLookUp { sighting, known: true }));
    // If v1 did not say whether an alert is silenced, the flags of its last transition in the log may.
    unknown.retain_mut(|unknown| match log.flags(&unknown.sighting.facts.transition) {
        Some(flags) => {
            unknown.tell(flags);
            false
        }
        None => true,
    });
    look_up(round, log, unknown).await
}

/// What is known of a sighting's last transition.
enum LastTransition {
    /// It was told earlier.
    Known,
    /// It is in the log.
    InTheLog(NotificationFlags),
    /// It was told earlier, but was silenced.
    Silenced,
    /// It must be looked up.
    Unknown,
    /// It cannot be looked up: it has no id.
    Untold,
}

fn last_transition(sighting: &Sighting, log: &LogWindow, interest: &Interest<'_>) -> LastTransition {
    let transition = &sighting.facts.transition;
    match interest.followed.get(&sighting.alert) {
        Some(followed) if followed.transition == *transition => {
            if followed.silenced && sighting.facts.status.level().is_some() && is_id(transition) {
                LastTransition::Silenced
            } else {
                LastTransition::Known
            }
        }
        _ if !is_id(transition) => LastTransition::Untold,
        _ => log.flags(transition).map_or(LastTransition::Unknown, LastTransition::InTheLog),
    }
}

/// Whether it can be asked for: it is not empty, and not the UUID of zeros.
fn is_id(transition: &str) -> bool {
    transition.bytes().any(|byte| !matches!(byte, b'0' | b'-'))
}

fn tell(sighting: &mut Sighting, flags: NotificationFlags) {
    sighting.due = (!flags.new).then_some(flags.due);
    sighting.silent = Some(flags.silent || sighting.facts.silent_role());
}

/// For a transition that nothing is known of: due when it happened, silent by its role alone.
fn assume(sighting: &mut Sighting) {
    sighting.due = Some(sighting.facts.when);
    sighting.silent = Some(sighting.facts.silent_role());
}

/// A sighting whose last transition is to be looked up.
struct PendingLookUp<'s> {
    sighting: &'s mut Sighting,
    /// Its due time is known; only whether it still is silenced is asked.
    known: bool,
}

impl PendingLookUp<'_> {
    fn tell(&mut self, flags: NotificationFlags) {
        tell(self.sighting, flags);
        if self.known {
            self.sighting.due = None;
        }
    }

    fn is_young(&self, now: i64) -> bool {
        self.sighting.facts.when > now - YOUNG
    }
}

/// Asks each node once whether its silenced alerts still are. Returns those without an answer.
async fn ask_silences<'s>(round: &Round<'_>, silenced: Vec<&'s mut Sighting>) -> Vec<&'s mut Sighting> {
    let (connection, share) = (round.connection, round.time.extras());
    let nodes: HashSet<_> = silenced.iter().map(|sighting| sighting.alert.node.clone()).collect();
    let questions: Vec<_> = nodes
        .into_iter()
        .map(|node| async {
            let path = if node == round.info.agent.node { String::new() } else { v1::host_path(&node.guid) };
            // A node that does not answer here is no failure: the flags are asked instead.
            let answer = share.run(connection, v1::silences(connection, &path, &node)).await;
            (node, answer.unwrap_or_default())
        })
        .collect();
    let answers: HashMap<_, _> = stream::iter(questions).buffer_unordered(CONCURRENCY).collect().await;
    let mut unanswered = Vec::new();
    for sighting in silenced {
        // v1 prints both as they are, whatever is in them.
        let (chart, name) = (read_back(&sighting.alert.chart), read_back(&sighting.alert.name));
        let answer = answers
            .get(&sighting.alert.node)
            .and_then(|alarms| alarms.get(&(chart.into_owned(), name.into_owned())));
        match answer {
            Some(silenced) => sighting.silent = Some(*silenced || sighting.facts.silent_role()),
            None => unanswered.push(sighting),
        }
    }
    unanswered
}

/// Looks the last transitions up: many in bulk, the rest one by one, as far as the time goes.
async fn look_up(
    round: &mut Round<'_>,
    log: &LogWindow,
    mut unknown: Vec<PendingLookUp<'_>>,
) -> Result<(), Error> {
    let now = round.clock();
    let mut found = HashMap::new();
    // If the log did not come, a larger request will not come either.
    if unknown.len() > FEW && !log.is_missing {
        found = in_bulk(round, &unknown, now).await?;
    }
    // Young ones can wait for the next run, others cannot.
    unknown.sort_by_key(|one| (one.is_young(now), std::cmp::Reverse(one.sighting.facts.when)));
    let ids = unknown.iter().map(|one| &one.sighting.facts.transition);
    let ids: Vec<String> = ids.filter(|id| !found.contains_key(*id)).cloned().collect();
    let asked = one_by_one(round, ids, &mut found).await?;
    let present = AgentNow::new(now, 0);
    let mut guessed = 0;
    for one in &mut unknown {
        let facts = &one.sighting.facts;
        if let Some(transition) = found.get(&facts.transition) {
            one.tell(NotificationFlags { due: transition.due, silent: transition.silent, new: false });
        } else if one.known {
            // The last known answer holds.
        } else if one.is_young(now) && !present.is_before(facts.when) {
            (one.sighting.pending, one.sighting.silent) = (true, None);
        } else {
            guessed += usize::from(!asked.contains(&facts.transition));
            assume(one.sighting);
        }
    }
    if guessed > 0 {
        round.gaps.push(gap::not_looked_up(guessed));
    }
    Ok(())
}

async fn in_bulk(
    round: &Round<'_>,
    unknown: &[PendingLookUp<'_>],
    now: i64,
) -> Result<HashMap<String, Transition>, Error> {
    let whens = unknown.iter().map(|one| one.sighting.facts.when).filter(|when| *when >= now - BULK);
    let Some(oldest) = whens.min() else { return Ok(HashMap::new()) };
    let seconds = (now - oldest).max(0) + 60;
    // All of these are on covered nodes: they were sighted.
    let mut everywhere = NodeIndex::everywhere();
    match transitions::since(round.connection, seconds, round.time.log(), &mut everywhere).await {
        Ok(part) => Ok(part.transitions.into_iter().map(by_id).collect()),
        Err(error) if error.leaves_a_gap() => Ok(HashMap::new()),
        Err(error) => Err(error),
    }
}

/// Adds the transitions to `found`; returns the ids that the agent has answered.
async fn one_by_one(
    round: &Round<'_>,
    ids: Vec<String>,
    found: &mut HashMap<String, Transition>,
) -> Result<HashSet<String>, Error> {
    let (connection, until) = (round.connection, round.time.extras().until());
    let questions = ids.into_iter().map(|id| async move {
        let answer = transitions::one(connection, &id).await;
        (id, answer)
    });
    let mut answers = stream::iter(questions).buffer_unordered(CONCURRENCY);
    let mut asked = HashSet::new();
    while let Ok(Some((id, answer))) = timeout_at(until, answers.next()).await {
        match answer {
            Ok(transition) => {
                found.extend(transition.map(by_id));
                asked.insert(id);
            }
            Err(error) if error.leaves_a_gap() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(asked)
}

fn by_id(transition: Transition) -> (String, Transition) {
    (transition.facts.transition.clone(), transition)
}
