//! Two with one key, and two with one state: `--doctor` says so.

use super::Teams;

fn says(list: &serde_json::Value, at: usize, check: &str) -> Option<String> {
    let checks = list[at]["checks"].as_array().unwrap().iter();
    checks.filter(|line| line["check"] == check).map(|line| line["says"].as_str().unwrap().to_owned()).next()
}

#[test]
fn one_key_for_two_is_said_by_both() {
    let teams = Teams::both();
    assert_eq!(
        says(&teams.json(&["--doctor", "--json"]), 0, "shared key"),
        None,
        "another ilert is another key"
    );
    teams.write("config.d/databases.toml", &teams.settings("db-*", &teams.web.endpoint.url()));
    let list = teams.json(&["--doctor", "--json"]);
    for (at, other) in [(0, "`databases`"), (1, "`config`")] {
        let says = says(&list, at, "shared key").unwrap();
        assert!(says.contains(other) && says.contains("50 events a minute"), "{says}");
        assert!(says.contains("would send 2000"), "{says}");
        assert!(!list.to_string().contains(crate::stage::KEY));
    }
    let alone = teams.run(&["-c", "databases", "--doctor"]);
    assert!(alone.stdout.contains("`config` has the same API key"), "{alone:#?}");
}

#[test]
fn one_state_for_two_is_said() {
    let teams = Teams::both();
    teams.web.write_private("a.toml", &teams.web_team());
    let [path, state] = [teams.web.path("a.toml"), teams.web.state()];
    let [path, state] = [&path, &state].map(|path| path.to_str().unwrap());
    teams.run(&["-c", path, "--state-dir", state, "--send"]).is(0);
    let list = teams.json(&["--doctor", "--json"]);
    assert!(
        says(&list, 0, "shared state").unwrap().contains("was last used by the configuration `"),
        "{list:#}"
    );
    assert_eq!(says(&list, 1, "shared state"), None);
    teams.run(&["--send"]).is(0);
    assert_eq!(says(&teams.json(&["--doctor", "--json"]), 0, "shared state"), None);
}
