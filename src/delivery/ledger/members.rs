//! The members of storms: who leaves, who is still raised.

use std::collections::BTreeMap;
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
    standing: usize,
    members: Vec<Member>,
}

/// Lets members leave that are over, and counts those that are left. A storm without any is over, at this time (agent's
/// clock, seconds).
pub(super) fn refresh(ledger: &mut Ledger, now: i64) {
    let mut tallies: BTreeMap<StormId, Tally> = ledger
        .storms()
        .map(|(id, entry)| (id.clone(), Tally { told: entry.is_accepted(id.class), ..Tally::default() }))
        .collect();
    let mut changed = Vec::new();
    for (subject, entry) in &ledger.entries {
        let Some(Membership { storm, told }) = &entry.member else { continue };
        match tallies.get_mut(&**storm).filter(|_| entry.stays(storm.class)) {
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
    for (id, tally) in tallies {
        let at = id.at;
        ledger.change(&Subject::Storm(id), |entry| {
            let is_adopted = entry.storm.as_ref().is_some_and(|state| state.adopted);
            let is_over = tally.standing == 0 && entry.is_raised() && !is_adopted;
            if let Some(state) = &mut entry.storm {
                (state.storm.standing, state.storm.members) = (tally.standing, tally.members);
            }
            if is_over {
                entry.end(ResolveReason::Cleared, now);
                (entry.facts.status, entry.facts.when) = (Status::Clear, now);
                entry.facts.duration = u64::try_from(now - at).ok();
            }
        });
    }
}

/// Gives up storms that ilert was not told of: their members are told singly. Returns whether there were any.
pub(super) fn disband_untold(ledger: &mut Ledger) -> bool {
    let untold: Vec<StormId> = ledger
        .storms()
        .filter(|(id, entry)| !entry.keys.get(id.class).is_open())
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
        self.standing += 1;
        if self.members.len() >= MOST_MEMBERS {
            return;
        }
        let node = subject.node().host.clone();
        self.members.push(match subject {
            Subject::Alert(alert) => {
                let facts = if entry.facts.status == Status::Clear { &entry.raised } else { &entry.facts };
                Member {
                    node,
                    alert: alert.name.clone(),
                    chart: alert.chart.clone(),
                    status: facts.status.word().to_owned(),
                    value: quantity::shown(facts),
                }
            }
            Subject::Node(_) | Subject::Storm(_) => Member { node, ..Member::default() },
        });
    }
}
