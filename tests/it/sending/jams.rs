//! One event that is never taken, whatever it is answered: every other alert is told, and resolved.

use std::thread;

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::Answer;

use crate::stage::Stage;

#[test]
fn one_event_that_is_never_taken_holds_up_no_other() {
    thread::scope(|scope| {
        for answer in [
            Answer::Status(500),
            Answer::Status(503),
            Answer::Status(403),
            Answer::Status(404),
            Answer::Status(400),
            Answer::Html(502),
            Answer::Instead(200, "OK".to_owned()),
            Answer::Reset,
            Answer::AcceptThenReset,
        ] {
            scope.spawn(move || {
                let stage = Stage::new();
                // The first in line, by its name and by its age.
                stage.set("bad", Status::Critical);
                stage.set("page", Status::Critical);
                stage.set("warn", Status::Warning);
                let never = answer.clone();
                stage.ilert.answer_by(move |event| event.alert_key.contains("/bad/").then(|| never.clone()));
                let is_refused = matches!(answer, Answer::Status(400));
                stage.send().is(if is_refused { 4 } else { 75 });
                let told = |stage: &Stage| {
                    let mut told = stage.told();
                    told.retain(|one| !one.contains("bad"));
                    told.sort();
                    told
                };
                assert_eq!(told(&stage), ["ALERT page critical", "ALERT warn warning"], "{answer:?}");
                stage.set("page", Status::Clear);
                stage.set("warn", Status::Clear);
                stage.set("new", Status::Critical);
                let ended = stage.send();
                let expected = ["ALERT new critical", "RESOLVE page critical", "RESOLVE warn warning"];
                assert_eq!(told(&stage), expected, "{answer:?}: {ended:?}");
                if !is_refused {
                    let status = stage.run(&["--status"]);
                    assert!(status.is(75).stdout.contains("ALERT"), "{status:?}");
                    assert!(stage.listed("waiting").iter().all(|one| one.contains("bad")), "{answer:?}");
                }
            });
        }
    });
}

#[test]
fn a_refused_resolve_is_no_loop() {
    let stage = Stage::new();
    stage.set("cpu", Status::Warning);
    stage.send_well();
    stage.ilert.answer_by(|event| {
        use netdata_ilert::simulator::ilert::EventType;
        (event.event_type == EventType::Resolve).then_some(Answer::Status(400))
    });
    stage.set("cpu", Status::Critical);
    stage.send().is(4);
    assert_eq!(stage.told().len(), 3, "the ALERT, the RESOLVE, and the RESOLVE with the least in it");
    for _ in 0..3 {
        assert_eq!(stage.send_well(), [""; 0]);
    }
    stage.set("ram", Status::Warning);
    assert_eq!(stage.send_well(), ["ALERT ram warning"]);
    assert_eq!(stage.listed("failed"), ["RESOLVE cpu warning"]);
}
