//! When a raised alert is due and whether it is silenced: what is asked for that, and what is not.

use std::time::Duration;

use super::*;
use crate::netdata::time::Shares;

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
    // Not found, and young: it may still be in the queue. 404 is "not found", too.
    let pending = |name| seen(&observation, name).pending;
    assert_eq!((told("b"), told("role")), ((None, None), (None, None)));
    assert_eq!(["a", "b", "role", "none"].map(pending), [false, true, true, false]);
    // Nothing will ever tell of what has no id.
    assert_eq!(told("none"), (Some(NOW), Some(false)));
}

#[tokio::test]
async fn what_is_not_found_is_waited_for_while_it_is_young() {
    let (server, cursor) = quiet().await;
    let mut silent = instance(0, "silent", "WARNING", 3, NOW - 120);
    silent["to"] = "silent".into();
    server.now(
        RAISED,
        alerts(&[
            instance(0, "young", "CRITICAL", 1, NOW - 119),
            instance(0, "old", "CRITICAL", 2, NOW - 120),
            silent,
        ]),
    );
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    let told = |name| (seen(&observation, name).due, seen(&observation, name).silent);
    assert_eq!((seen(&observation, "young").pending, told("young")), (true, (None, None)));
    assert_eq!((seen(&observation, "old").pending, told("old")), (false, (Some(NOW - 120), Some(false))));
    assert_eq!(told("silent"), (Some(NOW - 120), Some(true)));
    assert!(observation.gaps.is_empty(), "asked, and not there: {:?}", observation.gaps);
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
async fn no_number_of_alerts_changes_what_is_right() {
    let (server, cursor) = quiet().await;
    let raised: Vec<_> =
        (1..=500).map(|number| instance(0, &format!("a{number}"), "WARNING", number, NOW - 1)).collect();
    server
        .now(RAISED, alerts(&raised))
        .on("/api/v3/alert_transitions?after=-61&last=200", transitions(&[], 0));
    let (observation, cursor) = Ask::since(cursor).of(&server).await.unwrap();
    assert!(observation.sightings.iter().all(|seen| seen.pending && seen.due.is_none()));
    assert!(observation.notes.is_empty() && observation.gaps.is_empty());
    // Seconds later the log has them, silenced.
    let log: Vec<_> = (1..=500)
        .map(|number| transition(&format!("a{number}"), "WARNING", number, NOW - 1, &["SILENCED"]))
        .collect();
    server.now(OVERLAP, transitions(&log, 0));
    let (observation, _) = Ask::since(cursor).of(&server).await.unwrap();
    assert_eq!(observation.transitions.len(), 500);
    assert!(observation.sightings.iter().all(|seen| !seen.pending && seen.silent == Some(true)));
}

#[tokio::test]
async fn what_there_is_no_time_to_look_up_is_told_by_its_age() {
    let (server, _) = quiet().await;
    server
        .now(
            RAISED,
            alerts(&[
                instance(0, "young", "WARNING", 1, NOW - 9),
                instance(0, "old", "WARNING", 2, NOW - 900),
            ]),
        )
        .on(&look_up(1), CannedReply::Hang)
        .on(&look_up(2), CannedReply::Hang);
    let ask =
        Ask { shares: Shares { extras: Duration::from_millis(300), ..Shares::default() }, ..Ask::default() };
    let (observation, _) = ask.of(&server).await.unwrap();
    assert!(seen(&observation, "young").pending);
    assert_eq!((seen(&observation, "old").pending, seen(&observation, "old").due), (false, Some(NOW - 900)));
    assert!(observation.gaps[0].contains("1 alert was taken as due"), "{:?}", observation.gaps);
}

#[tokio::test]
async fn a_silence_that_ends_is_seen_whatever_the_chart_is_called() {
    for chart in ["disk.C:\\data", "disk.\\new", "disk.a\"b\"", "disk.\"", "disk.a\\"] {
        let (server, cursor) = quiet().await;
        let mut raised = instance(0, "a", "WARNING", 1, NOW - 99);
        raised["ch"] = chart.into();
        let printed = format!(
            "{{\n\t\"hostname\": \"nd2\",\n\t\"now\": {NOW},\n\t\"alarms\": {{\n\t\t\"{chart}.a\": \
             {{\n\t\t\t\"name\": \"a\",\n\t\t\t\"chart\": \"{chart}\",\n\t\t\t\"silenced\": \
             false,\n\t\t\t\"status\": \"WARNING\"\n\t\t}}\n\t}}\n}}\n"
        );
        server
            .now(RAISED, alerts(&[raised]))
            .on("/api/v1/alarms", printed.as_str())
            .on(&look_up(1), transitions(&[transition("a", "WARNING", 1, NOW - 99, &["SILENCED"])], 0));
        let ask = Ask::since(cursor).following(alert(GUID, "nd2", chart, "a"), &id(1), true);
        let (observation, _) = ask.of(&server).await.unwrap();
        assert_eq!(observation.sightings[0].silent, Some(false), "{chart}");
    }
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
