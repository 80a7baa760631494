//! One that is broken, switched off, or left to Netdata Cloud stops no other; the worst exit code wins.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::Answer;

use super::{Teams, names};

fn edited(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn a_broken_and_a_disabled_one_stop_no_other() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.run(&["--send"]).is(0);
    teams.set("ram", Status::Critical);
    teams.write(
        "config.d/databases.toml",
        &edited(&teams.database_team(), "name =", "enabled = false\nname ="),
    );
    teams.write("config.d/broken.toml", "version = 1\nnonsense\n");
    let ended = teams.run(&["--send"]);
    ended.is(3).says("not TOML");
    assert!(ended.stderr.lines().all(|line| line.starts_with("broken: ")), "{ended:#?}");
    assert_eq!(teams.open()[0], ["web-1 cpu critical", "web-1 ram critical"]);
    assert_eq!(teams.open()[1], ["db-1 cpu critical"], "what is open stays, and nothing is sent");

    let ended = teams.run(&["--status"]);
    ended.is(3);
    let off = "[databases]\nswitched off (`enabled = false`): nothing is sent, and what is open stays open\n";
    assert!(ended.stdout.contains(off), "{ended:#?}");
    assert!(ended.stdout.contains("[broken]\nthe configuration cannot be used: nothing is sent\n"));
    let list = teams.json(&["--status", "--json"]);
    assert_eq!(names(&list), ["config", "broken", "databases"]);
    assert!(list[1]["unusable"].as_str().unwrap().contains("not TOML"), "{list:#}");
    assert_eq!((&list[2]["switched_off"], &list[2]["open"][0]["alert"]), (&true.into(), &"cpu".into()));
    teams.run(&["--doctor"]).is(3);
    let preview = teams.json(&["--preview", "--json"]);
    assert_eq!(names(&preview), ["config", "broken", "databases"]);
    assert!(preview[1]["error"].as_str().unwrap().contains("not TOML"), "{preview:#}");

    // Switched on again, it goes on where it was.
    fs::remove_file(teams.web.path("etc/config.d/broken.toml")).unwrap();
    teams.write("config.d/databases.toml", &teams.database_team());
    teams.run(&["--send"]).is(0);
    assert_eq!(teams.open()[1], ["db-1 cpu critical", "db-1 ram critical"]);
    assert_eq!(teams.history(), [2, 2]);
}

#[test]
fn what_is_no_configuration_is_said_and_stops_no_other() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.write("config.d/a b.toml", "");
    teams.write("config.d/lock.toml", "");
    let ended = teams.run(&["--send"]);
    ended.is(3).says("a b: ").says("lock: ").says("is the name of a file of the state");
    assert_eq!(teams.history(), [1, 1]);
    for name in ["config.d/a b.toml", "config.d/lock.toml"] {
        fs::remove_file(teams.web.path("etc").join(name)).unwrap();
    }
    teams.write("config.d/notes.txt", "");
    teams.write("config.d/databases.toml~", "");
    teams.run(&["--send"]).is(0);
    let folder = teams.web.path("etc/config.d");
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    teams.set("ram", Status::Critical);
    let ended = teams.run(&["--send"]);
    ended.is(3).says("config.d: ").says("others can change");
    assert_eq!(teams.history(), [2, 1]);
}

#[test]
fn keys_and_states_of_others_matter_to_none() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    let text = edited(&teams.web_team(), "api_key = \"", "api_key = { file = \"missing\" } #");
    teams.write("config.toml", &text);
    teams.run(&["--send"]).is(3).says("config: ");
    assert_eq!(teams.history(), [0, 1]);
    teams.write("config.toml", &teams.web_team());
    fs::write(teams.web.path("state/state.db"), "no database").unwrap();
    fs::set_permissions(teams.web.path("state/state.db"), Permissions::from_mode(0o600)).unwrap();
    teams.set("ram", Status::Critical);
    teams.run(&["--send"]).is(1).says("config: error: ");
    assert_eq!(teams.history(), [0, 2]);
}

#[test]
fn all_switched_off_is_silence() {
    let teams = Teams::none();
    teams.set("cpu", Status::Critical);
    let off = |text: &str| edited(text, "name =", "enabled = false\nname =").replace(crate::stage::KEY, "");
    let off = |text: &str| edited(&off(text), "api_key = \"\"", "api_key = { file = \"missing\" }");
    teams.write("config.toml", &off(&teams.web_team()));
    for _ in 0..2 {
        let ended = teams.run(&["--send"]);
        ended.is(0);
        assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""), "nor is a key asked for");
        teams.write("config.d/databases.toml", &off(&teams.database_team()));
    }
    assert_eq!(teams.history(), [0, 0]);
    assert!(teams.web.netdata.requests().is_empty());
    let ended = teams.run(&["-c", "databases", "--send", "--dry-run"]);
    ended.is(0).says("switched off");
}

#[test]
fn one_left_to_netdata_cloud_is_said_and_is_no_fault_of_the_others() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    let cloud = edited(&teams.database_team(), "name =", "delivered_by = \"netdata-cloud\"\nname =");
    teams.write("config.d/databases.toml", &cloud);
    let ended = teams.run(&["--send"]);
    ended.is(0).says("databases: Netdata Cloud delivers this configuration");
    assert_eq!(teams.history(), [1, 0]);
    teams.run(&["-c", "databases", "--send"]).is(3).says("Netdata Cloud delivers");
    fs::remove_file(teams.web.path("etc/config.toml")).unwrap();
    teams.write("config.d/cloud.toml", &cloud);
    teams.run(&["--send"]).is(3);
}

#[test]
fn the_worst_exit_code_wins() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.db.ilert.answer_all(Some(Answer::Status(503)));
    teams.run(&["--send"]).is(75).says("databases: ");
    teams.web.ilert.answer_all(Some(Answer::Status(401)));
    teams.set("ram", Status::Critical);
    teams.run(&["--send"]).is(4).says("config: ");
    teams.write("config.d/broken.toml", "");
    teams.run(&["--send"]).is(3).says("broken: ");
}
