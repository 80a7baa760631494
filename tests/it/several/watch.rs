//! `--watch` over all of them: one that is added, changed or taken away while it runs.

use std::fs;

use netdata_ilert::alert::Status;
use rustix::process::Signal;

use super::Teams;
use crate::stage::accepted;

#[test]
fn takes_up_what_is_added_and_lets_go_of_what_is_taken_away() {
    let teams = Teams::none();
    teams.write("config.toml", &teams.web_team());
    teams.set("cpu", Status::Critical);
    let mut watch = teams.start(&["--watch", "1"]);
    accepted(&teams.web.ilert, 1);
    teams.write("config.d/databases.toml", "version = 1\n");
    watch.until_says("databases: ");
    teams.write("config.d/databases.toml", &teams.database_team());
    accepted(&teams.db.ilert, 1);
    teams.write("config.d/databases.toml", &(teams.database_team() + "[labels]\nteam = \"db\"\n"));
    watch.until_says("databases: the configuration has changed and is in use now\n");
    fs::remove_file(teams.web.path("etc/config.d/databases.toml")).unwrap();
    watch.until_says("databases: the configuration is gone: what is open in ilert stays open\n");
    teams.set("ram", Status::Critical);
    accepted(&teams.web.ilert, 2);
    watch.signal(Signal::TERM);
    let ended = watch.wait();
    assert!(ended.is(0).stderr.is_empty(), "{ended:#?}");
    assert_eq!(teams.history(), [2, 1]);
}

#[test]
fn a_broken_one_is_said_once_and_stops_no_other() {
    let teams = Teams::both();
    teams.write("config.toml", "version = 1\n");
    teams.set("cpu", Status::Critical);
    let mut watch = teams.start(&["--watch", "1"]);
    watch.until_says("config: ");
    accepted(&teams.db.ilert, 1);
    teams.write("config.toml", &teams.web_team());
    accepted(&teams.web.ilert, 1);
    watch.signal(Signal::INT);
    let said = watch.wait();
    said.is(130);
    assert!(
        said.stderr.lines().all(|line| line.contains("config.toml:") || line.starts_with("config: ")),
        "{said:#?}"
    );
}

#[test]
fn the_last_one_that_was_there_stays_in_use() {
    let teams = Teams::none();
    teams.write("config.d/databases.toml", &teams.database_team());
    teams.set("cpu", Status::Critical);
    let mut watch = teams.start(&["--watch", "1"]);
    accepted(&teams.db.ilert, 1);
    fs::remove_file(teams.web.path("etc/config.d/databases.toml")).unwrap();
    watch.until_says("stays in use");
    teams.set("ram", Status::Critical);
    accepted(&teams.db.ilert, 2);
    watch.signal(Signal::TERM);
    watch.wait().is(0);
}

#[test]
fn ends_where_none_can_be_used_from_the_start() {
    let teams = Teams::none();
    teams.run(&["--watch", "3600"]).is(3).says("there is no configuration at");
    teams.write("config.toml", "version = 1\n");
    let alone = teams.run(&["--watch", "3600"]);
    alone.is(3);
    assert!(!alone.stderr.contains("config: "), "{alone:#?}");
    teams.write("config.d/databases.toml", "");
    teams.run(&["--watch", "3600"]).is(3).says("config: ").says("databases: ");
}

#[test]
fn ends_where_files_and_states_stay_away_and_makes_nothing_anew() {
    let one = Teams::none();
    one.write("config.toml", &one.web_team());
    let both = [(one, 1), (Teams::both(), 2)].map(|(teams, count)| {
        teams.set("cpu", Status::Critical);
        let watch = teams.start(&["--watch", "1"]);
        accepted(&teams.web.ilert, 1);
        accepted(&teams.db.ilert, u64::from(count == 2));
        fs::rename(teams.web.path("etc"), teams.web.path("gone")).unwrap();
        fs::rename(teams.web.state(), teams.web.path("gone/state")).unwrap();
        (teams, count, watch)
    });
    for (teams, count, watch) in both {
        let ended = watch.wait();
        for says in ["are both away: nothing is sent", "have stayed away: this ends, and makes neither anew"]
        {
            assert_eq!(ended.is(3).stderr.matches(says).count(), count, "{ended:#?}");
        }
        assert!(!teams.web.state().exists() && !teams.web.path("etc").exists());
    }
}

#[test]
fn says_that_the_file_is_back() {
    let teams = Teams::none();
    teams.write("config.toml", &teams.web_team());
    teams.set("cpu", Status::Critical);
    let mut watch = teams.start(&["--watch", "1"]);
    accepted(&teams.web.ilert, 1);
    fs::remove_file(teams.web.path("etc/config.toml")).unwrap();
    watch.until_says("stays in use");
    teams.write("config.toml", &teams.web_team());
    watch.until_says("the configuration can be used again, and is as it was\n");
    watch.signal(Signal::TERM);
    watch.wait().is(0);
}

#[test]
fn goes_on_while_the_authorities_are_missing() {
    let teams = Teams::none();
    let missing = teams.web.path("missing.pem");
    let ca_file = format!("[ilert]\nca_file = \"{}\"\n", missing.display());
    let config = teams.web_team().replace("[ilert]\n", &ca_file);
    teams.write("config.toml", &config);
    let mut watch = teams.start(&["--watch", "1"]);
    watch.until_says("missing.pem");
    teams.set("cpu", Status::Critical);
    teams.write("config.toml", &teams.web_team());
    accepted(&teams.web.ilert, 1);
    watch.signal(Signal::TERM);
    watch.wait().is(0);
}
