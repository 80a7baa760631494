//! What is due for one alert or node: a pure function of what Netdata shows and what ilert was (maybe)
//! told. Waiting events are computed anew at every record, never appended, so that an outage leaves what
//! matters now in the outbox and not a diary.
//!
//! Warning and critical have keys of their own, because an ALERT on an open alert is only appended to its
//! log: a LOW warning that grew critical on the same key would page nobody.

use super::entry::{Entry, Standing, Waiting, tiers};
use super::key::{Key, Keys, Since, Told};
use super::reason::Reason;
use crate::alert::{Facts, Level, Status};
use crate::config::{Notify, Priority};
use crate::payload::{Action, Notice, Raise, Subject, Tier, Why};

/// What has been over for longer than this (seconds) is old news: it pages nobody.
pub const OLD_NEWS: i64 = 15 * 60;

/// What a plan is made by.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Notification types.
    pub notify: Notify,
    /// The agent's clock, seconds.
    pub now: i64,
    /// This machine's clock, milliseconds: stamped on what is new in the outbox.
    pub recorded: i64,
    /// Pages left since the last record: a critical one may be open though nobody knows of it.
    pub unrecorded: bool,
}

impl Terms {
    /// Where no agent says what time it is: this machine's clock (milliseconds) stands in for its.
    #[must_use]
    pub fn without_agent(notify: Notify, now: i64) -> Self {
        Self { notify, now: now / 1000, recorded: now, unrecorded: false }
    }
}

/// What came of a plan beside the events that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Why nothing, or nothing more, is due.
    pub reason: Option<Reason>,
    /// What came and went, and is too old to be told.
    pub untold: bool,
}

impl Entry {
    /// Computes the waiting events anew. What is on the wire without an answer stays, and stays first.
    pub fn plan(&mut self, subject: &Subject, terms: &Terms) -> Outcome {
        let before = std::mem::take(&mut self.waiting);
        let (mut head, rest): (Vec<_>, Vec<_>) = before.into_iter().partition(|waiting| waiting.tried);
        for waiting in &mut head {
            self.age(&mut waiting.notice, terms.now);
        }
        let mut plan = Plan::new(self, subject, terms);
        for waiting in &head {
            plan.foresee(&waiting.notice);
        }
        match subject {
            Subject::Alert(_) => plan.alert(),
            Subject::Node(_) => plan.node(),
        }
        let Plan { due, outcome, .. } = plan;
        self.waiting = head;
        for notice in due {
            let new = Waiting::new(notice, terms.recorded);
            let known = rest.iter().find(|known| same_event(&known.notice, &new.notice));
            self.waiting
                .push(known.map_or(new.clone(), |known| Waiting { notice: new.notice, ..known.clone() }));
        }
        self.remember_peak();
        outcome
    }

    /// What is on the wire without an answer is sent again, but pages nobody once it has long been over.
    fn age(&self, notice: &mut Notice, now: i64) {
        let Action::Alert(raise) = &mut notice.action else { return };
        let fell =
            self.peak_ended.filter(|_| self.peak == Some(Level::Critical) && notice.tier == Tier::Critical);
        let over = match (fell, self.is_raised()) {
            (Some(ended), _) => ended.at,
            (None, false) if self.facts.status == Status::Clear => self.facts.when,
            _ => return,
        };
        if !self.is_raised() {
            raise.cleared.get_or_insert(over);
        }
        if now - over > OLD_NEWS || (notice.tier == Tier::Unreachable && !self.is_raised()) {
            notice.priority = Some(Priority::Low);
        }
    }

    /// What is about to be told was raised, should it clear before ilert has it; what is not to be told any more need
    /// not be remembered.
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
            self.raised = facts;
        }
    }
}

fn same_event(one: &Notice, other: &Notice) -> bool {
    one.tier == other.tier && std::mem::discriminant(&one.action) == std::mem::discriminant(&other.action)
}

struct Plan<'a> {
    entry: &'a Entry,
    subject: &'a Subject,
    terms: &'a Terms,
    /// The keys as they will be once all that is planned so far was accepted.
    keys: Keys,
    due: Vec<Notice>,
    outcome: Outcome,
}

/// A raise that ilert was not told and that is not what stands now.
#[derive(Clone, Copy)]
struct Past {
    /// When it was over (agent's clock, seconds); 0 where nobody knows.
    at: i64,
    cleared: bool,
    old: bool,
}

impl<'a> Plan<'a> {
    fn new(entry: &'a Entry, subject: &'a Subject, terms: &'a Terms) -> Self {
        Self { entry, subject, terms, keys: entry.keys, due: Vec::new(), outcome: Outcome::default() }
    }

    fn alert(&mut self) {
        let entry = self.entry;
        match (entry.standing, &entry.ended) {
            (None, _) => {}
            (Some(Standing::Raised(Level::Warning)), _) => self.warning(),
            (Some(Standing::Raised(Level::Critical)), _) => self.critical(),
            (Some(Standing::Clear), Some(why)) => {
                // What the configuration or a person took out is not told any more; what Netdata took out is.
                if matches!(why, Why::Removed | Why::NodeGone | Why::Replaced | Why::Unlisted) {
                    self.late();
                }
                self.resolve_all(why);
            }
            (Some(Standing::Clear), None) => {
                self.late();
                self.cleared();
            }
        }
    }

    fn warning(&mut self) {
        let notify = self.terms.notify;
        let past = self.past_critical();
        if notify.critical && self.keys.critical.stands() {
            return self.lowered();
        }
        match past {
            Some(Past { cleared: false, old, .. }) if !old || !notify.warning => {
                if self.keys.critical.is_over() {
                    self.resolve_over(Tier::Critical);
                }
                self.open(Tier::Critical, self.entry.raised.clone(), Raise::PLAIN, old);
                return self.lowered();
            }
            Some(Past { cleared: true, old: false, .. }) => self.late(),
            _ => {}
        }
        if notify.warning {
            self.raise(Tier::Warning, past.filter(|past| past.old));
            if self.terms.unrecorded && past.is_some_and(|past| past.old) && !self.keys.critical.is_open() {
                self.resolve(Tier::Critical, Why::Cleared);
            }
        } else {
            self.note(Reason::NotAmongTypes(Level::Warning));
            self.resolve_filtered(Tier::Warning);
        }
        if self.keys.critical.stands() {
            self.resolve_filtered(Tier::Critical);
        } else if self.keys.critical.is_over() {
            self.resolve_over(Tier::Critical);
        }
    }

    /// Critical is open and Netdata shows warning: it stays open until clear. Not an ALERT: had a person resolved it,
    /// that would page again.
    fn lowered(&mut self) {
        self.grown();
        if self.keys.critical.is_open() && self.keys.critical.since != Since::Commented {
            self.push(Tier::Critical, Action::Comment, self.raise_facts(), None);
        }
        self.note(Reason::Told);
    }

    fn critical(&mut self) {
        let notify = self.terms.notify;
        if notify.critical {
            self.raise(Tier::Critical, None);
            self.grown();
            if self.keys.warning.is_over() {
                self.resolve_over(Tier::Warning);
            }
            return;
        }
        self.resolve_filtered(Tier::Critical);
        // Criticals are not told as such, but a warning that was raised is followed until it clears.
        let followed = self.keys.warning.is_open() || self.entry.peak == Some(Level::Warning);
        if notify.warning && followed {
            if !self.keys.warning.is_open() {
                self.raise(Tier::Warning, None);
            }
        } else {
            self.note(Reason::NotAmongTypes(Level::Critical));
            self.resolve_filtered(Tier::Warning);
        }
    }

    fn cleared(&mut self) {
        if self.terms.notify.clear {
            self.resolve_all(&Why::Cleared);
        } else if self.keys.critical.is_open() {
            self.grown();
        }
        for (tier, wanted) in
            [(Tier::Warning, self.terms.notify.warning), (Tier::Critical, self.terms.notify.critical)]
        {
            if !wanted {
                self.resolve_filtered(tier);
            }
        }
    }

    fn node(&mut self) {
        let (entry, notify) = (self.entry, self.terms.notify);
        match (entry.standing, &entry.ended) {
            (None, _) => {}
            (Some(Standing::Raised(_)), _) if notify.unreachable => self.raise(Tier::Unreachable, None),
            (Some(Standing::Raised(_)), _) => {
                self.note(Reason::UnreachableNotAmongTypes);
                self.resolve_all(&Why::Filtered);
            }
            (Some(Standing::Clear), Some(why)) => self.resolve_all(why),
            (Some(Standing::Clear), None) => {
                self.late();
                if notify.reachable {
                    self.resolve_all(&Why::Reachable);
                } else if !notify.unreachable {
                    self.resolve_all(&Why::Filtered);
                }
            }
        }
    }

    /// The critical level that was reached, was not told, and is not what stands now.
    fn past_critical(&self) -> Option<Past> {
        let ended = self.entry.peak_ended.filter(|_| self.entry.peak == Some(Level::Critical))?;
        let unwanted = !self.terms.notify.critical || self.entry.silent || self.keys.critical.refused.alert;
        (!unwanted).then(|| self.past(ended.at, ended.cleared))
    }

    fn past(&self, at: i64, cleared: bool) -> Past {
        Past { at, cleared, old: self.terms.now - at > OLD_NEWS }
    }

    /// What Netdata said when it was raised; while a clear waits out `resolve_after`, not what it says now.
    fn raise_facts(&self) -> Facts {
        let facts =
            if self.entry.facts.status == Status::Clear { &self.entry.raised } else { &self.entry.facts };
        facts.clone()
    }

    /// ALERT, unless ilert has it open for this very raise.
    fn raise(&mut self, tier: Tier, past: Option<Past>) {
        if self.keys.get(tier).is_over() {
            self.resolve_over(tier);
        }
        let key = self.keys.get(tier);
        let shown_lower = matches!(key.since, Since::Lowered | Since::Commented | Since::Again);
        let told = key.told == Told::Accepted && key.since != Since::Over && !shown_lower;
        if told && past.is_none() {
            return self.note(Reason::Told);
        }
        if self.entry.silent {
            return self.note(Reason::Silent);
        }
        let raise = Raise {
            times: self.entry.times.max(1),
            was_critical: past.map(|past| (self.entry.raised.when, past.at)),
            ..Raise::default()
        };
        self.open(tier, self.raise_facts(), raise, false);
    }

    /// RESOLVE of a warning that grew critical, once the critical one is told or about to be.
    fn grown(&mut self) {
        if self.keys.warning.is_open() && self.keys.critical.is_open() {
            self.resolve(Tier::Warning, Why::Grown);
        }
    }

    /// RESOLVE of a key that was cleared and is raised again; where clears are not told, only an ALERT is.
    fn resolve_over(&mut self, tier: Tier) {
        let (tells, why) = match tier {
            Tier::Unreachable => (self.terms.notify.reachable, Why::Reachable),
            Tier::Warning | Tier::Critical => (self.terms.notify.clear, Why::Cleared),
        };
        if tells {
            self.resolve(tier, why);
        }
    }

    fn resolve_filtered(&mut self, tier: Tier) {
        if self.keys.get(tier).is_open() {
            self.resolve(tier, Why::Filtered);
        }
    }

    /// Late news: the ALERT of what was raised and is over before ilert was told.
    fn late(&mut self) {
        let (Some(peak), Some(ended)) = (self.entry.peak, self.entry.peak_ended) else { return };
        let past = self.past(ended.at, true);
        let notify = self.terms.notify;
        let (tier, wanted) = match self.subject {
            Subject::Node(_) => (Tier::Unreachable, notify.unreachable),
            Subject::Alert(_) => (Tier::from(peak), notify.level(peak)),
        };
        // A critical one is news even where the warning before it is open; any other is superseded by what is.
        let superseded = match tier {
            Tier::Critical => self.keys.critical.is_open(),
            Tier::Warning | Tier::Unreachable => self.keys.any_open(),
        };
        if !wanted || superseded || self.entry.silent {
            return;
        }
        // What a person asks for again is told, however old.
        let over = past.at == 0;
        if past.old && tier != Tier::Critical && !over {
            self.outcome.untold = true;
            return self.note(Reason::TooOld);
        }
        let low = past.old || tier == Tier::Unreachable;
        let cleared = (!over).then_some(past.at);
        let raise = Raise { times: self.entry.times.max(1), cleared, over, was_critical: None };
        self.open(tier, self.entry.raised.clone(), raise, low);
        self.keys.get_mut(tier).since = Since::Over;
        if self.entry.is_raised() {
            self.resolve_over(tier);
        }
    }

    fn resolve_all(&mut self, why: &Why) {
        for tier in tiers(self.subject).iter().rev() {
            if self.keys.get(*tier).is_open() {
                self.resolve(*tier, why.clone());
            }
        }
    }

    fn open(&mut self, tier: Tier, facts: Facts, raise: Raise, low: bool) {
        if self.push(tier, Action::Alert(raise), facts, low.then_some(Priority::Low)) {
            let key = self.keys.get_mut(tier);
            *key = Key { told: Told::Accepted, since: Since::Same, refused: key.refused };
        }
    }

    fn resolve(&mut self, tier: Tier, why: Why) {
        let mut facts = self.entry.facts.clone();
        if why == Why::Cleared && facts.status != Status::Clear {
            // Raised again since: the facts at hand are of the new raise.
            facts = Facts { status: Status::Clear, value: None, value_text: String::new(), ..facts };
        }
        if self.push(tier, Action::Resolve(why), facts, None) {
            // A comment on what is resolved is of no use.
            self.due.retain(|notice| notice.tier != tier || notice.action != Action::Comment);
            let key = self.keys.get_mut(tier);
            *key = Key { refused: key.refused, ..Key::default() };
        }
    }

    /// Puts an event in line, unless ilert has refused its like for good. Says whether it did.
    fn push(&mut self, tier: Tier, action: Action, facts: Facts, priority: Option<Priority>) -> bool {
        if self.keys.get(tier).refused.has(&action) {
            self.note(Reason::Refused);
            return false;
        }
        self.due.push(Notice { subject: self.subject.clone(), tier, action, facts, priority });
        true
    }

    /// The first reason is the one that decided.
    fn note(&mut self, reason: Reason) {
        self.outcome.reason.get_or_insert(reason);
    }

    /// What the keys will be once this event, which is on the wire, was accepted.
    fn foresee(&mut self, notice: &Notice) {
        let key = self.keys.get_mut(notice.tier);
        match notice.action {
            Action::Alert(_) => key.told = Told::Accepted,
            Action::Resolve(_) => *key = Key { refused: key.refused, ..Key::default() },
            Action::Comment => key.since = Since::Commented,
        }
    }
}
