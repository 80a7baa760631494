//! What a person sees of runs: `--status`.

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::ilert::EventType;
use netdata_ilert::simulator::{Answer, Definition, World};

use crate::command_line::{picture, timeless};
use crate::stage::{Ended, Stage, chart};

/// Two open, one waiting, one failed.
fn eventful() -> Stage {
    let mut stage = today(World::new(Api::V3, "web-1"));
    stage.configure("delivery.events_per_minute", 5);
    for (alert, status) in [("cpu", Status::Critical), ("ram", Status::Warning), ("disk", Status::Critical)] {
        stage.set(alert, status);
    }
    stage.ilert.answer_by(|event| {
        let refused = event.event_type == EventType::Alert && event.alert_key.contains("/disk/");
        refused.then(|| Answer::StatusBody(400, r#"{"message":"severity must be 1 to 5"}"#.to_owned()))
    });
    stage.send().is(4);
    stage.ilert.recover();
    stage.set("net", Status::Critical);
    stage.set("swap", Status::Warning);
    stage.send().is(0);
    stage
}

#[test]
fn status_shows_what_is_open_what_waits_and_what_failed() {
    let stage = eventful();
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
    let json = stage.status();
    assert_eq!(json["last_run"]["exit"], 0);
    assert_eq!(json["last_run"]["criticals"], 3);
    assert_eq!(json["open"].as_array().unwrap().len(), 3);
    assert_eq!(stage.listed("waiting"), ["ALERT swap warning"]);
    assert_eq!(json["failed"][0]["status"], 400);
}

#[test]
fn status_lists_the_silences_in_force_and_the_next_ones() {
    let mut stage = today(World::new(Api::V3, "web-1"));
    stage.configure("notification.name", "Silences");
    let text = std::fs::read_to_string(stage.path("config.toml")).unwrap();
    let silences = [
        "name = \"always\"\nalerts = \"ram\"\nfrom = \"2020-01-01T00:00\"",
        "name = \"every day\"\nnodes = \"web-*\"\nlabels = { env = \"prod*\" }\nevery = \"daily 12:00\"\nfor = \"23h\"",
        "name = \"far away\"\nfrom = \"2999-12-24T18:00\"\nuntil = \"2999-12-25T09:00\"",
        "name = \"over\"\nuntil = \"2020-01-01T00:00\"",
    ];
    let tables: String = silences.map(|one| format!("\n[[silence]]\n{one}\ntimezone = \"UTC\"\n")).concat();
    stage.write_private("config.toml", &(text + &tables));
    stage.run(&["--silence", "*", "--alerts", "cpu", "--for", "2d", "--reason", "new \u{1b}[2Jdisks"]).is(0);
    for alert in ["cpu", "ram"] {
        stage.set(alert, Status::Critical);
    }
    assert_eq!(stage.send_well(), [""; 0]);
    // The one that recurs is in force for most of the day: what is said of it depends on the hour.
    let shown = stage.run(&["--status"]);
    let lines: Vec<&str> = shown.stdout.lines().filter(|line| !line.contains("every day")).collect();
    let shown = Ended { stdout: lines.join("\n") + "\n", ..shown };
    timeless(|| insta::assert_snapshot!(picture(&stage, &shown)));
    let names = |status: &serde_json::Value| -> Vec<String> {
        let names =
            status["silences"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned());
        names.collect()
    };
    let mut listed = names(&stage.status());
    listed.sort();
    assert_eq!(listed, ["1", "always", "every day", "far away"]);
    // Without a configuration those of the state are known.
    std::fs::remove_file(stage.path("config.toml")).unwrap();
    assert_eq!(names(&stage.status()), ["1"]);
}

/// A stage whose agent keeps this machine's time, but for the seconds that tests let pass.
fn today(world: World) -> Stage {
    let stage = Stage::of(world);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    stage.world().set_now(i64::try_from(now).unwrap() - 30);
    stage
}

#[test]
fn status_shows_what_is_held_back_and_until_when() {
    let mut stage = today(World::new(Api::V3, "web-1"));
    let child = stage.world().add_node("db-1");
    for (key, delay) in [("resolve_after", "1h"), ("removed_after", "2d"), ("unreachable_after", "1h")] {
        stage.configure(&format!("delivery.{key}"), delay);
    }
    let slow = Definition { delay_down: 3600, ..Definition::new(&chart("slow"), "slow") };
    let later =
        Definition { delay_up: 400_000, delay_max: 400_000, ..Definition::new(&chart("later"), "later") };
    stage.world().define(World::OWN, slow);
    stage.world().define(World::OWN, later);
    for alert in ["slow", "later", "brief", "gone"] {
        stage.set(alert, Status::Critical);
    }
    stage.send().is(0);
    for alert in ["slow", "brief"] {
        stage.set(alert, Status::Clear);
    }
    stage.world().remove_chart(World::OWN, &chart("gone"), "gone");
    stage.world().disconnect(child);
    stage.world().advance(3);
    stage.send().is(0);
    timeless(|| insta::assert_snapshot!(picture(&stage, &stage.run(&["--status"]))));
    let json = stage.status();
    assert_eq!(json["held"][1]["by"], "removed_after");
    assert!(
        json["held"].as_array().unwrap().iter().all(|one| one["until"].is_i64() && one["guid"].is_string())
    );
    // Without a configuration it is not known how long that takes.
    std::fs::remove_file(stage.path("config.toml")).unwrap();
    let until = |json: &serde_json::Value| {
        json["held"].as_array().unwrap().iter().filter(|one| one["until"].is_i64()).count()
    };
    assert_eq!(until(&stage.status()), 2, "Netdata's own delays");
}

#[test]
fn status_shows_what_is_raised_and_not_told_and_why() {
    let mut stage = today(World::new(Api::V3, "web-1"));
    stage.configure("notification.notify", vec!["critical", "clear"]);
    let silent = Definition { to: "silent".into(), ..Definition::new(&chart("ram"), "ram") };
    stage.world().define(World::OWN, silent);
    for (alert, status) in [("cpu", Status::Critical), ("ram", Status::Critical), ("disk", Status::Warning)] {
        stage.set(alert, status);
    }
    stage.ilert.answer_all(Some(Answer::Status(400)));
    stage.send().is(4);
    stage.ilert.recover();
    stage.send().is(0);
    stage.run(&["--discard", "all"]).is(0).says("1 failed event is dropped");
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
    let why: Vec<_> =
        stage.status()["not_told"].as_array().unwrap().iter().map(|one| one["why"].clone()).collect();
    assert_eq!(why, ["refused", "types", "silent"]);
    stage.set("cpu", Status::Clear);
    stage.send().is(0);
    assert_eq!(stage.status()["not_told"].as_array().unwrap().len(), 2);
}

#[test]
fn status_counts_what_came_and_went_untold() {
    let mut stage = today(World::new(Api::V3, "web-1"));
    stage.send().is(0);
    stage.stop_ilert();
    stage.set("ram", Status::Warning);
    stage.send().is(75);
    stage.set("ram", Status::Clear);
    stage.world().advance(16 * 60);
    stage.send();
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
    stage.start_ilert();
    stage.send().is(0);
    let json = stage.status();
    assert_eq!(
        (&json["untold"]["count"], &json["last_run"]["untold"]),
        (&1.into(), &0.into()),
        "the total stays"
    );
}

#[test]
fn status_shows_what_rests_and_what_is_maybe_open() {
    let stage = today(World::new(Api::V3, "web-1"));
    stage.ilert.answer_by(|event| match event.alert_key.as_str() {
        key if key.contains("/cpu/") => Some(Answer::Reset),
        key if key.contains("/ram/") => Some(Answer::AcceptThenReset),
        _ => None,
    });
    stage.set("cpu", Status::Critical);
    stage.set("ram", Status::Critical);
    stage.set("disk", Status::Critical);
    stage.send();
    stage.set("net", Status::Critical);
    stage.send();
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
    let json = stage.status();
    assert!(json["waiting"][0]["rests_until"].is_i64() && json["waiting"][0]["faults"] == 1, "{json:#}");
    assert_eq!(json["open"].as_array().unwrap().iter().filter(|open| open["state"] == "maybe").count(), 2);
}

#[test]
fn status_tells_of_a_resolve_that_ilert_refused() {
    let stage = today(World::new(Api::V3, "web-1"));
    stage.set("cpu", Status::Critical);
    stage.send().is(0);
    stage.ilert.answer_all(Some(Answer::Status(400)));
    stage.set("cpu", Status::Clear);
    stage.send().is(4);
    stage.run(&["--discard", "all"]).is(0);
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
}

#[test]
fn all_that_failed_is_dropped_at_once_and_nothing_else_is_meant_by_all() {
    let stage = Stage::new();
    for alert in ["a", "b"] {
        stage.set(alert, Status::Critical);
    }
    stage.ilert.answer_all(Some(Answer::Status(400)));
    stage.send().is(4);
    stage.run(&["--discard", "all", "1"]).is(2).says("`--discard` takes either ids or `all`");
    stage.run(&["--discard", "everything"]).is(2).says("neither an id");
    assert_eq!(stage.listed("failed").len(), 2);
    stage.run(&["--discard", "all"]).is(0).says("2 failed events are dropped");
    stage.run(&["--discard", "all"]).is(0).says("nothing has failed");
    stage.run(&["--status"]).is(0);
}

/// Writes rows of the failed as a run would have.
fn failed_rows(stage: &Stage, rows: &[(i64, u16, &str)], dropped: i64) {
    let database = rusqlite::Connection::open(stage.state().join("state.db")).unwrap();
    for (at, status, reason) in rows {
        database
            .execute(
                "INSERT INTO failed (key, at, status, reason, notice) SELECT key, ?1, ?2, ?3, notice FROM failed LIMIT 1",
                rusqlite::params![at, status, reason],
            )
            .unwrap();
    }
    database
        .execute("INSERT INTO meta VALUES ('failed_dropped', ?1)", rusqlite::params![dropped.to_string()])
        .unwrap();
}

#[test]
fn what_was_never_answered_shows_no_http_status_and_what_was_dropped_is_said() {
    let stage = today(World::new(Api::V3, "web-1"));
    stage.set("a", Status::Critical);
    stage.ilert.answer_all(Some(Answer::Status(400)));
    stage.send().is(4);
    let now = i64::try_from(
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis(),
    );
    failed_rows(&stage, &[(now.unwrap(), 0, "it failed ten times while others were taken")], 12);
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
    assert_eq!(stage.status()["failed_dropped"], 12);
}

#[test]
fn a_state_that_was_lost_is_said_until_it_is_taken_over() {
    let stage = today(World::new(Api::V3, "web-1"));
    stage.set("cpu", Status::Critical);
    stage.send().is(0);
    // No run has noticed yet.
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        std::fs::remove_file(stage.state().join(name)).unwrap();
    }
    let unnoticed = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!("lost_unnoticed", picture(&stage, &unnoticed)));
    assert!(stage.status()["lost"]["at"].is_null() && stage.status()["lost"].is_object());
    stage.send().is(0).says("the state was lost");
    stage.send().is(0);
    let noticed = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!("lost_noticed", picture(&stage, &noticed)));
    assert!(stage.status()["lost"]["at"].is_i64());
}

#[test]
fn of_two_nodes_of_one_name_as_much_of_the_guid_is_shown_as_tells_them_apart() {
    let stage = today(World::new(Api::V3, "parent"));
    let one = stage.world().add_node_as("db", "0cd4ee5e-0000-4000-8000-000000000001");
    let other = stage.world().add_node_as("db", "7fb2a910-0000-4000-8000-000000000002");
    stage.set_on(one, "cpu", Status::Critical);
    stage.set_on(other, "cpu", Status::Critical);
    stage.set("cpu", Status::Critical);
    stage.send().is(0);
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
}

#[test]
fn status_before_any_run_is_empty() {
    let stage = Stage::new();
    insta::assert_snapshot!(picture(&stage, &stage.run(&["--status"])));
    assert!(!stage.state().exists());
}

#[test]
fn status_says_what_went_wrong_in_the_last_run() {
    let stage = Stage::new();
    stage.send().is(0);
    stage.world().refuse(Some(412));
    stage.send().is(75);
    let status = stage.run(&["--status"]);
    timeless(|| insta::assert_snapshot!(picture(&stage, &status)));
}
