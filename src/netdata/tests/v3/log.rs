//! The log: what is taken from it, once.

use serde_json::json;

use super::*;

#[tokio::test]
async fn no_transition_comes_twice() {
    let (server, cursor) = quiet().await;
    let entry = |name, number, when| transition(name, "WARNING", number, when, &[]);
    let first =
        [entry("b", 3, NOW + 9), entry("a", 2, NOW + 5), entry("c", 4, NOW + 5), entry("a", 2, NOW + 5)];
    server
        .now(INFO, info(NOW + 10))
        .on("/api/v3/alert_transitions?after=-130&last=200", transitions(&first, 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(2), id(4), id(3)]);

    // One that was late, with a lower number and an older time than those that were told.
    let second = [entry("b", 3, NOW + 9), entry("d", 1, NOW + 4), entry("a", 2, NOW + 5)];
    server.now(OVERLAP, transitions(&second, 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(1)]);

    // A clock that was set back a little asks for the overlap, and repeats nothing.
    server.now(INFO, info(NOW + 3)).now(OVERLAP, transitions(&second, 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty() && observation.notes.is_empty());

    // Much later they are forgotten.
    server
        .now(INFO, info(NOW + 1000))
        .on("/api/v3/alert_transitions?after=-1117&last=200", transitions(&[entry("e", 9, NOW + 999)], 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(9)]);
    let stored = serde_json::to_string(&cursor).unwrap();
    assert!(stored.contains(&id(9)) && !stored.contains(&id(2)), "{stored}");

    // A clock that was set back by more: what is in the log may have been told, the state decides.
    server.now(INFO, info(NOW)).now(OVERLAP, transitions(&second, 0));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(observation.notes.len(), 1);
    assert!(observation.notes[0].contains("went back by 1000 s"));
}

#[tokio::test]
async fn a_clock_that_was_set_back_repeats_nothing() {
    let (server, cursor) = quiet().await;
    let entries = [transition("a", "WARNING", 1, NOW + 5, &[])];
    server.now(OVERLAP, transitions(&entries, 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(1)]);
    // Out of the overlap,
    server
        .now(INFO, info(NOW + 130))
        .on("/api/v3/alert_transitions?after=-250&last=200", transitions(&entries, 0));
    let (_, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    // and in it again.
    server.now(INFO, info(NOW + 20));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty() && observation.notes.is_empty(), "{observation:?}");
}

#[tokio::test]
async fn a_long_log_is_asked_for_again() {
    let (server, cursor) = quiet().await;
    let entries: Vec<_> =
        (0..3).map(|number| transition("a", "WARNING", number + 1, NOW + number, &[])).collect();
    server
        .now(OVERLAP, transitions(&entries[2..], 1500))
        .on("/api/v3/alert_transitions?after=-120&last=1701", transitions(&entries, 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(1), id(2), id(3)]);
    assert!(observation.notes.is_empty());

    // An answer that would be too large: those that fitted, and a word.
    let newest = transition("a", "CLEAR", 7, NOW + 3, &[]);
    server
        .now(OVERLAP, transitions(&[newest], 1500))
        .now("/api/v3/alert_transitions?after=-120&last=1701", CannedReply::Announce(300 << 20));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(7)]);
    assert!(
        observation.gaps[0].starts_with("Netdata's log was cut at its newest 1 "),
        "{:?}",
        observation.gaps
    );
}

#[tokio::test]
async fn the_log_has_an_end() {
    let (server, cursor) = quiet().await;
    let newest = [transition("a", "CLEAR", 7, NOW, &[])];
    server
        .now(OVERLAP, transitions(&newest, 900_000))
        .on("/api/v3/alert_transitions?after=-120&last=20000", transitions(&newest, 880_000));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!((transition_ids(&observation), observation.notes.len()), (vec![id(7).as_str()], 0));
    assert!(observation.gaps[0].contains("not all is known"), "{:?}", observation.gaps);
}

#[tokio::test]
async fn a_transition_holds_all_that_is_said() {
    let (server, cursor) = quiet().await;
    let mut entry = transition("a", "CRITICAL", 1, NOW, &["PROCESSED", "SILENCED"]);
    entry["old"] = json!({"status": "WARNING", "value": "nan", "duration": 22});
    entry["summary"] = "One line".into();
    entry["classification"] = "Errors".into();
    let mut role = transition("b", "CRITICAL", 2, NOW, &[]);
    role["notification"]["to"] = "silent disabled".into();
    server.now(OVERLAP, transitions(&[entry, role, transition("c", "CLEAR", 3, NOW, &[])], 0));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    let [first, second, third] = observation.transitions.as_slice() else { panic!("{observation:?}") };
    assert_eq!((first.due, first.silent, second.silent, third.silent), (NOW + 60, true, true, false));
    let expected = AlertDetails {
        status: Status::Critical,
        old_status: Some(Status::Warning),
        value: Some(80.0),
        summary: "One line".into(),
        role: "sysadmin".into(),
        class: "Errors".into(),
        when: NOW,
        duration: Some(22),
        transition: id(1),
        ..AlertDetails::default()
    };
    assert_eq!(first.facts, expected);
    assert_eq!(third.facts.old_status, None);
}

#[tokio::test]
async fn another_agent_has_another_log() {
    let (server, cursor) = quiet().await;
    let other = serde_json::to_string(&cursor).unwrap().replace(GUID, "0cd4ee5e");
    server.asked();
    let (observation, started) = Ask::since(serde_json::from_str(&other).unwrap()).of(&server).await.unwrap();
    assert_eq!((server.asked(), started), (vec![INFO.into(), RAISED.into(), NODES.into()], cursor));
    assert!(observation.notes[0].starts_with("another agent"));
}

#[tokio::test]
async fn an_agent_updated_from_v1_goes_on_where_it_was() {
    let (server, _) = quiet().await;
    let old = json!({"agent": GUID, "now": NOW - 30, "log": {"v1": {"hosts": []}}});
    let entries = [transition("a", "WARNING", 2, NOW - 10, &[]), transition("a", "CLEAR", 1, NOW - 31, &[])];
    server.on("/api/v3/alert_transitions?after=-150&last=200", transitions(&entries, 0));
    let (observation, _) = Ask::since(serde_json::from_value(old).unwrap()).of(&server).await.unwrap();
    assert_eq!(transition_ids(&observation), [id(2)]);
}

#[tokio::test]
async fn first_run_tells_no_history() {
    let (server, cursor) = quiet().await;
    assert_eq!(server.asked(), [INFO, RAISED, NODES]);
    // Nor does the second one, whose overlap reaches back before the first.
    server.now(OVERLAP, transitions(&[transition("a", "WARNING", 1, NOW - 1, &[])], 0));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty());
}
