//! The invariants of delivery, over histories of a small world: alerts raise, change, clear, vanish and
//! restart, nodes and the agent come and go, are rebuilt and left behind, the log lags and fails, ilert refuses, drops,
//! stalls and never takes some events, the state is lost or cannot be written, runs are killed.

mod invariants;
mod play;
mod runs;
mod steps;

use netdata_ilert::alert::{Health, Status};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use self::play::{Play, Rules, alerts};
use self::steps::{Step, calm_step, counted_step, never, rules, step};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{Cut, Scene};
use crate::regressions::properties;

const HOSTS: [&str; 2] = ["own", "child"];
const PER_MINUTE: usize = 8;

/// A history that breaks an invariant, as short as could be found.
pub type Broken = TestError<(Vec<Step>, Rules)>;

/// Plays histories of an agent with a child.
pub fn hold(config: &Config) -> Result<(), Broken> {
    play_all(config, |_| {})
}

/// Two parents that agree are as one, whatever happens to both.
pub fn hold_of_two_parents(config: &Config) -> Result<(), Broken> {
    play_all(config, |scene| scene.is_mirrored = true)
}

fn play_all(config: &Config, set_up: fn(&mut Scene)) -> Result<(), Broken> {
    let histories = (prop::collection::vec(step(), 1..40), rules());
    TestRunner::new(config.clone()).run(&histories, |(steps, rules)| -> Result<(), TestCaseError> {
        judged(rules, set_up, &steps).map(drop)
    })
}

/// Plays a history until its faults are over, and judges it.
fn judged(rules: Rules, set_up: fn(&mut Scene), steps: &[Step]) -> Result<Play, TestCaseError> {
    let mut play = Play::new(rules);
    set_up(&mut play.scene);
    for step in steps {
        play.step(step);
    }
    play.heal();
    play.judge()?;
    Ok(play)
}

fn shrunk(config: Config) -> Config {
    Config { max_shrink_iters: 2048, ..config }
}

#[test]
fn the_invariants_hold() {
    hold(&shrunk(properties(192))).unwrap();
}

#[test]
fn the_invariants_hold_of_two_parents() {
    // Each history costs twice as much.
    hold_of_two_parents(&shrunk(properties(48))).unwrap();
}

/// Where nothing but a mark says that pages left without a record.
#[test]
fn the_invariants_hold_without_a_list() {
    play_all(&shrunk(properties(48)), |scene| scene.left.loses_lists = true).unwrap();
}

proptest! {
    #![proptest_config(shrunk(properties(192)))]

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
    // Each history costs twice as much.
    #![proptest_config(shrunk(properties(48)))]

    /// A run that finds nothing changed leaves out the look, and entries that are asleep are not read: the events are
    /// those of a sender that always looks at all, run by run.
    #[test]
    fn short_cuts_change_no_event(
        steps in prop::collection::vec(counted_step(), 1..40),
        rules in rules(),
        is_mirrored in prop::bool::weighted(0.3),
    ) {
        let [mut short, mut long] = [false, true].map(|always_looks| {
            let mut play = Play::new(rules);
            play.scene.is_mirrored = is_mirrored;
            play.scene.always_looks = always_looks;
            play
        });
        for step in &steps {
            short.step(step);
            long.step(step);
            short.told_what_was_told_by(&long)?;
        }
        for _ in 0..25 {
            short.watch_for(1);
            long.watch_for(1);
            short.told_what_was_told_by(&long)?;
        }
        prop_assert_eq!(long.scene.quiet_runs, 0);
    }
}

/// Plays one history that was found among many.
fn play(rules: Rules, steps: &[Step]) -> Play {
    judged(rules, |_| {}, steps).unwrap()
}

fn set(which: usize, status: Status) -> Step {
    Step::Set { which, status, delay: 0 }
}

fn run(faults: &[Fault], cut: Option<Cut>, writable: bool) -> Step {
    Step::Run { faults: faults.iter().copied().map(Some).collect(), cut, writable }
}

#[test]
fn what_is_told_by_a_refused_storm_is_refused_with_it() {
    let play = play(
        Rules::Storms,
        &[
            set(0, Status::Warning),
            run(&[], Some(Cut::BeforeDispatch), true),
            run(&[Fault::Invalid, Fault::KilledBefore], None, true),
            run(&[Fault::Invalid], None, true),
        ],
    );
    let failed: Vec<bool> = play.scene.failed().iter().map(|event| event.notice.subject.is_storm()).collect();
    assert_eq!(failed, [true]);
}

#[test]
fn a_warning_that_would_have_been_a_storm_and_is_over_is_counted() {
    let clear = Step::Set { which: 3, status: Status::Clear, delay: 300 };
    let play = play(Rules::Storms, &[set(3, Status::Warning), clear, Step::Wait(1000)]);
    assert!(play.scene.ilert.attempts.borrow().is_empty());
}

#[test]
fn a_page_without_a_record_is_resolved_though_the_run_that_found_its_end_was_killed() {
    play(
        Rules::Storms,
        &[
            set(2, Status::Critical),
            run(&[], None, false),
            set(2, Status::Clear),
            run(&[], Some(Cut::BeforeDispatch), true),
            run(&[], None, true),
        ],
    );
}

#[test]
fn a_page_without_a_record_of_a_warning_that_grew_is_resolved_though_it_fell_long_ago() {
    play(
        Rules::Plain,
        &[
            set(3, Status::Warning),
            run(&[], None, true),
            set(3, Status::Critical),
            Step::Wait(1),
            run(&[], None, false),
            set(3, Status::Warning),
            Step::Wait(1000),
        ],
    );
}

#[test]
fn a_storm_of_warnings_tells_one_whose_critical_is_old() {
    let away = Step::Agent { answers: false };
    let critical = [set(3, Status::Critical), set(3, Status::Warning)];
    play(Rules::Storms, &[&[away, set(0, Status::Warning)][..], &critical, &[Step::Wait(1000)]].concat());
}

#[test]
fn a_storm_counts_what_came_and_went_while_it_is_open() {
    let run = Step::Run { faults: Vec::new(), cut: None, writable: true };
    let opens = [set(2, Status::Critical), Step::Wait(1), set(1, Status::Critical), run, Step::Wait(1)];
    play(Rules::Storms, &[&opens[..], &[set(0, Status::Critical), set(0, Status::Clear)]].concat());
}

#[test]
fn a_critical_whose_fall_a_restart_cut_off_is_not_over() {
    let falls = Step::Set { which: 2, status: Status::Warning, delay: 45 };
    let play = play(
        Rules::Plain,
        &[
            set(0, Status::Warning),
            set(2, Status::Critical),
            falls,
            Step::Restart(1),
            Step::Wait(1000),
            Step::Wait(200),
        ],
    );
    assert_eq!(play.scene.ilert.pages(), 1);
}

#[test]
fn the_node_of_the_other_parent_may_be_open_after_pages_without_a_record() {
    let unreachable = Step::Node { which: 1, reachable: false, health: Health::Online };
    judged(
        Rules::Plain,
        |scene| scene.is_mirrored = true,
        &[unreachable, Step::Wait(200), run(&[], None, false)],
    )
    .unwrap();
}

#[test]
fn a_clear_after_a_removal_is_none_where_nobody_can_see_it() {
    let obsolete = [set(3, Status::Critical), Step::Wait(1), Step::Obsolete(3), set(3, Status::Clear)];
    play(Rules::Plain, &[&obsolete[..], &[Step::Rebuild, Step::Wait(1200)]].concat());
}
