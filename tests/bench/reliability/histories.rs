//! Histories of a small world, played on a virtual clock against a model's own account.

use proptest::test_runner::Config;

use super::delivery::properties::{hold, hold_of_two_parents};
use super::scene::Tally;

/// How many histories of an agent, and of two parents.
const HISTORIES: [u32; 2] = [8000, 2000];

pub fn all(tally: &mut Tally) {
    let [one, two] = HISTORIES;
    for (cases, result) in [(one, hold(&config(one))), (two, hold_of_two_parents(&config(two)))] {
        tally.tries += cases as usize;
        tally.expect(result.is_ok(), || format!("{result:?}"));
    }
}

/// New ones each time; none is written down.
fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, max_shrink_iters: 2048, ..Config::default() }
}
