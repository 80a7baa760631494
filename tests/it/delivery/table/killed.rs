//! A history with a storm in it, of which one run is killed, or does not hear an answer, wherever that may be: it ends
//! in the same place.

use std::collections::BTreeMap;

use netdata_ilert::alert::Status::{self, Clear, Critical};
use netdata_ilert::ilert::event::EventType;

use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, Cut, Scene};
use crate::delivery::world::{World, alert};

/// A run, five minutes after the one before.
struct HistoryStep {
    /// What happens before it.
    happens: fn(&mut World),
    /// How many requests it makes.
    requests: usize,
    /// How many alerts are open after it.
    open: usize,
}

const HISTORY: [HistoryStep; 4] = [
    HistoryStep { happens: |world| set(world, 1..26, "disk", Critical), requests: 1, open: 1 },
    HistoryStep { happens: |world| set(world, 1..6, "ram", Critical), requests: 5, open: 6 },
    HistoryStep { happens: |world| set(world, 1..16, "disk", Clear), requests: 1, open: 6 },
    HistoryStep {
        happens: |world| {
            set(world, 16..26, "disk", Clear);
            set(world, 1..6, "ram", Clear);
        },
        requests: 6,
        open: 0,
    },
];

/// What befalls a run.
#[derive(Clone, Copy, Debug)]
enum Blow {
    Cut(Cut),
    /// Its request of this number meets this.
    Fault(usize, Fault),
}

fn set(world: &mut World, nodes: std::ops::Range<usize>, name: &str, status: Status) {
    nodes.for_each(|node| world.set(&alert(&format!("web-{node:02}"), name), status));
}

fn blows(requests: usize) -> impl Iterator<Item = Blow> {
    let faults = [Fault::KilledBefore, Fault::KilledAfter, Fault::AnswerLost];
    let at = move |request| faults.map(|fault| Blow::Fault(request, fault));
    [Cut::BeforeRecord, Cut::BeforeDispatch].map(Blow::Cut).into_iter().chain((0..requests).flat_map(at))
}

/// Plays the history; `blow` befalls a run, of which another one a minute later is to make up.
fn play(struck: usize, blow: Blow) -> Scene {
    let hosts: Vec<String> = (1..26).map(|number| format!("web-{number:02}")).collect();
    let hosts: Vec<&str> = std::iter::once("own").chain(hosts.iter().map(String::as_str)).collect();
    let mut scene = Scene::with(&hosts, &CONFIG.replace("storm_after = 0\n", ""));
    scene.run();
    for (number, moment) in HISTORY.into_iter().enumerate() {
        scene.wait(300);
        (moment.happens)(&mut scene.world);
        if number == struck {
            let cut = match blow {
                Blow::Cut(cut) => Some(cut),
                Blow::Fault(request, fault) => {
                    *scene.ilert.faults.borrow_mut() = vec![None; request].into();
                    scene.ilert.faults.borrow_mut().push_back(Some(fault));
                    None
                }
            };
            scene.try_run(cut);
            scene.ilert.faults.borrow_mut().clear();
            scene.wait(60);
        }
        let told = scene.run().len();
        assert!(told == moment.requests || number == struck, "{told} in {number}");
        assert_eq!(
            scene.open().len(),
            moment.open,
            "run {number} after {blow:?} in {struck}: {:?}",
            scene.open()
        );
    }
    for _ in 0..2 {
        scene.wait(45 * 60);
        assert_eq!(scene.run(), [""; 0], "{blow:?} in {struck}");
    }
    assert!(scene.ledger().entries.is_empty(), "{blow:?} in {struck}");
    scene
}

#[test]
fn wherever_a_run_is_killed_a_storm_is_one_alert_that_ends() {
    for (struck, moment) in HISTORY.into_iter().enumerate() {
        for blow in blows(moment.requests) {
            let taken = play(struck, blow).ilert.taken.into_inner();
            for wanted in [EventType::Alert, EventType::Resolve] {
                let mut times: BTreeMap<&str, usize> = BTreeMap::new();
                for (_, key, _) in taken.iter().filter(|(event_type, ..)| *event_type == wanted) {
                    *times.entry(key).or_default() += 1;
                }
                let storms = times.keys().filter(|key| key.contains("/storm/")).count();
                assert_eq!((times.len(), storms), (6, 1), "{blow:?} in {struck}: {times:?}");
                // Only what was on the wire is sent again.
                assert!(times.values().all(|times| *times <= 2), "{blow:?} in {struck}: {times:?}");
            }
        }
    }
}
