//! Names and texts that the log cuts: the list has them whole.

use super::*;

/// Of Netdata's stock alerts, some with names that the log has no room for.
const LONG: [&str; 6] = [
    "aws_cloudwatch_sns_notifications_failed_to_redrive_to_dlq",
    "vernemq_mqtt_disconnect_received_reason_not_normal",
    "vernemq_mqtt_puback_received_reason_unsuccessful",
    "vernemq_mqtt_pubcomp_received_reason_unsuccessful",
    "vernemq_mqtt_pubrec_received_reason_unsuccessful",
    "vernemq_mqtt_pubrel_received_reason_unsuccessful",
];
/// Two that share 47 bytes.
const ALIKE: [&str; 2] = [
    "azure_monitor_some_service_with_a_name_that_long_warning",
    "azure_monitor_some_service_with_a_name_that_long_critical",
];

fn cut(name: &str) -> &str {
    &name[..47]
}

/// A quiet agent's log from now on: everything in it is new.
async fn with_log(entries: &[Value]) -> (Server, Cursor) {
    let (server, cursor) = quiet().await;
    server.now(OVERLAP, transitions(entries, 0));
    (server, cursor)
}

fn named(observation: &Observation) -> Vec<(&str, Status)> {
    observation.transitions.iter().map(|one| (&*one.alert.name, one.facts.status)).collect()
}

#[tokio::test]
async fn a_cut_name_is_that_of_the_alert_with_that_transition() {
    for name in LONG {
        let (server, cursor) = with_log(&[transition(cut(name), "CRITICAL", 1, NOW, &[])]).await;
        server.now(RAISED, alerts(&[instance(0, name, "CRITICAL", 1, NOW)])).asked();
        let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
        assert_eq!(named(&observation), [(name, Status::Critical)]);
        assert_eq!((observation.sightings.len(), seen(&observation, name).due), (1, None));
        assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES]);
    }
}

#[tokio::test]
async fn else_of_the_one_alert_that_it_fits() {
    let name = LONG[0];
    // It cleared and was raised anew: only the last is named by its transition.
    let log = [transition(cut(name), "CRITICAL", 3, NOW, &[]), transition(cut(name), "CLEAR", 2, NOW, &[])];
    let (server, cursor) = with_log(&log).await;
    server.now(RAISED, alerts(&[instance(0, name, "CRITICAL", 3, NOW)]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(named(&observation), [(name, Status::Clear), (name, Status::Critical)]);

    // It is raised no more, but followed.
    let (server, cursor) = with_log(&[transition(cut(name), "CLEAR", 2, NOW, &[])]).await;
    server.asked();
    let (observation, _) = Ask::since(cursor).following(of(name), &id(1), false).of(&server).await.unwrap();
    assert_eq!(named(&observation), [(name, Status::Clear)]);
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES], "the log says that it cleared");
}

#[tokio::test]
async fn what_came_and_went_is_named_by_the_full_list() {
    let name = LONG[1];
    let log = [transition(cut(name), "CLEAR", 2, NOW, &[]), transition(cut(name), "WARNING", 1, NOW, &[])];
    let (server, cursor) = with_log(&log).await;
    server.now(ALL, alerts(&[instance(0, name, "CLEAR", 9, NOW)])).asked();
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(named(&observation), [(name, Status::Warning), (name, Status::Clear)]);
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES, ALL]);
    assert!(observation.sightings.is_empty(), "named, and no more");
}

#[tokio::test]
async fn what_fits_nothing_is_left_out() {
    // The chart has gone as well.
    let (server, cursor) = with_log(&[transition(cut(LONG[0]), "CRITICAL", 1, NOW, &[])]).await;
    let (observation, _) = Ask::since(cursor.clone()).of(&server).await.unwrap();
    assert!(observation.transitions.is_empty());
    assert!(observation.notes[0].contains(cut(LONG[0])), "{:?}", observation.notes);
    // No list is asked for the name of what only cleared; nor is there a failure where the list does not come.
    server.now(OVERLAP, transitions(&[transition(cut(LONG[0]), "CLEAR", 1, NOW, &[])], 0)).asked();
    Ask::since(cursor.clone()).of(&server).await.unwrap();
    assert_eq!(server.asked(), [INFO, OVERLAP, RAISED, NODES]);
    server.now(OVERLAP, transitions(&[transition(cut(LONG[0]), "CRITICAL", 1, NOW, &[])], 0));
    server.now(ALL, CannedReply::Hang);
    let shares =
        crate::netdata::time::Shares { extras: std::time::Duration::from_millis(300), ..Default::default() };
    let (observation, _) = Ask { shares, ..Ask::since(cursor) }.of(&server).await.unwrap();
    assert_eq!((observation.transitions.len(), observation.notes.len()), (0, 1));
}

#[tokio::test]
async fn two_names_that_are_cut_alike_are_told_apart_by_their_transitions_alone() {
    let [one, other] = ALIKE;
    assert_eq!(cut(one), cut(other));
    let log = [
        transition(cut(one), "CRITICAL", 3, NOW, &[]),
        transition(cut(one), "WARNING", 2, NOW, &[]),
        transition(cut(one), "CLEAR", 1, NOW, &[]),
    ];
    let (server, cursor) = with_log(&log).await;
    server
        .now(RAISED, alerts(&[instance(0, one, "WARNING", 2, NOW), instance(0, other, "CRITICAL", 3, NOW)]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(named(&observation), [(one, Status::Warning), (other, Status::Critical)]);
    assert_eq!(observation.notes.len(), 1, "whose the clear was nobody can say");
}

#[tokio::test]
async fn a_change_after_the_last_that_the_list_has_is_anothers() {
    // `other` came and went; `one` is raised, and is not cleared by it.
    let [one, _] = ALIKE;
    let log = [transition(cut(one), "CLEAR", 3, NOW, &[]), transition(cut(one), "CRITICAL", 2, NOW, &[])];
    let (server, cursor) = with_log(&log).await;
    let listed = alerts(&[instance(0, one, "WARNING", 1, NOW - 500)]);
    server.now(RAISED, listed.clone()).now(ALL, listed);
    let ask = Ask::since(cursor).following(of(one), &id(1), false);
    let (observation, _) = ask.of(&server).await.unwrap();
    assert_eq!(named(&observation), []);
    assert_eq!(seen(&observation, one).facts.status, Status::Warning);
}

#[tokio::test]
async fn a_character_that_was_cut_is_no_part_of_a_name() {
    // 46 bytes, and the first of two.
    let name = format!("{}über", "n".repeat(46));
    let (server, cursor) = quiet().await;
    let log = transitions(&[transition("CUT", "WARNING", 1, NOW, &[])], 0).to_string();
    let (before, after) = log.split_once("CUT").unwrap();
    let log = [before.as_bytes(), &name.as_bytes()[..47], after.as_bytes()].concat();
    assert!(std::str::from_utf8(&log).is_err());
    server.now(OVERLAP, CannedReply::Bytes(log)).now(ALL, alerts(&[instance(0, &name, "CLEAR", 2, NOW)]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(named(&observation), [(&*name, Status::Warning)]);
}

#[tokio::test]
async fn a_name_that_fits_is_itself() {
    let short = "n".repeat(46);
    let exact = "n".repeat(47);
    let log = [transition(&exact, "WARNING", 2, NOW, &[]), transition(&short, "WARNING", 1, NOW, &[])];
    let (server, cursor) = with_log(&log).await;
    server.now(RAISED, alerts(&[instance(0, &exact, "WARNING", 2, NOW)]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(named(&observation), [(&*short, Status::Warning), (&*exact, Status::Warning)]);
    assert!(observation.notes.is_empty());
}

#[tokio::test]
async fn what_the_list_says_is_shown_and_the_log_fills_in() {
    let info = format!("{}ü and so on", "i".repeat(510));
    let mut raised = instance(0, "a", "CRITICAL", 2, NOW);
    (raised["info"], raised["sum"], raised["tr_v"]) = (info.as_str().into(), "whole".into(), Value::Null);
    let mut last = transition("a", "CRITICAL", 2, NOW, &[]);
    let mut before = transition("a", "WARNING", 1, NOW, &[]);
    for entry in [&mut last, &mut before] {
        entry["info"] = format!("{}\u{fffd}", "i".repeat(510)).into();
        entry["new"]["value"] = 0.into();
        entry["classification"] = "Errors".into();
    }
    let (server, cursor) = with_log(&[last, before]).await;
    server.now(RAISED, alerts(&[raised]));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    let [before, last] = observation.transitions.as_slice() else { panic!("{observation:?}") };
    assert_eq!((&*last.facts.info, &*last.facts.summary, last.facts.value), (&*info, "whole", None));
    assert_eq!(
        (&*before.facts.info, before.facts.value),
        (&*info, Some(0.0)),
        "its value nobody knows better"
    );
    assert_eq!(&*last.facts.class, "Errors");
}
