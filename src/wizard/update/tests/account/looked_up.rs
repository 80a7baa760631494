//! The look-up of the test's alert.

use std::time::Duration;

use super::{TOKEN, made, source};
use crate::ilert::account::{Alert, AlertStatus};
use crate::ilert::client::Verdict;
use crate::wizard::Step;
use crate::wizard::context::{AlertSnapshot, LOOK_AGAIN, LOOKS};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::Control;
use crate::wizard::message::{Message, Reply};
use crate::wizard::model::Model;
use crate::wizard::steps::test::proven;
use crate::wizard::update::tests::{KEY, advance, answer, at, id, text, update, work};

/// Tested, with a token, and the events accepted.
fn tested(model: &mut Model) -> Vec<Effect> {
    advance(model, Step::Test);
    let accepted = || Verdict::Accepted { status: 202, correlation: None };
    let effects = update(model, Message::Next);
    let effects = answer(model, &effects, Reply::Tested(accepted(), Duration::ZERO));
    answer(model, &effects, Reply::Tested(accepted(), Duration::ZERO))
}

fn sighting(status: Option<AlertStatus>) -> Reply {
    let alert = status.map(|status| Alert {
        id: 4711,
        alert_key: "k".into(),
        opened: "2026-11-23T05:12:01Z".into(),
        resolved: None,
        status,
    });
    Reply::LookedUp(Ok(Box::new(AlertSnapshot { source: Some(source(12, "Netdata")), alert })))
}

fn pause(effects: &[Effect]) -> Option<Duration> {
    match work(effects) {
        Some(Work::LookUp { after, key, token, .. }) => {
            assert_eq!((key.expose(), token.expose()), (KEY, TOKEN));
            Some(*after)
        }
        _ => None,
    }
}

#[test]
fn the_alert_is_looked_up_until_ilert_shows_it_resolved() {
    let mut model = made();
    let mut effects = tested(&mut model);
    assert_eq!(pause(&effects), Some(Duration::ZERO));
    for status in [None, Some(AlertStatus::Open), Some(AlertStatus::Open)] {
        assert_eq!(proven(&model.answers, &model.context), None);
        effects = answer(&mut model, &effects, sighting(status));
        assert_eq!(pause(&effects), Some(LOOK_AGAIN));
    }
    effects = answer(&mut model, &effects, sighting(Some(AlertStatus::Resolved)));
    assert!(effects.is_empty() && proven(&model.answers, &model.context).is_some());
    assert_eq!(model.controls(), [Control::TEST], "there is nothing to ask a person");
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Review);
}

#[test]
fn looking_ends_and_can_be_begun_again() {
    let mut model = made();
    let mut effects = tested(&mut model);
    for look in 1..=LOOKS {
        assert!(pause(&effects).is_some(), "{look}");
        effects = answer(&mut model, &effects, sighting(None));
    }
    assert!(effects.is_empty() && model.controls().contains(&Control::SEEN));
    model.focus = Control::ACCOUNT_TOKEN;
    let effects = update(&mut model, Message::Next);
    assert_eq!(pause(&effects), Some(Duration::ZERO));
    let effects = answer(&mut model, &effects, Reply::LookedUp(Err("its scope".into())));
    assert!(effects.is_empty(), "what is refused is not asked over and over");
    let effects = update(&mut model, Message::Next);
    assert_eq!(update(&mut model, Message::Cancel), [Effect::Cancel(id(&effects))]);
}

#[test]
fn without_a_token_nothing_is_looked_up() {
    let mut model = at(Step::Test);
    assert!(tested(&mut model).is_empty());
    assert_eq!(model.focus, Control::SEEN);
    text(&mut model, Control::ACCOUNT_TOKEN, TOKEN);
    let effects = update(&mut model, Message::Next);
    assert_eq!(pause(&effects), Some(Duration::ZERO));
}
