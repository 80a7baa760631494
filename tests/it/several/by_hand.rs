//! What a person does by hand, in all of them.

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::Answer;

use super::Teams;

fn refused() -> Teams {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    for ilert in [&teams.web.ilert, &teams.db.ilert] {
        ilert.answer_all(Some(Answer::Status(400)));
    }
    teams.run(&["--send"]).is(4);
    for ilert in [&teams.web.ilert, &teams.db.ilert] {
        ilert.recover();
    }
    teams
}

#[test]
fn a_broken_one_is_no_good_status() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.run(&["--send"]).is(0);
    teams.write("config.d/databases.toml", "version = 1\n");
    let status = teams.run(&["-c", "databases", "--status"]);
    status.is(3).says("databases.toml");
    assert!(status.stdout.contains("open in ilert: 1"), "what it left is shown: {status:#?}");
    assert!(!teams.json(&["-c", "databases", "--status", "--json"])["unusable"].is_null());
}

#[test]
fn what_each_leaves_open_is_said_where_the_schedule_is_removed() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.run(&["--send"]).is(0);
    let state = teams.web.path("state/databases/state.db");
    let text = std::fs::read(&state).unwrap();
    std::fs::write(&state, "no database").unwrap();
    let removed = teams.run(&["--remove-schedule"]);
    for words in ["config: cpu (chart.cpu) on web-1", "databases: which, is not known ("] {
        assert!(removed.stderr.contains(words), "{removed:#?}");
    }
    std::fs::write(&state, text).unwrap();
    teams.run(&["--remove-schedule"]).says("; databases: cpu (chart.cpu) on db-1");
}

#[test]
fn what_a_deleted_one_left_open_is_named() {
    let teams = Teams::both();
    let clean = |status: &crate::stage::Ended| !status.stdout.contains("no configuration any more");
    teams.set("cpu", Status::Critical);
    teams.run(&["--send"]).is(0);
    assert!(clean(teams.run(&["--status"]).is(0)));
    std::fs::remove_file(teams.web.path("etc/config.d/databases.toml")).unwrap();
    let status = teams.run(&["--status"]);
    assert!(
        status.is(0).stdout.contains("what is open by it: cpu (chart.cpu) on db-1; put `"),
        "{status:#?}"
    );
    assert!(status.stdout.contains("config.d/databases.toml` back"), "{status:#?}");
    teams.run(&["--status", "--json"]).is(0).says("what is open by it: cpu (chart.cpu) on db-1");
    let doctor = teams.run(&["--doctor"]);
    for words in
        ["what is open by it: cpu (chart.cpu) on db-1", "config.d/databases.toml` back, or resolve them"]
    {
        assert!(doctor.stdout.contains(words), "{doctor:#?}");
    }
    assert!(teams.run(&["--doctor", "--json"]).stdout.contains("\"left open\""));
    teams.write("config.d/databases.toml", &teams.database_team());
    teams.set("cpu", Status::Clear);
    teams.run(&["--send"]).is(0);
    std::fs::remove_file(teams.web.path("etc/config.d/databases.toml")).unwrap();
    assert!(clean(teams.run(&["--status"]).is(0)), "nothing is left open");
}

#[test]
fn what_is_to_be_called_names_the_one() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.db.ilert.answer_next(netdata_ilert::simulator::Answer::Status(400));
    teams.db.ilert.answer_next(netdata_ilert::simulator::Answer::Status(400));
    let sent = teams.run(&["--send"]);
    sent.is(4).says(
        "`netdata-ilert -c databases --status` shows it, `netdata-ilert -c databases --retry` tries it again",
    );
    let status = teams.run(&["--status"]);
    assert!(status.stdout.contains("`netdata-ilert -c databases --retry ID…` tries again"), "{status:#?}");
    let unknown = teams.run(&["-c", "config", "--discard", "7"]);
    unknown.is(2).says("`netdata-ilert -c config --status` lists them");
}

#[test]
fn an_id_needs_the_name_of_one() {
    let teams = refused();
    for arguments in
        [&["--retry", "1"][..], &["--discard", "1"], &["--unsilence", "1"], &["--test"], &["--adopt"]]
    {
        let ended = teams.run(arguments);
        ended.is(2).says("name it with `--config` (`config` or `databases`)");
    }
    teams.run(&["-c", "databases", "--retry", "1"]).is(0).says("event 1 waits again");
    teams.run(&["--send"]).is(0);
    assert_eq!(teams.open().map(|open| open.len()), [0, 1]);
}

#[test]
fn all_that_failed_is_tried_again_or_dropped_everywhere() {
    let teams = refused();
    teams.run(&["--retry"]).is(0).says("config: event 1 waits again").says("databases: event 1 waits again");
    teams.run(&["--send"]).is(0);
    assert_eq!(teams.open().map(|open| open.len()), [1, 1]);
    let teams = refused();
    teams
        .run(&["--discard", "all"])
        .is(0)
        .says("config: 1 failed event is dropped")
        .says("databases: 1 failed");
    teams.run(&["--status"]).is(0);
}

#[test]
fn a_silence_is_made_in_each() {
    let teams = Teams::both();
    let made = teams.run(&["--silence", "*", "--for", "2h"]);
    let mut lines: Vec<&str> = made.is(0).stdout.lines().collect();
    lines.sort_unstable();
    assert!(lines[0].starts_with("config: silence 1: everything on `*`"), "{made:#?}");
    assert!(lines[1].starts_with("databases: silence 1: "), "{made:#?}");
    teams.run(&["-c", "databases", "--unsilence", "1"]).is(0);
    let list = teams.json(&["--status", "--json"]);
    let silences = |at: usize| list[at]["silences"].as_array().unwrap().len();
    assert_eq!([silences(0), silences(1)], [1, 0]);
}

#[test]
fn a_node_is_forgotten_where_it_is_known() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    teams.run(&["--send"]).is(0);
    teams.run(&["--forget", "db-2"]).is(2).says("no node `db-2` is known here");
    teams.run(&["--forget", "db-1"]).is(2).says("was reachable when it was last seen");
    teams.web.world().disconnect(teams.child);
    teams.web.world().advance(5);
    teams.run(&["--send"]).is(0);
    let ended = teams.run(&["--forget", "db-1"]);
    ended.is(0).says("databases: forgotten: db-1");
    assert_eq!(teams.open().map(|open| open.len()), [1, 0]);
}
