//! `--config` with a name, with a path, and with what is neither.

use std::fs;
use std::os::unix::fs::symlink;

use netdata_ilert::alert::Status;

use super::Teams;

#[test]
fn a_name_or_a_path_is_one_of_them() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.run(&["-c", "databases", "--send"]).is(0);
    assert_eq!(teams.history(), [0, 1]);
    // By its path it has the state of its name.
    let path = teams.web.path("etc/config.d/databases.toml");
    symlink(&path, teams.web.path("link.toml")).unwrap();
    for path in [path, teams.web.path("link.toml")] {
        let path = path.to_str().unwrap();
        assert_eq!(
            teams.json(&["-c", path, "--status", "--json"])["open"].as_array().unwrap().len(),
            1,
            "{path}"
        );
        teams.run(&["-c", path, "--send"]).is(0);
    }
    assert_eq!(teams.db.ilert.received().len(), 1);
    teams.run(&["-c", "config", "--send"]).is(0);
    assert_eq!(teams.history(), [1, 1]);
    let path = teams.web.path("etc/config.toml");
    // As the units of version 0.1.0 call it.
    let state = teams.web.state();
    teams.run(&["--send", "-c", path.to_str().unwrap(), "--state-dir", state.to_str().unwrap()]).is(0);
    assert_eq!(teams.web.ilert.received().len(), 1);
}

#[test]
fn an_unknown_name_is_said_with_those_that_there_are() {
    let teams = Teams::both();
    let ended = teams.run(&["-c", "database", "--send"]);
    ended
        .is(3)
        .says("there is no configuration `database`: did you mean `databases`? there are `config` and");
    teams.run(&["-c", "x/../y", "--send"]).is(3).says("there is no configuration at");
    teams.run(&["-c", "y.toml", "--send"]).is(3).says("there is no configuration at");
}

#[test]
fn a_name_means_an_installed_one_before_a_file_of_that_name() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    fs::write(teams.web.path("databases"), "no configuration").unwrap();
    teams.web.write_private("other", &teams.web_team());
    for (name, history) in [("databases", [0, 1]), ("other", [1, 1])] {
        let mut command = teams.command(&["-c", name, "--send"]);
        command.current_dir(teams.web.folder.path());
        crate::stage::end(command).is(0);
        assert_eq!(teams.history(), history);
    }
}

#[test]
fn two_elsewhere_do_not_share_a_state() {
    let teams = Teams::none();
    teams.set("cpu", Status::Critical);
    teams.web.write_private("a.toml", &teams.web_team());
    teams.web.write_private("b.toml", &teams.database_team());
    let path = |name: &str| teams.web.path(name).to_str().unwrap().to_owned();
    for _ in 0..2 {
        for name in ["a.toml", "b.toml"] {
            let ended = teams.run(&["-c", &path(name), "--send"]);
            assert!(ended.is(0).stderr.is_empty(), "{ended:#?}");
        }
    }
    // The first that came has the usual folder, as ever.
    assert!(teams.web.path("state/state.db").is_file());
    assert_eq!([&teams.web.ilert, &teams.db.ilert].map(|ilert| ilert.received().len()), [1, 1]);
    let open = |name: &str| teams.json(&["-c", &path(name), "--status", "--json"])["open"][0]["host"].clone();
    assert_eq!((open("a.toml"), open("b.toml")), ("web-1".into(), "db-1".into()));
}

#[test]
fn one_elsewhere_leaves_the_state_of_those_that_are_installed_alone() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.run(&["--send"]).is(0);
    teams.web.write_private("try.toml", &teams.settings("*", &teams.db.endpoint.url()));
    let path = teams.web.path("try.toml");
    teams.run(&["-c", path.to_str().unwrap(), "--send"]).is(0);
    let ended = teams.run(&["--send"]);
    assert!(ended.is(0).stderr.is_empty(), "{ended:#?}");
    assert_eq!(teams.json(&["-c", "config", "--status", "--json"])["set_aside"], serde_json::json!([]));
}

#[test]
fn each_command_that_is_suggested_means_the_configuration_that_was_meant() {
    let teams = Teams::both();
    let elsewhere = teams.web.write_private("other.toml", &teams.web_team());
    let elsewhere = elsewhere.to_str().unwrap();
    for named in ["databases", elsewhere] {
        let says = teams.run(&["-c", named, "--doctor"]).stdout;
        let commands: Vec<&str> = says.split("`netdata-ilert ").skip(1).collect();
        assert!(!commands.is_empty(), "{says}");
        for command in commands {
            let is_meant = [format!("-c {named} --"), format!("--config {named} --")];
            // The schedule is that of all.
            let is_of_all = command.starts_with("--install-schedule") && named == "databases";
            assert!(is_of_all || is_meant.iter().any(|meant| command.starts_with(meant)), "{says}");
        }
    }
}
