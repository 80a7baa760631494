//! Events that failed while it is open whether they are at fault, or the endpoint, or the key.
//!
//! The suspicion is kept between runs. The next run begins with another alert's event, so that events which ilert never
//! takes do not hold up the others.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::queue::QueuePosition;
use crate::delivery::ledger::Ledger;
use crate::ilert::client::{RetryReason, Verdict};
use crate::payload::Subject;
use crate::text::ago::moment;

/// Pauses before the further tries at an endpoint that fails, in milliseconds, each varied by up to a fifth.
const BACK_OFF: [u64; 2] = [1_000, 3_000];
/// How long an event rests after its first, second, … fault (minutes).
const RESTS: [i64; 5] = [1, 2, 4, 8, 15];
/// A rest ends this much earlier (milliseconds), so that a run on the minute finds it over.
const EARLIER: i64 = 15_000;
/// After this many faults, an event is sent with the minimal payload.
const MINIMAL_AFTER: u32 = 4;
/// After this many faults, an event fails for good.
const LAST: u32 = 10;

/// The events under suspicion.
#[derive(Debug, Default)]
pub(super) struct Suspects {
    /// What failed in this run since an event was last accepted or refused.
    now: BTreeMap<Subject, Verdict>,
    /// What failed in an earlier run and was not tried since.
    earlier: BTreeSet<Subject>,
    /// Something was taken in this run.
    taken: bool,
    /// Failures in a row.
    failures: usize,
}

/// An event that fails for good: its subject, and why.
pub(super) type GivenUp = (Subject, String);

impl Suspects {
    /// Starts with the suspects of earlier runs.
    pub(super) fn of(ledger: &Ledger) -> Self {
        let earlier: BTreeSet<Subject> = ledger
            .entries
            .iter()
            .filter(|(_, entry)| entry.waiting.first().is_some_and(|first| first.suspect || first.faults > 0))
            .map(|(subject, _)| subject.clone())
            .collect();
        Self { earlier, ..Self::default() }
    }

    pub(super) fn has(&self, subject: &Subject) -> bool {
        self.now.contains_key(subject) || self.earlier.contains(subject)
    }

    /// Chooses the next event: another alert's before one that failed. Once an event was accepted, those that failed in
    /// an earlier run come last in their urgency.
    pub(super) fn first_of<'l>(&self, line: &'l BTreeSet<QueuePosition>) -> Option<&'l QueuePosition> {
        let fresh = || line.iter().filter(|position| !self.has(&position.subject));
        let turn = line.iter().find(|position| self.taken && !self.now.contains_key(&position.subject));
        match turn {
            Some(turn) => fresh().find(|position| position.urgency == turn.urgency).or(Some(turn)),
            None => fresh().next().or(line.first()),
        }
    }

    /// Drops the suspicion: the event was accepted, or refused for good.
    pub(super) fn clear(&mut self, subject: &Subject) {
        self.earlier.remove(subject);
        self.now.remove(subject);
    }

    /// How to go on after a failure, `others` telling whether another event waits that has not failed.
    pub(super) fn after_failure(&self, others: bool, random: u64) -> Conclusion {
        if self.now.is_empty() {
            return Conclusion::Another(Duration::ZERO);
        }
        let is_wrong = |verdict: &&Verdict| matches!(verdict, Verdict::KeyWrong { .. });
        let mut wrong = self.now.values().filter(is_wrong);
        if let Some(verdict) = wrong.next() {
            if wrong.next().is_some() || !others {
                return Conclusion::KeyWrong(verdict.to_string());
            }
            if self.now.len() == 1 {
                return Conclusion::Another(Duration::ZERO);
            }
        }
        let words = self.now.values().next_back().map(ToString::to_string).unwrap_or_default();
        match self.failures.checked_sub(1).and_then(|failures| BACK_OFF.get(failures)) {
            Some(pause) => {
                tracing::info!("{words}; trying again in about {} s", pause / 1000);
                Conclusion::Another(Duration::from_millis(pause * (800 + random % 401) / 1000))
            }
            None => Conclusion::Endpoint(words),
        }
    }

    /// Marks what failed in a round. Returns what fails for good.
    pub(super) fn failed(
        &mut self,
        ledger: &mut Ledger,
        failed: Vec<(Subject, Verdict)>,
        now: i64,
    ) -> Vec<GivenUp> {
        let mut over = Vec::new();
        for (subject, verdict) in failed {
            let again = self.earlier.remove(&subject);
            // The key was accepted a moment ago, or the event fails again while others are taken: it is at fault.
            let is_wrong = matches!(verdict, Verdict::KeyWrong { .. });
            if self.taken && (is_wrong || again) {
                over.extend(at_fault(ledger, subject, &verdict, now));
                continue;
            }
            mark(ledger, &subject, true);
            self.now.insert(subject, verdict);
        }
        self.failures += usize::from(!self.now.is_empty());
        over
    }

    /// An event was accepted, so the endpoint and the key are well: the events that failed before it in this run are at
    /// fault, and rest. Returns what fails for good.
    pub(super) fn acquit(&mut self, ledger: &mut Ledger, now: i64) -> Vec<GivenUp> {
        (self.taken, self.failures) = (true, 0);
        let failed = std::mem::take(&mut self.now);
        failed.into_iter().filter_map(|(subject, verdict)| at_fault(ledger, subject, &verdict, now)).collect()
    }

    /// Whether any event is under suspicion.
    pub(super) fn any(&self) -> bool {
        !self.now.is_empty() || !self.earlier.is_empty()
    }
}

/// Whether it is the limit of the key (429).
pub(super) fn is_limit(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Later(RetryReason::Limited { .. }))
}

/// How to go on after failures.
pub(super) enum Conclusion {
    /// One more try, with another event if there is one, after so long.
    Another(Duration),
    /// The endpoint is at fault.
    Endpoint(String),
    /// The key is at fault.
    KeyWrong(String),
}

/// Counts a fault: the event rests, longer each time, and in the end fails for good.
fn at_fault(ledger: &mut Ledger, subject: Subject, verdict: &Verdict, now: i64) -> Option<GivenUp> {
    mark(ledger, &subject, false);
    let first = ledger.entries.get_mut(&subject)?.waiting.first_mut()?;
    let rest = usize::try_from(first.faults).ok().and_then(|faults| RESTS.get(faults)).or(RESTS.last());
    first.faults += 1;
    first.minimal |= first.faults >= MINIMAL_AFTER;
    first.rests_until = now + rest.copied().unwrap_or_default() * 60_000 - EARLIER;
    let words = format!("it failed {LAST} times while others were taken, the last time: {verdict}");
    (first.faults >= LAST).then_some((subject, words))
}

fn mark(ledger: &mut Ledger, subject: &Subject, suspect: bool) {
    if let Some(first) = ledger.entries.get_mut(subject).and_then(|entry| entry.waiting.first_mut()) {
        first.suspect = suspect;
        ledger.changes.entries.insert(subject.clone());
    }
}

/// The events that rest, in words.
pub(super) fn resting(ledger: &Ledger, now: i64) -> Vec<String> {
    let firsts = ledger.entries.values().filter_map(|entry| entry.waiting.first());
    firsts
        .filter(|first| first.rests(now))
        .map(|first| {
            let times = if first.faults == 1 { "once".to_owned() } else { format!("{} times", first.faults) };
            format!(
                "{} failed {times} while others were taken; it rests until {}",
                first.notice.name(),
                moment(now, first.rests_until / 1000)
            )
        })
        .collect()
}
