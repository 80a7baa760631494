//! What is due for one alert or node: a pure function of what Netdata shows and what ilert was (maybe) told. Waiting
//! events are computed anew at every record, never appended. So after an outage the outbox holds what matters now, not
//! a diary.
//!
//! Warning and critical have keys of their own, because an ALERT on an open alert is only appended to its
//! log: a LOW warning that grew critical on the same key would page nobody.

mod rules;

use super::entry::{Entry, OLD_NEWS, Standing, Waiting};
use super::key::{KeyState, Keys, Since, Told};
use super::reason::Reason;
use crate::alert::{AlertDetails, Level, Status};
use crate::config::{Notify, Priority};
use crate::payload::{Action, KeyKind, Notice, Raise, ResolveReason, Subject};
use crate::text::Shown;

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput {
    /// Notification types.
    pub notify: Notify,
    /// The agent's clock, seconds.
    pub now: i64,
    /// This machine's clock, milliseconds: stamped on what is new in the outbox.
    pub recorded: i64,
}

impl PlanInput {
    /// For a plan without an agent: this machine's clock (milliseconds) replaces the agent's.
    #[must_use]
    pub fn without_agent(notify: Notify, now: i64) -> Self {
        Self { notify, now: now / 1000, recorded: now }
    }
}

/// The result of a plan, besides the waiting events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanOutcome {
    /// Why nothing, or nothing more, is due.
    pub reason: Option<Reason>,
    /// Something came and went too long ago to be told.
    pub untold: bool,
}

impl Entry {
    /// Computes the waiting events anew. What is on the wire without an answer stays, and stays first, unless the
    /// configuration or a person took it out.
    pub fn plan(&mut self, subject: &Subject, input: &PlanInput) -> PlanOutcome {
        let before = std::mem::take(&mut self.waiting);
        let (mut head, rest): (Vec<_>, Vec<_>) = before.into_iter().partition(Waiting::is_on_the_wire);
        // What was taken out needs no ALERT for the RESOLVE that follows.
        if self.ended.as_ref().is_some_and(|why| !why.leaves_news()) {
            head.retain(|waiting| !matches!(waiting.notice.action, Action::Alert(_)));
        }
        for waiting in &mut head {
            self.age(&mut waiting.notice, input.now);
        }
        let mut plan = Planner::new(self, subject, input);
        for waiting in &head {
            plan.foresee(&waiting.notice);
        }
        match subject {
            Subject::Alert(_) => plan.alert(),
            Subject::Node(_) => plan.node(),
            Subject::Storm(storm) => plan.storm(storm.kind),
        }
        let Planner { due, outcome, .. } = plan;
        self.waiting = head;
        for new in due {
            let known = rest.iter().find(|known| same_event(&known.notice, &new.notice));
            self.waiting.push(match known {
                Some(known) => {
                    Waiting { notice: new.notice, tried: new.tried || known.tried, ..known.clone() }
                }
                None => new,
            });
        }
        self.put_critical_first();
        self.remember_peak();
        outcome
    }

    /// Moves critical events before a warning's that ilert never takes. Order is needed only within a key.
    fn put_critical_first(&mut self) {
        let is_warning = |waiting: &Waiting| waiting.notice.kind == KeyKind::Warning;
        if self.waiting.first().is_some_and(|first| is_warning(first) && first.faults > 0) {
            self.waiting.sort_by_key(is_warning);
        }
    }

    /// Makes an unanswered ALERT that is sent again page nobody, once it has long been over.
    fn age(&self, notice: &mut Notice, now: i64) {
        let Action::Alert(raise) = &mut notice.action else { return };
        let fell = self
            .peak_ended
            .filter(|_| self.peak == Some(Level::Critical) && notice.kind == KeyKind::Critical);
        let over = match (fell, self.is_raised()) {
            (Some(ended), _) => Some(ended.at),
            (None, false) => Some(self.facts.when).filter(|_| self.facts.status == Status::Clear),
            (None, true) => self.removed_at(),
        };
        let Some(over) = over else { return };
        if !self.is_raised() {
            raise.cleared.get_or_insert(over);
        }
        if now - over > OLD_NEWS || (notice.kind == KeyKind::Unreachable && !self.is_raised()) {
            notice.priority = Some(Priority::Low);
        }
    }

    /// When it was removed (agent's clock, seconds), though that does not count yet: the log says so, and it is gone.
    fn removed_at(&self) -> Option<i64> {
        (self.gone.is_some() && self.last == Status::Removed).then_some(self.taken_at)
    }

    /// Remembers the peak of what is about to be told, in case it clears first. Forgets a peak that is not to be told
    /// any more.
    fn remember_peak(&mut self) {
        let mut alerts = self.waiting.iter().filter_map(|waiting| match waiting.notice.action {
            Action::Alert(raise) => Some((raise, &waiting.notice.facts)),
            _ => None,
        });
        if !self.is_raised() {
            if alerts.next().is_none() {
                self.told();
            }
            return;
        }
        let plain = alerts.find(|(raise, _)| !raise.is_late()).map(|(_, facts)| facts.clone());
        if let Some(facts) = plain.filter(|_| self.peak.is_none()) {
            (self.peak, self.peak_ended) = (self.standing.and_then(Standing::level), None);
            self.peak_facts = facts;
        }
    }
}

fn same_event(one: &Notice, other: &Notice) -> bool {
    one.kind == other.kind && std::mem::discriminant(&one.action) == std::mem::discriminant(&other.action)
}

struct Planner<'a> {
    entry: &'a Entry,
    subject: &'a Subject,
    input: &'a PlanInput,
    /// The keys as they will be once all that is planned so far was accepted.
    keys: Keys,
    due: Vec<Waiting>,
    outcome: PlanOutcome,
}

impl<'a> Planner<'a> {
    fn new(entry: &'a Entry, subject: &'a Subject, input: &'a PlanInput) -> Self {
        Self { entry, subject, input, keys: entry.keys, due: Vec::new(), outcome: PlanOutcome::default() }
    }

    fn open(&mut self, kind: KeyKind, facts: AlertDetails, raise: Raise, low: bool) {
        if self.push(kind, Action::Alert(raise), facts, low.then_some(Priority::Low)) {
            let key = self.keys.get_mut(kind);
            *key = KeyState { told: Told::Accepted, since: Since::Same, ..*key };
        }
    }

    fn resolve(&mut self, kind: KeyKind, why: ResolveReason) {
        let mut facts = self.entry.facts.clone();
        if why == ResolveReason::Cleared && facts.status != Status::Clear {
            // Raised again since: the facts at hand are of the new raise.
            facts =
                AlertDetails { status: Status::Clear, value: None, value_text: Shown::default(), ..facts };
        }
        if self.push(kind, Action::Resolve(why), facts, None) {
            // A comment on a resolved alert is of no use.
            self.due.retain(|Waiting { notice, .. }| notice.kind != kind || notice.action != Action::Comment);
            let key = self.keys.get_mut(kind);
            *key = key.resolved();
        }
    }

    /// Adds an event, unless ilert has refused one like it for good. Returns whether it did.
    fn push(
        &mut self,
        kind: KeyKind,
        action: Action,
        facts: AlertDetails,
        priority: Option<Priority>,
    ) -> bool {
        if self.keys.get(kind).refused.has(&action) {
            self.note(Reason::Refused);
            return false;
        }
        let key = self.keys.get(kind);
        // This page may have left without a record: it is sent once more.
        let tried = matches!(action, Action::Alert(_)) && key.told == Told::Maybe;
        let (subject, scheme) = (self.subject.clone(), key.scheme);
        let storm = self.entry.storm.as_ref().map(|storm| storm.told_by(&action));
        let notice = Notice { subject, kind, scheme, action, facts, priority, storm };
        self.due.push(Waiting { tried, ..Waiting::new(notice, self.input.recorded) });
        true
    }

    /// The first reason is the one that decided.
    fn note(&mut self, reason: Reason) {
        self.outcome.reason.get_or_insert(reason);
    }

    /// Changes the keys to what they will be once this event is accepted.
    fn foresee(&mut self, notice: &Notice) {
        let key = self.keys.get_mut(notice.kind);
        match notice.action {
            Action::Alert(_) => key.told = Told::Accepted,
            Action::Resolve(_) => *key = key.resolved(),
            Action::Comment => key.since = Since::Commented,
        }
    }
}
