//! Histories of a small world, played on a virtual clock against a model's own account.

use std::iter;

use fastrand::Rng;
use proptest::test_runner::{Config, RngSeed};

use super::delivery::properties::{Broken, hold, hold_of_two_parents};
use super::scene::Tally;

type Plays = fn(&Config) -> Result<(), Broken>;

/// How many histories of an agent, and of two parents.
const HISTORIES: [usize; 2] = [8000, 2000];

pub fn all(tally: &mut Tally) {
    let [one, two] = HISTORIES;
    let plays = iter::repeat_n(hold as Plays, one).chain(iter::repeat_n(hold_of_two_parents as Plays, two));
    let mut seeds = seeds();
    // Each by itself: one that fails leaves none of the others out.
    for play in plays {
        let seed = seeds.u64(..);
        tally.tries += 1;
        let result = play(&config(seed));
        tally.expect(result.is_ok(), || format!("seed {seed}: {result:?}"));
    }
}

/// The same each time; `PROPTEST_RNG_SEED=$RANDOM` asks for others.
fn seeds() -> Rng {
    match Config::default().rng_seed {
        RngSeed::Fixed(seed) => Rng::with_seed(seed),
        RngSeed::Random => Rng::new(),
    }
}

/// One history, which is not written down.
fn config(seed: u64) -> Config {
    let rng_seed = RngSeed::Fixed(seed);
    Config { cases: 1, rng_seed, failure_persistence: None, max_shrink_iters: 2048, ..Config::default() }
}
