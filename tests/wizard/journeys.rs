//! From the first screen to the last.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::config;
use netdata_ilert::delivery::run::Exit;
use netdata_ilert::simulator::World;
use tokio::task::LocalSet;

use super::harness::{Harness, KEY};

fn world() -> World {
    let mut world = World::new(Api::V3, "db-1");
    world.add_node("web-1");
    world.set(World::OWN, "disk_space._var", "disk_space_usage", Status::Critical, 96.2);
    world.advance(5);
    world
}

/// Through the first four steps, to the notification.
async fn to_notification(wizard: &Harness) {
    wizard.until_shows("no configuration yet").await;
    wizard.press("enter");
    wizard.until_shows("step 2 of 8").await;
    wizard.press("a");
    wizard.press("enter");
    wizard.until_shows("step 3 of 8").await;
    wizard.paste(&format!("  {KEY}\n"));
    wizard.until_shows("40 characters").await;
    wizard.press("enter");
    wizard.until_shows("1 critical now").await;
    wizard.press("enter");
    wizard.until_shows("step 5 of 8").await;
}

#[tokio::test]
async fn leads_to_a_proven_written_configuration() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            to_notification(&wizard).await;
            wizard.press("enter");
            wizard.until_shows("disk_space_usage").await;
            wizard.press("enter");
            wizard.until_shows("step 7 of 8").await;
            assert!(wizard.services.ilert.received().is_empty(), "no event before the live test");
            wizard.press("enter");
            let screen = wizard.until_shows("Seen?").await;
            assert!(screen.contains("ALERT: accepted") && screen.contains("RESOLVE: accepted"), "{screen}");
            let tests = wizard.services.ilert.history();
            assert!(tests.len() == 1 && tests[0].resolved.is_some(), "{tests:?}");
            wizard.press("down");
            wizard.press("enter");
            wizard.until_shows("What will be written").await;
            wizard.until_shows("+ ").await;
            assert!(
                !wizard.folder.path().join("config.toml").exists(),
                "nothing is written before it is confirmed"
            );
            wizard.press("enter");
            wizard.until_shows("Write?").await;
            wizard.press("enter");
            let screen = wizard.until_shows("Done").await;
            assert!(screen.contains("one event would be sent"), "{screen}");
            assert!(screen.contains("the test alert was seen"), "{screen}");
            wizard.press("enter");
            let (exit, folder) = wizard.end().await;
            assert_eq!(exit.unwrap(), Exit::Done);
            let config = config::load(&folder.path().join("config.toml")).unwrap();
            assert_eq!(config.api_key().unwrap().expose(), KEY);
            assert!(!folder.path().join("state/wizard-draft.json").exists(), "no draft is left");
        })
        .await;
}
