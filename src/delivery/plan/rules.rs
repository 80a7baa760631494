//! The table of what is due: what Netdata shows against what ilert was (maybe) told, row by row.

use super::Plan;
use crate::alert::{Facts, Level, Status};
use crate::delivery::entry::{OLD_NEWS, Standing, tiers};
use crate::delivery::key::{Since, Told};
use crate::delivery::reason::Reason;
use crate::payload::{Action, Raise, Subject, Tier, Why};

/// A raise that ilert was not told and that is not what stands now.
#[derive(Clone, Copy)]
struct Past {
    /// When it was over (agent's clock, seconds); 0 where nobody knows.
    at: i64,
    cleared: bool,
    old: bool,
}

impl Plan<'_> {
    pub(super) fn alert(&mut self) {
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

    pub(super) fn node(&mut self) {
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
        self.open(tier, self.raise_facts(), raise, self.was_removed_long_ago());
    }

    /// Whether Netdata has not shown it for so long that nobody is to be woken: the log has its removal, and it is gone.
    fn was_removed_long_ago(&self) -> bool {
        let entry = self.entry;
        entry.gone.is_some() && entry.last == Status::Removed && self.terms.now - entry.taken_at > OLD_NEWS
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
}
