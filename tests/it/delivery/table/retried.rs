//! What failed for good and is tried again by hand.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};

use super::{NOTHING, disk, started, told};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, parse};

/// An ALERT that nobody answered, and over: ilert refuses it and its RESOLVE.
#[test]
fn what_may_be_open_is_resolved_whether_it_is_told_again_or_not() {
    for (level, later) in [(Warning, 0), (Warning, 1200), (Critical, 0), (Critical, 1200)] {
        let mut scene = started();
        scene.world.set(&disk(), level);
        scene.world.set(&disk(), Clear);
        scene.ilert.jinx("/disk/", Fault::AnswerLost);
        scene.run();
        scene.ilert.unjinx();
        scene.ilert.jinx("/disk/", Fault::Invalid);
        scene.wait(60);
        scene.run();
        scene.wait(later);
        scene.run();
        scene.ilert.unjinx();
        scene.retry();
        scene.watch_for(600);
        assert_eq!(scene.open(), NOTHING, "{level}, tried again after {later} s");
    }
}

#[test]
fn what_was_told_and_is_taken_out_of_the_rooms_is_resolved() {
    let mut scene = told(Critical);
    scene.world.set(&disk(), Clear);
    scene.wait(5);
    scene.world.set(&disk(), Critical);
    scene.ilert.jinx("/disk/", Fault::Invalid);
    scene.wait(60);
    scene.run();
    let room = CONFIG.replace("name = \"test\"", "name = \"test\"\nrooms = [\"db\"]");
    scene.config = parse(&format!("{room}[[room]]\nname = \"db\"\nnodes = \"db-*\"\n"));
    scene.wait(60);
    scene.run();
    scene.ilert.unjinx();
    scene.retry();
    scene.watch_for(600);
    assert_eq!(scene.open(), NOTHING);
}
