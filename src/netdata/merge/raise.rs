//! What came and went at one parent, and whether it is what another parent has logged before.
//!
//! Parents look at the same node each in its own time: one logs a raise a little later than another, and reads the clear
//! before it does. What is over at both is then one raise. Where the times of both overlap, the highest status says so;
//! where they do not, [`LoggedRaise::is_echoed_by`] does. Two logs may differ by up to [`SHIFT`]: each raise is told once
//! as long as they differ by less than the time between two raises.

use serde::{Deserialize, Serialize};

use crate::alert::{AlertDetails, Level, Status, Transition};

/// How much later a parent may log what another one has logged (seconds): as long as a raise holds after its parent has
/// stopped answering.
const SHIFT: i64 = 2 * 60;

/// One raise as one parent logged it, from its first warning or critical status to the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedRaise {
    /// When it began (seconds).
    at: i64,
    /// When it was clear again (seconds), if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    /// The highest level of it that is told. None if its delay outlasted it, if nobody is to be told, or if it was
    /// another parent's already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<Level>,
    /// When the level that it has now counts (seconds), unless nobody is to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<(Level, i64)>,
}

impl LoggedRaise {
    /// The last raise after this status. `counts` is when it counts and whether nobody is to be told, where that is
    /// known.
    pub(super) fn after(
        before: Option<Self>,
        facts: &AlertDetails,
        counts: Option<(i64, bool)>,
    ) -> Option<Self> {
        let when = facts.when;
        let open = before.filter(|raise| raise.until.is_none());
        match (facts.status.level(), open) {
            (Some(level), _) => {
                let open = open.unwrap_or(Self { at: when, until: None, told: None, due: None });
                let same = open.due.filter(|(known, _)| *known == level);
                let due = match counts {
                    Some((_, true)) => None,
                    Some((due, false)) => Some((level, due)),
                    None => same,
                };
                Some(Self { due, ..open.settled(when) })
            }
            (None, Some(open)) if facts.status == Status::Clear => {
                Some(Self { until: Some(when), due: None, ..open.settled(when) })
            }
            _ => before,
        }
    }

    /// The same, with its end where this log has it.
    fn after_all(self, log: &[&Transition]) -> Self {
        log.iter().fold(self, |raise, one| match raise.until {
            None => Self::after(Some(raise), &one.facts, Some((one.due, one.silent))).unwrap_or(raise),
            Some(_) => raise,
        })
    }

    /// What has counted until then.
    fn settled(self, when: i64) -> Self {
        let counted = self.due.filter(|(_, due)| *due <= when).map(|(level, _)| level);
        Self { told: self.told.max(counted), ..self }
    }

    /// The same, told by another parent.
    pub(super) fn echo(self) -> Self {
        Self { told: None, due: None, ..self }
    }

    /// Whether this is what another parent logs as that later raise. `before` is when that parent logged one before.
    fn is_echoed_by(&self, later: &Self, before: Option<i64>) -> bool {
        let ended_before = self.until.is_some_and(|until| until <= later.at);
        let is_near = later.at.saturating_sub(self.at) <= SHIFT;
        ended_before
            && is_near
            && self.told >= later.told
            && self.told.is_some()
            && before.is_none_or(|before| before < self.at)
    }
}

/// A raise that a parent's log has whole: where it begins and ends in the log.
#[derive(Clone, Copy)]
struct Whole {
    parent: usize,
    first: usize,
    last: usize,
    raise: LoggedRaise,
    /// When the parent logged one before.
    before: Option<i64>,
}

/// The transitions that say again what another parent has logged, by the place of the parent and the number in its log.
/// `logs` has the log of each with its GUID and its last raise before; `others` the last raises of parents that say
/// nothing now.
pub(super) fn echoes<'t>(
    logs: impl Iterator<Item = (&'t str, Option<LoggedRaise>, &'t [&'t Transition])>,
    others: impl Iterator<Item = LoggedRaise>,
) -> Vec<(usize, usize)> {
    let mut told: Vec<(Option<usize>, LoggedRaise)> = others.map(|raise| (None, raise)).collect();
    let mut whole = Vec::new();
    for (parent, (guid, before, log)) in logs.enumerate() {
        told.extend(before.map(|raise| (Some(parent), raise.after_all(log))));
        whole.extend(whole_raises(parent, before, log).into_iter().map(|one| (guid, one)));
    }
    whole.sort_by_key(|(guid, one)| (one.raise.at, *guid));
    let mut echoes = Vec::new();
    for (_, one) in whole {
        let is_echo = |(parent, raise): &(Option<usize>, LoggedRaise)| {
            *parent != Some(one.parent) && raise.is_echoed_by(&one.raise, one.before)
        };
        if told.iter().any(is_echo) {
            echoes.extend((one.first..one.last).map(|number| (one.parent, number)));
        } else {
            told.push((Some(one.parent), one.raise));
        }
    }
    echoes
}

fn whole_raises(parent: usize, before: Option<LoggedRaise>, log: &[&Transition]) -> Vec<Whole> {
    let mut whole = Vec::new();
    let (mut last_raise, mut begun) = (before, None);
    for (number, one) in log.iter().enumerate() {
        let after = LoggedRaise::after(last_raise, &one.facts, Some((one.due, one.silent)));
        let is_open = |raise: Option<LoggedRaise>| raise.is_some_and(|raise| raise.until.is_none());
        match (is_open(last_raise), is_open(after)) {
            (false, true) => begun = Some((number, last_raise.map(|raise| raise.at))),
            (true, false) => {
                if let (Some((first, before)), Some(raise)) = (begun.take(), after) {
                    whole.push(Whole { parent, first, last: number, raise, before });
                }
            }
            // Whether it ended is not known: the parent has restarted.
            (true, true) if one.facts.status.level().is_none() => begun = None,
            _ => {}
        }
        last_raise = after;
    }
    whole
}
