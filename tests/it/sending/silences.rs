//! `--silence` and `--unsilence`, rooms by labels, and what comes of the runs after them.

use std::fs::File;
use std::time::{SystemTime, UNIX_EPOCH};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::delivery::silences::ByHand;
use netdata_ilert::delivery::store::{MOST_SILENCES, Made, Store};
use netdata_ilert::simulator::World;

use crate::stage::Stage;

/// A parent with the nodes `db-1` and `web-1` that keeps this machine's time, and a first run of which nothing came.
fn stage() -> Stage {
    let mut world = World::new(Api::V3, "db-1");
    world.add_node("web-1");
    of(world)
}

fn of(world: World) -> Stage {
    let stage = Stage::of(world);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    stage.world().set_now(i64::try_from(now).unwrap());
    assert_eq!(stage.send_well(), [""; 0]);
    stage
}

#[test]
fn what_is_silenced_is_told_once_the_silence_is_ended() {
    for api in [Api::V1, Api::V3] {
        let stage = of(World::new(api, "web-1"));
        let made = stage.run(&["--silence", "web-*", "--for", "2h", "--reason", "new disks"]);
        made.is(0);
        assert!(made.stdout.starts_with("silence 1: everything on `web-*`, for 2h, until "), "{made:?}");
        assert!(made.stderr.is_empty(), "{made:?}");
        stage.set("cpu", Status::Critical);
        assert_eq!(stage.send_well(), [""; 0]);
        stage.run(&["--send", "-v"]).is(0).says("silenced by `--silence` 1 (new disks) until ");
        let status = stage.status();
        assert_eq!(status["not_told"][0]["why"], "silenced");
        assert_eq!(status["not_told"][0]["silence"]["by"], "`--silence` 1 (new disks)");
        let shown = &status["silences"][0];
        assert_eq!((&shown["name"], &shown["source"]), (&"1".into(), &"by_hand".into()));
        assert_eq!((&shown["in_force"], &shown["reason"]), (&true.into(), &"new disks".into()));
        assert_eq!(shown["covers"], "nodes web-*");

        stage.run(&["--unsilence", "1"]).is(0);
        assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
        assert_eq!(stage.status()["silences"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn only_what_the_pattern_names_is_silenced() {
    let stage = of(World::new(Api::V3, "web-1"));
    stage.run(&["--silence", "*", "--alerts", "disk_* ram", "--for", "10m"]).is(0);
    stage.set("ram", Status::Critical);
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn what_was_told_before_is_resolved_meanwhile() {
    let stage = of(World::new(Api::V3, "web-1"));
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
    stage.run(&["--silence", "*", "--for", "10m"]).is(0);
    stage.set("cpu", Status::Clear);
    assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
}

#[test]
fn the_same_again_sets_its_end_anew() {
    let stage = stage();
    stage.run(&["--silence", "db-*", "--for", "2h", "--reason", "why"]).is(0);
    let again = stage.run(&["--silence", "db-*", "--for", "1h"]);
    assert!(
        again.is(0).stdout.starts_with("silence 1: everything on `db-*`, was there already"),
        "{again:?}"
    );
    let other = stage.run(&["--silence", "db-*", "--alerts", "*", "--for", "1h"]);
    assert!(other.is(0).stdout.starts_with("silence 2: alerts `*` on `db-*`, for 1h"), "{other:?}");
    let status = stage.status();
    assert_eq!(status["silences"].as_array().unwrap().len(), 2);
    assert!(status["silences"].as_array().unwrap().iter().any(|one| one["reason"] == "why"));
}

#[test]
fn a_run_that_is_under_way_holds_up_neither() {
    let stage = stage();
    let lock = File::open(stage.path("state/lock")).unwrap();
    lock.lock().unwrap();
    stage.run(&["--silence", "db-*", "--for", "2h"]).is(0);
    stage.run(&["--unsilence", "1"]).is(0);
    drop(lock);
}

#[test]
fn a_state_that_is_not_there_yet_is_made() {
    let stage = Stage::new();
    stage.run(&["--silence", "web-*", "--for", "2h"]).is(0).says("no run has seen a node yet");
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), [""; 0]);
}

#[test]
fn the_run_after_one_that_made_the_state_is_a_first_run() {
    for api in [Api::V1, Api::V3] {
        let stage = Stage::of(World::new(api, "web-1"));
        stage.set("cpu", Status::Critical);
        stage.set("cpu", Status::Clear);
        stage.set("ram", Status::Critical);
        stage.run(&["--silence", "db-*", "--for", "2h"]).is(0);
        assert_eq!(stage.send_well(), ["ALERT ram critical"], "what is raised is told, history is not");
    }
}

#[test]
fn a_pattern_that_matches_no_node_is_taken_with_a_warning() {
    let stage = stage();
    let made = stage.run(&["--silence", "bd-*", "--for", "2h"]);
    made.is(0).says("warning: no node that was seen matches `bd-*`; there are `db-1`, `web-1`");
    assert_eq!(stage.status()["silences"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_meant_is_refused_in_words() {
    let stage = stage();
    for (arguments, words) in [
        (&["--silence", "db-*"][..], "needs `--for` with a duration"),
        (&["--silence", "db-*", "--for", "2"], "it is no duration"),
        (
            &["--silence", "db-*", "--for", "-2h"],
            "error: `--for` does not take `-2h`: it is no duration, such as `90m`",
        ),
        (
            &["--silence", "db-*", "--for", ""],
            "error: `--for` does not take an empty value: it is no duration, such as",
        ),
        (&["--unsilence", "x"], "error: `--unsilence` does not take `x`: it is no id: `--status` lists them"),
        (
            &["--unsilence", ""],
            "error: `--unsilence` does not take an empty value: it is no id: `--status` lists",
        ),
        (&["--unsilence", "-x"], "error: `--unsilence` does not take `-x`: it is no id"),
        (&["--retry", "x"], "error: `--retry` does not take `x`: it is no id"),
        (&["--watch", "x"], "error: `--watch` does not take `x`: it is no number of seconds from 1 to 3600"),
        (&["--watch", "0"], "error: `--watch` does not take `0`: it is no number of seconds"),
        (&["--silence", "db-*", "--for", "0s"], "it is less than a minute"),
        (&["--silence", "db-*", "--for", "31d"], "it is more than `30d`"),
        (&["--silence", "!db-*", "--for", "2h"], "nothing can match it"),
        (&["--silence", "", "--for", "2h"], "nothing can match it"),
        (&["--send", "--for", "2h"], "`--for` goes with `--silence`"),
        (&["--send", "--alerts", "x"], "`--alerts` goes with `--silence`"),
        (&["--send", "--reason", "x"], "`--reason` goes with `--silence`"),
        (&["--unsilence", "7"], "no silence has the id `7`: there is none that was made with `--silence`"),
    ] {
        stage.run(arguments).is(2).says(words);
    }
    stage.run(&["--silence", "db-*", "--for", "2h"]).is(0);
    stage
        .run(&["--unsilence", "7"])
        .is(2)
        .says("made with `--silence`, and not over: 1 (everything on `db-*`, until ");
}

#[test]
fn they_are_bounded_and_those_that_are_over_are_dropped() {
    let stage = stage();
    let mut store = Store::open(&stage.state()).unwrap();
    let silence = |nodes: String, until: i64| ByHand {
        id: 0,
        nodes,
        alerts: None,
        from: 0,
        until,
        reason: None,
        made_at: until - 1000,
    };
    assert!(matches!(store.make_silence(&silence("over".into(), 1000)).unwrap(), Made::New(_)));
    let later = i64::MAX / 2;
    for number in 0..MOST_SILENCES {
        let made = store.make_silence(&silence(format!("n{number}"), later)).unwrap();
        assert!(matches!(made, Made::New(_)), "{number}: {made:?}");
    }
    assert_eq!(store.make_silence(&silence("one-more".into(), later)).unwrap(), Made::TooMany);
    assert_eq!(store.silences().unwrap().len(), 101);
    drop(store);
    stage.run(&["--silence", "db-*", "--for", "2h"]).is(2).says("there are 100 silences already");
    assert_eq!(stage.send_well(), [""; 0]);
    let store = Store::open(&stage.state()).unwrap();
    let kept = store.silences().unwrap();
    assert!(kept.len() == 100 && kept.iter().all(|silence| silence.nodes != "over"), "{}", kept.len());
}

#[test]
fn a_room_by_labels_covers_the_nodes_that_bear_them() {
    for api in [Api::V1, Api::V3] {
        let mut world = World::new(api, "own");
        let (labelled, other) = (world.add_node("db-1"), world.add_node("db-2"));
        world.set_label(labelled, "env", "production");
        world.set_label(other, "env", "test");
        let mut stage = of(world);
        stage.configure("notification.rooms", vec!["Production"]);
        let text = std::fs::read_to_string(stage.path("config.toml")).unwrap();
        let room = "[[room]]\nname = \"Production\"\nlabels = { env = \"prod*\" }\n";
        stage.write_private("config.toml", &format!("{text}\n{room}"));
        for (node, alert) in [(labelled, "cpu"), (other, "ram"), (World::OWN, "disk")] {
            stage.set_on(node, alert, Status::Critical);
        }
        assert_eq!(stage.send_well(), ["ALERT cpu critical"], "{api:?}");
        stage.world().set_label(labelled, "env", "test");
        assert_eq!(stage.send_well(), ["RESOLVE cpu critical"], "{api:?}");
    }
}
