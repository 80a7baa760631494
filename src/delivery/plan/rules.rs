//! What is due: one method for each case of what Netdata shows, against what ilert was (maybe) told.

use super::Planner;
use crate::alert::{AlertDetails, Level, Status};
use crate::delivery::entry::{OLD_NEWS, Standing, kinds};
use crate::delivery::key::{Since, Told};
use crate::delivery::reason::{Reason, StormIs};
use crate::payload::{Action, KeyKind, Raise, ResolveReason, Subject};

/// A raise that is over and that ilert was never told.
#[derive(Clone, Copy)]
struct Past {
    /// When it was over (agent's clock, seconds); 0 if not known.
    at: i64,
    cleared: bool,
    old: bool,
}

impl Planner<'_> {
    pub(super) fn alert(&mut self) {
        let entry = self.entry;
        match (entry.standing, &entry.ended) {
            (None, _) => {}
            (Some(Standing::Raised(Level::Warning)), _) => self.warning(),
            (Some(Standing::Raised(Level::Critical)), _) => self.critical(),
            (Some(Standing::Clear), Some(why)) => {
                if why.leaves_news() {
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
        let notify = self.input.notify;
        let past = self.past_critical();
        let critical = self.keys.critical;
        if notify.critical && critical.stands() && (critical.is_told() || past.is_none()) {
            return self.lowered();
        }
        if notify.critical && self.entry.is_member(KeyKind::Critical) {
            self.grown();
            return self.in_storm();
        }
        match past {
            Some(Past { cleared: false, old, .. }) if !old || !notify.warning => {
                if self.keys.critical.is_over() {
                    self.resolve_over(KeyKind::Critical);
                }
                self.open(KeyKind::Critical, self.entry.peak_facts.clone(), Raise::PLAIN, old);
                return self.lowered();
            }
            Some(Past { cleared: true, old: false, .. }) => self.late(),
            _ => {}
        }
        if notify.warning {
            self.raise(KeyKind::Warning, past.filter(|past| past.old));
        } else {
            self.note(Reason::NotAmongTypes(Level::Warning));
            self.resolve_filtered(KeyKind::Warning);
        }
        if self.keys.critical.stands() {
            self.resolve_filtered(KeyKind::Critical);
        } else if self.keys.critical.is_over() {
            self.resolve_over(KeyKind::Critical);
        }
    }

    /// Critical is open and Netdata shows warning: it stays open until clear. Not an ALERT: had a person resolved it,
    /// that would page again.
    fn lowered(&mut self) {
        self.grown();
        if self.keys.critical.is_open() && self.entry.is_flapping_news() {
            self.push(KeyKind::Critical, Action::Comment, self.entry.facts.clone(), None);
        } else if self.keys.critical.is_open() && self.keys.critical.since != Since::Commented {
            self.push(KeyKind::Critical, Action::Comment, self.raise_facts(), None);
        }
        self.note(Reason::Told);
    }

    fn critical(&mut self) {
        let notify = self.input.notify;
        if notify.critical {
            self.raise(KeyKind::Critical, None);
            self.grown();
            if self.keys.warning.is_over() {
                self.resolve_over(KeyKind::Warning);
            }
            return;
        }
        self.resolve_filtered(KeyKind::Critical);
        // Criticals are not told as such, but a warning that was raised is followed until it clears.
        let followed = self.keys.warning.is_open() || self.entry.peak == Some(Level::Warning);
        if notify.warning && followed {
            if !self.keys.warning.is_open() {
                self.raise(KeyKind::Warning, None);
            }
        } else {
            self.note(Reason::NotAmongTypes(Level::Critical));
            self.resolve_filtered(KeyKind::Warning);
        }
    }

    fn cleared(&mut self) {
        if self.input.notify.clear {
            self.resolve_all(&ResolveReason::Cleared);
        } else if self.keys.critical.is_open() {
            self.grown();
        }
        for (kind, wanted) in
            [(KeyKind::Warning, self.input.notify.warning), (KeyKind::Critical, self.input.notify.critical)]
        {
            if !wanted {
                self.resolve_filtered(kind);
            }
        }
    }

    pub(super) fn node(&mut self) {
        let (entry, notify) = (self.entry, self.input.notify);
        match (entry.standing, &entry.ended) {
            (None, _) => {}
            (Some(Standing::Raised(_)), _) if notify.unreachable => self.raise(KeyKind::Unreachable, None),
            (Some(Standing::Raised(_)), _) => {
                self.note(Reason::UnreachableNotAmongTypes);
                self.resolve_all(&ResolveReason::Filtered);
            }
            (Some(Standing::Clear), Some(why)) => self.resolve_all(why),
            (Some(Standing::Clear), None) => {
                self.late();
                if notify.reachable {
                    self.resolve_all(&ResolveReason::Reachable);
                } else if !notify.unreachable {
                    self.resolve_all(&ResolveReason::Filtered);
                }
            }
        }
    }

    /// A storm: open as long as one of its members is raised.
    pub(super) fn storm(&mut self, kind: KeyKind) {
        let notify = self.input.notify;
        let (told, ends) = match kind {
            KeyKind::Critical => (notify.critical, notify.clear),
            KeyKind::Warning => (notify.warning, notify.clear),
            KeyKind::Unreachable => (notify.unreachable, notify.reachable),
        };
        match (self.entry.standing, &self.entry.ended) {
            (None, _) => {}
            (Some(_), _) if !told => self.resolve_all(&ResolveReason::Filtered),
            (Some(Standing::Raised(_)), _) => {
                self.raise(kind, None);
                let is_news = self.entry.storm.as_ref().is_some_and(|storm| storm.is_news(self.input.now));
                if is_news && self.entry.keys.get(kind).told == Told::Accepted {
                    self.push(kind, Action::Comment, self.raise_facts(), None);
                }
            }
            (Some(Standing::Clear), Some(why)) if *why != ResolveReason::Cleared => self.resolve_all(why),
            (Some(Standing::Clear), _) => {
                self.late();
                if ends {
                    self.resolve_all(&ResolveReason::Cleared);
                }
            }
        }
    }

    /// The critical level that was reached and not told, and that has ended.
    fn past_critical(&self) -> Option<Past> {
        let ended = self.entry.peak_ended.filter(|_| self.entry.peak == Some(Level::Critical))?;
        let unwanted =
            !self.input.notify.critical || self.entry.is_silenced() || self.keys.critical.refused.alert;
        (!unwanted).then(|| self.past(ended.at, ended.cleared))
    }

    fn past(&self, at: i64, cleared: bool) -> Past {
        Past { at, cleared, old: self.input.now - at > OLD_NEWS }
    }

    /// What Netdata says now, or, while a clear waits out `resolve_after`, what it said at the raise.
    fn raise_facts(&self) -> AlertDetails {
        let facts =
            if self.entry.facts.status == Status::Clear { &self.entry.peak_facts } else { &self.entry.facts };
        facts.clone()
    }

    /// Sends an ALERT, unless ilert has it open for this very raise.
    fn raise(&mut self, kind: KeyKind, past: Option<Past>) {
        if self.keys.get(kind).is_over() {
            self.resolve_over(kind);
        }
        let key = self.keys.get(kind);
        let shown_lower = matches!(key.since, Since::Lowered | Since::Commented | Since::Again);
        let flapping = &self.entry.flapping;
        let waits =
            shown_lower && (flapping.is_said_enough(self.input.now) || self.entry.is_flapping_clear());
        let told = key.told == Told::Accepted && key.since != Since::Over && (!shown_lower || waits);
        if told && past.is_none() {
            if self.entry.is_flapping_news() {
                self.push(kind, Action::Comment, self.entry.facts.clone(), None);
            }
            return self.note(Reason::Told);
        }
        if self.entry.is_member(kind) {
            return self.in_storm();
        }
        if self.entry.silent {
            return self.note(Reason::Silent);
        }
        if let Some(muted) = &self.entry.muted {
            return self.note(Reason::Silenced(muted.clone()));
        }
        let raise = Raise {
            times: self.entry.times.max(1),
            was_critical: past.map(|past| (self.entry.peak_facts.when, past.at)),
            ..Raise::default()
        };
        let is_old = self.entry.removed_at().is_some_and(|at| self.input.now - at > OLD_NEWS);
        self.open(kind, self.raise_facts(), raise, is_old);
    }

    /// A storm tells it. Of one that was refused the ledger knows.
    fn in_storm(&mut self) {
        let is = if self.entry.is_told_by_storm() { StormIs::Told } else { StormIs::Waiting };
        self.note(Reason::InStorm(is));
    }

    /// Resolves a warning that grew critical, once the critical one is told or about to be.
    fn grown(&mut self) {
        if self.keys.warning.is_open() && (self.keys.critical.is_open() || self.entry.is_told_by_storm()) {
            self.resolve(KeyKind::Warning, ResolveReason::Grown);
        }
    }

    /// Resolves a key that was over and is raised again, if clears are told.
    fn resolve_over(&mut self, kind: KeyKind) {
        let (tells, why) = match kind {
            KeyKind::Unreachable => (self.input.notify.reachable, ResolveReason::Reachable),
            KeyKind::Warning | KeyKind::Critical => (self.input.notify.clear, ResolveReason::Cleared),
        };
        if tells {
            self.resolve(kind, self.entry.ended_before.clone().unwrap_or(why));
        }
    }

    fn resolve_filtered(&mut self, kind: KeyKind) {
        if self.keys.get(kind).is_open() {
            self.resolve(kind, ResolveReason::Filtered);
        }
    }

    /// Sends late news: the ALERT of what was raised and ended before ilert was told.
    fn late(&mut self) {
        let (Some(peak), Some(ended)) = (self.entry.peak, self.entry.peak_ended) else { return };
        let past = self.past(ended.at, true);
        let notify = self.input.notify;
        let (kind, wanted) = match self.subject {
            Subject::Node(_) => (KeyKind::Unreachable, notify.unreachable),
            Subject::Alert(_) => (KeyKind::from(peak), notify.level(peak)),
            // Whether it is told was asked before.
            Subject::Storm(storm) => (storm.kind, true),
        };
        // A critical is news even if the warning before it is open. Anything else is superseded by what is open.
        let superseded = match kind {
            KeyKind::Critical => self.keys.critical.is_told(),
            KeyKind::Warning | KeyKind::Unreachable => self.keys.any_told(),
        };
        if !wanted || superseded || self.entry.is_silenced() {
            return;
        }
        // What a person asks for again is told, however old.
        let over = past.at == 0;
        if past.old && kind != KeyKind::Critical && !over {
            self.outcome.untold = true;
            return self.note(Reason::TooOld);
        }
        let low = past.old || kind == KeyKind::Unreachable;
        let cleared = (!over).then_some(past.at);
        let raise = Raise { times: self.entry.times.max(1), cleared, over, was_critical: None };
        self.open(kind, self.entry.peak_facts.clone(), raise, low);
        self.keys.get_mut(kind).since = Since::Over;
        if self.entry.is_raised() {
            self.resolve_over(kind);
        }
    }

    fn resolve_all(&mut self, why: &ResolveReason) {
        for kind in kinds(self.subject).iter().rev() {
            if self.keys.get(*kind).is_open() {
                self.resolve(*kind, why.clone());
            }
        }
    }
}
