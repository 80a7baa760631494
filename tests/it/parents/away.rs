//! One of two does not answer, or neither does.

use netdata_ilert::alert::Status;
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::{Fault, World};

use super::{NOTHING, Pair};
use crate::stage::Services;

#[test]
fn one_that_dies_is_one_alert_of_its_own() {
    let mut pair = Pair::told();
    pair.stage.stop_netdata();
    let (exit, told, words) = pair.run();
    // The other one shows all that it did: the run has done its work.
    assert_eq!((exit, told.len()), (Exit::Done, 0));
    assert!(words[0].contains("nothing listens at"), "{words:?}");
    assert!(words[0].ends_with("the other parents show all that it did"), "{words:?}");
    assert_eq!(pair.watch_for(600), ["ALERT p1 unreachable"]);
    let details = pair.stage.ilert.open()[1].details.clone();
    assert!(details.contains("this parent does not answer") && details.contains("p2 answers"), "{details}");
    // What the other shows is told.
    pair.set2("ram", Status::Critical);
    assert_eq!(pair.run_well(), ["ALERT ram critical"]);
    pair.set2("ram", Status::Clear);
    assert_eq!(pair.run_well(), ["RESOLVE ram critical"]);
    pair.stage.start_netdata();
    let (exit, told, words) = pair.run();
    assert_eq!((exit, told), (Exit::Done, vec!["RESOLVE p1 unreachable".to_owned()]));
    assert!(
        words[0].starts_with("`p1` (http://") && words[0].contains("answers again, after 1"),
        "{words:?}"
    );
    assert_eq!(pair.stage.status()["last_run"]["problems"], serde_json::json!([]));
    assert_eq!(pair.stage.open(), ["cpu critical"]);
    pair.ends();
}

#[test]
fn what_came_and_went_meanwhile_is_told_once() {
    for late in [5, 40] {
        let pair = Pair::told();
        pair.p2().refuse(Some(503));
        assert_eq!(pair.run_well(), NOTHING);
        pair.set1("ram", Status::Critical);
        pair.set1("ram", Status::Clear);
        pair.pass(late);
        pair.set2("ram", Status::Critical);
        pair.set2("ram", Status::Clear);
        assert_eq!(pair.run_well(), ["ALERT ram critical", "RESOLVE ram critical"]);
        pair.p2().refuse(None);
        assert_eq!(pair.watch_for(180), NOTHING, "{late}");
        pair.ends();
    }
}

#[test]
fn what_it_alone_shows_is_said_to_be_unknown() {
    let pair = Pair::new();
    pair.p1().add_node("alone");
    assert_eq!(pair.run_well(), NOTHING);
    pair.p1().refuse(Some(503));
    let (exit, _, words) = pair.run();
    assert_eq!(exit, Exit::Later);
    assert!(words[0].ends_with("what it alone showed is unknown"), "{words:?}");
    // A node that was gone before keeps nobody waiting.
    let pair = Pair::new();
    let alone = pair.p1().add_node("alone");
    assert_eq!(pair.run_well(), NOTHING);
    pair.p1().disconnect(alone);
    pair.watch_for(300);
    pair.p1().refuse(Some(503));
    assert_eq!(pair.run_well(), NOTHING);
}

#[test]
fn status_lists_the_parents_that_are_configured() {
    let mut pair = Pair::told();
    let [first, second] = [pair.stage.netdata.url(), pair.port.url()];
    let parents = |pair: &Pair| {
        let status = pair.stage.status();
        let list = status["parents"].as_array().cloned().unwrap_or_default();
        let shown = |one: &serde_json::Value| {
            (
                one["url"].as_str().unwrap().trim_end_matches('/').to_owned(),
                one["host"].as_str().map(str::to_owned),
            )
        };
        list.iter().map(shown).collect::<Vec<_>>()
    };
    let plain = |url: &str| url.trim_end_matches('/').to_owned();
    let [p1, p2] = [("p1", &first), ("p2", &second)].map(|(host, url)| (plain(url), Some(host.to_owned())));
    assert_eq!(parents(&pair), [p1.clone(), p2.clone()]);
    let (_, mut never) = Services::serve(World::another(netdata_ilert::alert::Api::V3, "p3", 3));
    Services::stop(&mut never);
    pair.stage.configure("netdata.url", vec![second, never.url(), first]);
    pair.run();
    assert_eq!(parents(&pair), [p2, (plain(&never.url()), None), p1]);
    let text = pair.stage.run(&["--status"]).stdout;
    assert!(text.contains("has never answered") && text.contains("take its URL"), "{text}");
    pair.ask(&[1]);
    assert_eq!(parents(&pair), []);
}

#[test]
fn what_only_a_dead_parent_had_ends_when_it_is_taken_out_of_the_list() {
    let mut pair = Pair::new();
    pair.set1("ram", Status::Critical);
    assert_eq!(pair.run_well(), ["ALERT ram critical"]);
    pair.p1().refuse(Some(503));
    assert_eq!(pair.watch_for(600), ["ALERT p1 unreachable"], "p2 has no such alert");
    let refused = pair.stage.run(&["--forget", "db"]);
    refused.is(2).says("What only `p1` showed of it").says("taken out of `url`");
    pair.ask(&[2]);
    let mut told = pair.watch_for(600);
    told.sort();
    assert_eq!(told, ["RESOLVE p1 unreachable", "RESOLVE ram critical"]);
}

#[test]
fn one_that_refuses_is_no_clear() {
    for status in [503, 412, 451] {
        let pair = Pair::told();
        pair.p2().refuse(Some(status));
        for _ in 0..3 {
            pair.pass(30);
            assert_eq!(pair.run_well(), NOTHING, "{status}");
        }
        pair.p2().refuse(None);
        assert_eq!(pair.run_well(), NOTHING, "{status}");
        pair.ends();
    }
}

#[test]
fn what_it_alone_shows_is_unknown_meanwhile() {
    let pair = Pair::new();
    pair.p1().add_node("alone");
    let alone = pair.p1().add_node("other");
    pair.p1().set(alone, "chart.disk", "disk", Status::Critical, 99.0);
    pair.set1("cpu", Status::Critical);
    let mut told = pair.run_well();
    told.sort();
    assert_eq!(told, ["ALERT cpu critical", "ALERT disk critical"]);
    pair.p1().refuse(Some(503));
    assert_eq!(pair.watch_for(3_600), ["ALERT p1 unreachable"], "p2 does not know the others, nor the alert");
    pair.p1().refuse(None);
    assert_eq!(pair.watch_for(600), ["RESOLVE p1 unreachable"]);
    // Seen clear by the one that answers, it is clear.
    pair.set("cpu", Status::Clear);
    assert_eq!(pair.run_well(), ["RESOLVE cpu critical"]);
    assert_eq!(pair.stage.open(), ["disk critical"]);
}

#[test]
fn its_children_have_time_to_come_to_the_other_one_and_to_come_back() {
    let pair = Pair::told();
    pair.p2().disconnect(pair.db);
    assert_eq!(pair.watch_for(120), NOTHING);
    pair.p1().refuse(Some(503));
    assert_eq!(pair.watch_for(240), ["ALERT p1 unreachable"], "db may be on its way to p2");
    assert_eq!(pair.watch_for(1_200), NOTHING, "only p1 could tell of db, and its alert stands for both");
    pair.p1().disconnect(pair.db);
    pair.p1().refuse(None);
    assert_eq!(pair.watch_for(120), ["RESOLVE p1 unreachable"]);
    assert_eq!(pair.watch_for(600), ["ALERT db unreachable"], "it had time to come back");
    pair.p1().reconnect(pair.db, 10);
    assert_eq!(pair.watch_for(120), ["RESOLVE db unreachable"]);
    assert_eq!(pair.stage.open(), ["cpu critical"]);
}

#[test]
fn all_away_each_is_its_own_alert() {
    let mut pair = Pair::told();
    pair.p2().refuse(Some(503));
    pair.stage.stop_netdata();
    let mut told = pair.watch_for(600);
    told.sort();
    assert_eq!(told, ["ALERT p1 unreachable", "ALERT p2 unreachable"]);
    pair.p2().refuse(None);
    assert_eq!(pair.run_well(), ["RESOLVE p2 unreachable"]);
    assert_eq!(pair.watch_for(600), NOTHING);
    pair.stage.start_netdata();
    assert_eq!(pair.run_well(), ["RESOLVE p1 unreachable"]);
    pair.ends();
}

#[test]
fn one_never_seen_is_worth_words_and_the_other_is_delivered() {
    let mut pair = Pair::new();
    Services::stop(&mut pair.port);
    pair.set1("cpu", Status::Critical);
    let (exit, told, words) = pair.run();
    assert_eq!((exit, told), (Exit::Later, vec!["ALERT cpu critical".to_owned()]));
    assert!(words[0].contains(&pair.port.url()), "{words:?}");
    assert_eq!(pair.watch_for(600), NOTHING, "nobody knows whose node it is");
    Services::start(&mut pair.port);
    assert_eq!(pair.run_well(), NOTHING);
}

#[test]
fn nothing_of_a_former_agent_ends_because_the_one_that_may_show_it_is_away() {
    let mut pair = Pair::new();
    pair.ask(&[1]);
    pair.p1().add_node("alone");
    pair.set1("cpu", Status::Critical);
    assert_eq!(pair.run_well(), ["ALERT cpu critical"]);
    // Another name of p1, which does not answer.
    let port = Services::serve(World::another(netdata_ilert::alert::Api::V3, "p3", 3)).1;
    port.fail(Some(Fault::Reset));
    pair.stage.configure("netdata.url", vec![port.url(), pair.port.url()]);
    assert_eq!(pair.watch_for(1_200), NOTHING);
}
