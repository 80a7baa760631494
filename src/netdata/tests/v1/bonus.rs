//! A log that does not come, nodes that are slow, and times that have not come yet.

use std::time::Duration;

use super::super::server::CannedReply;
use super::*;

#[tokio::test]
async fn a_log_that_does_not_come_is_a_gap() {
    let slow = Shares { log: Duration::from_millis(1), ..Shares::default() };
    for (reply, share, says) in [
        (CannedReply::Hang, slow, "deb's log did not come within 0 s"),
        (CannedReply::Announce(300 << 20), Shares::default(), "deb's log is larger than 256 MB"),
        ("[{\"unique_id\": 10".into(), Shares::default(), "deb's log cannot be read"),
    ] {
        let (server, cursor) = quiet().await;
        server
            .now(&log(100), reply)
            .now(STATE, state(140, &[alarm("a", "WARNING")]))
            .on(&log(140), json!([]));
        let ask = Ask { shares: share, ..Ask::since(cursor) };
        let (observation, cursor) = ask.of(&server).await.unwrap();
        assert!(observation.gaps[0].starts_with(says), "{:?}", observation.gaps);
        assert_eq!((observation.gaps.len(), observation.notes.len()), (1, 0));
        assert_eq!((observation.sightings.len(), observation.transitions.len()), (1, 0));
        // What is asked next does not grow.
        server.asked();
        let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
        assert_eq!((&server.asked()[2], observation.gaps.len()), (&log(140), 0));
    }
}

#[tokio::test]
async fn a_refused_log_is_a_refusal() {
    let (server, cursor) = quiet().await;
    server.now(&log(100), 451);
    assert!(matches!(Ask::since(cursor).of(&server).await, Err(Error::AccessList { .. })));
}

#[tokio::test]
async fn a_child_that_is_slow_is_unknown_and_the_others_are_not() {
    let (server, cursor) = quiet().await;
    server.now(INFO, info(&[child(true)])).on(CHILD_STATE, CannedReply::Hang);
    let shares = Shares { extras: Duration::from_millis(300), ..Shares::default() };
    let ask = Ask { shares, ..Ask::since(cursor) };
    let (observation, _) = ask.of(&server).await.unwrap();
    let health: Vec<_> = observation.nodes.iter().map(|node| node.health).collect();
    assert_eq!(health, [Health::Online, Health::Disabled]);
    assert!(observation.notes[0].contains("child1 could not be asked: no answer in time"));
}

#[tokio::test]
async fn what_is_dated_ahead_is_taken_as_of_now() {
    let (server, cursor) = quiet().await;
    let ahead = NOW + 8 * 3600;
    let mut late = alarm("late", "CRITICAL");
    (late["last_status_change"], late["delay_up_to_timestamp"]) = (ahead.into(), (ahead + 30).into());
    let mut ended = alarm("ended", "CLEAR");
    ended["last_status_change"] = (NOW - 5).into();
    server
        .now(
            &log(100),
            json!([
                // After the clock was corrected.
                entry(103, "ended", "CLEAR", NOW - 5),
                entry(102, "ended", "WARNING", ahead),
                entry(101, "late", "CRITICAL", ahead)
            ]),
        )
        .now(STATE, state(103, &[late, ended]))
        .on(&log(103), json!([]));
    let ask = Ask::since(cursor.clone()).following(of("ended"), "99", false);
    let (observation, next) = ask.of(&server).await.unwrap();
    assert_eq!(
        observation.gaps,
        ["2 alerts are dated up to 8 h ahead of the agent's clock: they are taken as of now"]
    );
    let told: Vec<_> = observation.transitions.iter().map(|one| (one.facts.when, one.due)).collect();
    assert_eq!(told, [(NOW, NOW + 60), (NOW - 5, NOW + 55), (NOW - 5, NOW + 55)]);
    let seen = observation.sightings.iter().find(|seen| seen.alert == of("late")).unwrap();
    assert_eq!((seen.facts.when, seen.due), (NOW, Some(NOW + 30)));
    assert_eq!(seen.facts.transition, observation.transitions[0].facts.transition);

    // A minute later it is the same transition still, and nothing is said of it.
    let mut later = state(103, &[]);
    later["now"] = (NOW + 60).into();
    let mut late = alarm("late", "CRITICAL");
    late["last_status_change"] = ahead.into();
    later["alarms"] = json!({"system.load.late": late});
    server.now(STATE, later);
    let ask = Ask::since(next).following(of("late"), &seen.facts.transition, false);
    let (observation, _) = ask.of(&server).await.unwrap();
    assert_eq!(observation.sightings[0].facts.transition, seen.facts.transition);
    assert!(observation.gaps.is_empty() && observation.transitions.is_empty(), "{observation:?}");

    // Without a log it is known by its time as printed, at each look the same.
    let known = |observation: &Observation| observation.sightings[0].facts.transition.clone();
    let (first, _) = Ask::default().of(&server).await.unwrap();
    assert_eq!(first.gaps.len(), 1);
    let (second, _) = Ask::default().following(of("late"), &known(&first), false).of(&server).await.unwrap();
    assert_eq!((known(&second), second.gaps.len()), (known(&first), 0));
}
