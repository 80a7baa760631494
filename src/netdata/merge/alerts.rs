//! The alerts of several parents: their present states become one, and their logs become one.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::parent::Parent;
use super::raise::echoes;
use super::view::{MergedState, ParentView};
use super::{Known, Remembered, Views};
use crate::alert::{AlertDetails, AlertId, Observation, Sighting, Status, Transition};
use crate::text::Shown;

/// What several parents show, by alert.
pub(super) struct Merge<'a> {
    parents: Vec<Parent<'a>>,
    known: &'a Remembered,
    /// The clock of all (seconds).
    now: i64,
}

/// What all show together.
#[derive(Default)]
pub(super) struct Together {
    pub(super) sightings: Vec<Sighting>,
    pub(super) transitions: Vec<Transition>,
    pub(super) views: HashMap<AlertId, Views>,
    /// Alerts that only parents which do not answer know.
    pub(super) elsewhere: HashSet<AlertId>,
}

impl<'a> Merge<'a> {
    pub(super) fn new(parents: &'a [Observation], known: &'a Remembered, now: i64) -> Self {
        Self { parents: parents.iter().map(Parent::new).collect(), known, now }
    }

    /// Adds every alert that any of them shows, or that is remembered.
    pub(super) fn add_to(&self, all: &mut Together) {
        let mut alerts: BTreeSet<&AlertId> = self.known.keys().collect();
        for parent in &self.parents {
            alerts.extend(parent.sightings.keys().chain(parent.log.keys()));
        }
        for alert in alerts {
            self.add(alert, all);
        }
    }

    fn add(&self, alert: &AlertId, all: &mut Together) {
        let nothing = Known::default();
        let known = self.known.get(alert).unwrap_or(&nothing);
        let mut states: Vec<Option<ParentView>> =
            self.parents.iter().map(|parent| Self::before(parent, alert, known)).collect();
        let mut views = self.quiet(alert, known);
        let held: Vec<ParentView> = views.values().filter(|view| view.holds(self.now)).cloned().collect();
        all.transitions.extend(self.log(alert, known, &mut states, &held));
        let mut is_pending = vec![false; states.len()];
        for ((parent, state), pending) in self.parents.iter().zip(&mut states).zip(&mut is_pending) {
            *state = match parent.sighting(alert) {
                _ if !parent.speaks_for(alert) => None,
                None => state.take().map(ParentView::absent),
                // Nothing is concluded from it yet.
                Some(sighting) if sighting.pending => {
                    *pending = true;
                    state.take()
                }
                Some(sighting) => Some(ParentView::sighted(state.as_ref(), sighting)),
            };
        }
        let decided = self.verdict(&states, &held, self.now);
        if decided.as_ref().is_some_and(|state| state.by.is_none()) {
            all.elsewhere.insert(alert.clone());
        } else {
            let sighting = self.sighting(alert, &states, &is_pending);
            let nobody_knows = sighting.is_none() && states.iter().all(Option::is_none);
            all.sightings.extend(sighting);
            if nobody_knows
                && views.iter().any(|(guid, view)| !self.answers(guid) && view.status.level().is_some())
            {
                all.elsewhere.insert(alert.clone());
            }
        }
        for (parent, state) in self.parents.iter().zip(states) {
            views.extend(state.map(|state| (parent.guid.to_owned(), state)));
        }
        if !views.is_empty() {
            all.views.insert(alert.clone(), views);
        }
    }

    fn answers(&self, guid: &str) -> bool {
        self.parents.iter().any(|parent| parent.guid == guid)
    }

    /// The last views of parents that say nothing of it now: those that do not answer, and those that do not speak for its
    /// node. They are kept: what is raised there holds for a while, and its log goes on there.
    fn quiet(&self, alert: &AlertId, known: &Known) -> Views {
        let speaks = |guid: &str| {
            let parent = self.parents.iter().find(|parent| parent.guid == guid);
            parent.is_some_and(|parent| parent.speaks_for(alert) || !parent.log(alert).is_empty())
        };
        let quiet = known.views.iter().filter(|(guid, _)| !speaks(guid));
        quiet.map(|(guid, view)| (guid.clone(), view.clone().quiet(self.now))).collect()
    }

    /// The view of a parent before its log. One of which nothing is known, and whose log has nothing, was as it is now.
    fn before(parent: &Parent<'_>, alert: &AlertId, known: &Known) -> Option<ParentView> {
        if !parent.speaks_for(alert) && parent.log(alert).is_empty() {
            return None;
        }
        if let Some(view) = known.views.get(parent.guid) {
            // What is over is over everywhere: its absence here says nothing more.
            let raised = view.raised && (known.raised || view.status != Status::Removed);
            return Some(ParentView { raised, quiet_since: None, ..view.clone() });
        }
        let sighting = parent.sighting(alert).filter(|one| !one.pending && parent.log(alert).is_empty());
        sighting.map(|sighting| ParentView::sighted(None, sighting))
    }

    fn verdict(&self, states: &[Option<ParentView>], held: &[ParentView], now: i64) -> Option<MergedState> {
        let views = self.parents.iter().zip(states).enumerate();
        let views = views.filter_map(|(place, (parent, state))| Some((place, parent.guid, state.as_ref()?)));
        MergedState::of(views, held, now)
    }

    /// Makes one log of all: a transition wherever the highest status changes, or comes to count earlier.
    fn log(
        &self,
        alert: &AlertId,
        known: &Known,
        states: &mut [Option<ParentView>],
        held: &[ParentView],
    ) -> Vec<Transition> {
        let mut told = (known.last, known.held_until, known.silent);
        let mut last: Vec<Option<&Transition>> = vec![None; states.len()];
        let mut log = Vec::new();
        let echoes = self.echoes(alert, known, states);
        for (place, number, one) in self.in_order(alert) {
            if let Some(state) = states.get_mut(place) {
                if echoes.contains(&(place, number)) {
                    state.get_or_insert_with(ParentView::clear).repeat(one);
                    continue;
                }
                state.get_or_insert_with(ParentView::default).read(one);
            }
            if let Some(last) = last.get_mut(place) {
                *last = Some(one);
            }
            let Some(verdict) = self.verdict(states, held, one.facts.when) else { continue };
            let MergedState { status, due, silent, by } = verdict;
            let counts_earlier =
                told.1.is_some_and(|held| due < held && held > one.facts.when) || (told.2 && !silent);
            let is_news = status != told.0 || (status.level().is_some() && counts_earlier);
            if !is_news {
                continue;
            }
            told = (status, Some(due), silent);
            let by = by.unwrap_or(place);
            let facts = self.facts(alert, (place, one), (by, last.get(by).copied().flatten()), status);
            log.push(Transition { alert: alert.clone(), due, silent, facts });
        }
        log
    }

    /// The transitions that say again what another parent has logged, by place and number.
    fn echoes(&self, alert: &AlertId, known: &Known, states: &[Option<ParentView>]) -> Vec<(usize, usize)> {
        let logs = self.parents.iter().zip(states);
        let logs = logs.map(|(parent, state)| {
            (parent.guid, state.as_ref().and_then(|state| state.raise), parent.log(alert))
        });
        let speaks = |guid: &str| {
            self.parents.iter().zip(states).any(|(parent, state)| parent.guid == guid && state.is_some())
        };
        let others = known.views.iter().filter(|(guid, _)| !speaks(guid));
        echoes(logs, others.filter_map(|(_, view)| view.raise))
    }

    /// The details of the parent that decides, at the time and under the id of what made it so.
    fn facts(
        &self,
        alert: &AlertId,
        (place, made_it): (usize, &Transition),
        (by, last): (usize, Option<&Transition>),
        status: Status,
    ) -> AlertDetails {
        let shown = || self.parents.get(by).and_then(|parent| parent.sighting(alert)).map(|seen| &seen.facts);
        let known = last.map(|last| &last.facts).or_else(shown).filter(|facts| facts.status == status);
        let own =
            self.parents.get(place).map_or_else(|| made_it.facts.clone(), |one| one.own(&made_it.facts));
        let AlertDetails { when, transition, .. } = own;
        match known {
            Some(facts) => AlertDetails { when, transition, ..facts.clone() },
            None => AlertDetails {
                status,
                value: None,
                value_text: Shown::default(),
                when,
                transition,
                ..made_it.facts.clone()
            },
        }
    }

    /// The transitions of all parents by their times, those of one parent in its own order. Within a second the first of
    /// each comes first, then the second of each: they are likely to be the same. Of these, the higher status comes
    /// first: where one parent hands over to another, the alert is raised throughout.
    fn in_order(&self, alert: &AlertId) -> Vec<(usize, usize, &'a Transition)> {
        let mut ordered = Vec::new();
        for (place, parent) in self.parents.iter().enumerate() {
            let (mut second, mut nth) = (i64::MIN, 0);
            for (number, one) in parent.log(alert).iter().enumerate() {
                (second, nth) = if one.facts.when > second { (one.facts.when, 0) } else { (second, nth + 1) };
                let highest_first = Reverse(one.facts.status.level());
                ordered.push(((second, nth, highest_first, parent.guid), (place, number, *one)));
            }
        }
        ordered.sort_by_key(|(key, _)| *key);
        ordered.into_iter().map(|(_, one)| one).collect()
    }

    /// What all show now; `None` is an alert that is not there, or not any more.
    fn sighting(
        &self,
        alert: &AlertId,
        states: &[Option<ParentView>],
        is_pending: &[bool],
    ) -> Option<Sighting> {
        let shown = |place: usize| self.parents.get(place)?.sighting(alert);
        let verdict = self.verdict(states, &[], self.now);
        let pends = |place: usize| is_pending.get(place).copied().unwrap_or_default();
        if let Some(verdict) =
            verdict.as_ref().filter(|one| one.status.level().is_some() && !one.by.is_some_and(pends))
        {
            return Some(self.shown(shown(verdict.by?)?, verdict));
        }
        // A status that is waited for may be any: the highest is shown, and nothing follows from it.
        let waited_for = (0..self.parents.len()).filter(|place| pends(*place)).filter_map(|place| {
            let sighting = shown(place)?;
            let guid = self.parents.get(place)?.guid;
            Some(((sighting.facts.status.level(), sighting.facts.when, guid), place, sighting))
        });
        if let Some((_, place, sighting)) = waited_for.max_by_key(|(key, ..)| *key) {
            let facts = self.parents.get(place)?.own(&sighting.facts);
            return Some(Sighting { facts, ..sighting.clone() });
        }
        let verdict = verdict.filter(|verdict| verdict.status != Status::Removed)?;
        Some(self.shown(shown(verdict.by?)?, &verdict))
    }

    fn shown(&self, sighting: &Sighting, verdict: &MergedState) -> Sighting {
        let parent = verdict.by.and_then(|by| self.parents.get(by));
        let facts = parent.map(|parent| parent.own(&sighting.facts));
        Sighting {
            due: Some(verdict.due),
            silent: Some(verdict.silent),
            facts: facts.unwrap_or_else(|| sighting.facts.clone()),
            ..sighting.clone()
        }
    }
}
