//! ilert that says no: to an event, or to the key.

use std::thread;

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::Answer;
use netdata_ilert::simulator::ilert::EventType;

use crate::stage::{KEY, MASKED, Stage};

/// Refuses every ALERT with this status.
fn refuse_alerts(stage: &Stage, status: u16) {
    stage
        .ilert
        .answer_by(move |event| (event.event_type == EventType::Alert).then_some(Answer::Status(status)));
}

#[test]
fn a_refused_alert_is_tried_once_more_with_the_least_and_then_fails() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    refuse_alerts(&stage, 400);
    let ended = stage.send();
    ended
        .is(4)
        .says("ALERT netdata/web-1/")
        .says("HTTP 400")
        .says("--status` shows it")
        .says("--retry` tries it");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    assert_eq!(stage.told(), ["ALERT cpu critical (400)", "ALERT cpu critical (400)"]);
    let received = stage.ilert.received();
    let [first, second] = [0, 1].map(|at: usize| &received[at].event.as_ref().unwrap().json);
    assert!(first.len() > second.len(), "the second holds less");

    let status = stage.run(&["--status"]);
    status.is(4);
    assert!(status.stdout.contains("HTTP 400: As the script has it"), "{status:?}");
    assert_eq!(stage.listed("failed"), ["ALERT cpu critical"]);
    // A row that failed earlier changes no later run.
    assert_eq!(stage.send_well(), [""; 0]);
    stage.run(&["--status"]).is(4);
}

#[test]
fn what_failed_under_another_key_waits_for_that_key() {
    const OTHER: &str = "il1api-another-0000000000000000000000000000";
    let stage = Stage::new();
    stage.ilert.add_key(OTHER);
    stage.set("cpu", Status::Critical);
    stage.send_well();
    stage.set("cpu", Status::Clear);
    stage.ilert.answer_all(Some(Answer::Status(400)));
    stage.send().is(4);
    stage.ilert.answer_all(None);
    stage.write_private("key", OTHER);
    assert_eq!(
        stage.status()["not_told"].as_array().unwrap().len(),
        0,
        "nothing is decided before its first run"
    );
    for (ids, is_first) in [(&["--retry"][..], true), (&["--retry", "1"], false)] {
        let retried = stage.run(ids);
        assert_eq!(retried.stderr.contains("the API key has changed"), is_first, "{retried:#?}");
        retried.is(0).says("event 1 failed under another API key or endpoint: it is kept");
        stage.send().is(0);
    }
    stage.write_private("key", KEY);
    stage.send();
    stage.run(&["--retry"]).is(0).says("event 1 waits again: RESOLVE");
    stage.send().is(0);
    assert_eq!(stage.open(), [""; 0]);
}

#[test]
fn a_refusal_without_words_is_told_as_one() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    for body in ["", "{}"] {
        stage.ilert.answer_next(Answer::StatusBody(400, body.into()));
    }
    let ended = stage.send();
    ended.is(4).says("ilert refused it (HTTP 400): it gave no reason; `netdata-ilert -c ");
    let status = stage.run(&["--status"]);
    assert!(status.stdout.contains("HTTP 400: it gave no reason"), "{status:?}");
}

#[test]
fn the_least_that_is_accepted_is_told() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.ilert.answer_next(Answer::Status(422));
    assert_eq!(stage.send_well(), ["ALERT cpu critical (422)", "ALERT cpu critical"]);
    stage.run(&["--status"]).is(0);
    stage.set("cpu", Status::Clear);
    assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
}

#[test]
fn one_that_is_refused_holds_no_other_up() {
    let stage = Stage::new();
    for alert in ["a", "b", "c"] {
        stage.set(alert, Status::Critical);
    }
    stage.ilert.answer_by(|event| event.alert_key.contains("/b/").then_some(Answer::Status(413)));
    stage.send().is(4);
    let mut open = stage.open();
    open.sort();
    assert_eq!(open, ["a critical", "c critical"]);
    assert_eq!(stage.listed("failed"), ["ALERT b critical"]);
    stage.told();
    // What fails is of this raise: the next one is told.
    stage.ilert.recover();
    stage.set("b", Status::Clear);
    assert_eq!(stage.send_well(), [""; 0]);
    stage.set("b", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT b critical"]);
}

#[test]
fn a_refusal_beats_what_is_left_for_the_next_run() {
    let stage = Stage::new();
    stage.set("a", Status::Critical);
    stage.send_well();
    stage.set("a", Status::Clear);
    stage.set("b", Status::Critical);
    stage.ilert.answer_by(|event| {
        Some(Answer::Status(if event.event_type == EventType::Alert { 400 } else { 503 }))
    });
    stage.send().is(4).says("HTTP 400").says("503");
    stage.ilert.recover();
    stage.told();
    assert_eq!(stage.send_well(), ["RESOLVE a critical"]);
}

#[test]
fn a_refused_resolve_is_tried_once_more_and_fails_and_a_retry_delivers_it() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.send_well();
    stage.set("cpu", Status::Clear);
    stage.ilert.answer_next(Answer::Status(400));
    stage.ilert.answer_next(Answer::Status(400));
    stage.send().is(4);
    assert_eq!(stage.told(), ["RESOLVE cpu critical (400)", "RESOLVE cpu critical (400)"]);
    assert_eq!(stage.send_well(), [""; 0]);
    stage.run(&["--retry"]).is(0).says("waits again: RESOLVE");
    assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
    assert_eq!(stage.open(), [""; 0]);
    stage.run(&["--status"]).is(0);
}

#[test]
fn a_wrong_key_costs_two_requests_and_keeps_everything() {
    for status in [401, 403, 404] {
        let stage = Stage::new();
        for alert in ["a", "b", "c"] {
            stage.set(alert, Status::Critical);
        }
        stage.ilert.answer_all(Some(Answer::Status(status)));
        let ended = stage.send();
        ended.is(4).says("key").says("`integration.api_key`").says(&status.to_string()).says("all is kept");
        assert_eq!(stage.told().len(), 2, "another alert's event shows that it is the key");
        assert_eq!(stage.listed("waiting").len(), 3);
        assert_eq!(stage.listed("failed"), [""; 0]);
        stage.run(&["--status"]).is(75);
        stage.ilert.recover();
        assert_eq!(stage.send_well().len(), 3);
        assert_eq!(stage.history().len(), 3);
        stage.run(&["--status"]).is(0);
    }
}

#[test]
fn a_key_that_ilert_does_not_know_and_the_right_one_after_it() {
    let stage = Stage::new();
    stage.write_private("key", "il1api-no-such-key-at-all-77aa");
    stage.set("cpu", Status::Critical);
    stage.send().is(4);
    assert_eq!(stage.told(), ["ALERT cpu critical (404)"]);
    stage.write_private("key", KEY);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn under_another_key_all_is_told_anew_and_the_old_is_shown() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.send_well();
    stage.write_private("key", "il1api-another-source-0000-77aa");
    stage.ilert.add_key("il1api-another-source-0000-77aa");
    stage.send().is(0).says("the API key has changed").says("(alerts: 1)");
    assert_eq!(stage.told(), ["ALERT cpu critical"]);
    assert_eq!(stage.status()["set_aside"].as_array().unwrap().len(), 1);
    assert_eq!(stage.send_well(), [""; 0], "it is reported once");
}

#[test]
fn an_echoed_key_is_not_repeated() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.ilert.answer_all(Some(Answer::StatusBody(
        400,
        serde_json::json!({"message": format!("bad key {} / {KEY}\u{1b}[31m", KEY.to_uppercase())})
            .to_string(),
    )));
    let ended = stage.send();
    ended.is(4).says(MASKED);
    let status = stage.run(&["--status"]);
    for shown in [ended.stderr, status.stdout] {
        assert!(!shown.to_lowercase().contains(KEY) && !shown.contains('\u{1b}'), "{shown:?}");
    }
}

#[test]
fn what_a_stranger_answers_loses_no_page() {
    // Each of these takes the two pauses of a run, 4 s: they go side by side.
    thread::scope(|scope| {
        for (status, body, what) in [
            (200, "<html>Log in</html>", "200: an HTML page"),
            (202, "OK", "202: text that is not JSON"),
            (400, "<html>", "400: an HTML page"),
            (401, "<html>", "401: an HTML page"),
            (403, "<html>", "403: an HTML page"),
            (404, "<html>", "404: an HTML page"),
            (429, "<html>", "429: an HTML page"),
            (500, "<html>", "500: an HTML page"),
        ] {
            scope.spawn(move || {
                let stage = Stage::new();
                stage.set("cpu", Status::Critical);
                stage.ilert.answer_all(Some(Answer::Instead(status, body.to_owned())));
                stage.send().is(75).says("in ilert's place").says(what).says("`ilert.endpoint`");
                assert_eq!(stage.listed("failed"), [""; 0]);
                assert_eq!(stage.listed("waiting"), ["ALERT cpu critical"]);
                stage.told();
                stage.ilert.recover();
                assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
                assert_eq!(stage.open(), ["cpu critical"]);
            });
        }
    });
}

#[test]
fn an_error_in_a_success_is_refused_as_that_error() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.ilert.answer_all(Some(Answer::Instead(200, "{\"status\":400,\"message\":\"no\"}".to_owned())));
    stage.send().is(4).says("HTTP 400");
    assert_eq!(stage.listed("failed"), ["ALERT cpu critical"]);
}

#[test]
fn a_key_that_is_echoed_as_an_id_is_masked() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.ilert.echo_keys();
    let ended = stage.run(&["--send", "-vv"]);
    ended.is(0).says(MASKED);
    assert!(!ended.stderr.contains(KEY), "{ended:?}");
}

#[test]
fn what_is_set_aside_goes_when_it_is_discarded() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.send_well();
    stage.write_private("key", "il1api-another-source-0000-77aa");
    stage.ilert.add_key("il1api-another-source-0000-77aa");
    stage.send().is(0);
    assert_eq!(stage.status()["set_aside"].as_array().unwrap().len(), 1);
    stage
        .run(&["--discard", "all"])
        .is(0)
        .says("nothing has failed")
        .says("no longer listed, though open in ilert under an old key or endpoint: 1");
    assert_eq!(stage.status()["set_aside"].as_array().unwrap().len(), 0);
    assert_eq!(stage.status()["open"].as_array().unwrap().len(), 1, "the present key's own stays");
}
