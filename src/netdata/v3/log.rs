//! `/api/v3/alert_transitions`: what came into the log.
//!
//! The log is asked by time, newest first, with an overlap: a transition can appear in it after one with a
//! later number. What an earlier answer already held is dropped by its id.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::transitions;
use crate::alert::{AlertId, Status, Transition};
use crate::netdata::Interest;
use crate::netdata::connection::Connection;
use crate::netdata::cursor::{self, Cursor};
use crate::netdata::error::Error;
use crate::netdata::roster::Roster;

/// How far back of the last observation the log is asked again, seconds.
const OVERLAP: i64 = 120;
/// How long ids are remembered, seconds: the overlap, and once more for a clock that was set back a little.
const REMEMBERED: i64 = 2 * OVERLAP;

/// The part of the log that was asked.
pub(super) struct Log {
    /// What is said by whom: all of the answer, by transition id.
    told: HashMap<String, Told>,
    /// What no earlier observation had, oldest first.
    new: Vec<Transition>,
    /// For the next observation.
    pub(super) cursor: Cursor,
}

/// What a transition says about the notification.
#[derive(Clone, Copy)]
pub(super) struct Told {
    /// When Netdata's delay ends.
    pub(super) due: i64,
    /// Flag `SILENCED`, or recipients that mean nobody.
    pub(super) silent: bool,
    /// Part of this observation, so that the sighting need not repeat it.
    pub(super) new: bool,
}

impl Log {
    /// What the log says about a transition, if it holds it.
    pub(super) fn told(&self, transition: &str) -> Option<Told> {
        self.told.get(transition).copied()
    }

    /// Alerts whose last new transition is a CLEAR that counts: one that follows a raise, not a restart.
    pub(super) fn cleared(&self, interest: &Interest<'_>) -> HashSet<&AlertId> {
        let mut last: HashMap<&AlertId, (bool, bool)> = HashMap::new();
        for transition in &self.new {
            let status = transition.facts.status;
            let followed = interest.followed.get(&transition.alert);
            let (was_raised, _) = last
                .get(&transition.alert)
                .copied()
                .unwrap_or((followed.is_some_and(|one| one.raised), false));
            let cleared = was_raised && status == Status::Clear;
            last.insert(&transition.alert, (status.level().is_some(), cleared));
        }
        last.into_iter().filter(|(_, (_, cleared))| *cleared).map(|(alert, _)| alert).collect()
    }

    /// The new transitions, oldest first; afterwards there are none.
    pub(super) fn take_new(&mut self) -> Vec<Transition> {
        std::mem::take(&mut self.new)
    }
}

/// Everything that came since the cursor. Without one, nothing is asked: history is not told.
pub(super) async fn since(
    connection: &Connection,
    cursor: Option<&Cursor>,
    agent: &str,
    now: i64,
    roster: &mut Roster<'_>,
    notes: &mut Vec<String>,
) -> Result<Log, Error> {
    let start = |since, seen| Cursor { agent: agent.to_owned(), now, log: cursor::Log::V3 { since, seen } };
    let Some(past) = Cursor::of(cursor, agent) else {
        if cursor.is_some() {
            notes.push("another agent answers than last time: its log is read from now on".to_owned());
        }
        return Ok(Log { told: HashMap::new(), new: Vec::new(), cursor: start(now, BTreeMap::new()) });
    };
    let nothing = BTreeMap::new();
    let (mut since, seen) = match &past.log {
        cursor::Log::V3 { since, seen } => (*since, seen),
        // Updated from a version without this API: what v1 told went up to then.
        cursor::Log::V1 { .. } => (past.now, &nothing),
    };
    if past.now.saturating_sub(now) > OVERLAP {
        notes.push(format!(
            "the agent's clock went back by {} s: its log is read from now on, the present state decides",
            past.now - now
        ));
        since = now;
    }
    let seconds = now.saturating_sub(past.now).max(0).saturating_add(OVERLAP);
    let answer = transitions::since(connection, seconds, roster).await?;
    if answer.left_out > 0 {
        notes.push(format!(
            "{} older transitions did not fit into the agent's answer: the present state decides",
            answer.left_out
        ));
    }
    let mut transitions = answer.transitions;
    let mut told = HashMap::with_capacity(transitions.len());
    let mut remembered: BTreeMap<String, i64> = seen
        .iter()
        .filter(|(_, when)| **when >= now - REMEMBERED)
        .map(|(id, when)| (id.clone(), *when))
        .collect();
    transitions.retain(|transition| {
        let (id, when) = (&transition.facts.transition, transition.facts.when);
        if when >= now - REMEMBERED {
            remembered.insert(id.clone(), when);
        }
        let new = when >= since && !seen.contains_key(id);
        told.insert(id.clone(), Told { due: transition.due, silent: transition.silent, new });
        new
    });
    Ok(Log { told, new: transitions, cursor: start(since, remembered) })
}
