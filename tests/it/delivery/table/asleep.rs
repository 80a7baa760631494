//! Alerts of which nothing is due: their entries are not read, and they are followed all the same.

use netdata_ilert::alert::Health;
use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk};
use crate::delivery::scene::{CONFIG, Scene, parse};
use crate::delivery::world::alert;

/// Two alerts are raised, told, and asleep; in each run from now on something else changes.
fn asleep() -> Scene {
    let mut scene = Scene::new(&["own", "child"]);
    scene.world.set(&disk(), Critical);
    scene.world.set(&alert("child", "ram"), Warning);
    assert_eq!(scene.run().len(), 2);
    stir(&mut scene);
    assert_eq!(scene.run(), NOTHING);
    stir(&mut scene);
    scene.slept = 0;
    scene
}

/// A minute passes, and something is counted that nobody is told of.
fn stir(scene: &mut Scene) {
    scene.wait(60);
    scene.world.set(&alert("own", "idle"), Clear);
}

#[test]
fn what_stands_is_not_read() {
    let mut scene = asleep();
    assert_eq!(scene.run(), NOTHING);
    assert_eq!((scene.slept, scene.quiet_runs), (2, 0));
    scene.world.set(&alert("child", "cpu"), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
    assert_eq!(scene.ledger().entries.len(), 3);
}

#[test]
fn what_clears_grows_or_falls_wakes() {
    let mut scene = asleep();
    scene.world.set(&disk(), Clear);
    scene.world.set(&alert("child", "ram"), Critical);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE warning", "RESOLVE critical"]);
    assert_eq!(scene.slept, 0);
    scene.world.set(&alert("child", "ram"), Warning);
    assert_eq!(scene.run(), ["COMMENT critical"]);
}

#[test]
fn what_vanishes_wakes_and_so_does_what_is_on_a_node_that_is_away() {
    let mut scene = asleep();
    scene.world.vanish(&disk());
    let child = scene.world.node_mut("child");
    (child.reachable, child.health) = (false, Health::Disabled);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.slept, 0);
    assert_eq!(scene.watch_for(600), ["ALERT unreachable", "RESOLVE critical"]);
}

#[test]
fn another_configuration_wakes_all() {
    let mut scene = asleep();
    scene.config = parse(&CONFIG.replace("\"critical\", ", ""));
    assert_eq!(scene.run(), ["RESOLVE critical"]);
    assert_eq!(scene.slept, 0);
}

#[test]
fn what_grows_before_the_log_says_so_is_looked_at_until_it_does() {
    let mut scene = asleep();
    scene.world.lag = 60;
    scene.world.set(&alert("child", "ram"), Critical);
    for _ in 0..3 {
        scene.wait(15);
        assert_eq!(scene.run(), NOTHING);
    }
    scene.wait(15);
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE warning"]);
    assert_eq!(scene.quiet_runs, 0);
}
