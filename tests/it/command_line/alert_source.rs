//! `--create-alert-source`: from a token to a key that the sender uses, once, whatever goes wrong on the way; and
//! neither the token nor the key is seen by anybody.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use netdata_ilert::alert::Status;
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::ilert::{Source, TokenRights};
use netdata_ilert::simulator::{Answer, Barrier};

use crate::command_line::picture;
use crate::stage::{Ended, KEY, Running, Stage, arrived, bare, end, end_with_input, has, holds};

const TOKEN: &str = "il1tkn0123456789abcdef77e1";
const CREATE: [&str; 4] = ["--create-alert-source", "Netdata", "--escalation-policy", "operations"];

/// A stage without a key, and an ilert that knows a token and a policy.
fn stage() -> Stage {
    let stage = Stage::new();
    fs::remove_file(stage.path("key")).unwrap();
    stage.ilert.remove_key(KEY);
    stage.ilert.add_token(TOKEN, TokenRights::Full);
    stage.ilert.add_policy(7, "Operations");
    stage
}

fn command(stage: &Stage, arguments: &[&str]) -> Command {
    let mut command = stage.command(arguments);
    command.env("ILERT_API_TOKEN", TOKEN);
    command
}

fn create(stage: &Stage) -> Ended {
    end(command(stage, &[&CREATE[..], &["-v", "-v"]].concat()))
}

fn kept(stage: &Stage) -> String {
    fs::read_to_string(stage.path("key")).unwrap()
}

/// Asserts that neither the token nor any key was said or left behind.
#[track_caller]
fn nothing_seen(stage: &Stage, ended: &Ended) {
    let said = format!("{}{}", ended.stdout, ended.stderr);
    assert!(!said.contains(TOKEN) && !holds(stage.folder.path(), TOKEN), "{said}");
    for source in stage.ilert.sources() {
        assert!(!said.contains(source.key.expose()), "{said}");
    }
}

#[test]
fn creates_the_source_and_the_next_alert_goes_there() {
    let stage = stage();
    let ended = end(command(&stage, &CREATE));
    nothing_seen(&stage, &ended);
    insta::assert_snapshot!(picture(&stage, &ended));
    let [source] = stage.ilert.sources().try_into().unwrap();
    assert_eq!((source.name.as_str(), source.policy, source.priority_rule.as_str()), ("Netdata", 7, "HIGH"));
    assert_eq!(kept(&stage), format!("{}\n", source.key.expose()));
    assert_eq!(fs::metadata(stage.path("key")).unwrap().permissions().mode() & 0o7777, 0o600);
    assert!(!stage.state().exists());
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn the_same_again_changes_nothing() {
    let stage = stage();
    create(&stage).is(0);
    let key = kept(&stage);
    let again = end(command(&stage, &CREATE));
    nothing_seen(&stage, &again);
    insta::assert_snapshot!(picture(&stage, &again));
    assert_eq!((stage.ilert.sources().len(), kept(&stage)), (1, key));
}

#[test]
fn a_source_that_is_there_is_used_and_what_is_odd_about_it_is_said() {
    let stage = stage();
    stage.ilert.add_source(Source { priority_rule: "LOW".to_owned(), ..Source::api("Netdata", KEY, 7) });
    let ended = create(&stage);
    ended.is(0).says("exists already and is used").says("note: its alert priority rule is LOW");
    nothing_seen(&stage, &ended);
    assert_eq!((stage.ilert.sources().len(), kept(&stage).trim()), (1, KEY));
}

#[test]
fn several_of_that_name_are_listed_and_none_is_taken() {
    let stage = stage();
    let ids = ["one", "two"].map(|key| stage.ilert.add_source(Source::api("Netdata", key, 7)).to_string());
    let ended = create(&stage);
    ended.is(2).says(&ids.join(", "));
    assert!(!stage.path("key").exists());
    assert_eq!(stage.ilert.sources().len(), 2);
}

#[test]
fn a_policy_is_one_or_those_that_there_are_are_listed() {
    let stage = stage();
    stage.ilert.add_policy(8, "Operations");
    create(&stage).is(2).says("`Operations` (id 7), `Operations` (id 8)");
    let other = |policy: &str| {
        end(command(&stage, &["--create-alert-source", "Netdata", "--escalation-policy", policy]))
    };
    other("Nights").is(2).says("no escalation policy has the id or name `Nights`").says("(id 8)");
    assert!(stage.ilert.sources().is_empty() && !stage.path("key").exists());
    other("8").is(0);
    assert_eq!(stage.ilert.sources()[0].policy, 8);
}

#[test]
fn a_key_of_another_source_is_left_alone_and_nothing_is_created() {
    let stage = stage();
    stage.write_private("key", KEY);
    let ended = create(&stage);
    ended.is(3).says("****3f9a").says("move the file away");
    nothing_seen(&stage, &ended);
    assert!(stage.ilert.sources().is_empty());
    stage.ilert.add_source(Source::api("Netdata", "il1api-another-0123", 7));
    create(&stage).is(3);
    assert_eq!(kept(&stage), KEY);
    stage.write_private("key", "il1api-another-0123\n");
    create(&stage).is(0).says("already");
    fs::set_permissions(stage.path("key"), Permissions::from_mode(0o644)).unwrap();
    create(&stage).is(3).says("chmod 600");
}

#[test]
fn what_ilert_says_no_to_is_for_a_person() {
    for (token, said) in [
        ("unknown", "403 KEY_ERROR"),
        ("reader", "403 OAUTH2_SCOPE_ERROR"),
        ("weak", "does not show its API key"),
    ] {
        let stage = stage();
        stage.ilert.add_token("reader", TokenRights::ReadScope);
        stage.ilert.add_token("weak", TokenRights::Weak);
        let mut command = stage.command(&CREATE);
        command.env("ILERT_API_TOKEN", token);
        end(command).is(4).says(said);
        assert!(!stage.path("key").exists());
    }
    let stage = stage();
    stage.ilert.limit_sources(Some(0));
    create(&stage).is(4).says("402");
    stage.ilert.answer_next(Answer::Status(400));
    create(&stage).is(4).says("400");
}

#[test]
fn what_may_pass_is_for_later_and_ends_with_one_source() {
    let mut stage = stage();
    for answer in [Answer::Status(429), Answer::Status(503), Answer::Html(200), Answer::Reset] {
        stage.ilert.answer_next(answer);
        create(&stage).is(75).says("Run this again");
        assert!(!stage.path("key").exists());
    }
    stage.stop_ilert();
    create(&stage).is(75).says("connection refused");
    stage.start_ilert();
    create(&stage).is(0);
    assert_eq!(stage.ilert.sources().len(), 1);
}

#[test]
fn a_key_that_cannot_be_written_is_fetched_by_the_next_run() {
    let mut stage = stage();
    stage.write_private("file", "a file is no folder");
    let inside = |file: &str| toml::Table::from_iter([("file".to_owned(), file.into())]);
    stage.configure("integration.api_key", inside("/proc/self/no-such-folder/key"));
    let ended = create(&stage);
    ended.is(3).says("cannot write `/proc/self/no-such-folder/key`").says("run this again");
    nothing_seen(&stage, &ended);
    stage.configure("integration.api_key", inside("keys/new"));
    create(&stage).is(0).says("exists already and is used");
    assert_eq!(stage.ilert.sources().len(), 1);
    let key = stage.ilert.sources()[0].key.clone();
    assert_eq!(Secret::new(fs::read_to_string(stage.path("keys/new")).unwrap().trim().to_owned()), key);
}

#[test]
fn the_key_goes_where_the_configuration_takes_it_from_or_nowhere() {
    for (source, said) in
        [("env", "the environment variable `A_KEY`"), ("credential", "the systemd credential `A_KEY`")]
    {
        let mut stage = stage();
        stage.configure("integration.api_key", toml::Table::from_iter([(source.to_owned(), "A_KEY".into())]));
        create(&stage).is(3).says(said).says("nothing was created");
        assert_eq!(stage.endpoint.requests(), [""; 0]);
    }
    let stage = stage();
    let mut command = bare(&CREATE);
    command.env("ILERT_API_TOKEN", TOKEN).arg("--config").arg(stage.path("missing.toml"));
    end(command).is(3).says("there is no configuration at");
}

#[test]
fn the_token_may_be_piped_in() {
    for input in [TOKEN.to_owned(), format!("\n  {TOKEN}\r\n\n")] {
        let stage = stage();
        let ended = end_with_input(stage.command(&CREATE), &input);
        ended.is(0);
        nothing_seen(&stage, &ended);
    }
    let stage = stage();
    for (input, said) in [
        ("", "no API token: set ILERT_API_TOKEN"),
        (" \n", "no API token"),
        ("a b", "not an ilert API token"),
    ] {
        end_with_input(stage.command(&CREATE), input).is(2).says(said);
    }
    assert_eq!(stage.endpoint.requests(), [""; 0]);
}

#[test]
fn nothing_is_seen_from_outside_while_it_runs() {
    let stage = stage();
    let barrier = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(barrier.clone()));
    let mut command =
        stage.command_after(&format!("printf %s {TOKEN} >token; exec <token; rm token"), &CREATE);
    command.current_dir(stage.folder.path());
    let run = Running::start(command);
    arrived(&barrier, 1);
    for file in ["cmdline", "environ", "comm", "status"] {
        assert!(!has(&fs::read(format!("/proc/{}/{file}", run.id())).unwrap_or_default(), TOKEN), "{file}");
    }
    barrier.open();
    let ended = run.wait();
    ended.is(0);
    nothing_seen(&stage, &ended);
    assert!(stage.endpoint.requests().iter().all(|request| !request.contains(TOKEN)));
}

#[test]
fn a_name_is_one_line() {
    let stage = stage();
    for name in ["", "  ", "two\nlines"] {
        end(command(&stage, &["--create-alert-source", name, "--escalation-policy", "7"]))
            .is(2)
            .says("one line");
    }
    assert_eq!(stage.endpoint.requests(), [""; 0]);
}
