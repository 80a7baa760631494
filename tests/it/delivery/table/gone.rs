//! Alerts that are missing: restarts, removed charts, and what is unknown.

use netdata_ilert::alert::Health;
use netdata_ilert::alert::Status::{Clear, Critical, Removed, Uninitialized, Warning};

use super::{NOTHING, disk, told};
use crate::delivery::scene::Scene;

#[test]
fn a_restart_with_the_alert_still_raised_changes_nothing() {
    let mut scene = told(Warning);
    scene.world.restart("own");
    assert_eq!(scene.run(), NOTHING);
    scene.wait(10);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), NOTHING);
    scene.wait(600);
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn a_clear_while_the_agent_was_down_resolves_though_the_log_never_tells() {
    let mut scene = told(Warning);
    scene.world.restart("own");
    assert_eq!(scene.run(), NOTHING);
    scene.world.set_unlogged(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
}

#[test]
fn a_clear_in_the_log_that_follows_a_restart_is_no_clear() {
    let mut scene = told(Warning);
    for status in [Removed, Uninitialized, Clear, Warning] {
        scene.world.set(&disk(), status);
    }
    assert_eq!(scene.run(), NOTHING);
}

#[test]
fn an_alert_that_is_gone_is_resolved_after_its_time_and_not_before() {
    let mut scene = told(Critical);
    scene.world.vanish(&disk());
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(179), NOTHING);
    scene.wait(1);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
    scene.world.set(&disk(), Critical);
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn any_other_state_restarts_the_clock_of_a_gone_alert() {
    let mut scene = told(Critical);
    scene.world.vanish(&disk());
    assert_eq!(scene.watch_for(120), NOTHING);
    scene.world.set(&disk(), Uninitialized);
    scene.run();
    scene.wait(60);
    scene.world.vanish(&disk());
    assert_eq!(scene.watch_for(120), NOTHING);
    scene.world.away = Some("connection refused".into());
    scene.run();
    scene.world.away = None;
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(170), NOTHING);
    scene.wait(10);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn unknown_is_not_clear() {
    let mut scene = told(Critical);
    scene.world.node_mut("own").health = Health::Disabled;
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    scene.world.node_mut("own").health = Health::Online;
    scene.world.set_unlogged(&disk(), netdata_ilert::alert::Status::Undefined);
    scene.wait(3600);
    assert_eq!(scene.run(), NOTHING);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE critical"]);
}

#[test]
fn an_alert_on_an_obsolete_chart_is_gone_though_it_stays_listed() {
    let mut scene = told(Critical);
    scene.world.set(&disk(), Removed);
    assert_eq!(scene.run(), NOTHING);
    assert_eq!(scene.watch_for(180), ["RESOLVE critical"]);
    assert_eq!(scene.watch_for(600), NOTHING);
}

#[test]
fn a_node_whose_charts_keep_coming_is_no_unknown_one() {
    let mut scene = Scene::new(&["own"]);
    scene.world.node_mut("own").health = Health::Initializing;
    scene.world.set(&disk(), Warning);
    assert_eq!(scene.run(), ["ALERT warning"], "what is listed counts");
    scene.world.vanish(&disk());
    // What is not listed is gone once health was online, or after thrice the time.
    assert_eq!(scene.watch_for(300), NOTHING);
    scene.world.node_mut("own").health = Health::Online;
    assert_eq!(scene.watch_for(60), ["RESOLVE warning"]);
    scene.world.node_mut("own").health = Health::Initializing;
    scene.world.set(&disk(), Warning);
    scene.wait(60);
    assert_eq!(scene.run(), ["ALERT warning"]);
    scene.world.vanish(&disk());
    assert_eq!(scene.watch_for(480), NOTHING);
    assert_eq!(scene.watch_for(180), ["RESOLVE warning"]);
}
