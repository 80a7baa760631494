//! What holds whatever the parents show.

use proptest::prelude::*;

use super::*;
use crate::regressions::properties;

/// What a parent shows of the alert.
#[derive(Clone, Debug)]
struct Shown {
    before: Option<Status>,
    log: Vec<(Status, i64, i64)>,
    now: Option<Status>,
    pending: bool,
    silent: bool,
    has_node: bool,
}

fn any_status() -> impl Strategy<Value = Status> {
    use Status::{Clear, Critical, Other, Removed, Undefined, Uninitialized, Warning};
    prop::sample::select(vec![Clear, Warning, Critical, Undefined, Uninitialized, Removed, Other])
}

fn shown() -> impl Strategy<Value = Shown> {
    let entry = (any_status(), 0..900_i64, 0..400_i64);
    (
        prop::option::of(any_status()),
        prop::collection::vec(entry, 0..4),
        prop::option::of(any_status()),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.9),
    )
        .prop_map(|(before, mut log, now, pending, silent, has_node)| {
            log.sort_by_key(|(_, when, _)| *when);
            Shown { before, log, now, pending, silent, has_node }
        })
}

fn observation(place: usize, shown: &Shown) -> Observation {
    let mut seen = parent(&format!("p{place}"));
    for (status, when, delay) in &shown.log {
        seen = seen.logs(*status, *when, when + delay);
    }
    if let Some(now) = shown.now {
        seen = seen.sees(now, shown.log.last().map_or(1, |(_, when, _)| *when));
        seen.sightings[0].pending = shown.pending;
        seen.sightings[0].silent = Some(shown.silent);
    }
    if shown.has_node { seen } else { seen.without_node() }
}

fn memory(all: &[Shown], last: Status) -> HashMap<AlertId, Known> {
    let names: Vec<String> = (0..all.len()).map(|place| format!("p{place}")).collect();
    let views = names.iter().zip(all).filter_map(|(name, one)| Some((name.as_str(), one.before?)));
    known(last, &views.collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(properties(512))]

    #[test]
    fn the_order_of_parents_does_not_matter_nor_does_one_that_is_there_twice(
        all in prop::collection::vec(shown(), 1..4),
        last in any_status(),
    ) {
        let known = memory(&all, last);
        let shown: Vec<_> = all.iter().enumerate().map(|(place, one)| observation(place, one)).collect();
        let expected = merged(shown.clone(), &known);
        let mut reversed = shown.clone();
        reversed.reverse();
        let mut other = merged(reversed, &known);
        other.seen.agent = expected.seen.agent.clone();
        prop_assert_eq!(&other, &expected);
        let twice: Vec<_> = shown.iter().chain(&shown).cloned().collect();
        prop_assert_eq!(&merged(twice, &known), &expected);
    }

    #[test]
    fn never_clear_nor_gone_while_one_shows_it_raised_and_unknown_is_not_clear(
        all in prop::collection::vec(shown(), 1..4),
        last in any_status(),
    ) {
        let shown: Vec<_> = all.iter().enumerate().map(|(place, one)| observation(place, one)).collect();
        let merged = merged(shown, &memory(&all, last));
        let speaking = || all.iter().filter(|one| one.has_node);
        let sighting = merged.seen.sightings.first();
        let is_pending = sighting.is_some_and(|one| one.pending);
        let highest = speaking().filter(|one| !one.pending).filter_map(|one| one.now?.level()).max();
        if let Some(highest) = highest {
            let level = sighting.and_then(|one| one.facts.status.level());
            // What a parent showed that says nothing now holds for a while.
            let is_pending = is_pending || merged.elsewhere.contains(&alert());
            prop_assert!(is_pending || level.is_some(), "{sighting:?}");
            let loud = speaking().all(|one| !one.silent && one.log.iter().all(|(.., delay)| *delay == 0));
            prop_assert!(is_pending || !loud || level == Some(highest), "{sighting:?}");
        }
        if sighting.is_some_and(|one| one.facts.status == Status::Clear && !one.pending) {
            use Status::{Clear, Removed};
            prop_assert!(speaking().all(|one| one.now.is_none_or(|now| matches!(now, Clear | Removed))));
            prop_assert!(speaking().all(|one| !one.pending || one.now.is_none()));
        }
    }

    /// Read one after the other, the transitions of all are changes, and each is in its time.
    #[test]
    fn the_log_of_all_has_changes_alone_in_order(
        all in prop::collection::vec(shown(), 1..4),
        last in any_status(),
    ) {
        let shown: Vec<_> = all.iter().enumerate().map(|(place, one)| observation(place, one)).collect();
        let merged = merged(shown, &memory(&all, last));
        let mut before = (last, i64::MIN, i64::MAX, false);
        for Transition { facts: AlertDetails { status, when, .. }, due, silent, .. } in &merged.seen.transitions {
            prop_assert!(*when >= before.1);
            let counts_earlier = *due < before.2 || (before.3 && !silent);
            let is_news = *status != before.0 || (status.level().is_some() && counts_earlier);
            prop_assert!(is_news, "{status:?} at {when}");
            before = (*status, *when, *due, *silent);
        }
    }
}
