//! What one parent shows of an alert, and what several such views are together.

use serde::{Deserialize, Serialize};

use super::clock;
use super::raise::LoggedRaise;
use crate::alert::{Level, Sighting, Status, Transition};

/// What one parent last showed of an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ParentView {
    /// Its last transition there; empty if it is not known.
    pub transition: String,
    /// Its status there. What is not listed any more is [`Status::Removed`].
    pub status: Status,
    /// It was raised there, and has not been seen clear since.
    pub raised: bool,
    /// When the status counts (seconds).
    pub due: i64,
    /// Nobody is to be told of it there.
    pub silent: bool,
    /// When it was last raised there, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raise: Option<LoggedRaise>,
    /// Since when that parent does not speak for the node (seconds); none while it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_since: Option<i64>,
}

/// How long a raise holds after its parent has stopped answering, or speaking for the node (seconds): the parent may only
/// restart, or the node only reconnect.
const HOLDS: i64 = 2 * 60;

impl ParentView {
    /// The view of an alert that was clear when the log began.
    pub(super) fn clear() -> Self {
        Self { status: Status::Clear, ..Self::default() }
    }

    /// The same view where its parent says nothing now.
    pub(super) fn quiet(self, now: i64) -> Self {
        Self { quiet_since: self.quiet_since.or(Some(now)), ..self }
    }

    /// Whether it is raised, and counts although its parent says nothing now.
    pub(super) fn holds(&self, now: i64) -> bool {
        self.level().is_some() && self.quiet_since.is_some_and(|since| now.saturating_sub(since) < HOLDS)
    }

    /// Whether it comes to count, or ceases to, merely because time passes.
    #[must_use]
    pub fn is_running(&self, now: i64) -> bool {
        self.holds(now) || (self.level().is_some() && self.due > now)
    }

    /// The view after a transition of that parent's log.
    pub(super) fn read(&mut self, transition: &Transition) {
        let facts = &transition.facts;
        self.transition.clone_from(&facts.transition);
        self.raise = LoggedRaise::after(self.raise, facts, Some((transition.due, transition.silent)));
        let is_new = matches!(self.status, Status::Removed | Status::Uninitialized) && self.raised;
        match facts.status {
            // After a restart a CLEAR in the log proves nothing. Only the alert itself, seen clear, does.
            Status::Clear if is_new => {}
            Status::Removed | Status::Uninitialized | Status::Undefined | Status::Other => {
                self.status = facts.status;
            }
            Status::Clear | Status::Warning | Status::Critical => {
                (self.status, self.raised) = (facts.status, facts.status != Status::Clear);
                (self.due, self.silent) = (transition.due, transition.silent);
            }
        }
    }

    /// The view after a transition that says again what another parent has logged.
    pub(super) fn repeat(&mut self, transition: &Transition) {
        self.transition.clone_from(&transition.facts.transition);
        let counts = Some((transition.due, transition.silent));
        self.raise = LoggedRaise::after(self.raise, &transition.facts, counts).map(LoggedRaise::echo);
    }

    /// The view that the present state gives, after this one.
    pub(super) fn sighted(before: Option<&Self>, sighting: &Sighting) -> Self {
        let facts = &sighting.facts;
        let same = before.filter(|before| before.status == facts.status);
        Self {
            transition: match same {
                Some(same) if facts.transition.is_empty() => same.transition.clone(),
                _ => facts.transition.clone(),
            },
            status: facts.status,
            raised: if facts.status.is_clear_or_raised() {
                facts.status != Status::Clear
            } else {
                before.is_some_and(|before| before.raised)
            },
            due: match (sighting.due, same) {
                // The same time by a clock that was read a little later.
                (Some(due), Some(same)) if due.abs_diff(same.due) <= clock::ALIKE => same.due,
                (due, same) => due.or(same.map(|same| same.due)).unwrap_or(facts.when),
            },
            silent: sighting.silent.or(before.map(|before| before.silent)).unwrap_or_default(),
            raise: LoggedRaise::after(
                before.and_then(|before| before.raise),
                facts,
                sighting.due.zip(sighting.silent),
            ),
            quiet_since: None,
        }
    }

    /// The view of an alert that is not listed any more.
    pub(super) fn absent(self) -> Self {
        Self { status: Status::Removed, quiet_since: None, ..self }
    }

    fn level(&self) -> Option<Level> {
        self.status.level()
    }

    /// Whether it may be told at this time (seconds).
    fn counts(&self, now: i64) -> bool {
        self.due <= now && !self.silent
    }
}

/// What all parents show of an alert together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MergedState {
    pub(super) status: Status,
    /// When that counts (seconds).
    pub(super) due: i64,
    pub(super) silent: bool,
    /// The parent that decides, by its place; none if it says nothing now.
    pub(super) by: Option<usize>,
}

impl MergedState {
    /// The highest status of these views, each with the place and the GUID of its parent. What may be told now comes
    /// before what is delayed or silenced, and is told. Without any, nothing is there. `held` is what those showed that say
    /// nothing now: it decides only where it is higher.
    pub(super) fn of<'v>(
        views: impl Iterator<Item = (usize, &'v str, &'v ParentView)>,
        held: &[ParentView],
        now: i64,
    ) -> Option<Self> {
        let mut best: Option<((Rank, i64, &str), Self)> = None;
        for (by, guid, view) in views {
            let rank = Rank::of(view, now);
            // The earliest raise counts, and the last clear.
            let later = if matches!(rank, Rank::Raised(..)) { view.due.saturating_neg() } else { view.due };
            let key = (rank, later, guid);
            if best.as_ref().is_none_or(|(known, _)| *known < key) {
                let status = if rank == Rank::GoneWhileRaised { Status::Removed } else { view.status };
                best = Some((key, Self { status, due: view.due, silent: view.silent, by: Some(by) }));
            }
        }
        let held = held.iter().max_by_key(|view| (Rank::of(view, now), view.due.saturating_neg()));
        match (best, held) {
            (best, Some(held)) if best.as_ref().is_none_or(|(key, _)| key.0 < Rank::of(held, now)) => {
                Some(Self { status: held.status, due: held.due, silent: held.silent, by: None })
            }
            (best, _) => best.map(|(_, state)| state),
        }
    }
}

/// From what says nothing to what says most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Not there, and was not raised there.
    Gone,
    Clear,
    /// Not there any more, and was raised there: a parent that restarts shows it again. Unless that lasts, it is no
    /// end.
    GoneWhileRaised,
    /// Neither raised nor clear.
    Unknown,
    /// Whether it may be told now, and how bad it is.
    Raised(bool, Level),
}

impl Rank {
    fn of(view: &ParentView, now: i64) -> Self {
        match (view.level(), view.status) {
            (Some(level), _) => Self::Raised(view.counts(now), level),
            (None, Status::Clear) => Self::Clear,
            (None, Status::Removed) if view.raised => Self::GoneWhileRaised,
            (None, Status::Removed) => Self::Gone,
            (None, _) => Self::Unknown,
        }
    }
}
