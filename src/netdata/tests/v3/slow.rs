//! A log that is slow, endless or broken: the state is told all the same.

use std::time::Duration;

use super::*;
use crate::netdata::time::Shares;

fn impatient() -> Shares {
    Shares { log: Duration::from_millis(1), ..Shares::default() }
}

#[tokio::test]
async fn a_log_that_does_not_come_is_a_gap() {
    let gateway = CannedReply::Answer(504, "<html>Gateway Time-out</html>".into());
    for (reply, shares, says) in [
        (CannedReply::Hang, impatient(), "Netdata's log did not come within 0 s: what came and went since "),
        (CannedReply::Announce(300 << 20), Shares::default(), "Netdata's log is larger than 64 MB"),
        ("{\"transitions\": [{\"gi\"".into(), Shares::default(), "Netdata's log cannot be read"),
        (gateway, Shares::default(), "Netdata's log could not be had: answers with HTTP status 504"),
    ] {
        let (server, cursor) = quiet().await;
        server
            .now(INFO, info(NOW + 60))
            .now("/api/v3/alert_transitions?after=-180&last=200", reply)
            .now(
                RAISED,
                alerts(&[
                    instance(0, "a", "CRITICAL", 9, NOW + 30),
                    instance(0, "b", "WARNING", 8, NOW - 900),
                ]),
            )
            .on(&look_up(8), transitions(&[transition("b", "WARNING", 8, NOW - 900, &[])], 0));
        let ask = Ask { shares, ..Ask::since(cursor) };
        let (observation, cursor) = ask.of(&server).await.unwrap();
        assert!(
            observation.gaps.len() == 1 && observation.gaps[0].starts_with(says),
            "{:?}",
            observation.gaps
        );
        assert!(observation.transitions.is_empty() && observation.notes.is_empty());
        assert!(seen(&observation, "a").pending);
        assert_eq!(seen(&observation, "b").due, Some(NOW - 840));

        // The next run asks from then on, not for more; history is not told, what was waited for is.
        let history = transition("c", "CRITICAL", 1, NOW + 20, &[]);
        let awaited = transition("a", "CRITICAL", 9, NOW + 30, &[]);
        let new = transition("a", "CLEAR", 10, NOW + 61, &[]);
        server
            .now(INFO, info(NOW + 120))
            .now("/api/v3/alert_transitions?after=-180&last=200", transitions(&[new, awaited, history], 0));
        let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
        assert_eq!((transition_ids(&observation), observation.gaps.len()), (vec![&*id(9), &*id(10)], 0));
    }
}

#[tokio::test]
async fn the_newest_are_kept_where_more_do_not_come() {
    let (server, cursor) = quiet().await;
    server
        .now(OVERLAP, transitions(&[transition("a", "WARNING", 7, NOW, &[])], 1500))
        .now("/api/v3/alert_transitions?after=-120&last=1701", CannedReply::Hang);
    let shares = Shares { log: Duration::from_millis(500), ..Shares::default() };
    let (observation, _) = Ask { shares, ..Ask::since(cursor) }.of(&server).await.unwrap();
    assert_eq!((transition_ids(&observation), observation.gaps.len()), (vec![&*id(7)], 1));
}

#[tokio::test]
async fn a_refused_log_is_a_refusal() {
    for status in [401, 403, 404, 412, 451, 503] {
        let (server, cursor) = quiet().await;
        server.now(OVERLAP, status);
        Ask::since(cursor).of(&server).await.unwrap_err();
    }
    let (server, cursor) = quiet().await;
    server.now(OVERLAP, CannedReply::Close);
    Ask::since(cursor).of(&server).await.unwrap_err();
}

#[tokio::test]
async fn a_slow_bulk_hides_nothing_but_delays() {
    let (server, _) = quiet().await;
    let raised: Vec<_> =
        (1..=30).map(|number| instance(0, &format!("a{number}"), "WARNING", number, NOW - 500)).collect();
    server
        .now(RAISED, alerts(&raised))
        .on("/api/v3/alert_transitions?after=-560&last=200", CannedReply::Hang);
    for number in 1..=30 {
        let name = format!("a{number}");
        server.on(&look_up(number), transitions(&[transition(&name, "WARNING", number, NOW - 500, &[])], 0));
    }
    let shares = Shares { log: Duration::from_millis(300), ..Shares::default() };
    let (observation, _) = Ask { shares, ..Ask::default() }.of(&server).await.unwrap();
    assert!(observation.sightings.iter().all(|seen| seen.due == Some(NOW - 440)), "one by one they came");
    assert!(observation.gaps.is_empty(), "{:?}", observation.gaps);
}
