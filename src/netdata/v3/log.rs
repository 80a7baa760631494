//! `/api/v3/alert_transitions`: what came into the log.
//!
//! The log is asked by time, newest first, with an overlap: a transition can appear in it after one with a later
//! number, and it lacks the newest second or two. What an earlier observation told is dropped by its id, whether that
//! had it from the log or from the state.
//!
//! The log is a bonus: where it does not come, the observation goes on without it and says so.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::alerts::Listing;
use super::cut::{left_of, may_be_cut};
use super::names::Names;
use super::{Round, transitions};
use crate::alert::{AlertId, Sighting, Status, Transition};
use crate::netdata::Interest;
use crate::netdata::cursor::{self, Cursor};
use crate::netdata::error::Error;
use crate::netdata::gap;

/// How far back of the last observation the log is asked again, seconds.
const OVERLAP: i64 = 120;
/// After a clock went back, what comes again until the old time is history, but for no longer than this, seconds: the clock
/// of another time zone is less than a day away.
const LONGEST_STEP: i64 = 24 * 60 * 60;
/// How long ids are remembered, seconds: the overlap, and once more for a clock that was set back a little.
pub(super) const REMEMBERED: i64 = 2 * OVERLAP;

/// Most names that a note repeats.
const NAMED: usize = 10;

/// The part of the log that was asked.
pub(super) struct LogWindow {
    /// What each transition of the answer says of its notification, by transition id.
    flags: HashMap<String, NotificationFlags>,
    /// What no earlier observation had, oldest first.
    new: Vec<NewTransition>,
    /// It was asked and did not come.
    pub(super) is_missing: bool,
    /// For the next observation: what is older is history.
    since: i64,
    /// For the next observation: what has been told, and when it was.
    seen: BTreeMap<String, i64>,
}

/// What a transition says about the notification.
#[derive(Clone, Copy)]
pub(super) struct NotificationFlags {
    /// When Netdata's delay ends.
    pub(super) due: i64,
    /// Flag `SILENCED`, or recipients that mean nobody.
    pub(super) silent: bool,
    /// New in this observation, so that the sighting need not repeat it.
    pub(super) new: bool,
}

struct NewTransition {
    transition: Transition,
    name: Name,
}

/// What is known of a transition's alert.
enum Name {
    Whole,
    /// The log may have cut the name to this; the list has the whole name.
    Given(String),
    /// The log may have cut the name to this; the whole name is not known.
    Cut(String),
}

impl LogWindow {
    fn empty(since: i64, seen: BTreeMap<String, i64>) -> Self {
        Self { flags: HashMap::new(), new: Vec::new(), is_missing: false, since, seen }
    }

    /// What the log says about a transition, if it holds it.
    pub(super) fn flags(&self, transition: &str) -> Option<NotificationFlags> {
        self.flags.get(transition).copied()
    }

    /// Replaces names that may have been cut by those of the list. May be called again with another list.
    pub(super) fn give_names(&mut self, names: &Names<'_>) {
        for new in &mut self.new {
            let cut = match std::mem::replace(&mut new.name, Name::Whole) {
                Name::Whole => continue,
                Name::Given(cut) | Name::Cut(cut) => cut,
            };
            new.name = match names.of(&new.transition, &cut) {
                Some(alert) => {
                    new.transition.alert.clone_from(alert);
                    Name::Given(cut)
                }
                None => Name::Cut(cut),
            };
        }
    }

    /// Whether an alert was raised of which only a part of the name is known.
    pub(super) fn has_nameless_raise(&self) -> bool {
        let nameless = |new: &NewTransition| {
            matches!(new.name, Name::Cut(_)) && new.transition.facts.status.level().is_some()
        };
        self.new.iter().any(nameless)
    }

    /// Drops transitions whose alert could not be named, and adds a note.
    pub(super) fn drop_nameless(&mut self, notes: &mut Vec<String>) {
        let before = self.new.len();
        let mut names = BTreeSet::new();
        self.new.retain_mut(|new| match &mut new.name {
            Name::Cut(cut) => {
                names.insert(std::mem::take(cut));
                false
            }
            Name::Whole | Name::Given(_) => true,
        });
        if !names.is_empty() {
            let more = match names.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            notes.push(format!(
                "{} transitions were left out, because the log has cut their alerts' names and no list gives them in \
                 full: {}{more}",
                before - self.new.len(),
                names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ")
            ));
        }
    }

    /// Alerts whose last new transition is a CLEAR after a raise. A CLEAR after a restart does not count.
    pub(super) fn cleared(&self, interest: &Interest<'_>) -> HashSet<&AlertId> {
        let mut last: HashMap<&AlertId, (bool, bool)> = HashMap::new();
        for transition in self.new.iter().filter(|new| !matches!(new.name, Name::Cut(_))) {
            let transition = &transition.transition;
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

    /// Replaces texts that the log has cut by those of the list, and adds where an alert is configured, which the log
    /// lacks.
    pub(super) fn fill_in(&mut self, listing: &Listing) {
        let sighted: HashMap<&AlertId, &Sighting> =
            listing.sightings.iter().map(|seen| (&seen.alert, seen)).collect();
        for transition in self.new_mut() {
            let Some(seen) = sighted.get(&transition.alert) else { continue };
            let facts = &mut transition.facts;
            if !seen.facts.source.is_empty() {
                facts.source.clone_from(&seen.facts.source);
            }
            let is_last = facts.transition == seen.facts.transition;
            let left = left_of(&facts.info);
            let was_cut = !left.is_empty() && seen.facts.info.starts_with(left);
            if (is_last || was_cut) && !seen.facts.info.is_empty() {
                facts.info.clone_from(&seen.facts.info);
            }
            if is_last && !seen.facts.summary.is_empty() {
                facts.summary.clone_from(&seen.facts.summary);
            }
            if is_last && listing.valueless.contains(&facts.transition) {
                facts.value = None;
            }
        }
    }

    /// The new transitions, oldest first for each alert.
    pub(super) fn news(&self) -> impl Iterator<Item = &Transition> {
        self.new.iter().map(|new| &new.transition)
    }

    /// The same, to be changed.
    pub(super) fn new_mut(&mut self) -> impl Iterator<Item = &mut Transition> {
        self.new.iter_mut().map(|new| &mut new.transition)
    }

    /// Ends with the new transitions and with where the next observation goes on. The log must not tell again what
    /// these sightings told. It must tell what they wait for, however old.
    pub(super) fn finish(
        mut self,
        agent: &str,
        now: i64,
        sightings: &[Sighting],
    ) -> (Vec<Transition>, Cursor) {
        let mut awaited = BTreeSet::new();
        for sighting in sightings {
            let (id, when) = (&sighting.facts.transition, sighting.facts.when);
            if sighting.pending {
                awaited.insert(id.clone());
            } else if when >= now - REMEMBERED && !id.is_empty() {
                self.seen.entry(id.clone()).or_insert(when);
            }
        }
        let log = cursor::Position::V3 { since: self.since, seen: self.seen, awaited };
        let new = self.new.into_iter().map(|new| new.transition).collect();
        (new, Cursor { agent: agent.to_owned(), now, log })
    }
}

/// Asks for everything since the cursor. Without a cursor it asks for nothing: history is not told.
pub(super) async fn ask(round: &mut Round<'_>) -> Result<LogWindow, Error> {
    let (agent, now) = (&round.info.agent.node.guid, round.info.now);
    let Some(past) = Cursor::of(round.interest.cursor, agent) else {
        if round.interest.cursor.is_some() {
            round.notes.push("another agent answers than last time: its log is read from now on".to_owned());
        }
        return Ok(LogWindow::empty(now, BTreeMap::new()));
    };
    let (nothing, nobody) = (BTreeMap::new(), BTreeSet::new());
    let (mut since, seen, awaited) = match &past.log {
        cursor::Position::V3 { since, seen, awaited } => (*since, seen, awaited),
        // The agent was updated and had only v1 before: v1 was read up to then.
        cursor::Position::V1 { .. } => (past.now, &nothing, &nobody),
    };
    if past.now.saturating_sub(now) > OVERLAP {
        round.notes.push(format!(
            "the agent's clock went back by {} s: until it is there again, the present state decides, and what comes \
             and goes between two runs is not told",
            past.now - now
        ));
        // What was logged by the earlier clock comes once more as the clock gets there.
        since = since.max(past.now.min(now.saturating_add(LONGEST_STEP)));
    }
    let remembered = || seen.iter().filter(|(_, when)| **when >= now - REMEMBERED);
    let remembered = remembered().map(|(id, when)| (id.clone(), *when)).collect();
    let seconds = now.saturating_sub(past.now).max(0).saturating_add(OVERLAP);
    let share = round.time.log();
    let answer = match transitions::since(round.connection, seconds, share, &mut round.index).await {
        Ok(answer) => answer,
        Err(error) if error.leaves_a_gap() => {
            round.gaps.push(gap::log_missing("Netdata's", &error, share.length, past.now));
            // Go on from now: a window that grew from run to run would never come.
            return Ok(LogWindow { is_missing: true, ..LogWindow::empty(since.max(now), remembered) });
        }
        Err(error) => return Err(error),
    };
    if answer.left_out > 0 {
        round.gaps.push(gap::log_cut("Netdata's", answer.length, past.now));
    }
    round.hashes.extend(answer.hashes);
    round.odd.merge(answer.odd);
    let mut log = LogWindow::empty(since, remembered);
    log.take(answer.transitions, now, &Earlier { since, seen, awaited });
    Ok(log)
}

/// What earlier observations left.
struct Earlier<'a> {
    since: i64,
    seen: &'a BTreeMap<String, i64>,
    awaited: &'a BTreeSet<String>,
}

impl LogWindow {
    /// Takes in what the log holds, oldest first.
    fn take(&mut self, transitions: Vec<Transition>, now: i64, past: &Earlier<'_>) {
        // The log of one alert is in order: what comes before something that was told is history.
        let mut told = HashSet::new();
        for transition in transitions.into_iter().rev() {
            let (id, when) = (&transition.facts.transition, transition.facts.when);
            let seen = past.seen.contains_key(id);
            let new = !seen
                && (when >= past.since || past.awaited.contains(id))
                && !told.contains(&transition.alert);
            if when >= now - REMEMBERED {
                self.seen.insert(id.clone(), when);
            }
            self.flags.insert(
                id.clone(),
                NotificationFlags { due: transition.due, silent: transition.silent, new },
            );
            if seen {
                told.insert(transition.alert);
            } else if new {
                let name = &transition.alert.name;
                let name = if may_be_cut(name) { Name::Cut(name.clone()) } else { Name::Whole };
                self.new.push(NewTransition { transition, name });
            }
        }
        self.new.reverse();
    }
}
