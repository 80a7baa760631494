//! The invariants of delivery, over histories of a small world: alerts raise, change, clear, vanish and
//! restart, nodes and the agent come and go, are rebuilt and left behind, the log lags and fails, ilert refuses, drops,
//! stalls and never takes some events, the state is lost or cannot be written, runs are killed.

mod invariants;
mod play;
mod runs;
mod steps;

use proptest::prelude::*;
use proptest::test_runner::Config;

use self::play::{Play, Rules, alerts};
use self::steps::{calm_step, never, rules, step};
use crate::regressions::properties;

const HOSTS: [&str; 2] = ["own", "child"];
const PER_MINUTE: usize = 8;

proptest! {
    #![proptest_config(Config { max_shrink_iters: 2048, ..properties(192) })]

    #[test]
    fn the_invariants_hold(steps in prop::collection::vec(step(), 1..40), rules in rules()) {
        let mut play = Play::new(rules);
        for step in &steps {
            play.step(step);
        }
        play.heal();
        play.judge()?;
    }

    /// Two parents that agree are as one, whatever happens to both.
    #[test]
    fn storms_leave_few_pages_and_none_twice(steps in prop::collection::vec(calm_step(), 1..60)) {
        let mut play = Play::new(Rules::Storms);
        for step in &steps {
            play.step(step);
        }
        play.watch_for(8);
        play.few_are_told_singly(1)?;
        play.no_raise_is_told_twice()?;
        for id in &alerts() {
            play.shows_what_netdata_shows(id)?;
        }
    }

    #[test]
    fn nobody_jams_it(
        steps in prop::collection::vec(calm_step(), 1..30),
        jinxed in prop::collection::vec((0..3_usize, never()), 1..3),
    ) {
        let mut play = Play::new(Rules::Plain);
        for (which, fault) in &jinxed {
            play.jinx(*which, Some(*fault));
        }
        for step in &steps {
            play.step(step);
        }
        play.watch_for(12);
        // Whatever else is raised, cleared or open: the alerts that nothing is wrong with are as Netdata shows them.
        for (which, id) in alerts().iter().enumerate() {
            if jinxed.iter().all(|(jinxed, _)| *jinxed != which) {
                play.shows_what_netdata_shows(id)?;
            }
        }
        play.within_the_pace()?;
    }
}

proptest! {
    // Each run asks and merges twice as much.
    #![proptest_config(Config { max_shrink_iters: 2048, ..properties(48) })]

    #[test]
    fn the_invariants_hold_of_two_parents(steps in prop::collection::vec(step(), 1..40), rules in rules()) {
        let mut play = Play::new(rules);
        play.scene.is_mirrored = true;
        for step in &steps {
            play.step(step);
        }
        play.heal();
        play.judge()?;
    }
}
