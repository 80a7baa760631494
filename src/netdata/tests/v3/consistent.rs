//! Log and state are asked one after the other, and agents show the state before the log has it: each transition is
//! told once all the same.

use super::*;

#[tokio::test]
async fn what_a_sighting_told_the_log_does_not_tell_again() {
    let (server, cursor) = quiet().await;
    // In the state and found by its id, but not in the log yet.
    server
        .now(RAISED, alerts(&[instance(0, "a", "CRITICAL", 2, NOW)]))
        .on(&look_up(2), transitions(&[transition("a", "CRITICAL", 2, NOW, &[])], 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(seen(&observation, "a").due, Some(NOW + 60));
    let log = [
        transition("a", "CRITICAL", 2, NOW, &[]),
        // Before what was told: it is history.
        transition("a", "WARNING", 1, NOW, &[]),
        transition("b", "WARNING", 3, NOW, &[]),
    ];
    server.now(OVERLAP, transitions(&log, 0));
    let (observation, cursor) =
        Ask::since(cursor).following(of("a"), &id(2), false).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(3)]);
    assert_eq!(seen(&observation, "a").due, None);
    let (observation, _) = Ask::since(cursor).following(of("a"), &id(2), false).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty());
}

#[tokio::test]
async fn a_repeat_from_before_a_clear_that_was_seen_is_history() {
    let (server, cursor) = quiet().await;
    server
        .now(ALL, alerts(&[instance(0, "a", "CLEAR", 5, NOW)]))
        .on(&look_up(5), transitions(&[transition("a", "CLEAR", 5, NOW, &["RECURRING"])], 0));
    let (observation, cursor) =
        Ask::since(cursor).following(of("a"), &id(1), false).of(&server).await.unwrap();
    assert_eq!(seen(&observation, "a").facts.status, Status::Clear);
    let log = [
        transition("a", "CLEAR", 5, NOW, &["RECURRING"]),
        transition("a", "CRITICAL", 4, NOW, &["RECURRING"]),
    ];
    server.now(OVERLAP, transitions(&log, 0));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty(), "{:?}", observation.transitions);
}

#[tokio::test]
async fn what_is_waited_for_comes_with_the_log() {
    let server = Server::start().await;
    server
        .on(INFO, info(NOW))
        .on(NODES, nodes())
        .on(RAISED, alerts(&[instance(0, "a", "CRITICAL", 2, NOW - 1)]))
        .on(OVERLAP, transitions(&[], 0));
    let (observation, cursor) = Ask::default().of(&server).await.unwrap();
    assert!(seen(&observation, "a").pending);
    // It has cleared meanwhile, and came before the first run: it was seen in that, so it is no history.
    let log = [
        transition("a", "CLEAR", 3, NOW, &[]),
        transition("a", "CRITICAL", 2, NOW - 1, &[]),
        transition("b", "CRITICAL", 1, NOW - 1, &[]),
    ];
    server.now(OVERLAP, transitions(&log, 0)).now(RAISED, alerts(&[]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(2), id(3)]);
}

#[tokio::test]
async fn an_alert_of_an_obsolete_chart_is_seen_as_removed() {
    let (server, cursor) = quiet().await;
    server.now(ALL, alerts(&[instance(0, "a", "REMOVED", 5, NOW - 900)]));
    let (observation, _) = Ask::since(cursor).following(of("a"), &id(1), false).of(&server).await.unwrap();
    assert_eq!(seen(&observation, "a").facts.status, Status::Removed);
    assert!(!seen(&observation, "a").pending);
}

#[tokio::test]
async fn what_is_listed_while_health_is_initializing_counts() {
    let (server, cursor) = quiet().await;
    let mut listed = nodes();
    listed["nodes"][0]["health"]["status"] = "initializing".into();
    server.now(NODES, listed).now(ALL, alerts(&[instance(0, "a", "CLEAR", 5, NOW - 900)]));
    let (observation, _) = Ask::since(cursor).following(of("a"), &id(1), false).of(&server).await.unwrap();
    assert_eq!(observation.nodes[0].health, Health::Initializing);
    assert_eq!(seen(&observation, "a").facts.status, Status::Clear, "a missing alert is looked for there");
}
