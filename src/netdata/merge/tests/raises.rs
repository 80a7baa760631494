//! What came and went is told once, however the parents' logs are read.

use proptest::prelude::*;

use super::*;
use crate::regressions::properties;
use Status::{Clear, Critical, Warning};

/// Reads what is merged, as the sender does: nothing that is older than what it has.
#[derive(Default)]
struct Reader {
    known: Known,
    taken_at: i64,
    raises: usize,
}

impl Reader {
    fn look(&mut self, shown: Vec<Observation>) {
        let merged = merged(shown, &HashMap::from([(alert(), self.known.clone())]));
        let log = merged.seen.transitions.iter().map(|one| (one.facts.status, one.facts.when));
        let now = status(&merged).map(|status| (status, self.taken_at));
        for (status, when) in log.chain(now).collect::<Vec<_>>() {
            if when >= self.taken_at {
                let is_raise = status.level() > self.known.last.level();
                self.raises += usize::from(is_raise);
                (self.known.last, self.known.raised, self.taken_at) =
                    (status, status.level().is_some(), when);
            }
        }
        self.known.views = merged.views.get(&alert()).cloned().unwrap_or_default();
    }
}

/// Raises, each from when to when.
type History = Vec<(i64, i64)>;

/// The part of a history that is in the log of a parent after this time and until that one.
fn at(name: &str, history: &[(i64, i64)], after: i64, now: i64) -> Observation {
    let changes = history.iter().flat_map(|(from, until)| [(Critical, *from), (Clear, *until)]);
    let mut seen = parent(name);
    seen.now = now;
    let mut last = (Clear, 0);
    for (status, when) in changes.filter(|(_, when)| *when <= now) {
        last = (status, when);
        if when > after {
            seen = seen.logs(status, when, when);
        }
    }
    seen.sees(last.0, last.1)
}

fn shifted(history: &[(i64, i64)], shift: i64) -> History {
    history.iter().map(|(from, until)| (from + shift, until + shift)).collect()
}

/// A history, and by how much another parent's is later: less than the time between two raises.
fn histories() -> impl Strategy<Value = (History, i64)> {
    let raise = (1..60_i64, 1..200_i64);
    (prop::collection::vec(raise, 1..5), -120..=120_i64)
        .prop_map(|(raises, shift)| {
            let mut from = 1_000;
            let history = raises.into_iter().map(|(length, pause)| {
                let raise = (from, from + length);
                from += length + pause;
                raise
            });
            (history.collect::<History>(), shift)
        })
        .prop_filter("a shift that tells which is which", |(history, shift)| {
            history.windows(2).all(|pair| pair[1].0 - pair[0].0 > shift.abs())
        })
}

proptest! {
    #![proptest_config(properties(512))]

    #[test]
    fn what_both_log_is_told_once(
        (history, shift) in histories(),
        looks in prop::collection::vec(900..2_500_i64, 0..5),
        away in any::<bool>(),
    ) {
        let other = shifted(&history, shift);
        let mut looks = looks;
        looks.sort_unstable();
        let end = 3_000;
        if away {
            looks.push(end);
        }
        let mut reader = Reader::default();
        reader.look(vec![at("p1", &history, 0, 800), at("p2", &other, 0, 800)]);
        let mut before = 800;
        // The other one is away all the while, and has its whole log when it is back.
        for now in looks {
            reader.look(vec![at("p1", &history, before, now)]);
            before = now;
        }
        let told = reader.raises;
        reader.look(vec![at("p1", &history, before, end + 60), at("p2", &other, 800, end + 60)]);
        prop_assert!(reader.raises <= history.len(), "{} of {}", reader.raises, history.len());
        prop_assert!(reader.raises > 0);
        prop_assert!(!away || told == history.len() && reader.raises == told, "{told}, then {}", reader.raises);
    }
}

/// One that the first parent still showed when it was asked last, and that the second one logs after it was over.
#[test]
fn what_was_raised_at_the_last_look_is_told_once() {
    let history = [(1_000, 1_004)];
    let mut reader = Reader::default();
    reader.look(vec![at("p1", &history, 0, 800), at("p2", &[], 0, 800)]);
    reader.look(vec![at("p1", &history, 800, 1_000)]);
    reader.look(vec![at("p1", &history, 1_000, 3_000), at("p2", &shifted(&history, 5), 800, 3_000)]);
    assert_eq!(reader.raises, 1);
}

/// What is told when the second parent returns after the first one has told the first raise.
fn told_on_return(first: &[(Status, i64)], second: &[(Status, i64)]) -> usize {
    let logs = |name: &str, log: &[(Status, i64)]| {
        let mut shown = parent(name);
        shown.now = 3_000;
        let last = log.last().copied().unwrap_or((Clear, 1));
        for (status, when) in log {
            shown = shown.logs(*status, *when, *when);
        }
        shown.sees(last.0, last.1)
    };
    let mut reader = Reader::default();
    reader.look(vec![logs("p1", &[]), logs("p2", &[])]);
    reader.look(vec![logs("p1", first)]);
    reader.look(vec![logs("p1", &[]), logs("p2", second)]);
    reader.raises
}

#[test]
fn what_is_more_than_the_other_has_logged_is_told() {
    let critical = [(Critical, 1_000), (Clear, 1_010)];
    let later = |by: i64| [(Critical, 1_000 + by), (Clear, 1_010 + by)];
    assert_eq!(told_on_return(&critical, &later(30)), 1);
    assert_eq!(told_on_return(&critical, &later(120)), 1);
    assert_eq!(told_on_return(&critical, &later(121)), 2, "too late to be the same");
    assert_eq!(
        told_on_return(&critical, &[later(5), later(60)].concat()),
        2,
        "it has logged that one already"
    );
    let warning = [(Warning, 1_000), (Clear, 1_010)];
    assert_eq!(told_on_return(&warning, &later(30)), 2, "worse than what was told");
    assert_eq!(told_on_return(&critical, &[(Warning, 1_030), (Clear, 1_040)]), 1);
    assert_eq!(told_on_return(&critical, &[(Critical, 1_030)]), 2, "it stands");
}

#[test]
fn what_did_not_count_at_one_is_told_by_the_other() {
    for (delay, silent) in [(60, false), (0, true)] {
        let mut first = parent("p1").logs(Critical, 100, 100 + delay).logs(Clear, 110, 110).sees(Clear, 110);
        first.transitions[0].silent = silent;
        let second = parent("p2").logs(Critical, 130, 130).logs(Clear, 140, 140).sees(Clear, 140);
        let merged = merged(vec![first, second], &known(Clear, &[]));
        assert!(log(&merged).contains(&(Critical, 130, 130)), "{delay} {silent}: {:?}", log(&merged));
    }
}

#[test]
fn one_that_logs_later_repeats_nothing_within_one_look() {
    let first = parent("p1").logs(Critical, 100, 100).logs(Clear, 110, 110).sees(Clear, 110);
    let second = parent("p2").logs(Critical, 130, 130).logs(Clear, 140, 140).sees(Clear, 140);
    let merged = merged(vec![first, second], &known(Clear, &[]));
    assert_eq!(log(&merged), [(Critical, 100, 100), (Clear, 110, 110)]);
}
