//! Another key, or another endpoint: what is open moves on, and what was told under the old one is resolved there.

use netdata_ilert::alert::Status::{Clear, Critical, Warning};
use netdata_ilert::secret::Secret;

use super::{NOTHING, disk, started, told};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, Scene, parse};

#[test]
fn a_changed_key_is_told_what_is_raised_and_sets_the_old_ledger_aside() {
    let mut scene = told(Warning);
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT warning"]);
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"]);
    scene.key = Secret::new("il1api-of-the-model-0000".into());
    assert_eq!(scene.run(), ["RESOLVE warning"], "what is still open under the old key");
}

#[test]
fn what_waited_under_a_revoked_key_is_told_under_the_new_one() {
    let mut scene = started();
    scene.ilert.always.set(Some(Fault::KeyWrong));
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.world.set(&disk(), Clear);
    scene.run();
    scene.ilert.always.set(None);
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT critical", "RESOLVE critical"]);
}

#[test]
fn what_is_handed_over_is_resolved_and_told_under_the_new_key() {
    let mut scene = Scene::new(&["own", "child"]);
    scene.run();
    scene.world.set(&disk(), Critical);
    scene.world.node_mut("child").reachable = false;
    scene.watch_for(180);
    assert_eq!(scene.open().len(), 2, "{:?}", scene.open());
    let mut resolved = scene.hand_over();
    resolved.sort();
    assert_eq!(resolved, ["RESOLVE critical", "RESOLVE unreachable"]);
    assert_eq!(scene.hand_over(), NOTHING, "once");
    scene.key = Secret::new("il1api-another-key-0000".into());
    let mut told = scene.run();
    told.sort();
    assert_eq!(told, ["ALERT critical", "ALERT unreachable"], "the node that is away is not forgotten");
}

#[test]
fn what_was_not_told_is_not_told_to_be_handed_over() {
    let mut scene = started();
    scene.ilert.always.set(Some(Fault::Unsent));
    scene.world.set(&disk(), Critical);
    scene.run();
    scene.ilert.always.set(None);
    assert_eq!(scene.hand_over(), NOTHING);
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT critical"]);
}

#[test]
fn what_is_set_aside_already_is_handed_over_with_its_own_key() {
    let mut scene = told(Warning);
    let former = scene.key.clone();
    scene.key = Secret::new("il1api-another-key-0000".into());
    assert_eq!(scene.run(), ["ALERT warning"]);
    let present = std::mem::replace(&mut scene.key, former);
    assert_eq!(scene.hand_over(), ["RESOLVE warning"]);
    scene.key = present;
    scene.world.set(&disk(), Clear);
    assert_eq!(scene.run(), ["RESOLVE warning"], "and the present key's own is resolved when it clears");
}

#[test]
fn another_endpoint_is_another_ilert() {
    let mut scene = told(Critical);
    scene.config = parse(&format!("{CONFIG}[ilert]\nendpoint = \"https://elsewhere.example\"\n"));
    assert_eq!(scene.run(), ["ALERT critical"], "what is raised is told there");
    assert_eq!(scene.run(), NOTHING);
}

/// Another key, which ilert does not know, and then the right one again.
fn with_a_wrong_key(scene: &mut Scene, meanwhile: impl FnOnce(&mut Scene)) {
    let right = std::mem::replace(&mut scene.key, Secret::new("il1api-mistyped".into()));
    scene.ilert.jinx("", Fault::KeyWrong);
    scene.wait(60);
    scene.run();
    meanwhile(scene);
    scene.ilert.unjinx();
    scene.key = right;
    scene.wait(60);
}

#[test]
fn what_is_raised_anew_under_a_wrong_key_is_another_raise_once_the_right_one_is_back() {
    for loses_it in [false, true] {
        let mut scene = told(Critical);
        with_a_wrong_key(&mut scene, |scene| {
            scene.world.set(&disk(), Clear);
            scene.wait(60);
            scene.run();
            // So long that it is forgotten, or at once.
            scene.watch_for(if loses_it { 7200 } else { 60 });
            scene.world.set(&disk(), Critical);
            scene.wait(60);
            scene.run();
        });
        assert_eq!(scene.run(), ["RESOLVE critical", "ALERT critical"]);
        assert_eq!((scene.open().len(), scene.watch_for(600)), (1, Vec::new()));
        scene.world.set(&disk(), Clear);
        scene.watch_for(120);
        assert_eq!(scene.open(), NOTHING);
    }
}

#[test]
fn what_clears_or_is_raised_anew_unseen_by_the_wrong_key_is_told_too() {
    for is_raised in [false, true] {
        let mut scene = told(Critical);
        with_a_wrong_key(&mut scene, |scene| {
            scene.world.set(&disk(), Clear);
            scene.watch_for(7200);
            if is_raised {
                scene.world.set(&disk(), Critical);
            }
        });
        let expected: &[&str] =
            if is_raised { &["RESOLVE critical", "ALERT critical"] } else { &["RESOLVE critical"] };
        assert_eq!(scene.run(), expected);
        assert_eq!(scene.open().len(), usize::from(is_raised));
    }
}

#[test]
fn what_stands_all_the_time_is_no_second_page_once_the_right_key_is_back() {
    let mut scene = told(Critical);
    with_a_wrong_key(&mut scene, |scene| {
        scene.world.set(&disk(), Warning);
        scene.watch_for(120);
        scene.world.set(&disk(), Critical);
        scene.watch_for(120);
    });
    let pages = scene.run();
    assert!(!pages.contains(&"RESOLVE critical".to_owned()), "{pages:?}");
    assert_eq!(scene.open().len(), 1);
}
