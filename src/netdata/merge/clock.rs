//! Parents' clocks differ. All times become those of the first parent's.

use crate::alert::Observation;

/// Clocks that differ by less are taken as one, seconds: answers take a while, and a shift that changed from run to run
/// would give the same transition two times.
pub(super) const ALIKE: u64 = 5;

/// Sets the clock of what a parent shows.
pub(super) fn set(seen: &mut Observation, now: i64) {
    let ahead = seen.now.saturating_sub(now);
    seen.now = now;
    if ahead.unsigned_abs() <= ALIKE {
        return;
    }
    let shift = |time: &mut i64| *time = time.saturating_sub(ahead);
    for one in &mut seen.transitions {
        shift(&mut one.due);
        shift(&mut one.facts.when);
    }
    for one in &mut seen.sightings {
        one.due.iter_mut().for_each(shift);
        shift(&mut one.facts.when);
    }
}
