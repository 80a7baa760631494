//! Storms: more raises of a kind than a person can read become one alert. Values in, values out.
//!
//! At each record the raises that became due are counted by kind. If there were more than `storm_after` in the last 15
//! minutes, those that nobody has tried to send become members of a storm: an entry of the ledger like any other, with
//! a key of its own. As long as it goes on, a raise of a kind that an open storm speaks of joins it. Any other kind is
//! news: it is told singly, until there is too much of that as well; then another storm opens.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::entry::{Entry, Membership, Standing, StormState};
use super::ledger::{Ledger, NodeRecord};
use super::plan::PlanInput;
use crate::alert::{AlertDetails, Level, NodeId, Status};
use crate::payload::{Action, KeyKind, Storm, StormId, Subject};

/// For this long after a storm was adopted, any raise of its kind joins it (milliseconds).
const ADOPTION: i64 = 5 * 60_000;

/// A raise that waits and was never put on the wire.
struct Due {
    subject: Subject,
    /// It became due with this record.
    is_new: bool,
    /// It is over before it was told.
    is_late: bool,
}

impl Due {
    /// The name of the alert; none for a node.
    fn kind(&self) -> Option<&str> {
        match &self.subject {
            Subject::Alert(alert) => Some(&alert.name),
            Subject::Node(_) | Subject::Storm(_) => None,
        }
    }
}

/// Counts what became due, and gathers it in storms. The ledger has been planned; what changes is planned anew.
pub(super) fn gather(ledger: &mut Ledger, storm_after: u32, agent: &NodeId, input: &PlanInput) {
    let changed = gathered(ledger, storm_after, agent, input);
    ledger.replan_only(&changed, input);
}

/// Gathers what became due; returns what is to be planned anew.
fn gathered(ledger: &mut Ledger, storm_after: u32, agent: &NodeId, input: &PlanInput) -> BTreeSet<Subject> {
    ledger.recent.forget_old(input.recorded);
    end_adoption(ledger, input.recorded);
    let most = usize::try_from(storm_after).unwrap_or(usize::MAX);
    let mut changed = BTreeSet::new();
    if most == 0 {
        return changed;
    }
    for kind in KeyKind::ALL {
        let due = due(ledger, kind, agent, input.recorded);
        if !due.is_empty() {
            gather_kind(ledger, kind, due, most, agent, input, &mut changed);
        }
    }
    changed
}

fn gather_kind(
    ledger: &mut Ledger,
    kind: KeyKind,
    due: Vec<Due>,
    most: usize,
    agent: &NodeId,
    input: &PlanInput,
    changed: &mut BTreeSet<Subject>,
) {
    let Gathered { joined, opened, singly } = decide(ledger, kind, due, most);
    let raises = joined.iter().map(|(due, _)| due).chain(&opened).filter(|due| due.is_new).count();
    ledger.recent.add(kind, input.recorded, (raises + singly, singly), !opened.is_empty());
    for (due, storm) in &joined {
        join(ledger, due, storm);
        changed.extend([due.subject.clone(), Subject::Storm((**storm).clone())]);
    }
    if !opened.is_empty() {
        changed.insert(open(ledger, kind, agent, &opened, input));
        changed.extend(opened.into_iter().map(|due| due.subject));
    }
}

/// The same for a ledger that knows nothing yet, as ilert has it from the runs `before`: what is open singly stays single,
/// and what a storm tells is in one. For a preview of what is raised.
pub(super) fn gather_as(
    before: &Ledger,
    ledger: &mut Ledger,
    storm_after: u32,
    agent: &NodeId,
    input: &PlanInput,
) {
    let most = usize::try_from(storm_after).unwrap_or(usize::MAX);
    if most == 0 {
        return;
    }
    ledger.recent = before.recent.clone();
    ledger.recent.forget_old(input.recorded);
    let mut changed = BTreeSet::new();
    for kind in KeyKind::ALL {
        let known = |due: &Due| before.entries.get(&due.subject);
        let mut due = due(ledger, kind, agent, input.recorded);
        due.retain(|due| !known(due).is_some_and(|entry| entry.keys.any_open()));
        let (members, rest): (Vec<Due>, Vec<Due>) =
            due.into_iter().partition(|due| known(due).is_some_and(|entry| entry.is_member(kind)));
        if !members.is_empty() {
            changed.insert(open(ledger, kind, agent, &members, input));
            changed.extend(members.into_iter().map(|due| due.subject));
        }
        if !rest.is_empty() {
            gather_kind(ledger, kind, rest, most, agent, input, &mut changed);
        }
    }
    ledger.replan_only(&changed, input);
}

/// What becomes of the raises of a kind.
struct Gathered {
    /// Raises that join an open storm.
    joined: Vec<(Due, Arc<StormId>)>,
    /// Raises that open another storm.
    opened: Vec<Due>,
    /// How many new ones are told singly.
    singly: usize,
}

fn decide(ledger: &Ledger, kind: KeyKind, due: Vec<Due>, most: usize) -> Gathered {
    let new = |due: &[Due]| due.iter().filter(|due| due.is_new).count();
    let adopted = open_storms(ledger, kind).any(|(_, state)| state.adopted);
    if !adopted && ledger.recent.raises(kind) + new(&due) <= most {
        return Gathered { joined: Vec::new(), opened: Vec::new(), singly: new(&due) };
    }
    let storms: Vec<(Arc<StormId>, &StormState)> = open_storms(ledger, kind).collect();
    let speaking = |due: &Due| storms.iter().find(|(_, state)| state.speaks_of(due.kind()));
    let mut joined = Vec::new();
    let mut rest = Vec::new();
    for due in due {
        match speaking(&due) {
            Some((storm, _)) => joined.push((due, Arc::clone(storm))),
            None => rest.push(due),
        }
    }
    // What was told singly before the first storm is not news.
    let opened = storms.iter().map(|(_, state)| state.opened);
    let since = opened.chain(ledger.recent.first_storm(kind)).min();
    let news = new(&rest);
    if news > 0 && ledger.recent.singly(kind, since) + news > most {
        return Gathered { joined, opened: rest, singly: 0 };
    }
    Gathered { joined, opened: Vec::new(), singly: news }
}

/// Storms of a kind that something may join: raised, and not refused.
fn open_storms(ledger: &Ledger, kind: KeyKind) -> impl Iterator<Item = (Arc<StormId>, &StormState)> {
    ledger.storms().filter_map(move |(id, entry)| {
        let is_open = id.kind == kind && entry.is_raised() && !entry.keys.get(kind).refused.alert;
        Some((Arc::new(id.clone()), entry.storm.as_deref().filter(|_| is_open)?))
    })
}

/// Raises of a kind that wait and were never put on the wire. Leaves out agents that do not answer.
fn due(ledger: &Ledger, kind: KeyKind, agent: &NodeId, recorded: i64) -> Vec<Due> {
    let of_kind = |(subject, entry): (&Subject, &Entry)| {
        let is_agent =
            |node: &NodeId| node == agent || ledger.parents.iter().any(|parent| *parent.agent.node == *node);
        if subject.is_storm() || matches!(subject, Subject::Node(node) if is_agent(node)) {
            return None;
        }
        let of_kind = entry.waiting.iter().filter(|waiting| waiting.notice.kind == kind);
        let (waiting, raise) = of_kind.into_iter().find_map(|waiting| match waiting.notice.action {
            Action::Alert(raise) => Some((waiting, raise)),
            _ => None,
        })?;
        (!waiting.tried && !entry.keys.get(kind).stands()).then(|| Due {
            subject: subject.clone(),
            is_new: waiting.since == recorded,
            is_late: raise.is_late(),
        })
    };
    ledger.entries.iter().filter_map(of_kind).collect()
}

/// Ends the adoption of storms once everything has been seen for a while: what was theirs has joined them by then.
fn end_adoption(ledger: &mut Ledger, now: i64) {
    let is_back = ledger.clocks.back_for.is_some() || ledger.parents.iter().any(|one| one.back_for.is_some());
    let all_is_seen = !is_back && !ledger.nodes.values().any(NodeRecord::is_away);
    let seen: Vec<Subject> = ledger
        .storms()
        .filter(|(_, entry)| {
            entry.storm.as_ref().is_some_and(|state| state.adopted && now - state.opened >= ADOPTION)
        })
        .map(|(id, _)| Subject::Storm(id.clone()))
        .collect();
    for subject in seen.iter().filter(|_| all_is_seen) {
        ledger.change(subject, |entry| {
            if let Some(state) = &mut entry.storm {
                state.adopted = false;
            }
        });
    }
}

/// Opens a storm of these raises.
fn open(ledger: &mut Ledger, kind: KeyKind, agent: &NodeId, due: &[Due], input: &PlanInput) -> Subject {
    // Two of a kind may open within a second.
    let mut id = StormId { agent: agent.clone(), kind, at: input.now };
    while ledger.entries.contains_key(&Subject::Storm(id.clone())) {
        id.at += 1;
    }
    let level = kind.level();
    let facts = AlertDetails { status: Status::from(level), when: id.at, ..AlertDetails::default() };
    ledger.recent.absorb(kind, due.iter().filter(|due| !due.is_new).count());
    let singly = ledger.recent.singly(kind, None);
    let state = StormState {
        storm: Storm { singly, ..Storm::default() },
        opened: input.recorded,
        ..StormState::default()
    };
    let subject = Subject::Storm(id.clone());
    ledger.change(&subject, |entry| {
        *entry = Entry {
            standing: Some(Standing::Raised(level)),
            last: facts.status,
            taken_at: facts.when,
            times: 1,
            peak: Some(level),
            peak_facts: facts.clone(),
            facts,
            storm: Some(Box::new(state)),
            ..Entry::default()
        };
    });
    let id = Arc::new(id);
    for due in due {
        join(ledger, due, &id);
    }
    subject
}

/// Makes a raise a part of a storm.
fn join(ledger: &mut Ledger, due: &Due, storm: &Arc<StormId>) {
    let subject = Subject::Storm((**storm).clone());
    let mut told = false;
    let is_counted = ledger.entries.get(&due.subject).is_some_and(|entry| entry.left.as_ref() == Some(storm));
    ledger.change(&subject, |entry| {
        told = entry.is_accepted(storm.kind);
        if let Some(state) = entry.storm.as_mut().filter(|_| !is_counted) {
            state.storm.take(due.subject.node(), due.kind());
        }
    });
    ledger.change(&due.subject, |entry| {
        // What is over is only counted. A critical that came and went before the warning is late news of its own.
        let is_news = storm.kind == KeyKind::Warning && entry.peak == Some(Level::Critical);
        entry.left = due.is_late.then(|| Arc::clone(storm));
        entry.member = (!due.is_late).then(|| Membership { storm: Arc::clone(storm), told });
        if !is_news {
            entry.told();
        }
    });
}
