//! How many raises became due in the last 15 minutes.

use serde::{Deserialize, Serialize};

use crate::payload::KeyKind;

/// Raises are counted for this long (milliseconds).
const WINDOW: i64 = 15 * 60_000;

/// The raises that became due in the last 15 minutes, by record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent(Vec<Raises>);

/// The raises of a kind that became due with one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Raises {
    #[serde(rename = "class")]
    kind: KeyKind,
    /// When (this machine's clock, milliseconds).
    at: i64,
    /// How many, told or not.
    all: usize,
    /// How many of them are told singly.
    singly: usize,
    /// They opened a storm.
    #[serde(default)]
    opened: bool,
}

impl Recent {
    /// Forgets what is older than 15 minutes, or in the future: the clock was set back.
    pub fn forget_old(&mut self, now: i64) {
        self.0.retain(|raises| (0..WINDOW).contains(&(now - raises.at)));
    }

    /// How many raises of a kind there were.
    #[must_use]
    pub fn raises(&self, kind: KeyKind) -> usize {
        self.0.iter().filter(|raises| raises.kind == kind).map(|raises| raises.all).sum()
    }

    /// How many of them are told singly: all, or those from this time on (this machine's clock, milliseconds).
    #[must_use]
    pub fn singly(&self, kind: KeyKind, from: Option<i64>) -> usize {
        let counts = |raises: &&Raises| raises.kind == kind && from.is_none_or(|from| raises.at >= from);
        self.0.iter().filter(counts).map(|raises| raises.singly).sum()
    }

    /// When the first storm of a kind opened, whether it still goes on or not (this machine's clock, milliseconds).
    #[must_use]
    pub fn first_storm(&self, kind: KeyKind) -> Option<i64> {
        self.0.iter().filter(|raises| raises.kind == kind && raises.opened).map(|raises| raises.at).min()
    }

    /// Counts what became due with this record, and whether it opened a storm.
    pub fn add(&mut self, kind: KeyKind, at: i64, (all, singly): (usize, usize), opened: bool) {
        if all > 0 {
            self.0.push(Raises { kind, at, all, singly, opened });
        }
    }

    /// So many that were to be told singly are told by a storm instead.
    pub fn absorb(&mut self, kind: KeyKind, mut count: usize) {
        for raises in self.0.iter_mut().rev().filter(|raises| raises.kind == kind) {
            let absorbed = count.min(raises.singly);
            raises.singly -= absorbed;
            count -= absorbed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Recent, WINDOW};
    use crate::payload::KeyKind::{Critical, Warning};

    #[test]
    fn counts_a_kind_for_a_quarter_of_an_hour() {
        let mut recent = Recent::default();
        recent.add(Critical, 0, (5, 5), false);
        recent.add(Warning, 0, (7, 7), false);
        recent.add(Critical, 60_000, (10, 2), false);
        assert_eq!([recent.raises(Critical), recent.raises(Warning)], [15, 7]);
        assert_eq!([recent.singly(Critical, None), recent.singly(Critical, Some(1))], [7, 2]);
        recent.forget_old(WINDOW - 1);
        assert_eq!(recent.raises(Critical), 15);
        recent.forget_old(WINDOW);
        assert_eq!([recent.raises(Critical), recent.raises(Warning)], [10, 0]);
    }

    #[test]
    fn forgets_the_future_and_what_a_storm_takes_over() {
        let mut recent = Recent::default();
        recent.add(Critical, 0, (5, 5), false);
        recent.add(Critical, 1, (4, 4), false);
        recent.absorb(Critical, 6);
        assert_eq!([recent.raises(Critical), recent.singly(Critical, None)], [9, 3]);
        recent.forget_old(0);
        assert_eq!(recent.raises(Critical), 5);
        recent.forget_old(-1);
        assert_eq!(recent, Recent::default());
    }
}
