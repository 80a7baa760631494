//! What is due for one alert or node: a pure function of what Netdata shows and what ilert was (maybe)
//! told. Waiting events are computed anew at every record, never appended, so that an outage leaves what
//! matters now in the outbox and not a diary.
//!
//! Warning and critical have keys of their own, because an ALERT on an open alert is only appended to its
//! log: a LOW warning that grew critical on the same key would page nobody.

use super::entry::{Entry, Key, Keys, Standing, Waiting};
use crate::alert::{Facts, Level, Status};
use crate::config::{Notify, Priority};
use crate::payload::{Action, Notice, Subject, Tier, Why};

/// An ALERT for something that cleared longer ago than this (seconds) pages nobody.
const OLD_NEWS: i64 = 15 * 60;

/// What a plan is made by.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Notification types.
    pub notify: Notify,
    /// The agent's clock, seconds.
    pub now: i64,
    /// This machine's clock, milliseconds: stamped on what is new in the outbox.
    pub recorded: i64,
}

impl Terms {
    /// Where no agent says what time it is: this machine's clock (milliseconds) stands in for its.
    #[must_use]
    pub fn without_agent(notify: Notify, now: i64) -> Self {
        Self { notify, now: now / 1000, recorded: now }
    }
}

impl Entry {
    /// Computes the waiting events anew. What is on the wire without an answer stays, and stays first.
    pub fn plan(&mut self, subject: &Subject, terms: &Terms) {
        let before = std::mem::take(&mut self.waiting);
        let mut plan = Plan { entry: self, subject, terms, keys: self.keys, due: Vec::new() };
        let (head, rest): (Vec<_>, Vec<_>) = before.into_iter().partition(|waiting| waiting.tried);
        for waiting in &head {
            plan.foresee(&waiting.notice);
        }
        match subject {
            Subject::Alert(_) => plan.alert(),
            Subject::Node(_) => plan.node(),
        }
        let due = plan.due;
        if let Some(raise) =
            due.iter().find(|notice| matches!(notice.action, Action::Alert { cleared: None, .. }))
        {
            // Should it clear before ilert is told, it was raised all the same.
            if self.peak.is_none() {
                self.peak = self.standing.and_then(Standing::level);
                self.raised = raise.facts.clone();
            }
        }
        if self.keys.any_open() && !matches!(self.standing, Some(Standing::Raised(_))) {
            // Something is open for ilert to close: what else was reached in between is superseded.
            self.peak = None;
            self.times = 0;
        }
        self.waiting = head;
        for notice in due {
            let known = rest.iter().find(|waiting| same_event(&waiting.notice, &notice));
            self.waiting.push(Waiting {
                minimal: known.is_some_and(|waiting| waiting.minimal),
                since: known.map_or(terms.recorded, |waiting| waiting.since),
                tried: false,
                notice,
            });
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
}

impl Plan<'_> {
    fn alert(&mut self) {
        match (self.entry.standing, &self.entry.ended) {
            (None, _) => {}
            (Some(Standing::Raised(Level::Warning)), _) => self.warning(),
            (Some(Standing::Raised(Level::Critical)), _) => self.critical(),
            (Some(Standing::Clear), Some(why)) => {
                self.untold_peak(
                    &[Tier::Critical, Tier::Warning],
                    matches!(why, Why::Removed | Why::NodeGone),
                );
                self.resolve_all(why);
            }
            (Some(Standing::Clear), None) => {
                self.untold_peak(&[Tier::Critical, Tier::Warning], true);
                self.cleared();
            }
        }
    }

    fn warning(&mut self) {
        let notify = self.terms.notify;
        let critical_told = self.keys.critical.open && !self.keys.critical.cleared;
        let critical_due = !notify.warning && self.entry.peak == Some(Level::Critical);
        if notify.critical && (critical_told || critical_due) {
            // The critical one stays open until clear. Not an ALERT: had a person resolved it, that would
            // page again.
            if !critical_told && !self.entry.silent && !self.keys.critical.refused {
                self.open(Tier::Critical, self.entry.raised.clone(), None);
            }
            self.grown();
            if self.keys.critical.open && !self.keys.critical.commented {
                self.push(Tier::Critical, Action::Comment, self.raise_facts());
            }
            return;
        }
        if notify.warning {
            self.raise(Tier::Warning);
        } else if self.keys.warning.open {
            self.resolve(Tier::Warning, Why::Filtered);
        }
        if critical_told {
            self.resolve(Tier::Critical, Why::Filtered);
        } else if self.keys.critical.cleared {
            self.resolve_cleared(Tier::Critical);
        }
    }

    fn critical(&mut self) {
        let notify = self.terms.notify;
        if notify.critical {
            self.raise(Tier::Critical);
            self.grown();
            if self.keys.warning.cleared {
                self.resolve_cleared(Tier::Warning);
            }
            return;
        }
        if self.keys.critical.open {
            self.resolve(Tier::Critical, Why::Filtered);
        }
        // Criticals are not told as such, but a warning that was raised is followed until it clears.
        let followed = self.keys.warning.open || self.entry.peak == Some(Level::Warning);
        if !notify.warning && self.keys.warning.open {
            self.resolve(Tier::Warning, Why::Filtered);
        } else if followed && !self.keys.warning.open {
            self.raise(Tier::Warning);
        }
    }

    fn cleared(&mut self) {
        if self.terms.notify.clear {
            self.resolve_all(&Why::Cleared);
        } else if self.keys.critical.open {
            self.grown();
        }
        for (tier, wanted) in
            [(Tier::Warning, self.terms.notify.warning), (Tier::Critical, self.terms.notify.critical)]
        {
            if !wanted && self.keys.get(tier).open {
                self.resolve(tier, Why::Filtered);
            }
        }
    }

    fn node(&mut self) {
        let notify = self.terms.notify;
        match (self.entry.standing, &self.entry.ended) {
            (None, _) => {}
            (Some(Standing::Raised(_)), _) if notify.unreachable => self.raise(Tier::Unreachable),
            (Some(Standing::Raised(_)), _) => self.resolve_all(&Why::Filtered),
            (Some(Standing::Clear), Some(why)) => self.resolve_all(why),
            (Some(Standing::Clear), None) => {
                self.untold_peak(&[Tier::Unreachable], notify.unreachable);
                if notify.reachable {
                    self.resolve_all(&Why::Reachable);
                } else if !notify.unreachable {
                    self.resolve_all(&Why::Filtered);
                }
            }
        }
    }

    /// What Netdata said when it was raised; while a clear waits out `resolve_after`, not what it says now.
    fn raise_facts(&self) -> Facts {
        let facts =
            if self.entry.facts.status == Status::Clear { &self.entry.raised } else { &self.entry.facts };
        facts.clone()
    }

    /// ALERT, unless ilert has it open for this very raise.
    fn raise(&mut self, tier: Tier) {
        if self.keys.get(tier).cleared {
            self.resolve_cleared(tier);
        }
        let Key { open, cleared, refused, lowered, .. } = self.keys.get(tier);
        if self.entry.silent || refused || (open && !cleared && !lowered) {
            return;
        }
        self.open(tier, self.raise_facts(), None);
    }

    /// RESOLVE of a warning that grew critical, once the critical one is told or about to be.
    fn grown(&mut self) {
        if self.keys.warning.open && self.keys.critical.open {
            self.resolve(Tier::Warning, Why::Grown);
        }
    }

    /// RESOLVE of a key that was cleared and is raised again; where clears are not told, only an ALERT is.
    fn resolve_cleared(&mut self, tier: Tier) {
        let tells =
            if tier == Tier::Unreachable { self.terms.notify.reachable } else { self.terms.notify.clear };
        if tells && self.keys.get(tier).open {
            let why = if tier == Tier::Unreachable { Why::Reachable } else { Why::Cleared };
            self.resolve(tier, why);
        }
    }

    /// ALERT of what was raised and is over before ilert was told, if nothing else is open.
    fn untold_peak(&mut self, tiers: &[Tier], wanted: bool) {
        let Some(peak) = self.entry.peak.filter(|_| wanted && !self.keys.any_open()) else { return };
        let tier = if tiers.contains(&Tier::Unreachable) { Tier::Unreachable } else { Tier::from(peak) };
        let listed = tier == Tier::Unreachable || self.terms.notify.level(peak);
        if listed && !self.keys.get(tier).refused {
            let cleared = self.entry.facts.when;
            self.open(tier, self.entry.raised.clone(), Some(cleared));
        }
    }

    fn resolve_all(&mut self, why: &Why) {
        for tier in [Tier::Warning, Tier::Critical, Tier::Unreachable] {
            let key = self.keys.get(tier);
            if key.open && !key.stuck {
                self.resolve(tier, why.clone());
            }
        }
    }

    fn open(&mut self, tier: Tier, facts: Facts, cleared: Option<i64>) {
        let old_news = cleared.is_some_and(|cleared| self.terms.now - cleared > OLD_NEWS);
        self.due.push(Notice {
            subject: self.subject.clone(),
            tier,
            action: Action::Alert { times: self.entry.times, cleared },
            facts,
            priority: old_news.then_some(Priority::Low),
        });
        *self.keys.get_mut(tier) = Key { open: true, ..Key::default() };
    }

    fn resolve(&mut self, tier: Tier, why: Why) {
        let mut facts = self.entry.facts.clone();
        if why == Why::Cleared && facts.status != Status::Clear {
            // Raised again since: the facts at hand are of the new raise.
            facts = Facts { status: Status::Clear, value: None, value_text: String::new(), ..facts };
        }
        self.push(tier, Action::Resolve(why), facts);
        // A comment on what is resolved is of no use.
        self.due.retain(|notice| notice.tier != tier || notice.action != Action::Comment);
        *self.keys.get_mut(tier) = Key::default();
    }

    fn push(&mut self, tier: Tier, action: Action, facts: Facts) {
        self.due.push(Notice { subject: self.subject.clone(), tier, action, facts, priority: None });
    }

    /// What the keys will be once this event, which is on the wire, was accepted.
    fn foresee(&mut self, notice: &Notice) {
        let key = self.keys.get_mut(notice.tier);
        match notice.action {
            Action::Alert { .. } => key.open = true,
            Action::Resolve(_) => *key = Key::default(),
            Action::Comment => key.commented = true,
        }
    }
}
