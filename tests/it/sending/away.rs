//! ilert that cannot be told now: everything stays, and the next run tells it.

use std::fs;
use std::thread;
use std::time::Instant;

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::{Answer, Barrier, Fault};

use crate::stage::Stage;

fn raised() -> Stage {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage
}

/// The next run, with ilert back, tells it once.
#[track_caller]
fn nothing_is_lost(stage: &Stage) {
    assert_eq!(stage.listed("waiting"), ["ALERT cpu critical"]);
    stage.run(&["--status"]).is(75);
    stage.ilert.recover();
    stage.told();
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
    assert_eq!(stage.history(), ["cpu critical"]);
    stage.run(&["--status"]).is(0);
}

#[test]
fn what_fails_is_tried_three_times_in_a_run_and_then_kept() {
    let elsewhere = Stage::new();
    let url = format!("{}/api/events", elsewhere.endpoint.url());
    // Each of these takes the two pauses of a run, 4 s: they go side by side.
    thread::scope(|scope| {
        for (answer, words) in [
            (Answer::Status(503), "503: As the script has it"),
            (Answer::Status(500), "500"),
            (Answer::Status(408), "408"),
            (Answer::Html(502), "something answered in ilert's place (502: an HTML page)"),
            (Answer::Reset, "the connection was closed before an answer came"),
            (Answer::Redirect(url.clone()), "not followed, because the key"),
        ] {
            scope.spawn(move || {
                let stage = raised();
                stage.ilert.answer_all(Some(answer));
                stage.send().is(75).says(words).says("all is kept for the next run");
                assert_eq!(stage.told().len(), 3);
                nothing_is_lost(&stage);
            });
        }
        scope.spawn(|| {
            let mut stage = raised();
            stage.stop_ilert();
            stage.send().is(75).says("connection refused");
            assert_eq!(stage.status()["waiting"][0]["tried"], false, "it never was on the wire");
            stage.start_ilert();
            nothing_is_lost(&stage);
        });
    });
    assert_eq!(elsewhere.endpoint.requests(), [""; 0], "nothing goes where a redirect points");
}

#[test]
fn one_failure_is_made_good_within_the_run() {
    thread::scope(|scope| {
        for (answer, told) in [
            (Answer::Status(503), ["ALERT cpu critical (503)", "ALERT cpu critical"]),
            (Answer::Reset, ["ALERT cpu critical (reset)", "ALERT cpu critical"]),
            (Answer::AcceptThenReset, ["ALERT cpu critical (unanswered)", "ALERT cpu critical"]),
        ] {
            scope.spawn(move || {
                let stage = raised();
                stage.ilert.answer_next(answer);
                assert_eq!(stage.send_well(), told);
                // ilert appends the second to the alert that the first has opened.
                assert_eq!(stage.history(), ["cpu critical"]);
                stage.set("cpu", Status::Clear);
                assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
                assert_eq!(stage.open(), [""; 0]);
            });
        }
    });
}

#[test]
fn an_unanswered_event_goes_again_before_what_follows_it() {
    let mut stage = raised();
    stage.ilert.answer_next(Answer::AcceptThenReset);
    stage.ilert.answer_all(Some(Answer::Status(503)));
    stage.send().is(75);
    stage.told();
    stage.set("cpu", Status::Clear);
    stage.ilert.recover();
    assert_eq!(stage.send_well(), ["ALERT cpu critical", "RESOLVE cpu critical"]);
    assert_eq!(stage.history(), ["cpu critical"]);
    // Not so what never got there: a warning that grew is superseded.
    stage.stop_ilert();
    stage.set("cpu", Status::Warning);
    stage.send().is(75);
    stage.set("cpu", Status::Critical);
    stage.start_ilert();
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn a_429_stops_the_key_and_not_only_the_run() {
    let stage = raised();
    stage.set("ram", Status::Critical);
    stage.ilert.answer_next(Answer::Status(429));
    let started = Instant::now();
    stage.send().is(75).says("429").says("all is kept").says("15 s");
    let dry = stage.run(&["--send", "--dry-run"]);
    assert_eq!(dry.is(75).says("429").stdout, "");
    assert_eq!(stage.told(), ["ALERT cpu critical (429)"]);
    for _ in 0..2 {
        assert_eq!(stage.send().is(75).stderr, "", "it was said a moment ago");
        assert!(started.elapsed().as_secs() < 15, "too slow to tell anything");
        assert_eq!(stage.told(), [""; 0]);
    }
    assert_eq!(stage.listed("waiting").len(), 2);
    assert_eq!(stage.status()["waiting"][0]["tried"], false);
}

#[test]
fn a_key_at_rest_with_nothing_to_tell_is_no_failure() {
    let stage = raised();
    stage.ilert.answer_next(Answer::Status(429));
    stage.send().is(75);
    stage.told();
    stage.set("cpu", Status::Clear);
    // Raised and cleared untold: it is still to be told, later.
    stage.send().is(75);
    assert_eq!(stage.listed("waiting"), ["ALERT cpu critical", "RESOLVE cpu critical"]);
}

#[test]
fn a_stalled_ilert_and_a_stalled_netdata_end_by_their_time_outs() {
    // The one test that waits for time-outs: 10 s of a request, 15 s of Netdata as a whole, side by side.
    thread::scope(|scope| {
        scope.spawn(|| {
            let stage = raised();
            stage.ilert.answer_next(Answer::Stall(Barrier::new()));
            assert_eq!(stage.send_well(), ["ALERT cpu critical (stalled)", "ALERT cpu critical"]);
            assert_eq!(stage.history(), ["cpu critical"]);
        });
        scope.spawn(|| {
            let stage = raised();
            stage.send_well();
            stage.netdata.fail(Some(Fault::Stall(Barrier::new())));
            stage.send().is(75).says("no answer in time").says("What is open in ilert stays open");
            stage.netdata.fail(None);
            assert_eq!(stage.send_well(), [""; 0]);
            assert_eq!(stage.open(), ["cpu critical"]);
        });
    });
}

#[test]
fn a_broken_ca_file_drops_nothing() {
    let mut stage = raised();
    stage.configure("ilert.ca_file", stage.path("none.pem").to_str().unwrap());
    stage.send().is(3).says("none.pem").says("all is kept");
    assert_eq!(stage.listed("waiting"), ["ALERT cpu critical"]);
    stage.write_private("none.pem", "no certificate");
    stage.send().is(3).says("no certificate");
    let authority = rcgen::generate_simple_self_signed(["ilert.example".to_owned()]).unwrap();
    stage.write_private("none.pem", &authority.cert.pem());
    nothing_is_lost(&stage);
}

#[test]
fn a_missing_ca_file_is_said_once_with_nothing_to_send_too() {
    let mut stage = Stage::new();
    stage.send_well();
    stage.configure("ilert.ca_file", stage.path("none.pem").to_str().unwrap());
    stage
        .send()
        .is(3)
        .says("nothing can be sent, all is kept: cannot use the certificate authorities in")
        .says("none.pem");
    assert_eq!(stage.send().is(3).stderr, "", "said once");
    let status = stage.run(&["--status"]);
    status.is(3).says("cannot use the certificate authorities in").says("none.pem");
    assert!(status.stdout.contains("the configuration cannot be used: nothing is sent"), "{status:?}");
    assert!(stage.status()["unusable"].as_str().is_some_and(|why| why.contains("none.pem")));
    let authority = rcgen::generate_simple_self_signed(["ilert.example".to_owned()]).unwrap();
    stage.write_private("none.pem", &authority.cert.pem());
    stage.send_well();
    stage.run(&["--status"]).is(0);
    fs::remove_file(stage.path("key")).unwrap();
    stage.run(&["--status"]).is(3).says(&format!("`{}`", stage.path("key").display()));
}
