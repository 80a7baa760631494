//! Everything at once: what would be done, in rows that lead to their steps; then all of it, and where it stops.

use netdata_ilert::config;
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::ilert::TokenRights;
use netdata_ilert::wizard::Step;
use tokio::task::LocalSet;

use super::harness::{Harness, KEY, Services, TOKEN, words, world};

/// At the express page, the key pasted.
async fn at_express(services: Services) -> Harness {
    let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
    wizard.until_says("1 critical now").await;
    wizard.press("enter");
    wizard.by_hand();
    wizard.until_at(Step::Key).await;
    let screen = wizard.screen();
    assert!(!screen.contains("ctrl-x"), "there is no key yet: {screen}");
    wizard.paste(KEY);
    wizard.until_shows("ctrl-x all at once").await;
    wizard.press("ctrl-x");
    wizard.until_shows("Do all of this now").await;
    wizard
}

#[tokio::test]
async fn says_what_would_be_done_and_does_it() {
    LocalSet::new()
        .run_until(async {
            let wizard = at_express(Services::with(world())).await;
            let screen = wizard.until_says("(mode 0600)").await;
            for row in ["Reaches", "Nodes", "Notifies of", "Live test", "Files", "Schedule"] {
                assert!(screen.contains(row), "{row}: {screen}");
            }
            assert!(!screen.contains(KEY) && screen.contains("****3f9a"), "{screen}");
            assert!(wizard.services.ilert.received().is_empty());
            assert!(!wizard.folder.path().join("config.toml").exists());
            wizard.press("enter");
            let screen = wizard.until_shows("Seen?").await;
            for done in ["✓ ALERT", "✓ RESOLVE", "✓ wrote", "✓ a dry run of the sender: one event"] {
                assert!(screen.contains(done), "{done}: {screen}");
            }
            // Nobody has said to have seen it, and that is said with what to do.
            assert!(
                words(&screen).contains("! ilert took the test alert, but nobody has looked"),
                "{screen}"
            );
            wizard.press("down");
            wizard.until(|screen| !words(screen).contains("nobody has looked")).await;
            wizard.press("enter");
            let (exit, folder) = wizard.end().await;
            assert_eq!(exit.unwrap(), Exit::Done);
            let config = config::load(&folder.path().join("config.toml")).unwrap();
            assert_eq!(config.api_key().unwrap().expose(), KEY);
        })
        .await;
}

#[tokio::test]
async fn with_a_token_ilert_shows_the_alert() {
    LocalSet::new()
        .run_until(async {
            let services = Services::with(world());
            services.ilert.add_token(TOKEN, TokenRights::Full);
            services.ilert.add_policy(7, "Operations");
            let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
            wizard.until_says("1 critical now").await;
            wizard.press("enter");
            wizard.press("enter");
            wizard.paste(TOKEN);
            wizard.press("enter");
            wizard.until_shows("Jane Doe").await;
            wizard.press("enter");
            wizard.press("enter");
            wizard.until_shows("ctrl-x all at once").await;
            wizard.press("ctrl-x");
            wizard.until_shows("escalation policy").await;
            wizard.press("enter");
            let screen = wizard.until_shows("From here on").await;
            assert!(screen.contains("✓ resolved in ilert") && !screen.contains("Seen?"), "{screen}");
        })
        .await;
}

#[tokio::test]
async fn a_row_leads_to_its_step_and_back() {
    LocalSet::new()
        .run_until(async {
            let wizard = at_express(Services::with(world())).await;
            wizard.press("down");
            wizard.press("down");
            wizard.until_shows("▶ Nodes").await;
            wizard.press("enter");
            wizard.until_at(Step::Notification).await;
            wizard.press("tab");
            wizard.press("down");
            wizard.press("down");
            wizard.press("tab");
            wizard.press("tab");
            wizard.type_text("zz*");
            wizard.press("enter");
            let screen = wizard.until_says("nodes is meant").await;
            assert!(screen.contains(&Step::Notification.counted().unwrap()), "{screen}");
            // On purpose, then: but it is not proven, and is said to be so.
            wizard.press("enter");
            let screen = wizard.until_shows("Do all of this now").await;
            assert!(
                screen.contains("! Notification") && words(&screen).contains("! None of the"),
                "{screen}"
            );
            // Esc leads back to where this page was opened.
            wizard.press("esc");
            wizard.until_at(Step::Key).await;
            // What is raised elsewhere is told to be so.
            wizard.press("ctrl-x");
            wizard.until_says("(mode 0600)").await;
            wizard.press("enter");
            wizard
                .until_says(
                    "nothing would be sent now: what is raised is outside the rooms (raised inside the rooms: 0 critical, 0 \
                     warning; outside: 1)",
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn stops_at_a_key_that_ilert_does_not_take_before_anything_is_written() {
    LocalSet::new()
        .run_until(async {
            let services = Services::with(world());
            services.ilert.remove_key(KEY);
            services.ilert.add_key("il1api-the-right-one-0123456789");
            let wizard = at_express(services).await;
            wizard.until_says("(mode 0600)").await;
            wizard.press("enter");
            let screen = wizard.until_shows("ctrl-g to the key").await;
            assert!(screen.contains("Nothing was written") && screen.contains("404"), "{screen}");
            assert!(!wizard.folder.path().join("config.toml").exists());
            wizard.press("ctrl-g");
            wizard.until_at(Step::Key).await;
            wizard.press("ctrl-u");
            wizard.paste("il1api-the-right-one-0123456789");
            wizard.press("enter");
            wizard.until_shows("Do all of this now").await;
            wizard.press("enter");
            wizard.until_shows("Seen?").await;
        })
        .await;
}
