//! Two teams on one parent, each told what its rooms cover.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;

use netdata_ilert::alert::Status;

use super::{Teams, names};

#[test]
fn each_is_told_what_its_rooms_cover_and_nothing_else() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    for _ in 0..2 {
        let ended = teams.run(&["--send"]);
        ended.is(0);
        assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""));
        let [web, db] = teams.open();
        assert_eq!((web, db), (vec!["web-1 cpu critical".to_owned()], vec!["db-1 cpu critical".to_owned()]));
    }
    for folder in ["state/state.db", "state/databases/state.db"] {
        assert!(teams.web.path(folder).is_file(), "{folder}");
    }
    teams.set("cpu", Status::Clear);
    teams.run(&["--send"]).is(0);
    assert_eq!(teams.open(), [[""; 0]; 2]);
    assert_eq!(teams.history(), [1, 1]);
}

#[test]
fn what_is_decided_is_said_under_the_name() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    let ended = teams.run(&["--send", "-v"]);
    ended.is(0);
    for words in ["INFO config: cpu on web-1", "INFO databases: cpu on db-1"] {
        ended.says(words);
    }
    assert!(
        ended.stderr.lines().all(|line| line.contains("config: ") || line.contains("databases: ")),
        "{ended:#?}"
    );
}

#[test]
fn the_further_ones_need_no_first() {
    let teams = Teams::none();
    teams.write("config.d/databases.toml", &teams.database_team());
    teams.set("cpu", Status::Critical);
    let ended = teams.run(&["--send", "-v"]);
    ended.is(0);
    assert!(!ended.stderr.contains("databases: "), "the only one needs no name: {ended:#?}");
    teams.write("config.d/web.toml", &teams.web_team());
    // As an interrupted wizard leaves it.
    fs::DirBuilder::new().mode(0o700).create(teams.web.path("state/web")).unwrap();
    teams.web.write_private("state/web/wizard-draft.json", "{}");
    teams.run(&["--send"]).is(0);
    assert_eq!(teams.history(), [1, 1]);
    assert!(teams.web.path("state/web/state.db").is_file());
    // A first one that is made later finds its folder with the others' in it.
    teams.write("config.toml", &teams.settings("nothing-*", &teams.web.endpoint.url()));
    let ended = teams.run(&["--send"]);
    ended.is(0);
    assert!(ended.stderr.is_empty() && teams.web.path("state/state.db").is_file(), "{ended:#?}");
}

#[test]
fn lists_have_names() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    for arguments in [&["--preview", "--json"][..], &["--send", "--dry-run", "--json"]] {
        let list = teams.json(arguments);
        assert_eq!(names(&list), ["config", "databases"]);
        let hosts = ["web-1", "db-1"];
        for (one, host) in list.as_array().unwrap().iter().zip(hosts) {
            let events = one["events"].as_array().unwrap();
            assert!(events.len() == 1 && events[0]["alertKey"].as_str().unwrap().contains(host), "{one:#}");
        }
        let alone = teams.json(&[&["-c", "databases"], arguments].concat());
        assert_eq!(alone["events"], list[1]["events"], "the shape of one stays as it is");
    }
    teams.run(&["--send"]).is(0);
    let list = teams.json(&["--status", "--json"]);
    assert_eq!(names(&list), ["config", "databases"]);
    assert_eq!(list[1]["open"][0]["host"], "db-1");
    assert_eq!(teams.json(&["--status", "--json", "-c", "databases"])["open"][0]["host"], "db-1");
    let list = teams.json(&["--doctor", "--json"]);
    assert_eq!(names(&list), ["config", "databases"]);
    assert!(list[0]["checks"].as_array().unwrap().iter().any(|line| line["check"] == "Netdata"));
    let text = teams.run(&["--status"]).stdout;
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} in {text}"));
    assert!(at("[config]\nlast run: ") < at("web-1") && at("web-1") < at("[databases]\n"), "{text}");
    assert!(at("[databases]\n") < at("db-1"));
}

#[test]
fn samples_are_shown_with_each_template() {
    let teams = Teams::both();
    teams.write("config.toml", &(teams.web_team() + "[templates]\nsummary = \"web: {{ alert }}\"\n"));
    let list = teams.json(&["--preview", "--sample", "--json"]);
    assert!(list[0]["events"][0]["summary"].as_str().unwrap().starts_with("web: "), "{list:#}");
    assert!(!list[1]["events"][0]["summary"].as_str().unwrap().starts_with("web: "));
    assert!(Teams::none().json(&["--preview", "--sample", "--json"])["events"].is_array());
}

/// Each asks for itself, and no more than alone.
#[test]
fn so_many_make_at_most_so_many_times_the_requests_of_one() {
    let (alone, both) = (Teams::none(), Teams::both());
    alone.write("config.toml", &alone.web_team());
    both.write("config.d/more.toml", &both.settings("*-1", &both.db.endpoint.url()));
    for status in [Status::Clear, Status::Critical, Status::Critical, Status::Clear, Status::Clear] {
        let [one, three] = [&alone, &both].map(|teams| {
            teams.set("cpu", status);
            teams.web.netdata.forget_requests();
            teams.run(&["--send"]).is(0);
            teams.web.netdata.requests().len()
        });
        assert!(one > 0 && three <= 3 * one, "{three} requests, {one} of one alone");
    }
}
