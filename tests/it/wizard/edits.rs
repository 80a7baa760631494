//! A configuration that is there is edited.

use netdata_ilert::config;
use netdata_ilert::exit::Exit;
use netdata_ilert::secret::Secret;
use netdata_ilert::wizard::Step;
use tempfile::TempDir;
use tokio::task::LocalSet;

use super::harness::{Harness, KEY, Services, world};

/// A configuration that was written before and meets these services. More may stand at the end of `[notification]` and of
/// `[netdata]`.
fn old(services: &Services, notification: &str, netdata: &str) -> String {
    format!(
        "version = 1\n[notification]\nname = \"Old\"\nnotify = [\"critical\", \"clear\"]\n{notification}\
         [integration]\napi_key = \"{KEY}\"\n[netdata]\nurl = \"{}\"\n{netdata}[ilert]\nendpoint = \"{}\"\n",
        services.netdata.url(),
        services.endpoint.url()
    )
}

/// A wizard at the menu of this configuration.
async fn at_the_menu(folder: TempDir, services: Services, text: &str) -> Harness {
    config::write(&folder.path().join("config.toml"), text).unwrap();
    let wizard = Harness::start_in(folder, services, (80, 24), |_| {});
    wizard.until_shows("the configuration \"Old\"").await;
    wizard.press("enter");
    wizard.until_shows("key ****3f9a works: keep it").await;
    wizard
}

/// Names it "New": a step is one key away, and leads back. Then goes on to what would be written.
async fn rename(wizard: &Harness) {
    wizard.press_digit(Step::Notification);
    wizard.until_at(Step::Notification).await;
    wizard.press("ctrl-u");
    wizard.type_text("New");
    wizard.press("enter");
    wizard.until_shows("Edit \"New\"").await;
    wizard.press("enter");
}

#[tokio::test]
async fn edits_what_is_there_and_keeps_the_comments() {
    LocalSet::new()
        .run_until(async {
            let folder = tempfile::tempdir().unwrap();
            let services = Services::with(world());
            let text = old(&services, "", "")
                .replace("[notification]", "[notification] # ours")
                .replace("\"Old\"", "\"Old\" # by hand");
            let wizard = at_the_menu(folder, services, &text).await;
            let screen = wizard.until_shows("key ****3f9a works: keep it").await;
            assert!(screen.contains("Edit \"Old\""), "{screen}");
            assert!(wizard.services.ilert.history().is_empty(), "trying the key opens nothing");
            rename(&wizard).await;
            let screen = wizard.until_shows("+ name = \"New\" # by hand").await;
            assert!(screen.contains("- name = \"Old\" # by hand"), "{screen}");
            wizard.press("enter");
            let screen = wizard.until_shows("Done").await;
            assert!(!screen.contains("skipped"), "a key that works needs no test: {screen}");
            wizard.press("enter");
            let (exit, folder) = wizard.end().await;
            assert_eq!(exit.unwrap(), Exit::Done);
            let written = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
            assert_eq!(written, text.replace("\"Old\"", "\"New\""));
        })
        .await;
}

#[tokio::test]
async fn a_secret_that_an_edit_leaves_unused_is_shown_and_its_file_removed() {
    LocalSet::new()
        .run_until(async {
            let folder = tempfile::tempdir().unwrap();
            let services = Services::with(world());
            let password = folder.path().join("netdata-password");
            config::write_key(&password, &Secret::new("hunter2".to_owned())).unwrap();
            let login = format!("username = \"me\"\npassword = {{ file = {password:?} }}\n");
            let text = old(&services, "", &login);
            let wizard = at_the_menu(folder, services, &text).await;
            wizard.press_digit(Step::Netdata);
            wizard.until_shows("1 critical now").await;
            wizard.press("tab");
            wizard.press("ctrl-u");
            wizard.until_shows("1 critical now").await;
            wizard.press("enter");
            wizard.until_shows("Edit \"Old\"").await;
            wizard.press("enter");
            let screen = wizard.until_says("removed, as it is not used any more").await;
            assert!(screen.contains("netdata-password"), "{screen}");
            wizard.press("enter");
            wizard.until_shows("Done").await;
            wizard.press("enter");
            let (exit, folder) = wizard.end().await;
            assert_eq!(exit.unwrap(), Exit::Done);
            let written = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
            assert!(!written.contains("\nusername") && !written.contains("\npassword"), "{written}");
            assert!(!password.exists(), "{written}");
        })
        .await;
}

#[tokio::test]
async fn what_somebody_changes_while_the_wizard_stands_is_shown_and_kept() {
    LocalSet::new()
        .run_until(async {
            let folder = tempfile::tempdir().unwrap();
            let services = Services::with(world());
            let text = old(&services, "", "");
            let path = folder.path().join("config.toml");
            let wizard = at_the_menu(folder, services, &text).await;
            rename(&wizard).await;
            wizard.until_shows("+ name = \"New\"").await;
            let theirs = text.replace(", \"clear\"]", "] # theirs") + "[delivery]\nevents_per_minute = 20\n";
            std::fs::write(&path, &theirs).unwrap();
            wizard.press("enter");
            wizard.until_says("has changed on the disk meanwhile; nothing was written").await;
            let screen = wizard.until_shows("+ name = \"New\"").await;
            assert!(screen.contains("has changed on the"), "{screen}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), theirs);
            wizard.press("enter");
            wizard.until_shows("wrote").await;
            wizard.until_shows("From here on").await;
            assert_eq!(std::fs::read_to_string(&path).unwrap(), theirs.replace("\"Old\"", "\"New\""));
        })
        .await;
}

#[tokio::test]
async fn a_file_that_stays_as_it_is_is_not_written_and_nodes_that_are_not_there_are_said() {
    LocalSet::new()
        .run_until(async {
            let folder = tempfile::tempdir().unwrap();
            let services = Services::with(world());
            let rooms = "rooms = [\"Others\"]\n[[room]]\nname = \"Others\"\nnodes = \"others-*\"\n";
            let text = old(&services, rooms, "");
            let wizard = at_the_menu(folder, services, &text).await;
            wizard.press("enter");
            wizard.until_shows("The configuration stays as it is.").await;
            wizard.press("enter");
            let screen = wizard.until_shows("Done, but").await;
            assert!(!screen.contains("wrote"), "{screen}");
            assert!(screen.contains("! None of the 2 nodes is in Others"), "{screen}");
            wizard.press("enter");
            assert_eq!(wizard.end().await.0.unwrap(), Exit::Done);
        })
        .await;
}
