//! From one agent to several and back; two ways to the same one.

use netdata_ilert::alert::Status;
use netdata_ilert::exit::Exit;

use super::{NOTHING, Pair};

#[test]
fn from_one_to_both_in_any_order_and_back_nothing_is_told_twice() {
    let mut pair = Pair::new();
    pair.ask(&[1]);
    assert_eq!(pair.run_well(), NOTHING);
    pair.set("cpu", Status::Critical);
    pair.set1("ram", Status::Warning);
    assert_eq!(pair.run_well(), ["ALERT cpu critical", "ALERT ram warning"]);
    for parents in [&[1, 2][..], &[2, 1], &[1], &[2, 1], &[1, 2], &[1]] {
        pair.ask(parents);
        assert_eq!(pair.watch_for(300), NOTHING, "{parents:?}");
        assert_eq!(pair.stage.open(), ["cpu critical", "ram warning"]);
    }
    pair.ask(&[2]);
    assert_eq!(pair.watch_for(300), ["RESOLVE ram warning"], "p2 does not have it");
    pair.ends();
}

#[test]
fn what_happens_between_two_orders_is_told_once() {
    let mut pair = Pair::told();
    pair.set("ram", Status::Critical);
    pair.ask(&[2, 1]);
    assert_eq!(pair.run_well(), ["ALERT ram critical"]);
    pair.set("ram", Status::Clear);
    pair.ask(&[1, 2]);
    assert_eq!(pair.run_well(), ["RESOLVE ram critical"]);
    pair.ends();
}

#[test]
fn two_ways_to_one_agent_count_once_and_are_said() {
    let mut pair = Pair::told();
    let url = pair.stage.netdata.url();
    let same = url.replace("127.0.0.1", "localhost");
    pair.stage.configure("netdata.url", vec![url, same]);
    let (exit, told, words) = pair.run();
    assert_eq!((exit, told.len()), (Exit::Done, 0));
    assert!(words[0].contains("lead to the same agent, `p1`: it counts once"), "{words:?}");
    let status = pair.stage.run(&["--status"]).stdout;
    assert!(status.contains("leads to the same agent as http://127.0.0.1:"), "{status}");
    assert!(!status.contains("has never answered") && !status.contains("take its URL"), "{status}");
    assert_eq!(pair.run().2, NOTHING, "once");
    let doctor = pair.stage.run(&["--doctor", "--color", "never"]);
    assert!(doctor.stdout.contains("lead to the same agent, `p1`"), "{}", doctor.stdout);
    pair.set1("cpu", Status::Clear);
    assert_eq!(pair.run_well(), ["RESOLVE cpu critical"]);
}

#[test]
fn doctor_and_status_show_each() {
    let pair = Pair::told();
    pair.p2().add_node("alone");
    pair.pass(60);
    pair.p1().refuse(Some(503));
    assert_eq!(pair.run_well(), NOTHING);
    let status = pair.stage.run(&["--status"]);
    for says in [
        "parent:   v2.11.0 on p1 (http://127.0.0.1:",
        "): does not answer, last at ",
        "on p2 (",
        "): answers\n",
    ] {
        assert!(status.stdout.contains(says), "{says}: {}", status.stdout);
    }
    let parents = pair.stage.status()["parents"].clone();
    let shown: Vec<_> =
        parents.as_array().unwrap().iter().map(|one| (&one["host"], &one["answers"])).collect();
    assert_eq!(shown, [(&"p1".into(), &false.into()), (&"p2".into(), &true.into())]);
    assert!(parents[0]["answered_at"].as_i64() < parents[1]["answered_at"].as_i64());

    pair.p1().refuse(None);
    let doctor = pair.stage.run(&["--doctor", "--color", "never"]).stdout;
    for says in [
        "on `p1`: 2 nodes",
        "on `p2`: 3 nodes",
        "ok nodes          only `p2` lists `alone`: nobody sees that while it is away",
    ] {
        assert!(doctor.contains(says), "{says}: {doctor}");
    }
}
