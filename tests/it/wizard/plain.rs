//! The same questions, line by line.

mod said;

use std::future::{pending, ready};
use std::path::Path;

use netdata_ilert::config;
use netdata_ilert::exit::Exit;
use netdata_ilert::prompt::Lines;
use netdata_ilert::simulator::ilert::TokenRights;
use netdata_ilert::simulator::{Answer, Barrier};
use netdata_ilert::wizard::Model;
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::effect::EffectRunner;
use netdata_ilert::wizard::plain::{PlainError, run};
use netdata_ilert::wizard::run::{left_open, told_to_end};
use netdata_ilert::wizard::terminal::End;
use netdata_ilert::wizard::theme::Theme;

use super::harness::{KEY, Services, TOKEN, place, world};

/// The answers up to the step *Netdata*: the alert source is made by hand, and its key kept in a file.
const TO_NETDATA: [&str; 9] = ["1", "2", "y", "y", "y", "y", "", KEY, "1"];

/// Answers that were written down before.
pub struct Script(std::vec::IntoIter<String>);

impl Script {
    /// These, one after the other.
    pub fn of(answers: &[&str]) -> Self {
        Self(answers.iter().map(|&answer| answer.to_owned()).collect::<Vec<_>>().into_iter())
    }
}

impl Lines for Script {
    fn hide(&mut self) {}

    async fn next(&mut self) -> Option<String> {
        self.0.next()
    }
}

async fn ask(answers: &[&str]) -> (Result<Exit, PlainError>, String, tempfile::TempDir, Services) {
    ask_of(Services::with(world()), answers).await
}

async fn ask_of(
    services: Services,
    answers: &[&str],
) -> (Result<Exit, PlainError>, String, tempfile::TempDir, Services) {
    let folder = tempfile::tempdir().unwrap();
    let mut model = Model::new(place(folder.path(), &services), Theme::of(false, false));
    let mut out = Vec::new();
    let ended = run(&mut model, &mut EffectRunner::default(), &mut out, &mut Script::of(answers)).await;
    (ended, String::from_utf8(out).unwrap(), folder, services)
}

#[tokio::test]
async fn leads_to_the_same_configuration() {
    let answers = [
        &["1"][..],
        // The way to ilert is straight.
        &["2", "y", "y", "y", "y", ""],
        // No key, so it is asked for again, and then a place for it.
        &["", KEY, "1"],
        &["", "", "", ""],
        // A number that there is not is asked for again.
        &["Production", "2", "Web", "2", "9", "4", "1 3", ""],
        &["", ""],
        // Unproven, so a token is asked for, and whether it was seen.
        &["", "", "2"],
        // Every line, and then yes.
        &["d", "y"],
    ]
    .concat();
    let (ended, said, folder, services) = ask(&answers).await;
    assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
    assert!(
        said.contains("lines of comments are not shown: `d` shows them.") && said.contains("\n+ # "),
        "{said}"
    );
    assert_eq!(said.matches("Accepted means queued").count(), 1, "{said}");
    assert!(!said.contains("Password"), "no password without a user name\n{said}");
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
async fn adds_a_silence() {
    let answers = [
        &["1"][..],
        &["2", "y", "y", "y", "y", ""],
        &[KEY, "1"],
        &["", "", "", ""],
        // A preset answers for the five types.
        &["", "", ""],
        // Its name, its nodes, its alerts, and a time that is asked for again.
        &["y", "Friday batch", "db-*", "", "on Friday", "Fri 18:00 for 15h"],
        &["", ""],
        &["", "", "2"],
        &["y"],
    ]
    .concat();
    let (ended, said, folder, _services) = ask(&answers).await;
    assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
    assert!(said.contains("! write `2h` from now on, `Fri 18:00 for 15h`"), "{said}");
    let config = config::load(&folder.path().join("config.toml")).unwrap();
    let [silence] = config.silences.as_slice() else { panic!("{:?}", config.silences) };
    assert_eq!((silence.name.as_str(), silence.words().as_str()), ("Friday batch", "nodes db-*"));
    assert_eq!(silence.times(), "Fri 18:00 for 15h");
}

/// Asks until something of the live test stands at the barrier, and gives the questions up there.
async fn given_up_at(barrier: &Barrier, services: &Services, folder: &Path) -> (Model, EffectRunner) {
    let mut model = Model::new(place(folder, services), Theme::of(false, false));
    let (mut runner, mut out) = (EffectRunner::default(), Vec::new());
    let answers = TO_NETDATA.into_iter().chain([""; 12]);
    let answers: Vec<String> = answers.map(str::to_owned).collect();
    let mut script = Script(answers.into_iter());
    tokio::select! {
        ended = run(&mut model, &mut runner, &mut out, &mut script) => panic!("{ended:?}"),
        () = barrier.arrived(1) => {}
    }
    (model, runner)
}

#[tokio::test]
async fn told_to_end_it_leaves_no_test_alert_open() {
    // While the ALERT is on its way, or the RESOLVE is.
    for answered in [0, 1] {
        let (services, folder, barrier) =
            (Services::with(world()), tempfile::tempdir().unwrap(), Barrier::new());
        (0..answered).for_each(|_| services.ilert.answer_next(Answer::Status(202)));
        services.ilert.answer_next(Answer::Stall(barrier.clone()));
        let (mut model, mut runner) = given_up_at(&barrier, &services, folder.path()).await;
        barrier.open();
        let never = pending::<Option<()>>();
        let ended = told_to_end(&mut model, &mut runner, End::Interrupted, never).await;
        assert!(ended.to_string().contains("Ctrl-C"), "{ended}");
        assert_eq!(left_open(&model), [""; 0]);
        assert!(!model.context.test.run.unwrap().cancelled, "the answer to the ALERT was waited for");
        assert_eq!((services.ilert.history().len(), services.ilert.open().len()), (1, 0), "{answered}");
    }
}

#[tokio::test]
async fn told_twice_it_ends_at_once_and_names_the_test_alert() {
    let (services, folder, barrier) = (Services::with(world()), tempfile::tempdir().unwrap(), Barrier::new());
    services.ilert.answer_all(Some(Answer::Stall(barrier.clone())));
    let (mut model, mut runner) = given_up_at(&barrier, &services, folder.path()).await;
    told_to_end(&mut model, &mut runner, End::Interrupted, ready(Some(()))).await;
    let key = services.ilert.received()[0].event.as_ref().unwrap().alert_key.clone();
    assert_eq!(left_open(&model), [format!("the test alert `{key}` may stay open: resolve it in ilert")]);
}

#[tokio::test]
async fn goes_back_and_says_where_the_input_ended() {
    let (ended, said, folder, _) = ask(&["1", "", "<<", "2"]).await;
    let error = ended.unwrap_err().to_string();
    assert!(
        error.contains(&Step::Source.counted().unwrap()) && error.contains("keys and passwords are not"),
        "{error}"
    );
    assert_eq!(said.matches(": Before you start").count(), 2, "{said}");
    assert!(!folder.path().join("config.toml").exists());
}

#[tokio::test]
async fn sets_the_alert_source_up_and_lists_the_rooms() {
    const CLOUD_TOKEN: &str = "ndc-44c1d0a7b35e4c0f9d2e-61aa";
    let services = Services::with(world());
    services.ilert.add_token(TOKEN, TokenRights::Full);
    for id in 1..=30 {
        services.ilert.add_policy(id, &format!("Team {id}"));
    }
    services.cloud.add_token(CLOUD_TOKEN);
    services.cloud.add_space("s1", "Production");
    services.cloud.add_room("s1", "r1", "Databases", &["db-1", "db-2"]);
    services.cloud.add_room("s1", "r2", "Web", &["web-1"]);
    let answers = [
        &["1"][..],
        // A token that ilert does not take is asked for again.
        &["1", "nonsense", TOKEN],
        // The name; the policy by a part of its name, and then by its number; no grouping, never, no heartbeat.
        &["", "team 2", "nobody", "team 2", "3", "", "", "n", ""],
        &["y"],
        &["", "", "", ""],
        // Rooms of Netdata Cloud's.
        &["", "4", CLOUD_TOKEN, "1", "", ""],
        &["", ""],
        &[""],
        &["y"],
    ]
    .concat();
    let (ended, said, folder, services) = ask_of(services, &answers).await;
    assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
    for words in [
        "! ilert does not accept the API token",
        "Jane Doe, ADMIN",
        "and 10 more",
        "no match",
        "created the alert source",
        "\nStep 3 of 8: API key\nNothing to ask: ****",
        "opened in ilert",
        "resolved in ilert",
        "ALERT: accepted by ilert",
    ] {
        assert!(said.contains(words), "{words} is not in\n{said}");
    }
    assert!(!said.contains(TOKEN) && !said.contains(CLOUD_TOKEN) && !said.contains('\u{1b}'), "{said}");
    let [made] = services.ilert.sources().try_into().unwrap();
    assert_eq!(made.policy, 21);
    let config = config::load(&folder.path().join("config.toml")).unwrap();
    assert_eq!(config.api_key().unwrap(), made.key);
    assert_eq!(config.rooms[0].nodes.as_str(), "db-1 db-2");
}

#[tokio::test]
async fn sets_nothing_up_that_is_not_confirmed() {
    let services = Services::with(world());
    services.ilert.add_token(TOKEN, TokenRights::Full);
    services.ilert.add_policy(7, "Operations");
    let answers = ["1", "1", TOKEN, "", "", "", "", "", "", "n"];
    let (_, said, _, services) = ask_of(services, &answers).await;
    assert!(said.contains("Do it? [y/N]"), "{said}");
    assert!(services.ilert.sources().is_empty());
}

#[tokio::test]
async fn goes_back_a_question_at_a_time_and_over_the_step_before() {
    let answers = [
        &["1"][..],
        // From the second thing to do back to the first, and on again.
        &["2", "y", "<", "y", "y", "y", "y", ""],
        // From the key back to the last question of the step before, and on again.
        &["<", "", KEY, "1"],
        &["", ""],
    ]
    .concat();
    let (ended, said, _, _) = ask(&answers).await;
    assert!(ended.unwrap_err().to_string().contains(&Step::Netdata.counted().unwrap()), "{said}");
    let asked = |question: &str| said.matches(question).count();
    assert_eq!((asked("] Open the alert sources"), asked("] Create a new alert source")), (2, 2), "{said}");
    assert_eq!(
        (asked(": ilert alert source"), asked("Who creates it:"), asked("More: a proxy")),
        (2, 1, 2),
        "{said}"
    );
}

#[tokio::test]
async fn a_dash_is_none_only_where_there_may_be_none_and_problems_are_said_at_once() {
    let answers = [
        &TO_NETDATA[..],
        // An address that cannot be; then a user name that is taken back.
        &["two words", "http://127.0.0.1:1", "me", "<", "-", "", "", ""],
    ]
    .concat();
    let (_, said, _, _) = ask(&answers).await;
    assert!(said.contains("! ") && said.contains("two words\"`; expected a URL"), "{said}");
    assert!(said.contains("User name [me] (`-` for none): "), "{said}");
    let url = said.lines().find(|line| line.starts_with("URL [")).unwrap();
    assert!(!url.contains("`-`"), "{url}");
    let wide = said.lines().filter(|line| line.starts_with("! ")).find(|line| line.chars().count() > 78);
    assert_eq!(wide, None);
}

#[tokio::test]
async fn a_wrong_key_leads_back_to_the_key_and_from_there_to_the_test() {
    let answers = [
        &["1", "2", "y", "y", "y", "y", "", "il1api-of-nobody-0123456789", "1"][..],
        &["", "", "", ""],
        &["", "", ""],
        &["n"],
        &["", ""],
        // The test; back to the key; the right one.
        &["", "y", KEY, "1"],
        &["", "", "2"],
        &["y"],
    ]
    .concat();
    let (ended, said, folder, services) = ask(&answers).await;
    assert_eq!(ended.map_err(|error| error.to_string()), Ok(Exit::Done), "{said}");
    assert!(said.contains("Back to the step \"API key\"? [y/N]"), "{said}");
    assert_eq!(services.ilert.history().len(), 1);
    let config = config::load(&folder.path().join("config.toml")).unwrap();
    assert_eq!(config.api_key().unwrap().expose(), KEY);
}

#[tokio::test]
async fn an_answer_that_is_missing_is_named_and_asked_for_again() {
    // No token, and the way to ilert is straight.
    let (_, said, _, _) = ask(&["1", "1", "", "", TOKEN]).await;
    let refused = said.find("! paste an ilert API token").unwrap_or_else(|| panic!("{said}"));
    let again = said.rfind("API token, not shown").unwrap();
    assert!(refused < again, "{said}");
    assert_eq!(said.matches("Who creates it").count(), 1, "{said}");
    assert!(said.contains("! ilert does not accept the API token"), "the new one is tried\n{said}");
}

#[tokio::test]
async fn a_ca_file_that_cannot_be_used_is_asked_for_again_at_once() {
    let pem = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(pem.path(), "no certificate").unwrap();
    let no_pem = pem.path().to_str().unwrap();
    let answers = [
        &["1", "2", "y", "y", "y", "y", "y", "", "/nowhere/ca.pem", no_pem, "-", KEY, "1"][..],
        // Netdata's.
        &["", "", "", "y", "", "/nowhere/other.pem", "-"],
    ]
    .concat();
    let (_, said, _, _) = ask(&answers).await;
    for says in ["`/nowhere/ca.pem`: No such file", no_pem, "`/nowhere/other.pem`: No such file"] {
        let words = said.replace("\n  ", " ");
        assert!(
            words.contains(
                &format!("! cannot use the certificate authorities in {says}")
                    .replace(no_pem, &format!("`{no_pem}`"))
            ),
            "{says}\n{said}"
        );
    }
    assert!(said.contains("of 8: Notification"), "{said}");
}
