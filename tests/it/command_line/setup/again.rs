//! The same call again, and one with other answers.

use std::fs;

use netdata_ilert::simulator::ilert::Source;

use super::Host;
use crate::stage::{KEY, TOKEN, end};

const ALL: [&str; 4] = ["--name", "Production", "--schedule", "cron"];

#[test]
fn the_same_again_changes_nothing_and_says_so() {
    let host = Host::new();
    host.by_key(&ALL).is(0);
    let before = (host.text(), host.crontab(), host.0.stage.ilert.received().len());
    let stamps =
        || ["config.toml", "api-key"].map(|file| fs::metadata(host.etc(file)).unwrap().modified().unwrap());
    let written = stamps();
    for arguments in [&ALL[..], &[]] {
        let again = host.by_key(arguments);
        again.is(0).says("so there is no live test").says("config.toml`\n").says("api-key`\n");
        again.says("unchanged: the schedule").says("a dry run of the sender").says("nothing has changed");
        assert!(!again.stderr.contains("wrote"), "{again:?}");
        assert_eq!(again.stderr.contains("nothing was said: a crontab line is there"), arguments.is_empty());
        assert_eq!((host.text(), host.crontab(), host.0.stage.ilert.received().len()), before);
        assert_eq!(stamps(), written);
    }
}

#[test]
fn other_answers_change_what_they_say_and_nothing_else() {
    let host = Host::new();
    host.by_key(&ALL).is(0);
    let by_hand = host.text().replace("version = 1", "version = 1 # by hand");
    let by_hand = by_hand.replace("#events_per_minute = 45", "events_per_minute = 30 # slow");
    fs::write(host.etc("config.toml"), &by_hand).unwrap();
    host.by_key(&["--notify", "critical,clear"]).is(0).says("wrote `").says("so there is no live test");
    let text = host.text();
    assert!(text.contains("# by hand") && text.contains("events_per_minute = 30 # slow"), "{text}");
    let config = host.config();
    assert_eq!(config.notification.name, "Production");
    assert_eq!(config.notification.notify.words().collect::<Vec<_>>(), ["critical", "clear"]);
    assert_eq!((host.crontab().lines().count(), host.tests()), (1, 1));
    host.by_key(&["--nodes", "db-*"]).is(0);
    host.by_key(&["--nodes", "web-*"]).is(0);
    let config = host.config();
    assert_eq!((config.rooms.len(), config.rooms[0].nodes.as_str()), (1, "web-*"));
    host.by_key(&["--nodes", "*"]).is(0);
    assert!(host.config().notification.rooms.is_empty());
    host.by_key(&["--schedule", "none"]).is(0).says("took the line out of the crontab");
    host.by_key(&["--schedule", "none"]).is(0).says("unchanged: the schedule\n");
    assert_eq!((host.crontab().as_str(), host.tests()), ("", 1));
}

#[test]
fn with_another_key_what_is_open_under_the_old_one_is_resolved() {
    let host = Host::new();
    host.by_key(&ALL).is(0);
    end(host.program(&["--send"])).is(0);
    assert_eq!(host.0.stage.ilert.open().len(), 1);
    host.0.stage.ilert.add_source(Source::api("Netdata", "il1api-another-0123456789", 7));
    let ended = host.by_token(&[]);
    ended
        .is(0)
        .says("the alert source `Netdata`")
        .says("resolved what was open under the old key (alerts: 1)");
    assert_eq!(host.config().api_key().unwrap().expose(), "il1api-another-0123456789");
    assert_eq!(host.0.stage.ilert.open().len(), 0);
}

#[test]
fn no_test_is_sent_where_none_is_wanted_and_a_high_one_where_it_is() {
    let host = Host::new();
    host.by_key(&["--name", "a", "--no-test"]).is(0).says("`netdata-ilert --test` proves the key");
    assert_eq!(host.0.stage.ilert.received().len(), 0);
    host.by_key(&["--name", "b", "--priority", "high"]).is(0).says("this escalates");
    assert_eq!(host.tests(), 1);
}

#[test]
fn a_key_that_is_kept_elsewhere_stays_there() {
    let host = Host::new();
    host.by_key(&ALL).is(0);
    let elsewhere = |source: &str| {
        let text = host.text();
        let (before, after) = text.split_once("\napi_key = ").unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        fs::write(host.etc("config.toml"), format!("{before}\napi_key = {source}\n{after}")).unwrap();
    };
    elsewhere("{ env = \"ILERT_API_KEY\" }");
    host.by_key(&[]).is(0).says("so there is no live test");
    let mut command = host.token_command(&[]);
    command.env("ILERT_API_KEY", KEY).env("ILERT_API_TOKEN", TOKEN);
    end(command).is(3).says("reads the API key from the environment variable `ILERT_API_KEY`");
    assert!(host.0.stage.ilert.sources().is_empty());
    elsewhere(&format!("\"{KEY}\""));
    host.by_key(&["--name", "b"]).is(0);
    assert!(host.text().contains(KEY));
}
