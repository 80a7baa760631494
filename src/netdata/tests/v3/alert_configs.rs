//! How alerts are configured: asked for what is news alone, once for each configuration, and never worth a failure.

use std::time::Duration;

use super::*;
use crate::netdata::time::Shares;

/// An alert that has been raised by a transition with this number, and its place in `health.d`.
fn raised(name: &str, status: &str, number: i64) -> Value {
    let mut instance = instance(0, name, status, number, NOW - 600);
    instance["cfg"] = id(1000 + number).into();
    instance["src"] = format!("line={number},file=/etc/netdata/health.d/{name}.conf").into();
    instance
}

fn question(number: i64) -> String {
    format!("/api/v3/alert_config?config={}", id(1000 + number))
}

fn config(number: i64) -> Value {
    json!({"name": null, "config_hash_id": id(1000 + number),
        "value": {"units": "%", "calc": "$a / $b", "db": {"after": -600, "before": 0, "method": "average",
            "dimensions": "user,system", "options": ["unaligned", "percentage"]}},
        "status": {"warn": "$this > 80", "crit": "$this > 90"}})
}

fn configs(asked: &[String]) -> Vec<&String> {
    asked.iter().filter(|path| path.starts_with("/api/v3/alert_config")).collect()
}

#[tokio::test]
async fn what_is_news_is_asked_for_and_what_is_known_is_not() {
    let (server, cursor) = quiet().await;
    server.now(RAISED, alerts(&[raised("a", "CRITICAL", 1)])).on(&question(1), config(1));
    let mut log = transition("a", "CRITICAL", 1, NOW, &[]);
    log["config_hash_id"] = id(1001).into();
    server.now(OVERLAP, transitions(&[log], 0));
    server.asked();
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES, &question(1)]);
    let facts = &observation.transitions[0].facts;
    let told = facts.config.as_ref().unwrap();
    assert_eq!(
        (&*told.warn_when, &*told.crit_when, &*told.calculation),
        ("$this > 80", "$this > 90", "$a / $b")
    );
    assert_eq!(told.lookup, "average -10m unaligned percentage of user,system");
    assert_eq!(facts.source, "line=1,file=/etc/netdata/health.d/a.conf", "which the log does not say");
    assert_eq!(seen(&observation, "a").facts.config.as_ref(), Some(told));

    Ask::since(cursor.clone()).following(of("a"), &id(1), false).of(&server).await.unwrap();
    assert_eq!(configs(&server.asked()), [""; 0], "quiet");
    Ask::since(cursor).following(of("a"), &id(9), false).of(&server).await.unwrap();
    assert_eq!(configs(&server.asked()), [&question(1)], "raised anew");
}

#[tokio::test]
async fn what_nobody_is_told_of_yet_is_not_asked_for() {
    let (server, cursor) = quiet().await;
    let mut silent = raised("silent", "CRITICAL", 1);
    silent["to"] = "silent".into();
    let mut young = raised("young", "CRITICAL", 2);
    young["tr_t"] = NOW.into();
    let mut zeros = raised("zeros", "CRITICAL", 3);
    zeros["cfg"] = "00000000-0000-0000-0000-000000000000".into();
    server.now(RAISED, alerts(&[silent, young, zeros, raised("clear", "CLEAR", 4)]));
    let (observation, _) =
        Ask::since(cursor).following(of("clear"), &id(8), false).of(&server).await.unwrap();
    assert!(seen(&observation, "young").pending && observation.sightings.len() == 4);
    assert_eq!(configs(&server.asked()), [""; 0]);
}

#[tokio::test]
async fn a_storm_asks_for_ten_and_for_critical_ones_first() {
    let (server, cursor) = quiet().await;
    let mut all: Vec<Value> =
        (0..1000).map(|number| raised(&format!("a{number}"), "WARNING", 100 + number)).collect();
    all.push(raised("worst", "CRITICAL", 5));
    // The same configuration on another chart.
    let mut again = raised("worst", "CRITICAL", 5);
    (again["ch"], again["tr_i"]) = ("system.cpu".into(), id(6).into());
    all.push(again);
    server
        .now(RAISED, alerts(&all))
        .on(&question(5), config(5))
        .on("/api/v3/alert_transitions?after=-660&last=200", transitions(&[], 0));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    let asked = server.asked();
    let asked = configs(&asked);
    assert_eq!((asked.len(), asked[0]), (10, &question(5)));
    let told = observation.sightings.iter().filter(|one| one.facts.config.is_some());
    assert_eq!(told.map(|one| &*one.alert.name).collect::<Vec<_>>(), ["worst", "worst"]);
}

#[tokio::test]
async fn an_answer_that_is_none_costs_its_words_alone() {
    let short = Shares { extras: Duration::from_millis(500), ..Shares::default() };
    for (reply, shares, notes) in [
        (CannedReply::from(404), Shares::default(), 0),
        (CannedReply::from(412), Shares::default(), 1),
        (CannedReply::from("<!DOCTYPE html><html><body>It works!</body></html>"), Shares::default(), 1),
        (CannedReply::from("[]"), Shares::default(), 0),
        (CannedReply::from(config(2)), Shares::default(), 0),
        (
            CannedReply::from(json!({"config_hash_id": id(1001), "value": 7, "status": "x"})),
            Shares::default(),
            0,
        ),
        (CannedReply::Announce(300 << 20), Shares::default(), 1),
        (CannedReply::Close, Shares::default(), 1),
        (CannedReply::Hang, short, 1),
    ] {
        let (server, cursor) = quiet().await;
        server
            .now(RAISED, alerts(&[raised("a", "CRITICAL", 1), raised("b", "WARNING", 3)]))
            .on(&question(1), reply)
            .on(&question(3), config(3));
        let ask = Ask { shares, ..Ask::since(cursor) };
        let (observation, _) = ask.of(&server).await.unwrap();
        assert_eq!(seen(&observation, "a").facts.config, None);
        assert!(seen(&observation, "b").facts.config.is_some(), "the others are told");
        assert_eq!((observation.notes.len(), observation.gaps.len()), (notes, 0), "{:?}", observation.notes);
    }
}

#[tokio::test]
async fn an_answer_without_measure_is_cut() {
    let (server, cursor) = quiet().await;
    let mut endless = config(1);
    (endless["status"]["crit"], endless["value"]["db"]["dimensions"]) =
        ("$this > 1 \u{1b}[2J".repeat(9000).into(), "x,".repeat(90_000).into());
    server.now(RAISED, alerts(&[raised("a", "CRITICAL", 1)])).on(&question(1), endless);
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    let config = seen(&observation, "a").facts.config.clone().unwrap();
    for text in [&config.crit_when, &config.lookup] {
        assert!(text.chars().count() == 500 && !text.contains('\u{1b}'), "{text}");
    }
}
