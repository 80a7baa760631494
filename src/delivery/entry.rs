//! What is remembered of one alert or node: how its log is read, and what ilert was told.
//!
//! Two clocks hold a status back before it counts: Netdata's own delay (`delay_up_to_time`), and
//! `resolve_after` for a clear. What a transition means is told by its new status against the status
//! counted before it; Netdata's `old` status and RECURRING flag decide nothing, for a repeating alert
//! carries both wrongly.

use serde::{Deserialize, Serialize};

use crate::alert::{Facts, Level, Sighting, Status, Transition};
use crate::config::Notify;
use crate::payload::{Notice, Tier, Why};

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

/// What ilert was told under one key.
#[allow(clippy::struct_excessive_bools)] // six facts about one key, any of which may hold
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Key {
    /// Maybe open: an ALERT was accepted, or put on the wire without an answer.
    pub open: bool,
    /// A clear was counted since that ALERT.
    pub cleared: bool,
    /// ALERT refused for good; not tried again until raised anew.
    pub refused: bool,
    /// RESOLVE refused for good; not tried again until raised and cleared anew.
    pub stuck: bool,
    /// Critical that is shown as warning since.
    pub lowered: bool,
    /// The comment that says so was accepted.
    pub commented: bool,
}

/// What ilert was told of one alert or node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keys {
    /// `…/warning`.
    pub warning: Key,
    /// `…/critical`.
    pub critical: Key,
    /// `…/unreachable`.
    pub unreachable: Key,
}

impl Keys {
    /// One of them.
    #[must_use]
    pub fn get(&self, tier: Tier) -> Key {
        match tier {
            Tier::Warning => self.warning,
            Tier::Critical => self.critical,
            Tier::Unreachable => self.unreachable,
        }
    }

    /// One of them, to change.
    pub fn get_mut(&mut self, tier: Tier) -> &mut Key {
        match tier {
            Tier::Warning => &mut self.warning,
            Tier::Critical => &mut self.critical,
            Tier::Unreachable => &mut self.unreachable,
        }
    }

    fn all_mut(&mut self) -> [&mut Key; 3] {
        [&mut self.warning, &mut self.critical, &mut self.unreachable]
    }

    /// Whether ilert may have anything open.
    #[must_use]
    pub fn any_open(&self) -> bool {
        self.warning.open || self.critical.open || self.unreachable.open
    }
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
    pub since: i64,
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
    /// Absent from a healthy node since (this machine's clock, milliseconds).
    pub gone_since: Option<i64>,
    /// Why it ended other than by a clear.
    pub ended: Option<Why>,
    /// The last raw status of the log, or as sighted.
    pub last: Status,
    /// The last transition that is known.
    pub transition: String,
    /// Nobody is to be told: recipients, or silenced.
    pub silent: bool,
    /// Highest level that was raised aloud and that ilert was not told.
    pub peak: Option<Level>,
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

/// What the configuration says about counting.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Notification types.
    pub notify: Notify,
    /// `delivery.resolve_after`, seconds.
    pub resolve_after: i64,
}

impl Entry {
    /// Reads one transition of the log: counts the one before it if its delay had passed by then (otherwise
    /// that one never happened), and holds this one.
    pub fn read(&mut self, transition: &Transition, rules: &Rules) {
        self.supersede(transition.facts.when, rules);
        self.transition.clone_from(&transition.facts.transition);
        match transition.facts.status {
            Status::Removed | Status::Uninitialized => self.last = transition.facts.status,
            // After a restart a CLEAR in the log proves nothing: only the alert itself, seen clear, does.
            Status::Clear if matches!(self.last, Status::Removed | Status::Uninitialized) => {}
            _ => self.hold(transition.due, transition.silent, &transition.facts),
        }
    }

    /// Takes in the state that the alert is in now. It says nothing new where the log has told it already.
    pub fn sight(&mut self, sighting: &Sighting, rules: &Rules) {
        self.gone_since = None;
        if let Some(silent) = sighting.silent {
            self.silent = silent;
        }
        let facts = &sighting.facts;
        let countable = facts.status == Status::Clear || facts.status.level().is_some();
        if countable && facts.status != self.last {
            self.supersede(facts.when, rules);
            self.transition.clone_from(&facts.transition);
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
            && self.gone_since.is_none()
            && sighting.silent.is_none_or(|silent| silent == self.silent)
    }

    /// Counts what has become due by `now` (agent's clock).
    pub fn advance(&mut self, now: i64, rules: &Rules) {
        if let Some(held) = self.held.take_if(|held| held.due <= now) {
            self.count(held, rules);
        }
        if self.clearing.is_some_and(|since| now - since >= rules.resolve_after) {
            self.settle_clear();
        }
    }

    /// Ends it for a reason other than a clear. If it is seen raised again, that is a raise anew.
    pub fn end(&mut self, why: Why) {
        self.held = None;
        self.gone_since = None;
        self.last = Status::default();
        self.transition = String::new();
        self.settle_clear();
        self.ended = Some(why);
    }

    /// Counts a node as unreachable, or as reachable again.
    pub fn stand(&mut self, standing: Standing, mut facts: Facts, rules: &Rules) {
        match standing {
            Standing::Raised(level) => self.raise(level, false, facts, rules.notify.unreachable),
            Standing::Clear if self.standing == Some(Standing::Raised(Level::Critical)) => {
                facts.duration = u64::try_from(facts.when - self.facts.when).ok();
                self.facts = facts;
                self.settle_clear();
            }
            Standing::Clear => {}
        }
    }

    /// Whether its present state must be known: it is raised, and the log has not told where it went.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        (self.held.is_some() || matches!(self.standing, Some(Standing::Raised(_))))
            && self.last != Status::Clear
    }

    /// Whether nothing of it needs to be remembered.
    #[must_use]
    pub fn is_over(&self) -> bool {
        !matches!(self.standing, Some(Standing::Raised(_)))
            && self.held.is_none()
            && self.peak.is_none()
            && self.waiting.is_empty()
            && !self.keys.any_open()
    }

    /// The same under a key that was told nothing yet: what is raised, or was raised and never told, is due.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { keys: Keys::default(), waiting: Vec::new(), ..self.clone() }
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
                let lasted = |since| held.facts.when - since >= rules.resolve_after;
                if self.clearing.take().is_some_and(lasted) {
                    self.settle_clear();
                }
                self.raise(level, held.silent, held.facts, rules.notify.level(level));
            }
            None if matches!(self.standing, Some(Standing::Raised(_))) && self.clearing.is_none() => {
                self.clearing = Some(held.facts.when);
                self.facts = held.facts;
            }
            None => {}
        }
    }

    fn raise(&mut self, level: Level, silent: bool, facts: Facts, wanted: bool) {
        self.ended = None;
        self.silent = silent;
        let before = self.standing.and_then(Standing::level);
        let flapped = self.facts.status == Status::Clear;
        if before == Some(level) {
            // Another value of the same status is no news; a clear that did not last is undone.
            if flapped {
                self.facts = facts;
            }
            return;
        }
        self.standing = Some(Standing::Raised(level));
        self.times = self.times.saturating_add(u32::from(before.is_none()));
        for key in self.keys.all_mut() {
            key.refused = false;
            key.stuck &= before.is_some();
        }
        if before == Some(Level::Critical) && self.keys.critical.open {
            self.keys.critical.lowered = true;
            self.keys.critical.commented = false;
        }
        if wanted && !silent && self.peak.is_none_or(|peak| level >= peak) {
            self.peak = Some(level);
            self.raised = facts.clone();
        } else if self.peak.is_none() {
            self.raised = facts.clone();
        }
        self.facts = facts;
    }

    fn settle_clear(&mut self) {
        self.clearing = None;
        self.standing = Some(Standing::Clear);
        for key in self.keys.all_mut() {
            key.cleared = key.open;
            key.lowered = false;
            key.commented = false;
        }
    }
}
