//! What may happen, and how often.

use netdata_ilert::alert::{Health, Status};
use proptest::prelude::*;

use super::play::Rules;
use crate::delivery::ilert::Fault;
use crate::delivery::scene::Cut;

#[derive(Clone, Debug)]
pub enum Step {
    Set {
        which: usize,
        status: Status,
        delay: i64,
    },
    Vanish(usize),
    Obsolete(usize),
    Restart(usize),
    ClearUnlogged(usize),
    Node {
        which: usize,
        reachable: bool,
        health: Health,
    },
    Rebuild,
    Elsewhere(bool),
    Agent {
        answers: bool,
    },
    Silence {
        which: usize,
        on: bool,
    },
    /// A `[[silence]]` of this program's begins or ends.
    Mute {
        which: usize,
        on: bool,
    },
    Log(Log),
    Jinx {
        which: usize,
        fault: Option<Fault>,
    },
    LoseState,
    Wait(i64),
    Run {
        faults: Vec<Option<Fault>>,
        cut: Option<Cut>,
        writable: bool,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum Log {
    Lags(i64),
    /// The next observation goes without it.
    Fails,
}

pub fn rules() -> impl Strategy<Value = Rules> {
    prop_oneof![Just(Rules::Plain), Just(Rules::Patient), Just(Rules::Storms), Just(Rules::Flapping)]
}

fn set() -> impl Strategy<Value = Step> {
    let status = prop_oneof![Just(Status::Warning), Just(Status::Critical), Just(Status::Clear)];
    (0..4_usize, status, prop_oneof![4 => Just(0_i64), 1 => Just(45), 1 => Just(300)])
        .prop_map(|(which, status, delay)| Step::Set { which, status, delay })
}

fn wait() -> impl Strategy<Value = Step> {
    prop_oneof![Just(1_i64), Just(15), Just(60), Just(200), Just(1000)].prop_map(Step::Wait)
}

pub fn step() -> impl Strategy<Value = Step> {
    let health = prop_oneof![Just(Health::Online), Just(Health::Initializing), Just(Health::Disabled)];
    let log = prop_oneof![Just(Log::Lags(0)), Just(Log::Lags(2)), Just(Log::Lags(10)), Just(Log::Fails)];
    prop_oneof![
        16 => set(),
        2 => (0..4_usize).prop_map(Step::Vanish),
        1 => (0..4_usize).prop_map(Step::Obsolete),
        2 => (0..2_usize).prop_map(Step::Restart),
        2 => (0..4_usize).prop_map(Step::ClearUnlogged),
        2 => (0..2_usize, any::<bool>(), health)
            .prop_map(|(which, reachable, health)| Step::Node { which, reachable, health }),
        1 => Just(Step::Rebuild),
        1 => any::<bool>().prop_map(Step::Elsewhere),
        2 => any::<bool>().prop_map(|answers| Step::Agent { answers }),
        2 => (0..4_usize, any::<bool>()).prop_map(|(which, on)| Step::Silence { which, on }),
        2 => (0..4_usize, any::<bool>()).prop_map(|(which, on)| Step::Mute { which, on }),
        2 => log.prop_map(Step::Log),
        3 => (0..4_usize, fault()).prop_map(|(which, fault)| Step::Jinx { which, fault }),
        1 => Just(Step::LoseState),
        8 => wait(),
        20 => (prop::collection::vec(fault(), 0..5), cut(), prop::bool::weighted(0.93))
            .prop_map(|(faults, cut, writable)| Step::Run { faults, cut, writable }),
    ]
}

/// What an agent's fingerprint tells, or this sender knows. (A silence of Netdata's, a node's health and a node without
/// alerts that was rebuilt are looked for every five minutes.)
pub fn counted_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => set(),
        1 => (0..4_usize).prop_map(Step::Vanish),
        1 => (0..4_usize).prop_map(Step::Obsolete),
        1 => (0..2_usize).prop_map(Step::Restart),
        1 => (0..4_usize).prop_map(Step::ClearUnlogged),
        2 => any::<bool>().prop_map(|reachable| Step::Node { which: 1, reachable, health: Health::Online }),
        1 => any::<bool>().prop_map(Step::Elsewhere),
        2 => any::<bool>().prop_map(|answers| Step::Agent { answers }),
        1 => (0..4_usize, any::<bool>()).prop_map(|(which, on)| Step::Mute { which, on }),
        1 => prop_oneof![Just(0), Just(10), Just(110)].prop_map(|seconds| Step::Log(Log::Lags(seconds))),
        10 => prop_oneof![Just(15_i64), Just(60), Just(200)].prop_map(Step::Wait),
        16 => prop::collection::vec(fault(), 0..2)
            .prop_map(|faults| Step::Run { faults, cut: None, writable: true }),
    ]
}

fn fault() -> impl Strategy<Value = Option<Fault>> {
    prop_oneof![
        6 => Just(None),
        1 => Just(Some(Fault::Unsent)),
        1 => Just(Some(Fault::Unavailable)),
        1 => Just(Some(Fault::AnswerLost)),
        1 => Just(Some(Fault::Reset)),
        1 => Just(Some(Fault::Stranger)),
        1 => Just(Some(Fault::Limited)),
        1 => Just(Some(Fault::Invalid)),
        1 => Just(Some(Fault::KeyWrong)),
        1 => Just(Some(Fault::KilledBefore)),
        1 => Just(Some(Fault::KilledAfter)),
    ]
}

fn cut() -> impl Strategy<Value = Option<Cut>> {
    prop_oneof![6 => Just(None), 1 => Just(Some(Cut::BeforeRecord)), 1 => Just(Some(Cut::BeforeDispatch))]
}

pub fn calm_step() -> impl Strategy<Value = Step> {
    let run = || Step::Run { faults: Vec::new(), cut: None, writable: true };
    prop_oneof![4 => set(), 2 => wait(), 4 => Just(()).prop_map(move |()| run())]
}

pub fn never() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Unsent),
        Just(Fault::Unavailable),
        Just(Fault::AnswerLost),
        Just(Fault::Reset),
        Just(Fault::Stranger),
        Just(Fault::Limited),
        Just(Fault::Invalid),
        Just(Fault::KeyWrong),
    ]
}
