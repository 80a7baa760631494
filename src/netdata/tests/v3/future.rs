//! What is dated ahead of the agent's clock.

use super::*;

const AHEAD: i64 = NOW + 8 * 3600;

#[tokio::test]
async fn what_is_dated_ahead_is_taken_as_of_now_once() {
    let (server, cursor) = quiet().await;
    let raised = [
        instance(0, "found", "CRITICAL", 1, AHEAD),
        instance(0, "not_found", "CRITICAL", 2, AHEAD - 60),
        instance(0, "a_moment", "WARNING", 3, NOW + 2),
    ];
    server
        .now(RAISED, alerts(&raised))
        .on(&look_up(1), transitions(&[transition("found", "CRITICAL", 1, AHEAD, &[])], 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(
        observation.gaps,
        ["2 alerts are dated up to 8 h ahead of the agent's clock: they are taken as of now"]
    );
    let told = |name: &str| (seen(&observation, name).facts.when, seen(&observation, name).due);
    assert_eq!(told("found"), (NOW, Some(NOW + 60)), "its delay is what it was");
    assert_eq!(told("not_found"), (NOW, Some(NOW)));
    assert!(!seen(&observation, "found").pending && !seen(&observation, "not_found").pending);
    assert!(seen(&observation, "a_moment").pending, "as old as any answer");

    // A minute later: the same transitions, and nothing new is said of them.
    server
        .now(INFO, info(NOW + 60))
        .now("/api/v3/alert_transitions?after=-180&last=200", transitions(&[], 0));
    let ask = Ask::since(cursor.clone()).following(of("found"), &id(1), false).following(
        of("not_found"),
        &id(2),
        false,
    );
    let (observation, cursor) = ask.of(&server).await.unwrap();
    assert_eq!((seen(&observation, "found").due, seen(&observation, "not_found").due), (None, None));
    assert!(observation.gaps.is_empty(), "{:?}", observation.gaps);

    // When their time comes, the log tells of them: that is no news.
    let log = [
        transition("found", "CRITICAL", 1, AHEAD, &[]),
        transition("not_found", "CRITICAL", 2, AHEAD - 60, &[]),
    ];
    let seconds = 8 * 3600 - 60 + 10 + 120;
    server
        .now(INFO, info(AHEAD + 10))
        .on(&format!("/api/v3/alert_transitions?after=-{seconds}&last=200"), transitions(&log, 0));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty(), "{observation:?}");
}
