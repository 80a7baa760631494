//! Answers: kept on the way back and forth, kept when it is cut short, and never with a secret in them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use netdata_ilert::config;
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::terminal::{End, Input};
use tokio::task::LocalSet;

use super::harness::{Harness, KEY, Services, world};

#[tokio::test]
async fn back_and_forth_changes_no_answer() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_notification().await;
            wizard.press("ctrl-u");
            wizard.type_text("Ours");
            wizard.press("tab");
            wizard.press("down");
            wizard.until_shows("web-1").await;
            let named = wizard.screen();
            let before = Step::ALL.into_iter().filter(|step| *step < Step::Notification);
            for step in before.rev() {
                // Esc leads back from wherever the focus is.
                wizard.press("esc");
                wizard.until_at(step).await;
            }
            wizard.press("esc");
            for step in [Step::Source, Step::Key, Step::Netdata, Step::Notification] {
                wizard.press("enter");
                let screen = wizard.until_at(step).await;
                assert!(!screen.contains(KEY), "{screen}");
                if step == Step::Key {
                    assert!(screen.contains("40 characters") && screen.contains("3f9a"), "{screen}");
                }
            }
            let again = wizard.until_shows("Ours").await;
            // The focus is at the first control again; the answers are the same.
            let answers = |screen: &str| screen.replace(['▶', '·'], " ");
            assert_eq!(
                answers(&again).lines().skip(4).take(6).collect::<Vec<_>>(),
                answers(&named).lines().skip(4).take(6).collect::<Vec<_>>()
            );
        })
        .await;
}

#[tokio::test]
async fn a_revealed_key_is_hidden_when_its_step_is_left() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_netdata().await;
            wizard.press("esc");
            wizard.until_at(Step::Key).await;
            wizard.press("ctrl-r");
            // The field is narrower than the key: its end is seen.
            wizard.until_shows(&KEY[10..]).await;
            wizard.press("enter");
            wizard.until_at(Step::Netdata).await;
            wizard.press("esc");
            let screen = wizard.until_shows("40 characters").await;
            assert!(!screen.contains(&KEY[10..]) && screen.contains("3f9a"), "{screen}");
        })
        .await;
}

#[tokio::test]
async fn what_was_answered_when_it_is_told_to_end_is_kept_for_the_next_run() {
    for end in [End::Terminated, End::HungUp] {
        LocalSet::new()
            .run_until(async {
                let wizard = Harness::start(world());
                wizard.to_notification().await;
                wizard.press("ctrl-u");
                wizard.type_text("Not yet left");
                wizard.until_shows("Not yet left").await;
                wizard.send(Input::End(end));
                let (ended, folder) = wizard.end().await;
                let said = ended.unwrap_err().to_string();
                assert!(said.contains("The answers so far are kept"), "{said}");
                let state = folder.path().join("state");
                let draft = state.join("wizard-draft.json");
                let text = fs::read_to_string(&draft).unwrap();
                assert!(text.contains("Not yet left") && !text.contains(KEY), "{text}");
                let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
                assert_eq!((mode(&state), mode(&draft)), (0o700, 0o600));
            })
            .await;
    }
}

#[tokio::test]
async fn an_earlier_runs_answers_can_be_dropped() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_notification().await;
            wizard.press("ctrl-u");
            wizard.type_text("Half done");
            wizard.press("enter");
            wizard.until_at(Step::Preview).await;
            let wizard = wizard.leave_and_start_again().await;
            wizard.press("down");
            wizard.press("enter");
            wizard.until_at(Step::Source).await;
            let screen = wizard.screen();
            assert!(!screen.contains("✓ Create") && screen.contains("enter next"), "{screen}");
            wizard.by_hand();
            wizard.until_shows("nothing pasted yet").await;
            wizard.paste(KEY);
            wizard.press("enter");
            wizard.until_shows("1 critical now").await;
            wizard.press("enter");
            let screen = wizard.until_at(Step::Notification).await;
            assert!(!screen.contains("Half done"), "{screen}");
        })
        .await;
}

#[tokio::test]
async fn starting_anew_replaces_what_is_there_once_it_is_confirmed() {
    LocalSet::new()
        .run_until(async {
            let folder = tempfile::tempdir().unwrap();
            let services = Services::with(world());
            let path = folder.path().join("config.toml");
            let text = format!(
                "version = 1\nnotification = {{ name = \"Old\", notify = [\"critical\"] }}\n\
                 integration.api_key = \"{KEY}\"\n# a remark\n"
            );
            config::write(&path, &text).unwrap();
            let wizard = Harness::start_in(folder, services, (80, 24), |_| {});
            wizard.until_shows("the configuration \"Old\"").await;
            wizard.press("down");
            wizard.press("enter");
            wizard.until_at(Step::Source).await;
            wizard.by_hand();
            wizard.until_shows("nothing pasted yet").await;
            wizard.paste(KEY);
            wizard.press("enter");
            wizard.until_shows("1 critical now").await;
            for step in [Step::Notification, Step::Preview, Step::Test] {
                wizard.press("enter");
                wizard.until_at(step).await;
            }
            wizard.press("down");
            wizard.press("down");
            wizard.press("enter");
            let screen = wizard.until_shows("What will be written").await;
            assert!(!screen.contains(KEY), "{screen}");
            wizard.until_shows("+ ").await;
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            wizard.press("enter");
            wizard.until_shows("Done").await;
            let written = fs::read_to_string(&path).unwrap();
            assert!(!written.contains("Old") && !written.contains(KEY), "{written}");
            assert_eq!(config::load(&path).unwrap().api_key().unwrap().expose(), KEY);
        })
        .await;
}
