//! What is due when: a test for each case of what Netdata shows and what ilert was told, and for each rule beside them.

mod adopted;
mod another_key;
mod asleep;
mod due;
mod filters;
mod flapping;
mod former_keys;
mod gone;
mod jams;
mod killed;
mod late;
mod nodes;
mod retried;
mod sending;
mod silences;
mod storms;
mod told;
mod without_state;

use netdata_ilert::alert::{AlertId, Status};

use crate::delivery::scene::Scene;
use crate::delivery::world::alert;

const NOTHING: Vec<String> = Vec::new();

/// A node with nothing raised, of which a first run was made.
fn started() -> Scene {
    let mut scene = Scene::new(&["own"]);
    assert_eq!(scene.run(), NOTHING);
    scene
}

/// Raised to critical, it pages; falling to a warning is told as a comment, and clearing resolves it.
#[track_caller]
fn pages_and_resolves(scene: &mut Scene) {
    for (status, told) in [
        (Status::Critical, "ALERT critical"),
        (Status::Warning, "COMMENT critical"),
        (Status::Clear, "RESOLVE critical"),
    ] {
        scene.world.set(&disk(), status);
        assert_eq!(scene.run(), [told]);
    }
}

fn told(status: Status) -> Scene {
    let mut scene = started();
    scene.wait(60);
    scene.world.set(&disk(), status);
    assert_eq!(scene.run().len(), 1);
    scene.wait(60);
    scene
}

fn disk() -> AlertId {
    alert("own", "disk")
}
