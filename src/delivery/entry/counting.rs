//! How the log and the present state of one alert or node are counted.

use super::{CLEAR_FOR, Entry, Held, OLD_NEWS, Standing, UntoldEnd};
use crate::alert::{AlertDetails, Level, Sighting, Status, Transition};
use crate::config::Notify;
use crate::payload::{KeyKind, ResolveReason};

/// What the configuration says about counting, and how much time this sender has seen pass.
#[derive(Clone, Copy, Debug)]
pub struct CountingRules {
    /// Notification types.
    pub notify: Notify,
    /// `delivery.resolve_after`, milliseconds.
    pub resolve_after: i64,
    /// `delivery.flap_after`.
    pub flap_after: usize,
    /// The agent's clock, seconds.
    pub now: i64,
    /// How much of the time since the last look counts, milliseconds.
    pub step: i64,
    /// What is counted happened during a silence of this program's.
    pub muted: bool,
}

impl Entry {
    /// Reads one transition of the log: counts the one before it if its delay had passed by then (otherwise
    /// that one never happened), and holds this one.
    pub fn read(&mut self, transition: &Transition, rules: &CountingRules) {
        let facts = &transition.facts;
        if self.has_taken(facts, rules.now) {
            return;
        }
        self.supersede(facts.when, rules);
        self.take(facts, false);
        match facts.status {
            Status::Removed | Status::Uninitialized => self.last = facts.status,
            // After a restart a CLEAR in the log proves nothing. Only the alert itself, seen clear, does.
            Status::Clear if matches!(self.last, Status::Removed | Status::Uninitialized) => {}
            _ => self.hold(transition.due, transition.silent, rules.muted, facts),
        }
    }

    /// Reads a page that left without a record. Whether it flaps, the log says.
    pub(super) fn read_page(&mut self, level: Level, facts: &AlertDetails) {
        (self.held, self.clearing, self.gone) = (None, None, None);
        self.take(facts, false);
        self.last = facts.status;
        self.raise(level, (false, false), facts.clone(), true, usize::MAX);
    }

    /// Reads the state that the alert is in now. Nothing changes where the log has told it already.
    pub fn sight(&mut self, sighting: &Sighting, rules: &CountingRules) {
        self.gone = None;
        if let Some(silent) = sighting.silent {
            self.silence(silent);
        }
        let facts = &sighting.facts;
        if facts.status.is_clear_or_raised() && facts.status != self.last {
            self.supersede(facts.when, rules);
            self.take(facts, true);
            let silent = sighting.silent.unwrap_or(self.silent);
            self.hold(sighting.due.unwrap_or(facts.when), silent, rules.muted, facts);
        } else if !facts.transition.is_empty() {
            self.transition.clone_from(&facts.transition);
        }
    }

    /// Counts what has become due by now.
    pub fn advance(&mut self, rules: &CountingRules) {
        if let Some(held) = self.held.take_if(|held| held.due <= rules.now) {
            self.count(held, rules);
        }
        let Some(since) = self.clearing else { return };
        let at_most = rules.now.saturating_sub(since).saturating_mul(1000);
        self.cleared_for = (self.cleared_for + rules.step).min(at_most).max(self.cleared_for);
        // What ilert was not told is not held back, or it would page though it is over: the agent's clock says for how long
        // it has been clear.
        let patience = self.patience(rules);
        // A silenced alert is not held back for flapping.
        let least = if self.is_silenced() { rules.resolve_after } else { patience };
        let is_untold = self.peak.is_some() || !self.keys.any_open();
        if self.cleared_for >= patience || (is_untold && at_most >= least.min(OLD_NEWS * 1000)) {
            self.count_clear(since);
        }
    }

    /// For how long a clear must last before it counts, milliseconds.
    fn patience(&self, rules: &CountingRules) -> i64 {
        if self.flapping.on && rules.flap_after > 0 {
            rules.resolve_after.max(CLEAR_FOR)
        } else {
            rules.resolve_after
        }
    }

    /// Starts or ends a silence. What was not told before it began need not be told.
    pub fn silence(&mut self, silent: bool) {
        if silent && !self.silent {
            (self.peak, self.peak_ended) = (None, None);
        }
        self.silent = silent;
    }

    /// Ends it for a reason other than a clear. If it is seen raised again, that is a raise anew.
    pub fn end(&mut self, why: ResolveReason, now: i64) {
        self.held = None;
        self.gone = None;
        self.last = Status::default();
        self.transition = String::new();
        self.count_clear(now);
        self.ended = Some(why);
    }

    /// Counts a node as unreachable, or as reachable again.
    pub fn stand(&mut self, standing: Standing, mut facts: AlertDetails, rules: &CountingRules) {
        match standing {
            Standing::Raised(level) => {
                self.again(KeyKind::Unreachable, facts.when, rules);
                self.raise(level, (false, rules.muted), facts, rules.notify.unreachable, rules.flap_after);
            }
            Standing::Clear if self.standing == Some(Standing::Clear) || self.clearing.is_some() => {}
            Standing::Clear => {
                // Of one that may be open, nobody knows since when.
                let since = Some(self.facts.when).filter(|since| *since > 0);
                facts.duration = since.and_then(|since| u64::try_from(facts.when - since).ok());
                let at = facts.when;
                self.facts = facts;
                self.flapping.judge(at, rules.flap_after);
                if self.flapping.on {
                    (self.clearing, self.cleared_for) = (Some(at), 0);
                } else {
                    self.count_clear(at);
                }
            }
        }
    }

    /// Whether a transition is history: counted already, or older than the last one counted.
    fn has_taken(&self, facts: &AlertDetails, now: i64) -> bool {
        // The agent's clock may have been set back since.
        let taken_at = self.taken_at.min(now);
        let again = !facts.transition.is_empty() && facts.transition == self.transition;
        again || facts.when < taken_at || (self.sighted && facts.when == taken_at)
    }

    fn take(&mut self, facts: &AlertDetails, sighted: bool) {
        self.transition.clone_from(&facts.transition);
        (self.taken_at, self.sighted) = (facts.when, sighted);
    }

    fn supersede(&mut self, when: i64, rules: &CountingRules) {
        if let Some(held) = self.held.take().filter(|held| held.due <= when) {
            self.count(held, rules);
        }
    }

    fn hold(&mut self, due: i64, silent: bool, muted: bool, facts: &AlertDetails) {
        self.last = facts.status;
        if facts.status.is_clear_or_raised() {
            self.held = Some(Held { due, silent, muted, facts: facts.clone() });
        }
    }

    fn count(&mut self, held: Held, rules: &CountingRules) {
        match held.facts.status.level() {
            Some(level) => {
                self.again(level.into(), held.facts.when, rules);
                let wanted = rules.notify.level(level);
                self.raise(level, (held.silent, held.muted), held.facts, wanted, rules.flap_after);
            }
            None if self.is_raised() && self.clearing.is_none() => {
                (self.clearing, self.cleared_for) = (Some(held.facts.when), 0);
                self.flapping.judge(held.facts.when, rules.flap_after);
                self.facts = held.facts;
            }
            None => {}
        }
    }

    /// It is raised while a clear has not counted yet: the clear has lasted, or never happened.
    fn again(&mut self, kind: KeyKind, when: i64, rules: &CountingRules) {
        let Some(since) = self.clearing.take() else { return };
        if (when - since).saturating_mul(1000) >= self.patience(rules) {
            self.count_clear(since);
        } else {
            self.keys.again(kind);
            self.flapping.raised(when, rules.flap_after);
        }
    }

    /// `silent`: Netdata suppresses it; `muted`: our silence does.
    fn raise(
        &mut self,
        level: Level,
        (silent, muted): (bool, bool),
        facts: AlertDetails,
        wanted: bool,
        flap_after: usize,
    ) {
        let ended = self.ended.take().or(self.ended_before.take());
        self.ended_before = ended.filter(|_| self.keys.any_over());
        self.silence(silent);
        let before = self.standing.and_then(Standing::level);
        if before.is_none() {
            self.flapping.raised(facts.when, flap_after);
        }
        if wanted {
            self.flapping.at(level, facts.when, flap_after);
        }
        if before == Some(level) {
            // Another value of the same status is no news; a clear that did not last is undone.
            if self.facts.status == Status::Clear {
                self.facts = facts;
            }
            return;
        }
        self.standing = Some(Standing::Raised(level));
        match before {
            None => {
                self.times = self.times.saturating_add(1);
                self.raised_at = facts.when;
                self.keys.raised_anew();
            }
            Some(_) => self.keys.changed(level, self.flapping.on),
        }
        if wanted && !silent && !muted && self.peak.is_none_or(|peak| level >= peak) {
            (self.peak, self.peak_ended) = (Some(level), None);
            self.peak_facts = facts.clone();
        } else if self.peak.is_none() {
            self.peak_facts = facts.clone();
        } else if self.peak_ended.is_none() {
            self.peak_ended = Some(UntoldEnd { at: facts.when, cleared: false });
        }
        self.facts = facts;
    }

    fn count_clear(&mut self, at: i64) {
        self.clearing = None;
        self.flapping.ended();
        self.leave_storm();
        self.standing = Some(Standing::Clear);
        if !self.keys.any_over() {
            self.ended_before = None;
        }
        self.keys.over();
        if self.peak.is_some() {
            let at = self.peak_ended.map_or(at, |ended| ended.at);
            self.peak_ended = Some(UntoldEnd { at, cleared: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{AlertDetails, CountingRules, Entry, Standing, Status};
    use crate::config;
    use crate::payload::Scheme;

    #[test]
    fn of_a_node_that_may_be_open_nobody_knows_how_long_it_was_away() {
        let now = 1_800_000_000;
        let mut node = Entry::default();
        node.may_be_unreachable(Scheme::default(), true);
        let back = AlertDetails { status: Status::Clear, when: now, ..AlertDetails::default() };
        let config = config::parse(&config::TEMPLATE, Path::new("test.toml")).unwrap();
        node.stand(Standing::Clear, back, &CountingRules::of(&config, now, 0));
        assert_eq!((node.standing, node.facts.duration), (Some(Standing::Clear), None));
    }
}
