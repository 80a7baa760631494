//! What is remembered of one alert or node: how its log is read, and what ilert was told.
//!
//! Two clocks hold a status back before it counts: Netdata's own delay (`delay_up_to_time`), and
//! `resolve_after` for a clear. What a transition means is told by its new status against the status
//! counted before it; Netdata's `old` status and RECURRING flag decide nothing, for a repeating alert
//! carries both wrongly. A transition that is not newer than what was taken in already is history.

use serde::{Deserialize, Serialize};

use super::key::{Keys, Since, Told};
use crate::alert::{Facts, Level, Sighting, Status, Transition};
use crate::config::Notify;
use crate::payload::{Notice, Subject, Tier, Why};

/// What is over is remembered for this long (seconds), so that a log which repeats it is known to: longer than the
/// part of its log that an agent is asked for again.
const REMEMBERED: i64 = 300;

/// A status that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Nothing is wrong.
    Clear,
    /// Raised; for a node, `Critical` stands for unreachable.
    Raised(Level),
}

impl Standing {
    /// The level, where raised.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Clear => None,
            Self::Raised(level) => Some(level),
        }
    }
}

/// A status whose delay has not passed: it counts at `due`, unless something newer comes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// When it counts (agent's clock, seconds).
    pub due: i64,
    /// Nobody is to be told of it.
    pub silent: bool,
    /// What Netdata said.
    pub facts: Facts,
}

/// An alert that is not there any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gone {
    /// For how long this sender has seen it gone, milliseconds.
    pub seen: i64,
    /// Whether the node's health was online meanwhile.
    pub online: bool,
}

/// How the highest level that ilert was not told came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When (agent's clock, seconds).
    pub at: i64,
    /// By a clear, or another end; otherwise it fell to a warning.
    pub cleared: bool,
}

/// An event of the outbox: recorded, not yet accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// What it tells.
    pub notice: Notice,
    /// Put on the wire without an answer: sent again before anything after it.
    #[serde(default)]
    pub tried: bool,
    /// ilert refused it once: sent with the built-in minimal payload.
    #[serde(default)]
    pub minimal: bool,
    /// When it was first recorded (this machine's clock, milliseconds since the epoch).
    #[serde(default)]
    pub since: i64,
    /// It failed, and nothing has shown yet whether it is at fault or the endpoint.
    #[serde(default)]
    pub suspect: bool,
    /// How often it was at fault: another event was accepted after it had failed.
    #[serde(default)]
    pub faults: u32,
    /// It rests until then (this machine's clock, milliseconds since the epoch).
    #[serde(default)]
    pub rests_until: i64,
}

impl Waiting {
    /// An event that nobody has tried.
    #[must_use]
    pub fn new(notice: Notice, since: i64) -> Self {
        Self { notice, tried: false, minimal: false, since, suspect: false, faults: 0, rests_until: 0 }
    }
}

/// What is remembered of one alert or node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// As counted; `None` until something was.
    pub standing: Option<Standing>,
    /// A status whose delay has not passed.
    pub held: Option<Held>,
    /// A clear was counted at this time (agent's clock) and `resolve_after` has not passed since.
    pub clearing: Option<i64>,
    /// For how long this sender has seen that clear, milliseconds.
    pub cleared_for: i64,
    /// Absent from a healthy node.
    pub gone: Option<Gone>,
    /// Why it ended other than by a clear.
    pub ended: Option<Why>,
    /// The last raw status of the log, or as sighted.
    pub last: Status,
    /// The last transition that was taken in.
    pub transition: String,
    /// When that was (agent's clock, seconds).
    pub taken_at: i64,
    /// It was taken in from the present state: nothing of that second is newer.
    pub sighted: bool,
    /// Nobody is to be told: recipients, or silenced.
    pub silent: bool,
    /// Highest level that was raised aloud and that ilert was not told.
    pub peak: Option<Level>,
    /// How that came to its end, if it has.
    pub peak_ended: Option<Ended>,
    /// How often it was raised since ilert was told.
    pub times: u32,
    /// What Netdata said at the last status that counted.
    pub facts: Facts,
    /// What Netdata said at the peak.
    pub raised: Facts,
    /// What ilert was told.
    pub keys: Keys,
    /// The outbox of this entry, in order. Stored in a table of its own.
    #[serde(skip)]
    pub waiting: Vec<Waiting>,
}

/// What the configuration says about counting, and how much time this sender has seen pass.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Notification types.
    pub notify: Notify,
    /// `delivery.resolve_after`, milliseconds.
    pub resolve_after: i64,
    /// The agent's clock, seconds.
    pub now: i64,
    /// How much of the time since the last look counts, milliseconds.
    pub step: i64,
}

impl Entry {
    /// Reads one transition of the log: counts the one before it if its delay had passed by then (otherwise
    /// that one never happened), and holds this one.
    pub fn read(&mut self, transition: &Transition, rules: &Rules) {
        let facts = &transition.facts;
        if self.has_taken(facts, rules.now) {
            return;
        }
        self.supersede(facts.when, rules);
        self.take(facts, false);
        match facts.status {
            Status::Removed | Status::Uninitialized => self.last = facts.status,
            // After a restart a CLEAR in the log proves nothing: only the alert itself, seen clear, does.
            Status::Clear if matches!(self.last, Status::Removed | Status::Uninitialized) => {}
            _ => self.hold(transition.due, transition.silent, facts),
        }
    }

    /// Takes in the state that the alert is in now. It says nothing new where the log has told it already.
    pub fn sight(&mut self, sighting: &Sighting, rules: &Rules) {
        self.gone = None;
        if let Some(silent) = sighting.silent {
            self.silence(silent);
        }
        let facts = &sighting.facts;
        let countable = facts.status == Status::Clear || facts.status.level().is_some();
        if countable && facts.status != self.last {
            self.supersede(facts.when, rules);
            self.take(facts, true);
            self.hold(sighting.due.unwrap_or(facts.when), sighting.silent.unwrap_or(self.silent), facts);
        } else if !facts.transition.is_empty() {
            self.transition.clone_from(&facts.transition);
        }
    }

    /// Whether a sighting changes nothing at all: the common case, told without copying anything.
    #[must_use]
    pub fn knows(&self, sighting: &Sighting) -> bool {
        self.last == sighting.facts.status
            && (sighting.facts.transition.is_empty() || self.transition == sighting.facts.transition)
            && self.held.is_none()
            && self.clearing.is_none()
            && self.gone.is_none()
            && sighting.silent.is_none_or(|silent| silent == self.silent)
    }

    /// Counts what has become due by now.
    pub fn advance(&mut self, rules: &Rules) {
        if let Some(held) = self.held.take_if(|held| held.due <= rules.now) {
            self.count(held, rules);
        }
        let Some(since) = self.clearing else { return };
        let at_most = rules.now.saturating_sub(since).saturating_mul(1000);
        self.cleared_for = (self.cleared_for + rules.step).min(at_most).max(self.cleared_for);
        if self.cleared_for >= rules.resolve_after {
            self.settle_clear(since);
        }
    }

    /// From now on nobody is to be told of it, or again somebody is. What was not told by now need not be.
    pub fn silence(&mut self, silent: bool) {
        if silent && !self.silent {
            (self.peak, self.peak_ended) = (None, None);
        }
        self.silent = silent;
    }

    /// Ends it for a reason other than a clear. If it is seen raised again, that is a raise anew.
    pub fn end(&mut self, why: Why, now: i64) {
        self.held = None;
        self.gone = None;
        self.last = Status::default();
        self.transition = String::new();
        self.settle_clear(now);
        self.ended = Some(why);
    }

    /// Counts a node as unreachable, or as reachable again.
    pub fn stand(&mut self, standing: Standing, mut facts: Facts, rules: &Rules) {
        match standing {
            Standing::Raised(level) => self.raise(level, false, facts, rules.notify.unreachable),
            Standing::Clear if self.standing == Some(Standing::Raised(Level::Critical)) => {
                facts.duration = u64::try_from(facts.when - self.facts.when).ok();
                let at = facts.when;
                self.facts = facts;
                self.settle_clear(at);
            }
            Standing::Clear => {}
        }
    }

    /// Whether its present state must be known: it is raised, and the log has not told where it went.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        (self.held.is_some() || self.is_raised()) && self.last != Status::Clear
    }

    /// Whether it counts as raised.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        matches!(self.standing, Some(Standing::Raised(_)))
    }

    /// Whether nothing of it needs to be remembered at this time (agent's clock, seconds).
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        !self.is_raised()
            && self.held.is_none()
            && self.peak.is_none()
            && self.waiting.is_empty()
            && !self.keys.any_open()
            && now.saturating_sub(self.taken_at).saturating_abs() > REMEMBERED
    }

    /// The same under a key that was told nothing yet: what is raised, or was raised and never told, is due.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { keys: Keys::default(), waiting: Vec::new(), ..self.clone() }
    }

    /// ilert was told what was raised.
    pub(super) fn told(&mut self) {
        (self.peak, self.peak_ended, self.times) = (None, None, 0);
    }

    /// What an ALERT under this key means for it as things stand.
    pub(super) fn since_alert(&self, tier: Tier, late: bool) -> Since {
        match self.standing {
            Some(Standing::Raised(_)) if late => Since::Over,
            Some(Standing::Raised(Level::Warning)) if tier == Tier::Critical => Since::Lowered,
            Some(Standing::Raised(_)) => Since::Same,
            Some(Standing::Clear) | None => Since::Over,
        }
    }

    /// Taken over from ilert, where it is open: told, and as far as anybody knows raised.
    pub(super) fn adopted(tier: Tier, facts: Facts) -> Self {
        let level = if tier == Tier::Warning { Level::Warning } else { Level::Critical };
        let mut entry = Self {
            standing: Some(Standing::Raised(level)),
            last: facts.status,
            facts: facts.clone(),
            raised: facts,
            ..Self::default()
        };
        entry.keys.get_mut(tier).told = Told::Accepted;
        entry
    }

    /// Whether a transition of the log is history: taken in already, or older than what was.
    fn has_taken(&self, facts: &Facts, now: i64) -> bool {
        // The agent's clock may have been set back since.
        let taken_at = self.taken_at.min(now);
        let again = !facts.transition.is_empty() && facts.transition == self.transition;
        again || facts.when < taken_at || (self.sighted && facts.when == taken_at)
    }

    fn take(&mut self, facts: &Facts, sighted: bool) {
        self.transition.clone_from(&facts.transition);
        (self.taken_at, self.sighted) = (facts.when, sighted);
    }

    fn supersede(&mut self, when: i64, rules: &Rules) {
        if let Some(held) = self.held.take().filter(|held| held.due <= when) {
            self.count(held, rules);
        }
    }

    fn hold(&mut self, due: i64, silent: bool, facts: &Facts) {
        self.last = facts.status;
        if facts.status == Status::Clear || facts.status.level().is_some() {
            self.held = Some(Held { due, silent, facts: facts.clone() });
        }
    }

    fn count(&mut self, held: Held, rules: &Rules) {
        match held.facts.status.level() {
            Some(level) => {
                if let Some(since) = self.clearing.take() {
                    if (held.facts.when - since).saturating_mul(1000) >= rules.resolve_after {
                        self.settle_clear(since);
                    } else {
                        self.keys.again(level);
                    }
                }
                self.raise(level, held.silent, held.facts, rules.notify.level(level));
            }
            None if self.is_raised() && self.clearing.is_none() => {
                (self.clearing, self.cleared_for) = (Some(held.facts.when), 0);
                self.facts = held.facts;
            }
            None => {}
        }
    }

    fn raise(&mut self, level: Level, silent: bool, facts: Facts, wanted: bool) {
        self.ended = None;
        self.silence(silent);
        let before = self.standing.and_then(Standing::level);
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
                self.keys.raised_anew();
            }
            Some(_) => self.keys.changed(level),
        }
        if wanted && !silent && self.peak.is_none_or(|peak| level >= peak) {
            (self.peak, self.peak_ended) = (Some(level), None);
            self.raised = facts.clone();
        } else if self.peak.is_none() {
            self.raised = facts.clone();
        } else if self.peak_ended.is_none() {
            self.peak_ended = Some(Ended { at: facts.when, cleared: false });
        }
        self.facts = facts;
    }

    fn settle_clear(&mut self, at: i64) {
        self.clearing = None;
        self.standing = Some(Standing::Clear);
        self.keys.over();
        if self.peak.is_some() {
            let at = self.peak_ended.map_or(at, |ended| ended.at);
            self.peak_ended = Some(Ended { at, cleared: true });
        }
    }
}

/// The tiers that a subject can have open, most urgent first.
#[must_use]
pub fn tiers(subject: &Subject) -> &'static [Tier] {
    match subject {
        Subject::Alert(_) => &[Tier::Critical, Tier::Warning],
        Subject::Node(_) => &[Tier::Unreachable],
    }
}
