//! From the first screen to the last.

use netdata_ilert::config;
use netdata_ilert::delivery::{Job, Proof, run};
use netdata_ilert::exit::Exit;
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::{Answer, Barrier};
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::clipboard;
use netdata_ilert::wizard::terminal::{End, Input};
use tokio::task::LocalSet;

use super::harness::{Harness, KEY, place, words, world};
use crate::stage::library::client;

#[tokio::test]
async fn leads_to_a_proven_written_configuration() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_notification().await;
            wizard.press("enter");
            wizard.until_shows("disk_space_usage").await;
            wizard.press("enter");
            wizard.until_at(Step::Test).await;
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
            let screen = wizard.until_shows("Done").await;
            assert!(screen.contains("one event would be sent"), "{screen}");
            assert!(screen.contains("the test alert was seen"), "{screen}");
            wizard.press("enter");
            let (exit, folder) = wizard.end().await;
            assert_eq!(exit.unwrap(), Exit::Done);
            let config = config::load(&folder.path().join("config.toml")).unwrap();
            assert_eq!(config.api_key().unwrap().expose(), KEY);
            assert!(!folder.path().join("state/wizard-draft.json").exists(), "no draft is left");
            let (key, state) = (Secret::new(KEY.to_owned()), folder.path().join("state"));
            assert!(
                Proof::of(&state, &key, &config.ilert.endpoint).unwrap().is_some(),
                "it is known as proven"
            );
        })
        .await;
}

#[tokio::test]
async fn a_wrong_key_is_told_and_leads_back_to_where_it_is_corrected() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_notification().await;
            wizard.services.ilert.remove_key(KEY);
            wizard.services.ilert.add_key("il1api-the-right-one-0123456789");
            wizard.press("enter");
            wizard.until_at(Step::Preview).await;
            wizard.press("enter");
            wizard.until_at(Step::Test).await;
            wizard.press("enter");
            let screen = wizard.until_shows("ctrl-g to the key").await;
            assert!(screen.contains("404") && screen.contains("type API"), "{screen}");
            assert!(!screen.contains("RESOLVE:"), "nothing was opened: {screen}");
            wizard.press("ctrl-g");
            wizard.until_at(Step::Key).await;
            // A paste replaces the wrong key, and one enter is back at the test.
            wizard.paste("il1api-the-right-one-0123456789");
            wizard.until_shows("enter back to the test").await;
            wizard.press("enter");
            wizard.until_at(Step::Test).await;
            wizard.press("enter");
            wizard.until_shows("Seen?").await;
        })
        .await;
}

#[tokio::test]
async fn what_is_under_way_can_be_given_up_and_the_resolve_follows() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_notification().await;
            wizard.press("enter");
            wizard.until_at(Step::Preview).await;
            wizard.press("enter");
            wizard.until_at(Step::Test).await;
            let barrier = Barrier::new();
            wizard.services.ilert.answer_next(Answer::Stall(barrier.clone()));
            wizard.press("enter");
            barrier.arrived(1).await;
            wizard.until_shows("esc cancel").await;
            wizard.press("esc");
            let screen = wizard.until_shows("RESOLVE: accepted").await;
            assert!(screen.contains("Stopped") && !screen.contains("Seen?"), "{screen}");
        })
        .await;
}

#[tokio::test]
async fn an_interrupted_run_is_resumed_without_its_key() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_notification().await;
            wizard.press("ctrl-u");
            wizard.type_text("Half done");
            let wizard = wizard.leave_and_start_again().await;
            let folder = wizard.folder.path();
            let draft = std::fs::read_to_string(folder.join("state/wizard-draft.json")).unwrap();
            assert!(draft.contains("Half done") && !draft.contains(KEY));
            assert!(!folder.join("config.toml").exists());
            wizard.press("enter");
            wizard.until_at(Step::Key).await;
            wizard.until_shows("nothing pasted yet").await;
            wizard.until_shows("your answers are back").await;
        })
        .await;
}

#[tokio::test]
async fn what_is_raised_and_sent_already_is_still_called_raised() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_notification().await;
            let place = place(wizard.folder.path(), &wizard.services);
            let (key, netdata) = (Secret::new(KEY.to_owned()), client(&place.defaults));
            let job = Job::new(&place.defaults, &key, &place.state, &netdata);
            assert_eq!(Box::pin(run::send(&job)).await.unwrap().exit, Exit::Done);
            wizard.write_untested().await;
            let screen = words(&wizard.screen());
            assert!(screen.contains("what is raised (1 critical, 0 warning) is sent already"), "{screen}");
        })
        .await;
}

#[tokio::test]
async fn hands_the_values_over_where_netdata_cloud_delivers() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.until_shows("no configuration yet").await;
            wizard.press("down");
            wizard.until_shows("The space is on a paid plan").await;
            wizard.to_notification().await;
            // From anywhere enter leads to what is to do there, and ticks it, one at a time, in view.
            wizard.press("enter");
            for title in ["Open the space", "Open \"Alerts", "Add a configuration", "Choose ilert"] {
                wizard.until_shows(&format!("▶ [ ] {title}")).await;
                wizard.press("enter");
            }
            // Each line of the form has the focus before that is ticked, and is copied from there.
            let all = "critical, warning, clear, reachable, unreachable";
            let mut copied = String::new();
            for (field, shown, value) in [
                ("Configuration name", "Netdata", "Netdata"),
                ("Rooms", "All nodes", "All nodes, or the rooms that you want"),
                ("Notification", "critical, warning", all),
                ("Alert Source API key", "****3f9a", KEY),
            ] {
                let screen = wizard.until_shows(&format!("▶     {field}: {shown}")).await;
                assert!(screen.lines().last().is_some_and(|footer| footer.contains("y copy")), "{screen}");
                wizard.press("y");
                wizard.until_shows(&format!("{field} is copied")).await;
                copied += &clipboard::copy(value, clipboard::Within::here());
                assert_eq!(wizard.sent(), copied);
                wizard.press("enter");
            }
            wizard.until_shows("▶ [ ] Fill in the form").await;
            wizard.press("shift-tab");
            wizard.press("ctrl-r");
            wizard.until_shows(KEY).await;
            wizard.press("f1");
            let screen = wizard.until_shows("Notification, by Netdata Cloud").await;
            assert!(!screen.contains("Silences"), "{screen}");
            wizard.press("f1");
            wizard.until_shows(KEY).await;
            wizard.press("enter");
            assert!(!wizard.until_shows("▶ [ ] Fill in the form").await.contains(KEY));
            wizard.press("enter");
            let screen = wizard.until_at(Step::Preview).await;
            assert!(screen.contains("✓ Notification"), "{screen}");
            assert!(words(&screen).contains("is not known here"), "{screen}");
            wizard.press("enter");
            wizard.until_at(Step::Test).await;
            wizard.press("enter");
            wizard.until_shows("Seen?").await;
            wizard.press("enter");
            wizard.until_shows("What will be written").await;
            wizard.until_shows("+ ").await;
            wizard.press("enter");
            let screen = wizard.until_shows("Netdata Cloud delivers").await;
            assert!(!screen.contains("dry run"), "{screen}");
            wizard.press("enter");
            let (exit, folder) = wizard.end().await;
            assert_eq!(exit.unwrap(), Exit::Done);
            let config = config::load(&folder.path().join("config.toml")).unwrap();
            assert_eq!(config.notification.delivered_by, config::DeliveredBy::NetdataCloud);
        })
        .await;
}

#[tokio::test]
async fn a_terminal_that_goes_away_ends_it() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.until_shows("no configuration yet").await;
            wizard.send(Input::End(End::HungUp));
            let (ended, _) = wizard.end().await;
            assert!(ended.unwrap_err().to_string().contains("the terminal is gone"));
        })
        .await;
}
