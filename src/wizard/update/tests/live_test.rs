//! The live test: it always ends with its RESOLVE.

use std::time::Duration;

use super::{answer, at, id, shown, text, work};
use crate::delivery::live_test::AGAIN;
use crate::http::Failure;
use crate::ilert::client::{RetryReason, Verdict};
use crate::ilert::event::EventType;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, Given};
use crate::wizard::message::{Message, Reply};
use crate::wizard::run::left_open;
use crate::wizard::steps::{caveats, test};
use crate::wizard::update::update;
use crate::wizard::{Model, Step};

fn accepted() -> Reply {
    Reply::Tested(Verdict::Accepted { status: 202, correlation: None }, Duration::from_millis(9))
}

fn later() -> Reply {
    Reply::Tested(
        Verdict::Later(RetryReason::Answered { status: 503, message: "".into() }),
        Duration::from_millis(9),
    )
}

fn posted(effects: &[Effect]) -> (EventType, Duration) {
    match work(effects) {
        Some(Work::Post { event, after, .. }) => (event.event_type, *after),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_test_opens_and_resolves() {
    let mut model = at(Step::Test);
    let effects = update(&mut model, Message::Next);
    assert_eq!(posted(&effects), (EventType::Alert, Duration::ZERO));
    let effects = answer(&mut model, &effects, accepted());
    assert_eq!(posted(&effects), (EventType::Resolve, Duration::ZERO));
    assert_eq!(answer(&mut model, &effects, accepted()), []);
    assert!(test::passed(&model.answers, &model.context).is_some());
    assert_eq!(model.focus, Control::SEEN);
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Review);
}

#[test]
fn a_refused_alert_has_nothing_to_resolve() {
    let mut model = at(Step::Test);
    let effects = update(&mut model, Message::Next);
    let refused = Verdict::KeyWrong { status: 404, message: "no source".into() };
    let effects = answer(&mut model, &effects, Reply::Tested(refused.clone(), Duration::ZERO));
    assert_eq!(effects, []);
    let run = test::current(&model.answers, &model.context).unwrap();
    assert!(!run.may_be_open());
    assert_eq!(run.failure(), Some(&refused));
    assert_eq!(test::remedy(&refused).unwrap().1, Some(Step::Key));
    update(&mut model, Message::GoTo(Step::Key));
    text(&mut model, Control::API_KEY, "il1api-another-key-0123456789");
    assert!(test::current(&model.answers, &model.context).is_none(), "it says nothing about another key");
}

#[test]
fn the_resolve_is_tried_again_and_then_said_to_be_missing() {
    let mut model = at(Step::Test);
    let effects = update(&mut model, Message::Next);
    let mut effects = answer(&mut model, &effects, accepted());
    for pause in AGAIN {
        effects = answer(&mut model, &effects, later());
        assert_eq!(posted(&effects), (EventType::Resolve, pause));
    }
    assert_eq!(answer(&mut model, &effects, later()), []);
    assert!(test::current(&model.answers, &model.context).unwrap().may_be_open());
    assert!(test::passed(&model.answers, &model.context).is_none());
}

/// Enter sends the test, and ilert says nothing.
fn unanswered(model: &mut Model) -> String {
    let mut effects = update(model, Message::Next);
    for _ in 0..AGAIN.len() + 2 {
        let silent = Verdict::Later(RetryReason::NoAnswer(Failure::Closed));
        effects = answer(model, &effects, Reply::Tested(silent, Duration::ZERO));
    }
    assert_eq!(effects, []);
    model.context.test.run.as_ref().unwrap().alert_key.clone()
}

#[test]
fn what_a_test_may_have_left_open_is_resolved_once_another_passes() {
    let mut model = at(Step::Test);
    let first = [unanswered(&mut model), unanswered(&mut model)];
    let effects = update(&mut model, Message::Next);
    let effects = answer(&mut model, &effects, accepted());
    let mut effects = answer(&mut model, &effects, accepted());
    for key in &first {
        let Some(Work::Post { event, .. }) = work(&effects) else { panic!("{effects:?}") };
        assert_eq!((event.event_type, &event.alert_key), (EventType::Resolve, key));
        assert!(caveats(&model.answers, &model.context).all(|caveat| !caveat.what.contains("open")));
        effects = answer(&mut model, &effects, accepted());
        let page = shown(&model);
        let said = format!("RESOLVE of the test before, `{key}`: accepted by ilert, HTTP 202, 9 ms");
        assert!(page.contains(&said), "{page}");
    }
    assert_eq!((effects.len(), model.context.test.open().count()), (0, 0));
}

#[test]
fn what_cannot_be_resolved_is_said_until_the_end() {
    let mut model = at(Step::Test);
    let first = unanswered(&mut model);
    let effects = update(&mut model, Message::Next);
    let effects = answer(&mut model, &effects, accepted());
    let effects = answer(&mut model, &effects, accepted());
    answer(&mut model, &effects, later());
    let said = |model: &Model| {
        caveats(&model.answers, &model.context)
            .filter(|caveat| caveat.what == format!("The test alert `{first}` may still be open"))
            .count()
    };
    assert_eq!(said(&model), 1);
    assert!(left_open(&model)[0].contains(&first));
    // Nor is it forgotten where no test is wanted any more.
    update(&mut model, Message::Give(Control::TEST, Given::Option(2)));
    assert_eq!(said(&model), 1);
}

#[test]
fn a_test_that_is_given_up_is_resolved_all_the_same() {
    let mut model = at(Step::Test);
    let begun = update(&mut model, Message::Next);
    let effects = update(&mut model, Message::Cancel);
    assert!(effects.contains(&Effect::Cancel(id(&begun))));
    assert_eq!(posted(&effects).0, EventType::Resolve);
    answer(&mut model, &begun, accepted());
    assert_eq!(test::current(&model.answers, &model.context).unwrap().alerted, None, "the answer is late");
    // Leaving the step does not stop it.
    assert!(!update(&mut model, Message::Back).contains(&Effect::Cancel(id(&effects))));
    answer(&mut model, &effects, accepted());
    assert!(!model.context.test.run.as_ref().unwrap().may_be_open());
}
