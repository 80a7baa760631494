//! The same questions, line by line.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::config;
use netdata_ilert::delivery::run::Exit;
use netdata_ilert::simulator::World;
use netdata_ilert::wizard::Model;
use netdata_ilert::wizard::plain::{PlainError, input::Lines, run};
use netdata_ilert::wizard::theme::Theme;

use super::harness::{KEY, Services, place};

/// Answers that were written down before.
struct Script(std::vec::IntoIter<String>);

impl Lines for Script {
    fn hide(&mut self) {}

    async fn next(&mut self) -> Option<String> {
        self.0.next()
    }
}

async fn ask(answers: &[&str]) -> (Result<Exit, PlainError>, String, tempfile::TempDir, Services) {
    let mut world = World::new(Api::V3, "db-1");
    world.add_node("web-1");
    world.set(World::OWN, "disk_space._var", "disk_space_usage", Status::Critical, 96.2);
    world.advance(5);
    let services = Services::with(world);
    let folder = tempfile::tempdir().unwrap();
    let mut model = Model::new(place(folder.path(), &services), Theme::of(false, false));
    let answers: Vec<String> = answers.iter().map(|&answer| answer.to_owned()).collect();
    let mut out = Vec::new();
    let ended = run(&mut model, &mut out, &mut Script(answers.into_iter())).await;
    (ended, String::from_utf8(out).unwrap(), folder, services)
}

#[tokio::test]
async fn leads_to_the_same_configuration() {
    let answers = [
        &["1"][..],
        &["", "y", "y", "y", "y", ""],
        // No key, a place for it, and then the key is asked for again.
        &["", "1", KEY],
        &["", "", "", "", ""],
        // A number that there is not is asked for again.
        &["Production", "2", "Web", "2", "9", "", "1 3"],
        &["", ""],
        &["", "2"],
        &["y"],
    ]
    .concat();
    let (ended, said, folder, services) = ask(&answers).await;
    assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
    assert!(said.contains("! paste the key here") && said.contains("! a number from 1 to 4"), "{said}");
    assert!(!said.contains(KEY) && !said.contains('\u{1b}'), "{said}");
    assert!(services.ilert.history()[0].resolved.is_some());
    let config = config::load(&folder.path().join("config.toml")).unwrap();
    assert_eq!(config.notification.name, "Production");
    assert_eq!(config.rooms[0].nodes.as_str(), "web-1");
    assert_eq!(config.notification.notify.words().collect::<Vec<_>>(), ["critical", "clear"]);
    assert_eq!(config.api_key().unwrap().expose(), KEY);
}

#[tokio::test]
async fn goes_back_and_says_where_the_input_ended() {
    let (ended, said, folder, _) = ask(&["1", "y", "<", "2"]).await;
    let error = ended.unwrap_err().to_string();
    assert!(error.contains("step 2 of 8") && error.contains("keys are not"), "{error}");
    assert_eq!(said.matches("Step 1 of 8").count(), 2, "{said}");
    assert!(!folder.path().join("config.toml").exists());
}
