//! The members of storms: who leaves, who is still raised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Ledger;
use crate::alert::Status;
use crate::delivery::entry::{Entry, Membership};
use crate::payload::quantity;
use crate::payload::{MOST_MEMBERS, Member, ResolveReason, StormId, Subject};

/// What a storm's members show.
#[derive(Default)]
struct Tally {
    told: bool,
    /// How many are left.
    count: usize,
    /// How many of them are raised: what flaps may be clear.
    standing: usize,
    members: Vec<Member>,
}

/// Lets members leave that are over, and counts those that are left. A storm without any is over, at this time (agent's
/// clock, seconds), or no longer covered, if its last members are not.
pub(super) fn refresh(ledger: &mut Ledger, now: i64) {
    let mut tallies: BTreeMap<StormId, Tally> = ledger
        .storms()
        .map(|(id, entry)| (id.clone(), Tally { told: entry.is_accepted(id.kind), ..Tally::default() }))
        .collect();
    let mut changed = Vec::new();
    for (subject, entry) in &ledger.entries {
        let Some(Membership { storm, told }) = &entry.member else { continue };
        match tallies.get_mut(&**storm).filter(|tally| entry.stays(storm.kind, tally.told)) {
            Some(tally) => {
                tally.add(subject, entry);
                if *told != tally.told {
                    let told = tally.told;
                    changed.push((subject.clone(), Some(Membership { storm: Arc::clone(storm), told })));
                }
            }
            None => changed.push((subject.clone(), None)),
        }
    }
    for (subject, member) in changed {
        ledger.change(&subject, |entry| entry.member = member);
    }
    let uncovered = uncovered(ledger);
    for (id, tally) in tallies {
        let at = id.at;
        let is_uncovered = uncovered.contains(&id);
        ledger.change(&Subject::Storm(id), |entry| {
            let is_adopted = entry.storm.as_ref().is_some_and(|state| state.adopted);
            let is_over = tally.count == 0 && entry.is_raised() && !is_adopted;
            if let Some(state) = &mut entry.storm {
                (state.storm.standing, state.storm.members) = (tally.standing, tally.members);
            }
            if is_over && is_uncovered {
                entry.end(ResolveReason::Filtered, now);
            } else if is_over {
                entry.end(ResolveReason::Cleared, now);
                (entry.facts.status, entry.facts.when) = (Status::Clear, now);
                entry.facts.duration = u64::try_from(now - at).ok();
            }
        });
    }
}

/// The storms that a member has just left because the configuration no longer covers it.
fn uncovered(ledger: &Ledger) -> BTreeSet<StormId> {
    let changed = ledger.changes.entries.iter().filter_map(|subject| ledger.entries.get(subject));
    let filtered = changed.filter(|entry| entry.ended == Some(ResolveReason::Filtered));
    filtered.filter_map(|entry| entry.left.as_deref().cloned()).collect()
}

/// The storms that ilert refused for good: nothing tells their members.
pub(super) fn refused(ledger: &Ledger) -> BTreeSet<StormId> {
    let is_refused = |(id, entry): &(&StormId, &Entry)| {
        let key = entry.keys.get(id.kind);
        key.refused.alert && !key.is_open()
    };
    ledger.storms().filter(is_refused).map(|(id, _)| id.clone()).collect()
}

/// Gives up storms that ilert was not told of: their members are told singly. Returns whether there were any.
pub(super) fn disband_untold(ledger: &mut Ledger) -> bool {
    let untold: Vec<StormId> = ledger
        .storms()
        .filter(|(id, entry)| !entry.keys.get(id.kind).is_open())
        .map(|(id, _)| id.clone())
        .collect();
    for id in &untold {
        let subject = Subject::Storm(id.clone());
        ledger.entries.remove(&subject);
        ledger.changes.entries.insert(subject);
    }
    let is_of_untold =
        |entry: &Entry| entry.member.as_ref().is_some_and(|member| untold.contains(&member.storm));
    let members: Vec<Subject> = ledger
        .entries
        .iter()
        .filter(|(_, entry)| is_of_untold(entry))
        .map(|(subject, _)| subject.clone())
        .collect();
    for subject in members {
        ledger.change(&subject, |entry| entry.member = None);
    }
    !untold.is_empty()
}

impl Tally {
    fn add(&mut self, subject: &Subject, entry: &Entry) {
        self.count += 1;
        if entry.facts.status == Status::Clear {
            return;
        }
        self.standing += 1;
        if self.members.len() >= MOST_MEMBERS {
            return;
        }
        let node = subject.node().host.clone();
        self.members.push(match subject {
            Subject::Alert(alert) => Member {
                node,
                alert: alert.name.clone(),
                chart: alert.chart.clone(),
                status: entry.facts.status.word().to_owned(),
                value: quantity::shown(&entry.facts),
            },
            Subject::Node(_) | Subject::Storm(_) => Member { node, ..Member::default() },
        });
    }
}
