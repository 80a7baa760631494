//! When a raised alert is due and whether it is silenced: what is asked for that, and what is not.

use super::*;

#[tokio::test]
async fn what_the_log_or_an_earlier_run_told_is_not_looked_up() {
    let (server, cursor) = quiet().await;
    server.asked();
    server
        .now(
            RAISED,
            alerts(&[
                instance(0, "in_log", "WARNING", 1, NOW),
                instance(0, "known", "CRITICAL", 2, NOW - 99),
            ]),
        )
        .now(OVERLAP, transitions(&[transition("in_log", "WARNING", 1, NOW, &["SILENCED"])], 0));
    let ask = Ask::since(cursor).following(of("known"), &id(2), false);
    let (observation, _) = ask.of(&server).await.unwrap();
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES]);
    assert_eq!((seen(&observation, "in_log").due, seen(&observation, "in_log").silent), (None, Some(true)));
    assert_eq!((seen(&observation, "known").due, seen(&observation, "known").silent), (None, None));
    assert_eq!(seen(&observation, "known").facts.value, Some(80.0));
}

#[tokio::test]
async fn what_nobody_told_is_looked_up() {
    let (server, cursor) = quiet().await;
    let mut role = instance(0, "role", "WARNING", 3, NOW);
    role["to"] = "silent".into();
    let mut none = instance(0, "none", "WARNING", 0, NOW);
    none["tr_i"] = Value::Null;
    server
        .now(
            RAISED,
            alerts(&[instance(0, "a", "WARNING", 1, NOW), instance(0, "b", "WARNING", 2, NOW), role, none]),
        )
        .on(&look_up(1), transitions(&[transition("a", "WARNING", 1, NOW, &["SILENCED"])], 0))
        .on(&look_up(2), transitions(&[], 0));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    let told = |name| (seen(&observation, name).due, seen(&observation, name).silent);
    assert_eq!(told("a"), (Some(NOW + 60), Some(true)));
    assert_eq!(told("b"), (None, None));
    // 404 is "not found", too.
    assert_eq!(told("role"), (None, Some(true)));
    assert_eq!(told("none"), (None, None));
}

#[tokio::test]
async fn many_are_looked_up_in_bulk_first() {
    let (server, _) = quiet().await;
    let mut raised: Vec<_> =
        (1..=30).map(|number| instance(0, &format!("a{number}"), "WARNING", number, NOW - number)).collect();
    // Raised two days ago: not in reach of the bulk, looked up alone.
    raised.push(instance(0, "old", "WARNING", 99, NOW - 2 * 86_400));
    let bulk: Vec<_> = (2..=30)
        .map(|number| transition(&format!("a{number}"), "WARNING", number, NOW - number, &[]))
        .collect();
    server
        .now(RAISED, alerts(&raised))
        .on("/api/v3/alert_transitions?after=-90&last=200", transitions(&bulk, 0))
        .on(&look_up(1), transitions(&[transition("a1", "WARNING", 1, NOW - 1, &[])], 0))
        .on(
            &look_up(99),
            transitions(&[transition("old", "WARNING", 99, NOW - 2 * 86_400, &["SILENCED"])], 0),
        );
    server.asked();
    let (observation, _) = Ask::default().of(&server).await.unwrap();
    let mut asked = server.asked();
    asked[4..].sort_unstable();
    assert_eq!(
        asked[3..],
        ["/api/v3/alert_transitions?after=-90&last=200".to_owned(), look_up(1), look_up(99)]
    );
    assert!(observation.sightings.iter().all(|seen| seen.due == Some(seen.facts.when + 60)));
    assert_eq!(seen(&observation, "old").silent, Some(true));
    assert!(observation.transitions.is_empty());
}

#[tokio::test]
async fn look_ups_are_bounded() {
    let (server, _) = quiet().await;
    let raised: Vec<_> =
        (1..=300).map(|number| instance(0, &format!("a{number}"), "WARNING", number, NOW - 90_000)).collect();
    server.now(RAISED, alerts(&raised));
    server.asked();
    let (observation, _) = Ask::default().of(&server).await.unwrap();
    assert_eq!(server.asked().len(), 203);
    assert!(observation.notes[0].starts_with("100 alerts"), "{:?}", observation.notes);
}

#[tokio::test]
async fn a_silence_that_ends_is_seen() {
    let (server, cursor) = quiet().await;
    let alarm = |name: &str, silenced: bool| json!({"name": name, "chart": "system.load", "status": "WARNING", "silenced": silenced});
    server
        .now(RAISED, alerts(&[
            instance(0, "ended", "WARNING", 1, NOW),
            instance(0, "lasts", "WARNING", 2, NOW),
            instance(1, "elsewhere", "WARNING", 3, NOW),
        ]))
        .on("/api/v1/alarms", json!({"hostname": "nd2", "now": NOW,
            "alarms": {"system.load.ended": alarm("ended", false), "system.load.lasts": alarm("lasts", true)}}))
        .on(&look_up(3), transitions(&[{
            let mut entry = transition("elsewhere", "WARNING", 3, NOW, &["SILENCED"]);
            (entry["machine_guid"], entry["hostname"]) = ("c1".into(), "child1".into());
            entry
        }], 0));
    server.asked();
    let elsewhere = alert("c1", "child1", "system.load", "elsewhere");
    let ask = Ask::since(cursor)
        .following(of("ended"), &id(1), true)
        .following(of("lasts"), &id(2), true)
        .following(elsewhere, &id(3), true);
    let (observation, _) = ask.of(&server).await.unwrap();
    let asked = server.asked();
    assert!(asked.contains(&"/host/c1/api/v1/alarms".to_owned()), "{asked:?}");
    // One question a node, and the transition only where that gave no answer.
    assert_eq!(asked.len(), 7);
    assert_eq!(seen(&observation, "ended").silent, Some(false));
    assert_eq!(seen(&observation, "lasts").silent, Some(true));
    assert_eq!(seen(&observation, "elsewhere").silent, Some(true));
}
