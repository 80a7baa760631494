//! A state that was lost, and what is open in ilert taken into a new one.

use netdata_ilert::alert::Health;
use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::NOTHING;
use crate::delivery::scene::Scene;
use crate::delivery::world::alert;

/// Told: a critical, a warning, one that grew, one on an odd chart, a child's, and an unreachable child.
fn told() -> Scene {
    let mut scene = Scene::new(&["own", "Child", "gone"]);
    scene.run();
    scene.world.set(&alert("own", "critical"), Critical);
    scene.world.set(&alert("own", "grew"), Critical);
    scene.world.set(&alert("own", "warning"), Warning);
    scene.world.set(&alert("own", "Odd Name"), Critical);
    scene.world.set(&alert("Child", "disk"), Critical);
    scene.run();
    scene.world.set(&alert("own", "grew"), Warning);
    scene.run();
    let gone = scene.world.node_mut("gone");
    (gone.reachable, gone.health) = (false, Health::Disabled);
    assert_eq!(scene.watch_for(180), ["ALERT unreachable"]);
    scene
}

#[test]
fn a_lost_state_is_made_up_for_and_nothing_is_told_twice() {
    let mut scene = told();
    let open = scene.open();
    assert_eq!(open.len(), 6, "{open:?}");
    scene.lose_state();
    let adopted = scene.adopt();
    assert_eq!((adopted.taken, adopted.known, adopted.not_understood.len()), (6, 0, 0), "{adopted:?}");
    assert_eq!(scene.adopt().known, 6);
    scene.wait(60);
    assert_eq!(scene.run(), ["COMMENT critical"], "the one that is a warning now");
    assert_eq!((scene.watch_for(600), scene.open()), (NOTHING, open));
}

#[test]
fn what_cleared_meanwhile_is_resolved_and_what_is_away_is_not() {
    let mut scene = told();
    scene.lose_state();
    for name in ["critical", "warning", "grew", "Odd Name"] {
        scene.world.set(&alert("own", name), Clear);
    }
    let child = scene.world.node_mut("Child");
    (child.reachable, child.health) = (false, Health::Disabled);
    scene.adopt();
    scene.watch_for(600);
    assert_eq!(
        scene.open(),
        [
            "child~805332/guid-child/chart.disk/disk/critical",
            "child~805332/guid-child/unreachable",
            "gone/guid-gone/unreachable"
        ],
        "a node that is away is told, for it was seen by whoever lost the state"
    );
    for host in ["Child", "gone"] {
        let node = scene.world.node_mut(host);
        (node.reachable, node.health) = (true, Health::Online);
    }
    scene.world.set(&alert("Child", "disk"), Clear);
    scene.watch_for(120);
    assert_eq!(scene.open(), NOTHING);
}

#[test]
fn a_key_that_names_nothing_is_said() {
    let mut scene = told();
    scene.ilert.open.borrow_mut().insert("netdata/own/guid-own/~0123456789abcdef/critical".into(), 1);
    scene.ilert.open.borrow_mut().insert("netdata/storm".into(), 1);
    scene.lose_state();
    assert_eq!(scene.adopt().not_understood.len(), 2);
}
