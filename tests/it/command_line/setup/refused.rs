//! What cannot end well is refused before anything is written.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use netdata_ilert::config;
use netdata_ilert::simulator::Answer;

use super::Host;
use crate::stage::{KEY, end, end_with_input};

#[test]
fn all_answers_that_are_missing_are_said_at_once() {
    let host = Host::new();
    let mut empty = host.command(&["--name", "a"]);
    empty.env("ILERT_API_KEY", "");
    end(empty).is(2).says("; `ILERT_API_KEY` is set, and empty");
    let nothing = end(host.command(&[]));
    nothing.is(2).says("`--name`").says("`ILERT_API_KEY`").says("`--api-key-file`").says("`--alert-source`");
    let mut command = host.command(&["--alert-source", "Netdata"]);
    command.env("ILERT_API_TOKEN", "");
    let token = end_with_input(command, "\n");
    token.is(2).says("`--name`").says("`--escalation-policy`").says("`ILERT_API_TOKEN`");
    for (arguments, said, unsaid) in [
        (&["--name", "a"][..], "the API key", "`--name`"),
        (&["--name", "a", "--alert-source", "b", "--escalation-policy", "7"], "API token", "--name"),
    ] {
        let ended = end(host.command(arguments));
        assert!(!ended.is(2).says(said).stderr.contains(unsaid), "{ended:?}");
    }
    assert!(host.by_key(&[]).is(2).says("`--name`").stderr.lines().count() == 3);
    assert_eq!((host.0.stage.netdata.requests(), host.0.stage.endpoint.requests()), (vec![], vec![]));
    host.is_untouched();
}

#[test]
fn a_key_that_ilert_does_not_know_is_for_a_person() {
    let host = Host::new();
    host.0.stage.ilert.remove_key(KEY);
    let ended = host.by_key(&["--name", "a", "--schedule", "cron"]);
    ended.is(4).says("nothing was written; this call needs another key");
    assert!(ended.stdout.contains("ilert does not accept the key"), "{ended:?}");
    host.is_untouched();
}

#[test]
fn an_ilert_that_is_away_is_for_later() {
    let mut host = Host::new();
    host.0.stage.stop_ilert();
    host.by_key(&["--name", "a"]).is(75).says("nothing was written; the same call again goes on");
    host.by_token(&["--name", "a"]).is(75).says("Nothing was written; the same call again goes on");
    host.is_untouched();
    host.0.stage.start_ilert();
    // The alert source is made, and then ilert does not take its test.
    host.0.stage.ilert.answer_by(|_| Some(Answer::Status(429)));
    host.by_token(&["--name", "a"]).is(75).says("created the alert source").says("nothing was written");
    host.is_untouched();
    host.0.stage.ilert.recover();
    host.by_token(&["--name", "a"]).is(0).says("exists already and is used");
    assert_eq!((host.0.stage.ilert.sources().len(), host.tests()), (1, 1));
}

#[test]
fn a_state_that_cannot_be_used_is_refused_first() {
    let host = Host::new();
    fs::write(host.0.stage.state(), "no folder").unwrap();
    host.by_key(&["--name", "a"]).is(1).says("state");
    assert!(!host.etc("").exists() && host.0.stage.ilert.received().is_empty());
}

#[test]
fn a_netdata_that_is_away_is_for_later() {
    let mut host = Host::new();
    let mut command = host.command(&["--name", "a"]);
    command.env("ILERT_API_KEY", KEY);
    host.0.stage.stop_netdata();
    end(command).is(75).says("connection refused").says("`--netdata-url`").says("the same call again");
    assert_eq!(host.0.stage.endpoint.requests(), [""; 0]);
    host.is_untouched();
}

#[test]
fn one_of_several_parents_that_is_away_is_said_and_all_is_written() {
    let host = Host::new();
    let ended = host.by_key(&["--name", "a", "--netdata-url", "http://127.0.0.1:1"]);
    ended
        .is(75)
        .says("Netdata v")
        .says("note: nothing listens at")
        .says("a dry run of the sender: nothing listens");
    assert_eq!(host.config().netdata.url.others(), ["http://127.0.0.1:1"]);
    let same = host.0.stage.netdata.url();
    host.by_key(&["--netdata-url", &same]).is(3).says("twice");
    // Another name of the same.
    let ended = host.by_key(&["--netdata-url", &same.replace("127.0.0.1", "localhost")]);
    ended.is(0).says("lead to the same agent, `db-1`: it counts once");
}

#[test]
fn a_schedule_that_cannot_be_is_refused_first() {
    let host = Host::new();
    fs::remove_file(host.0.stage.path("bin/crontab")).unwrap();
    let mut command = host.command(&["--name", "a", "--schedule", "cron"]);
    command.env("ILERT_API_KEY", KEY).env("PATH", host.0.stage.path("bin"));
    let words = if config::is_root() && Path::new("/run/systemd/system").exists() {
        "there is no program `crontab` here"
    } else {
        "there is neither systemd nor cron here: `--watch 15` runs it in a loop"
    };
    end(command).is(1).says(words);
    assert_eq!(host.0.stage.endpoint.requests(), [""; 0]);
    host.is_untouched();
}

#[test]
fn folders_and_files_that_others_can_use_are_refused_first() {
    let host = Host::new();
    let given = host.0.stage.write_private("given", KEY);
    fs::set_permissions(&given, Permissions::from_mode(0o644)).unwrap();
    end(host.command(&["--name", "a", "--api-key-file", given.to_str().unwrap()])).is(3).says("chmod 600");
    fs::remove_file(&given).unwrap();
    host.is_untouched();
    fs::create_dir(host.etc("")).unwrap();
    fs::set_permissions(host.etc(""), Permissions::from_mode(0o777)).unwrap();
    host.by_key(&["--name", "a"]).is(3).says("others can change it").says("chmod go-w");
    fs::remove_dir(host.etc("")).unwrap();
    fs::write(host.0.stage.path("etc"), "no folder").unwrap();
    host.by_key(&["--name", "a"]).is(3).says("Not a directory");
    assert_eq!(host.0.stage.endpoint.requests(), [""; 0]);
}

#[test]
fn what_no_configuration_takes_is_refused_first() {
    let host = Host::new();
    for (arguments, said) in [
        (&["--name", " "][..], "`--name` is one line"),
        (&["--name", "a", "--netdata-url", "two words"], "`--netdata-url` does not take"),
        (&["--name", "a", "--netdata-url", "https://app.netdata.cloud/spaces/x"], "this is Netdata Cloud"),
        (&["--name", "a", "--ilert-proxy", "http://me:hidden@proxy:3128"], "others can see a command line"),
        (&["--name", "a", "--ilert-proxy", "ftp://proxy"], "`--ilert-proxy` does not take"),
        (&["--name", "a", "--room", "Databases"], "has no room `Databases`"),
        (&["--name", "a", "--netdata-user", "me"], "`--netdata-password-file`"),
        (&["--name", "a", "--netdata-url", "http://me:hidden@127.0.0.1:1"], "others can see a command line"),
    ] {
        let mut command = host.program(&[&["--setup"], arguments].concat());
        command.env("ILERT_API_KEY", KEY);
        let ended = end(command);
        assert!(!ended.is(2).says(said).stderr.contains("hidden"), "{ended:?}");
    }
    host.is_untouched();
}
