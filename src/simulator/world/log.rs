//! The transition log: the entries, their ids, and the order in which they are found.

use std::collections::{BTreeMap, HashMap};

use super::World;
use crate::alert::Status;

/// How long a 2.11 does not find a transition in its log, seconds: it writes through a queue (1.1 to 1.9 s, measured).
pub(super) const LAG: i64 = 2;

/// What is wrong with the answers of v3's `alert_transitions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogTrouble {
    /// However much is asked for, this many older transitions did not fit.
    Endless(usize),
    /// It breaks off in the middle.
    Unreadable,
}

/// One line of the log.
#[derive(Clone, Debug)]
pub(crate) struct LogEntry {
    /// Global id: microseconds since the epoch, unique in this world.
    pub gi: u64,
    /// The transition's UUID.
    pub uuid: u128,
    /// Index of the node.
    pub node: usize,
    /// Index of the alert on the node.
    pub alert: usize,
    /// Per node, in order of arrival.
    pub unique_id: u32,
    /// Per alert.
    pub event_id: u32,
    /// When, in seconds on the agent's clock.
    pub when: i64,
    /// When it was written, in seconds on the agent's clock as it stood then.
    pub logged: i64,
    pub old: Status,
    pub new: Status,
    pub old_value: Option<f64>,
    pub value: Option<f64>,
    /// Seconds in the status before.
    pub duration: i64,
    /// Seconds raised before.
    pub raised_duration: i64,
    /// Netdata's own delay, in seconds.
    pub delay: i64,
    /// Silenced through the health API when it happened.
    pub silenced: bool,
    /// Of a repeating alert: its raises, repeats and clears carry the flag.
    pub recurring: bool,
    /// A repeat of the one before.
    pub repeat: bool,
    /// Unique id of the one before; 0 for none.
    pub updates: u32,
    /// Unique id and time of the one after.
    pub updated_by: Option<(u32, i64)>,
}

impl LogEntry {
    /// When Netdata's delay ends.
    pub fn due(&self) -> i64 {
        self.when + self.delay
    }

    /// Whether its notification was sent: it fell due before anything superseded it.
    pub fn notified(&self, now: i64) -> bool {
        let end = self.updated_by.map_or(now, |(_, when)| when);
        !self.silenced
            && matches!(self.new, Status::Clear | Status::Warning | Status::Critical)
            && self.due() <= end
    }

    /// Whether Netdata has dealt with it.
    pub fn processed(&self, now: i64) -> bool {
        self.updated_by.is_some() || self.due() <= now
    }

    /// Whether v3's `alert_transitions` finds it: raised before or after. The source says
    /// `new_status > 2 OR old_status > 2` (`sqlite_health.c`).
    pub fn is_searchable(&self) -> bool {
        self.new.level().is_some() || self.old.level().is_some()
    }
}

/// All nodes' entries.
#[derive(Debug, Default)]
pub(crate) struct TransitionLog {
    entries: BTreeMap<u64, LogEntry>,
    by_uuid: HashMap<u128, u64>,
    /// Global ids by node, in order of arrival.
    by_node: HashMap<usize, Vec<u64>>,
}

impl TransitionLog {
    pub fn push(&mut self, entry: LogEntry) {
        self.by_uuid.insert(entry.uuid, entry.gi);
        self.by_node.entry(entry.node).or_default().push(entry.gi);
        self.entries.insert(entry.gi, entry);
    }

    pub fn get(&self, gi: u64) -> Option<&LogEntry> {
        self.entries.get(&gi)
    }

    pub fn get_mut(&mut self, gi: u64) -> Option<&mut LogEntry> {
        self.entries.get_mut(&gi)
    }

    pub fn find(&self, uuid: u128) -> Option<&LogEntry> {
        self.by_uuid.get(&uuid).and_then(|gi| self.get(*gi))
    }

    /// A free global id at this second: the next microsecond that nobody has.
    pub fn free_gi(&self, when: i64) -> u64 {
        let start = micros(when) + 1;
        let end = micros(when + 1);
        self.entries.range(start..end).next_back().map_or(start, |(gi, _)| gi + 1)
    }

    /// Entries between two global ids, both included, newest first.
    pub fn between(&self, after: u64, before: u64) -> impl Iterator<Item = &LogEntry> {
        (after <= before)
            .then(|| self.entries.range(after..=before).rev().map(|(_, entry)| entry))
            .into_iter()
            .flatten()
    }

    /// A node's entries, newest first by arrival.
    pub fn of_node(&self, node: usize) -> impl Iterator<Item = &LogEntry> {
        self.by_node.get(&node).into_iter().flatten().rev().filter_map(|gi| self.get(*gi))
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl World {
    /// Sets for how many seconds v3's `alert_transitions` does not find a transition (2 on a new v2.11). With 0 it is
    /// found by its id at once; the window ends at the whole second and never shows the present one.
    pub fn set_log_lag(&mut self, seconds: i64) {
        self.log_lag = seconds;
    }

    /// Makes `alert_transitions` answer badly from now on; `None` ends it.
    pub fn trouble_log(&mut self, trouble: Option<LogTrouble>) {
        self.log_trouble = trouble;
    }

    /// Whether an entry has passed the queue. A clock that went back since does not hold it up.
    pub(crate) fn is_written(&self, entry: &LogEntry) -> bool {
        !(0..self.log_lag).contains(&(self.now() - entry.logged))
    }
}

/// The first microsecond of a second.
pub(crate) fn micros(seconds: i64) -> u64 {
    u64::try_from(seconds).unwrap_or_default().saturating_mul(1_000_000)
}
