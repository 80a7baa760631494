//! `--adopt`: what is open in ilert goes into a state that was lost; what the token may see decides, and neither it nor
//! the key is seen by anybody.

use std::process::Command;

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::Answer;
use netdata_ilert::simulator::ilert::{Source, TokenRights};

use crate::stage::{Ended, KEY, Stage, end, end_with_input};

const TOKEN: &str = "il1tkn0123456789abcdef77e1";

/// A stage whose key is that of an alert source which the token sees.
fn stage() -> Stage {
    let stage = Stage::new();
    stage.ilert.add_token(TOKEN, TokenRights::Full);
    stage.ilert.add_policy(7, "Operations");
    stage.ilert.remove_key(KEY);
    stage.ilert.add_source(Source::api("Netdata", KEY, 7));
    stage
}

fn command(stage: &Stage) -> Command {
    let mut command = stage.command(&["--adopt"]);
    command.env("ILERT_API_TOKEN", TOKEN);
    command
}

#[track_caller]
fn adopt(stage: &Stage) -> Ended {
    let ended = end(command(stage));
    let said = format!("{}{}", ended.stdout, ended.stderr);
    assert!(!said.contains(TOKEN) && !said.contains(KEY), "{said}");
    ended
}

/// Opens an alert under this key, as somebody else would.
fn open(stage: &Stage, alert_key: &str) {
    let event = serde_json::json!({
        "integrationKey": KEY, "eventType": "ALERT", "summary": "s", "alertKey": alert_key,
    });
    stage.post(&event);
}

#[test]
fn where_nothing_is_open_it_says_so() {
    let stage = stage();
    open(&stage, "nagios/web-1/disk");
    adopt(&stage).is(0).says("nothing is open under this program's keys in the alert source `Netdata`");
}

#[test]
fn keys_that_cannot_be_understood_are_listed() {
    let stage = stage();
    open(&stage, " Netdata/of-nothing ");
    open(&stage, "nagios/web-1/disk");
    let ended = adopt(&stage);
    ended.is(0).says("taken into the state: 0").says("resolve them in ilert\n  Netdata/of-nothing\n");
    assert!(!ended.stderr.contains("nagios"), "{ended:?}");
    // From standard input, too.
    end_with_input(stage.command(&["--adopt"]), format!("{TOKEN}\n")).is(0).says("Netdata/of-nothing");
}

#[test]
fn each_refusal_has_its_exit_code() {
    let stage = stage();
    let mut refused = command(&stage);
    refused.env("ILERT_API_TOKEN", "il1tkn-of-nobody");
    end(refused).is(4).says("ilert does not accept the API token");
    end(stage.command(&["--adopt"])).is(2).says("no API token: set ILERT_API_TOKEN");
    for answer in [Answer::Status(429), Answer::Status(503), Answer::Html(200), Answer::Reset] {
        stage.ilert.answer_next(answer);
        adopt(&stage).is(75);
    }
    stage.write_private("key", "il1api-of-another-account-77aa");
    adopt(&stage).is(4).says("the API token sees no alert source with the key ****77aa");
    stage.write_private("config.toml", "version = 2");
    adopt(&stage).is(3);
}

#[test]
fn where_netdata_cloud_delivers_nothing_is_asked() {
    let mut stage = stage();
    stage.configure("notification.delivered_by", "netdata-cloud");
    adopt(&stage).is(3).says("Netdata Cloud delivers this configuration");
    assert_eq!(stage.endpoint.requests(), [""; 0]);
}

#[test]
fn what_was_lost_is_whole_again_once_it_was_looked_for() {
    let loses = |stage: &Stage| {
        for name in ["state.db", "state.db-wal", "state.db-shm"] {
            std::fs::remove_file(stage.state().join(name)).unwrap();
        }
        assert!(stage.status()["lost"].is_object());
    };
    let stage = stage();
    stage.send().is(0);
    loses(&stage);
    adopt(&stage).is(0).says("nothing is open under this program's keys");
    assert!(stage.status()["lost"].is_null());
    // What was taken over is shown before the next run, too.
    stage.set("cpu", Status::Critical);
    stage.send().is(0);
    loses(&stage);
    adopt(&stage).is(0).says("taken into the state: 1");
    let status = stage.status();
    assert!(status["lost"].is_null() && status["last_run"].is_null());
    assert_eq!(status["open"].as_array().unwrap().len(), 1);
    assert_eq!(stage.send().stderr, "");
}
