//! The home screen: configurations are added, switched off, edited and deleted, on the disk and in ilert.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use netdata_ilert::config::{self, write_key};
use netdata_ilert::delivery::{Job, run};
use netdata_ilert::exit::Exit;
use netdata_ilert::netdata::Parents;
use netdata_ilert::secret::Secret;
use netdata_ilert::wizard::Model;
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::context::Folders;
use netdata_ilert::wizard::effect::EffectRunner;
use netdata_ilert::wizard::plain;
use netdata_ilert::wizard::theme::Theme;
use tempfile::TempDir;
use tokio::task::LocalSet;

use super::harness::{Harness, KEY, Services, place, words, world};
use super::plain::Script;

/// A configuration that keeps its key in this file beside it.
fn settings(services: &Services, key: &str) -> String {
    format!(
        "# ours\nversion = 1\n[notification]\nname = \"Team\"\n\
         notify = [\"critical\", \"warning\", \"clear\", \"unreachable\", \"reachable\"]\n\
         [integration]\napi_key = {{ file = \"{key}\" }}\n[netdata]\nurl = \"{}\"\n[ilert]\nendpoint = \"{}\"\n",
        services.netdata.url(),
        services.endpoint.url()
    )
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// A folder with `config.toml` and its key.
fn configured(services: &Services) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("config.toml"), &settings(services, "api-key"));
    write_key(&folder.path().join("api-key"), &Secret::new(KEY.into())).unwrap();
    folder
}

/// One run of the sender.
async fn send(config: &Path, state: &Path) {
    let config = config::load(config).unwrap();
    let (key, netdata) = (config.api_key().unwrap(), Parents::of(&config).unwrap());
    let report = run::send(&Job::new(&config, &key, state, &netdata)).await.unwrap();
    assert_eq!(report.exit, Exit::Done, "{:?}", report.words);
}

#[tokio::test]
async fn a_second_is_added_the_first_switched_off_a_room_edited_and_one_deleted_with_what_is_open() {
    LocalSet::new()
        .run_until(async {
            let services = Services::with(world());
            let folder = configured(&services);
            let first = folder.path().join("config.toml");
            send(&first, &folder.path().join("state")).await;
            assert!(services.ilert.history()[0].resolved.is_none());
            let (folder, services) = add_a_second(folder, services).await;
            let (folder, services) = switch_off_and_edit(folder, services).await;
            delete_the_first(folder, services).await;
        })
        .await;
}

async fn add_a_second(folder: TempDir, services: Services) -> (TempDir, Services) {
    let wizard = Harness::at_home(folder, services);
    let screen = wizard.until_shows("1 open in ilert").await;
    assert!(screen.contains("▶ ✓ config \"Team\"") && screen.contains("****3f9a; all nodes"), "{screen}");
    wizard.press("n");
    wizard.type_text("config");
    wizard.press("enter");
    wizard.until_says("there is `config` already").await;
    wizard.press("esc");
    wizard.press("n");
    wizard.type_text("data bases");
    wizard.press("enter");
    wizard.until_says("its name may have letters").await;
    for _ in 0..="bases".len() {
        wizard.press("backspace");
    }
    wizard.type_text("bases");
    wizard.press("enter");
    wizard.until_says("config.d/databases.toml").await;
    wizard.to_notification().await;
    // The first one has the same key.
    wizard.until_shows("! API key").await;
    wizard.write_untested().await;
    let (exit, folder, services) = wizard.end_of_one().await;
    assert_eq!(exit.unwrap(), Exit::Done);
    let second = config::load(&folder.path().join("config.d/databases.toml")).unwrap();
    assert_eq!(second.api_key().unwrap().expose(), KEY);
    (folder, services)
}

async fn switch_off_and_edit(folder: TempDir, services: Services) -> (TempDir, Services) {
    let wizard = Harness::at_home(folder, services);
    wizard.until_shows("databases \"").await;
    wizard.press("space");
    wizard.until_shows("`config` is switched off").await;
    let text = fs::read_to_string(wizard.folder.path().join("config.toml")).unwrap();
    assert!(text.starts_with("# ours\n") && text.contains("enabled = false"), "{text}");
    wizard.press("down");
    wizard.press("enter");
    wizard.until_says("works: keep it").await;
    // Esc leads back to the list, and enter into the menu again.
    wizard.press("esc");
    wizard.until_shows("▶ · databases").await;
    wizard.press("enter");
    wizard.until_says("works: keep it").await;
    wizard.press_digit(Step::Notification);
    wizard.until_at(Step::Notification).await;
    for key in ["tab", "down", "down", "tab", "tab"] {
        wizard.press(key);
    }
    wizard.type_text("db-*");
    wizard.press("enter");
    wizard.until_says("works: keep it").await;
    wizard.press_digit(Step::Review);
    wizard.until_shows("+ ").await;
    wizard.press("enter");
    wizard.until_shows("Done").await;
    wizard.press("enter");
    let (exit, folder, services) = wizard.end_of_one().await;
    assert_eq!(exit.unwrap(), Exit::Done);
    let second = config::load(&folder.path().join("config.d/databases.toml")).unwrap();
    assert_eq!(second.rooms[0].nodes.as_str(), "db-*");
    (folder, services)
}

async fn delete_the_first(folder: TempDir, services: Services) {
    let wizard = Harness::at_home(folder, services);
    wizard.until_shows("config \"Team\", switched off").await;
    wizard.press("d");
    let screen = wizard.until_shows("Delete?").await;
    assert!(screen.contains("Open in ilert: disk_space_usage on db-1."), "{screen}");
    wizard.press("r");
    let screen = wizard.until_shows("removed").await;
    assert!(screen.contains("resolved what was open under its key (alerts: 1)"), "{screen}");
    assert!(!screen.contains("\"Team\"") && screen.contains("databases \""), "{screen}");
    assert!(wizard.services.ilert.history()[0].resolved.is_some());
    let path = wizard.folder.path();
    for (file, is_there) in [
        ("config.toml", false),
        ("api-key", false),
        ("state/state.db", true),
        ("config.d/databases.toml", true),
        ("config.d/databases.api-key", true),
    ] {
        assert_eq!(path.join(file).exists(), is_there, "{file}");
    }
    wizard.press("q");
    assert_eq!(wizard.end().await.0.unwrap(), Exit::Done);
}

#[tokio::test]
async fn what_has_changed_since_it_was_shown_is_neither_switched_nor_deleted() {
    LocalSet::new()
        .run_until(async {
            let services = Services::with(world());
            let folder = configured(&services);
            let path = folder.path().join("config.toml");
            let wizard = Harness::at_home(folder, services);
            wizard.until_shows("config \"Team\"").await;
            for (asks, key, name) in [(false, "space", "Theirs"), (true, "y", "Again")] {
                if asks {
                    wizard.press("d");
                    wizard.until_shows("Delete?").await;
                }
                let text = fs::read_to_string(&path).unwrap();
                let text =
                    text.replace("\"Team\"", "\"Theirs\"").replace("\"Theirs\"", &format!("\"{name}\""));
                fs::write(&path, &text).unwrap();
                wizard.press(key);
                wizard.until_says("has changed on the disk since it was shown").await;
                wizard.until_shows(&format!("config \"{name}\"")).await;
                assert_eq!(fs::read_to_string(&path).unwrap(), text);
            }
            wizard.press("space");
            wizard.until_shows("`config` is switched off").await;
        })
        .await;
}

#[tokio::test]
async fn what_cannot_be_resolved_keeps_the_configuration_which_is_off() {
    LocalSet::new()
        .run_until(async {
            let services = Services::with(world());
            let folder = configured(&services);
            send(&folder.path().join("config.toml"), &folder.path().join("state")).await;
            services.ilert.remove_key(KEY);
            let wizard = Harness::at_home(folder, services);
            wizard.until_shows("1 open in ilert").await;
            wizard.press("d");
            wizard.until_shows("Delete?").await;
            wizard.press("r");
            let screen = wizard.until_says("`config` is not deleted, but switched off").await;
            let said = words(&screen);
            assert!(said.contains("No run resolves them: do this again, or resolve them in ilert"), "{said}");
            assert!(!said.contains("kept"), "nothing is kept for a run that never comes: {said}");
            let config = config::load(&wizard.folder.path().join("config.toml")).unwrap();
            assert!(!config.notification.enabled && config.api_key().is_ok());
            assert!(wizard.services.ilert.history()[0].resolved.is_none());
        })
        .await;
}

#[tokio::test]
async fn an_alert_that_is_opened_meanwhile_is_asked_about_before_its_key_is_gone() {
    LocalSet::new()
        .run_until(async {
            let services = Services::with(world());
            let folder = configured(&services);
            let (path, state) = (folder.path().join("config.toml"), folder.path().join("state"));
            let wizard = Harness::at_home(folder, services);
            wizard.until_shows("0 open in ilert").await;
            wizard.press("d");
            wizard.until_shows("Nothing is open in ilert.").await;
            send(&path, &state).await;
            wizard.press("y");
            wizard.until_says("disk_space_usage on db-1 was opened in ilert since that was asked").await;
            wizard.until_shows("Open in ilert: disk_space_usage on db-1.").await;
            assert!(path.exists());
            wizard.press("esc");
            wizard.until_shows("1 open in ilert").await;
            // Asked once more, it is known at once.
            wizard.press("d");
            wizard.until_shows("Open in ilert: disk_space_usage on db-1.").await;
            wizard.press("r");
            wizard.until_shows("removed").await;
            assert!(wizard.services.ilert.history()[0].resolved.is_some() && !path.exists());
        })
        .await;
}

/// Asks line by line, in a folder with `config.toml` and another that uses the same key file.
async fn ask(answers: &[&str]) -> (Exit, String, TempDir) {
    let services = Services::with(world());
    let folder = configured(&services);
    write(&folder.path().join("config.d/shares.toml"), &settings(&services, "../api-key"));
    let place = place(folder.path(), &services);
    let folders = Folders { first: place.config.clone(), states: place.state.clone() };
    let mut model = Model::at_home(place, Theme::of(false, false), folders);
    let mut out = Vec::new();
    let mut lines = Script::of(answers);
    let ended = plain::run(&mut model, &mut EffectRunner::default(), &mut out, &mut lines).await;
    (ended.unwrap(), String::from_utf8(out).unwrap(), folder)
}

#[tokio::test]
async fn line_by_line_one_is_switched_off_and_one_deleted_and_a_key_that_both_use_stays() {
    let (exit, said, folder) = ask(&["3", "2", "9", "4", "1", "2", "5"]).await;
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(said.contains("`shares` is switched off") && said.contains("! a number from 1 to 5"), "{said}");
    assert!(said.contains("stays, as another configuration uses it"), "{said}");
    assert!(said.contains("removed `") && !said.contains(KEY), "{said}");
    assert!(!folder.path().join("config.toml").exists() && folder.path().join("api-key").exists());
    let shares = config::load(&folder.path().join("config.d/shares.toml")).unwrap();
    assert!(!shares.notification.enabled);
}

#[tokio::test]
async fn line_by_line_one_is_kept_and_a_name_is_asked_for_until_it_will_do() {
    let (exit, said, folder) = ask(&["4", "1", "", "2", "shares", "../x", "<", "5"]).await;
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(
        said.contains("! there is `shares` already") && said.contains("would be read as a path"),
        "{said}"
    );
    assert!(folder.path().join("config.toml").exists());
}

#[tokio::test]
async fn line_by_line_one_is_edited_by_the_same_menu() {
    let answers = ["1", "1", "?", "9", "5", "Renamed", "<<", "4", "<", "", "y"];
    let (exit, said, folder) = ask(&answers).await;
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(said.contains("Edit \"Team\"") && said.contains("works: keep it"), "{said}");
    assert!(said.contains("! a number from 1 to 8") && said.contains("Edit \"Renamed\""), "{said}");
    // Nothing that works is asked again.
    assert!(!said.contains("Step 2 of 8") && !said.contains("API key, not shown"), "{said}");
    let config = config::load(&folder.path().join("config.toml")).unwrap();
    assert_eq!(config.notification.name, "Renamed");
}

#[tokio::test]
async fn line_by_line_the_menu_leads_back_to_the_list() {
    let (exit, said, _folder) = ask(&["1", "1", "<", "5"]).await;
    assert_eq!(exit, Exit::Done, "{said}");
    assert_eq!(said.matches("Configurations\n").count(), 2, "{said}");
}
