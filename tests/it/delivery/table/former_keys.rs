//! What the former version told is commented on and resolved under the key that it wrote; what is raised anew is told
//! under the key that this one writes.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};
use netdata_ilert::alert::{AlertId, Health};

use super::NOTHING;
use crate::delivery::former::make_former;
use crate::delivery::ilert::Fault;
use crate::delivery::scene::Scene;
use crate::delivery::world::node;

fn alert(host: &str, chart: &str, name: &str) -> AlertId {
    AlertId { node: node(host), chart: chart.into(), name: name.into() }
}

/// Alerts whose keys were others then, and ordinary ones.
fn watched() -> [AlertId; 4] {
    [
        alert("own", "c/d", "e"),
        alert("own", "c", "x/y"),
        alert("Child", "disk_space./", "disk_space_usage"),
        alert("own", "disk_space._var", "disk_space_usage"),
    ]
}

/// What the former version wrote.
const FORMER: [&str; 4] = [
    "own/guid-own/c/d/e/critical",
    "own/guid-own/c/x/y/critical",
    "child/guid-child/disk_space.//disk_space_usage/critical",
    "own/guid-own/disk_space._var/disk_space_usage/critical",
];

/// What this one writes: printf Child | sha256sum
const PRESENT: [&str; 4] = [
    "own/guid-own/c/d/e/critical",
    "own/guid-own/c/x%2fy/critical",
    "child~805332/guid-child/disk_space.//disk_space_usage/critical",
    "own/guid-own/disk_space._var/disk_space_usage/critical",
];

fn sorted(keys: [&str; 4]) -> Vec<String> {
    let mut keys: Vec<String> = keys.map(str::to_owned).into();
    keys.sort();
    keys
}

/// All critical, told by the former version.
fn told() -> Scene {
    let mut scene = Scene::new(&["own", "Child"]);
    scene.run();
    for alert in watched() {
        scene.world.set(&alert, Critical);
    }
    assert_eq!(scene.run().len(), 4);
    make_former(&mut scene);
    assert_eq!(scene.open(), sorted(FORMER));
    scene
}

fn taken(scene: &Scene, from: usize) -> Vec<String> {
    let taken = scene.ilert.taken.borrow();
    let mut taken: Vec<String> = taken[from..]
        .iter()
        .map(|(kind, key, _)| format!("{kind:?} {}", key.trim_start_matches("netdata/")))
        .collect();
    taken.sort();
    taken
}

#[test]
fn what_is_open_is_left_alone_and_resolved_under_its_key() {
    let mut scene = told();
    assert_eq!((scene.watch_for(600), scene.open()), (NOTHING, sorted(FORMER)));
    let before = scene.ilert.taken.borrow().len();
    for alert in watched() {
        scene.world.set(&alert, Clear);
    }
    scene.watch_for(120);
    assert_eq!(
        taken(&scene, before),
        sorted(FORMER).iter().map(|key| format!("Resolve {key}")).collect::<Vec<_>>()
    );
    assert_eq!(scene.open(), NOTHING);

    for alert in watched() {
        scene.world.set(&alert, Critical);
    }
    scene.watch_for(120);
    assert_eq!(scene.open(), sorted(PRESENT));
    for alert in watched() {
        scene.world.set(&alert, Clear);
    }
    scene.watch_for(120);
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_comment_and_a_raise_between_two_runs_know_the_keys() {
    let mut scene = told();
    let before = scene.ilert.taken.borrow().len();
    let slashes = alert("own", "c", "x/y");
    scene.world.set(&slashes, Warning);
    scene.watch_for(60);
    assert_eq!(taken(&scene, before), ["Comment own/guid-own/c/x/y/critical"]);

    scene.world.set(&slashes, Clear);
    scene.wait(1);
    scene.world.set(&slashes, Critical);
    scene.watch_for(60);
    assert_eq!(
        taken(&scene, before)[..2],
        ["Alert own/guid-own/c/x%2fy/critical", "Comment own/guid-own/c/x/y/critical"]
    );
    assert_eq!(scene.ilert.taken.borrow().len() - before, 3, "and a RESOLVE");
    assert!(!scene.open().contains(&FORMER[1].to_owned()));
    assert!(scene.open().contains(&PRESENT[1].to_owned()));
}

#[test]
fn an_unreachable_node_comes_back_under_its_key() {
    let mut scene = Scene::new(&["own", "Child"]);
    scene.run();
    let child = scene.world.node_mut("Child");
    (child.reachable, child.health) = (false, Health::Disabled);
    scene.watch_for(300);
    make_former(&mut scene);
    assert_eq!(scene.open(), ["child/guid-child/unreachable"]);
    assert_eq!(scene.watch_for(300), NOTHING);
    let child = scene.world.node_mut("Child");
    (child.reachable, child.health) = (true, Health::Online);
    scene.watch_for(300);
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn what_may_have_been_told_is_told_again_under_the_same_key() {
    let mut scene = Scene::new(&["own", "Child"]);
    scene.run();
    let slashes = alert("own", "c", "x/y");
    scene.world.set(&slashes, Critical);
    scene.ilert.always.set(Some(Fault::AnswerLost));
    scene.run();
    scene.ilert.always.set(None);
    make_former(&mut scene);
    assert_eq!(scene.open(), ["own/guid-own/c/x/y/critical"]);
    scene.watch_for(60);
    assert_eq!(scene.open(), ["own/guid-own/c/x/y/critical"]);
    scene.world.set(&slashes, Clear);
    scene.watch_for(60);
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn what_only_waited_is_told_under_the_key_of_now() {
    let mut scene = Scene::new(&["own", "Child"]);
    scene.run();
    scene.world.set(&alert("own", "c", "x/y"), Critical);
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.run();
    scene.ilert.always.set(None);
    make_former(&mut scene);
    scene.watch_for(60);
    assert_eq!(scene.open(), ["own/guid-own/c/x%2fy/critical"]);
}

#[test]
fn a_lost_state_is_made_up_for_from_both_kinds_of_keys() {
    for listed in [true, false] {
        for former in [true, false] {
            let mut scene = told();
            if !former {
                scene.ilert.open.borrow_mut().clear();
                for key in PRESENT {
                    scene.ilert.open.borrow_mut().insert(format!("netdata/{key}"), 1);
                }
            }
            scene.lose_state();
            if !listed {
                for alert in watched() {
                    scene.world.vanish(&alert);
                }
            }
            let adopted = scene.adopt();
            assert_eq!(
                (adopted.taken, adopted.known, adopted.not_understood.len()),
                (4, 0, 0),
                "{adopted:?}"
            );
            assert_eq!(scene.adopt().known, 4);
            let before = scene.ilert.taken.borrow().len();
            scene.watch_for(900);
            let open = if listed { sorted(if former { FORMER } else { PRESENT }) } else { NOTHING };
            assert_eq!(scene.open(), open, "listed: {listed}, former: {former}");
            let resolved = scene.ilert.taken.borrow().len() - before;
            assert_eq!(resolved, if listed { 0 } else { 4 });
        }
    }
}

#[test]
fn a_key_of_what_is_open_under_another_one_is_left_to_a_person() {
    let mut scene = told();
    scene.ilert.open.borrow_mut().insert(format!("netdata/{}", PRESENT[1]), 1);
    let adopted = scene.adopt();
    assert_eq!(adopted.known, 4);
    assert_eq!(adopted.not_understood, [format!("netdata/{}", PRESENT[1])]);
}
