//! `--test`: an ALERT and its RESOLVE, through the same door as everything that is sent.

use netdata_ilert::config::Priority;
use netdata_ilert::simulator::{Answer, Barrier};
use rustix::process::Signal;

use crate::stage::{KEY, MASKED, Running, Stage, arrived, end};

#[test]
fn opens_an_alert_and_resolves_it() {
    let stage = Stage::new();
    for (arguments, priority) in [
        (&["--test"][..], Priority::Low),
        (&["--test", "--priority", "low"], Priority::Low),
        (&["--test", "--priority", "high"], Priority::High),
    ] {
        let ended = stage.run(arguments);
        ended.is(0).says(MASKED).says(&stage.endpoint.url());
        assert!(ended.stdout.starts_with("ALERT: accepted by ilert"), "{ended:?}");
        assert!(ended.stdout.contains("\nRESOLVE: accepted by ilert"), "{ended:?}");
        assert!(!format!("{ended:?}").contains(KEY));
        assert_eq!(stage.ilert.history().last().unwrap().priority, priority);
        assert_eq!(stage.open(), [""; 0]);
    }
    let history = stage.ilert.history();
    assert_ne!(history[0].key, history[1].key, "each test is an alert of its own");
    assert_eq!(stage.netdata.connections(), 0);
    assert!(!stage.state().exists());
}

#[test]
fn a_wrong_key_is_one_request_and_a_person_must_look() {
    let stage = Stage::new();
    stage.ilert.remove_key(KEY);
    let ended = stage.run(&["--test"]);
    ended.is(4);
    assert!(ended.stdout.contains("ilert does not accept the key (404"), "{ended:?}");
    assert_eq!(stage.told().len(), 1);
}

#[test]
fn an_ilert_that_is_away_is_for_later() {
    let mut stage = Stage::new();
    stage.stop_ilert();
    let ended = stage.run(&["--test"]);
    assert!(ended.is(75).stdout.contains("connection refused"), "{ended:?}");
}

#[test]
fn an_alert_that_may_have_opened_is_resolved() {
    let stage = Stage::new();
    stage.ilert.answer_next(Answer::AcceptThenReset);
    stage.ilert.answer_next(Answer::Status(503));
    stage.run(&["--test"]).is(75);
    assert_eq!(stage.told().len(), 3);
    assert_eq!(stage.history().len(), 1);
    assert_eq!(stage.open(), [""; 0]);
}

#[test]
fn what_answers_in_the_place_of_ilert_proves_nothing() {
    for (status, body, code, said) in [
        (200, "<html>Log in</html>", 75, "ALERT: something answered in ilert's place (200: an HTML page)"),
        (202, "OK", 75, "ALERT: something answered in ilert's place (202: text that is not JSON)"),
        (404, "<html>", 75, "ALERT: something answered in ilert's place (404: an HTML page)"),
        (200, "{\"status\":400}", 4, "ALERT: ilert refused the event for good (400)"),
    ] {
        let stage = Stage::new();
        stage.ilert.answer_all(Some(Answer::Instead(status, body.to_owned())));
        let ended = stage.run(&["--test"]);
        assert!(ended.is(code).stdout.starts_with(said), "{ended:?}");
        assert_eq!(stage.told().len(), 1, "nothing was opened that had to be resolved");
    }
}

/// The signals that end a program, with the exit code of each.
const SIGNALS: [(Signal, i32); 3] = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)];

/// A test whose alert was taken, and whose RESOLVE waits at the barrier.
fn resolving() -> (Stage, Running, Barrier) {
    let (stage, resolve) = (Stage::new(), Barrier::new());
    stage.ilert.answer_next(Answer::Status(202));
    stage.ilert.answer_next(Answer::Stall(resolve.clone()));
    let test = stage.start(&["--test"]);
    arrived(&resolve, 1);
    (stage, test, resolve)
}

#[test]
fn told_to_end_it_resolves_what_it_has_opened() {
    for (signal, code) in SIGNALS {
        let (stage, mut test, resolve) = resolving();
        assert_eq!(stage.open().len(), 1);
        test.signal(signal);
        test.until_says("resolving the alert");
        resolve.open();
        test.wait().is(code).says("opened and resolved");
        assert_eq!(stage.open(), [""; 0]);
    }
}

#[test]
fn told_to_end_it_lets_no_resolve_overtake_its_alert() {
    let stage = Stage::new();
    let alert = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(alert.clone()));
    let mut test = stage.start(&["--test"]);
    arrived(&alert, 1);
    test.signal(Signal::TERM);
    test.until_says("resolving the alert");
    alert.open();
    test.wait().is(143).says("opened and resolved");
    assert_eq!((stage.history().len(), stage.open().len()), (1, 0));
}

#[test]
fn told_to_end_it_waits_for_no_answer_for_ever() {
    let stage = Stage::new();
    let barrier = Barrier::new();
    stage.ilert.answer_all(Some(Answer::Stall(barrier.clone())));
    let test = stage.start(&["--test"]);
    arrived(&barrier, 1);
    test.signal(Signal::TERM);
    test.wait().is(143).says("may stay open: resolve it in ilert").says("/test/");
    assert_eq!(stage.told().len(), 2, "the RESOLVE was tried");
}

#[test]
fn told_twice_it_ends_at_once_and_names_what_may_stay_open() {
    let (stage, mut test, _resolve) = resolving();
    test.signal(Signal::INT);
    test.until_says("resolving the alert");
    test.signal(Signal::INT);
    let key = stage.ilert.open()[0].key.clone();
    test.wait().is(130).says(&format!("the test alert `{key}` may stay open: resolve it in ilert"));
}

#[test]
fn an_output_that_cannot_be_written_leaves_no_alert_open() {
    let stage = Stage::new();
    let mut command = stage.command(&["--test"]);
    command.stdout(std::fs::File::create("/dev/full").unwrap());
    end(command).is(1).says("cannot write to stdout").says("opened and resolved");
    assert_eq!((stage.history().len(), stage.open().len()), (1, 0));
}
