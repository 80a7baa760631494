//! What is asked of ilert's account: what there is, an alert source, and whether the test's alert is shown.

use std::time::Duration;

use super::{going, work};
use crate::ilert::account::{Fulfilled, Overview};
use crate::wizard::control::Control;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::field::SecretField;
use crate::wizard::message::Purpose;
use crate::wizard::model::{Model, Overlay, Step};
use crate::wizard::steps::source::for_me::{self, Known, Made, Unfulfilled};
use crate::wizard::steps::source::{self, Way};
use crate::wizard::steps::test::{self, LOOK_AGAIN, LookUp, Sighting};
use crate::wizard::steps::{Problem, check};

/// Enter on step 2: asks what there is, then whether to set it up, then goes on.
pub(super) fn next(model: &mut Model) -> Vec<Effect> {
    if model.is_busy(Purpose::Account) || model.is_busy(Purpose::Order) {
        return Vec::new();
    }
    if let (Some(token), None) = (for_me::token(model), for_me::overview(model)) {
        model.problem = None;
        let ilert = model.base.ilert.clone();
        model.source.for_me.asked = Some((token.clone(), ilert.clone()));
        return work::start(model, Purpose::Account, Work::Overview { ilert, token });
    }
    if check(model, Step::Source).is_err() && for_me::order(model).is_ok() {
        model.problem = None;
        model.overlay = Some(Overlay::Order);
        return Vec::new();
    }
    going::proceed(model)
}

/// The confirmation is given: what was ordered is set up.
pub(super) fn order(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    let (Some(token), Ok(order)) = (for_me::token(model), for_me::order(model)) else { return Vec::new() };
    model.source.for_me.ordered = Some(order.clone());
    let work = Work::Fulfil { ilert: model.base.ilert.clone(), token, order: Box::new(order) };
    work::start(model, Purpose::Order, work)
}

pub(super) fn known(model: &mut Model, result: Result<Box<Overview>, String>) -> Vec<Effect> {
    let Some((token, ilert)) = model.source.for_me.asked.take() else { return Vec::new() };
    match result {
        Ok(overview) => {
            model.source.for_me.known = Some(Known { token, ilert, overview: *overview });
            if model.focus == Control::AccountToken && is_shown(model) && for_me::overview(model).is_some() {
                model.focus = Control::SourceName;
            }
        }
        Err(words) => problem(model, Control::AccountToken, words),
    }
    Vec::new()
}

pub(super) fn fulfilled(model: &mut Model, result: Result<Box<Fulfilled>, Unfulfilled>) -> Vec<Effect> {
    let Some(order) = model.source.for_me.ordered.take() else { return Vec::new() };
    match result {
        Ok(fulfilled) => {
            model.key.field = SecretField::new(&fulfilled.provided.key);
            model.source.for_me.made = Some(Made { order, fulfilled: *fulfilled });
            model.touched = true;
            if is_shown(model) {
                // What came of it stands above everything else.
                model.focus_first();
            }
        }
        Err(Unfulfilled { words, appeared }) => {
            let control = if appeared.is_empty() { Control::SourceName } else { Control::ExistingSource };
            if let Some(known) = model.source.for_me.known.as_mut().filter(|_| !appeared.is_empty()) {
                let sources = &mut known.overview.sources;
                sources.retain(|source| appeared.iter().all(|other| other.id != source.id));
                sources.extend(appeared);
                model.source.for_me.chosen = None;
            }
            problem(model, control, words);
        }
    }
    Vec::new()
}

/// Step 2, this way, is on the screen.
fn is_shown(model: &Model) -> bool {
    model.step == Step::Source && model.source.way == Way::ForMe
}

/// What is wrong, where that is on the screen.
fn problem(model: &mut Model, control: Control, message: String) {
    if is_shown(model) && source::controls(model).contains(&control) {
        model.focus = control;
        model.problem = Some(Problem::new(control, message));
    }
}

/// Looks the test's alert up from the beginning, where there is a token to do it with.
pub(super) fn look_up(model: &mut Model) -> Vec<Effect> {
    if !test::can_look_up(model) {
        return Vec::new();
    }
    if let Some(run) = &mut model.test.run {
        run.look_up = LookUp::default();
    }
    look(model, Duration::ZERO)
}

fn look(model: &mut Model, after: Duration) -> Vec<Effect> {
    let (Some(token), Some(run)) = (for_me::token(model), &model.test.run) else { return Vec::new() };
    let work = Work::LookUp {
        ilert: run.subject.ilert.clone(),
        token,
        key: run.subject.key.clone(),
        alert_key: run.alert_key.clone(),
        after,
    };
    work::start(model, Purpose::LookUp, work)
}

pub(super) fn looked_up(model: &mut Model, result: Result<Box<Sighting>, String>) -> Vec<Effect> {
    let Some(run) = &mut model.test.run else { return Vec::new() };
    run.look_up.count += 1;
    run.look_up.last = Some(result.map(|sighting| *sighting));
    if run.look_up.goes_on() {
        return look(model, LOOK_AGAIN);
    }
    if model.step == Step::Test && !model.controls().contains(&model.focus) {
        model.focus_first();
    }
    Vec::new()
}
