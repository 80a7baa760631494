//! Asks ilert's account what there is, and has an alert source made.

use super::work;
use crate::ilert::account::{Fulfilled, Overview};
use crate::wizard::answers::{SetUp, Step, Way};
use crate::wizard::context::{FulfilledOrder, KnownAccount, Purpose, Unfulfilled};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::field::SecretField;
use crate::wizard::form::{Control, StepProblem};
use crate::wizard::model::{Model, Overlay};
use crate::wizard::steps::source::{self, for_me};

/// Enter on *ilert alert source*: asks what there is, then whether to set it up. `None` where it is set up, or cannot be.
pub(super) fn next(model: &mut Model) -> Option<Vec<Effect>> {
    if model.context.is_busy(Purpose::Account) || model.context.is_busy(Purpose::Order) {
        return Some(Vec::new());
    }
    let (answers, context) = (&model.answers, &model.context);
    if let (Some(token), None) = (for_me::token(answers), for_me::overview(answers, context)) {
        if let Err(problem) = for_me::reached(answers, context) {
            model.focus = problem.control;
            model.problem = Some(problem);
            return Some(Vec::new());
        }
        let ilert = source::ilert(answers, context);
        model.problem = None;
        model.context.account.asked = Some((token.clone(), ilert.clone()));
        return Some(work::start(model, Purpose::Account, Work::Overview { ilert, token }));
    }
    if model.check(Step::Source).is_err() && for_me::order(answers, context).is_ok() {
        model.problem = None;
        model.overlay = Some(Overlay::Order);
        return Some(Vec::new());
    }
    None
}

/// The confirmation is given: sets up what was ordered.
pub(super) fn order(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    let (answers, context) = (&model.answers, &model.context);
    let (Some(token), Ok(order)) = (for_me::token(answers), for_me::order(answers, context)) else {
        return Vec::new();
    };
    let ilert = source::ilert(answers, context);
    model.context.account.ordered = Some(order.clone());
    work::start(model, Purpose::Order, Work::Fulfil { ilert, token, order: Box::new(order) })
}

/// Gives up what is asked. ilert may have made the alert source by now: it is found by its name the next time.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    if model.context.is_busy(Purpose::Order) {
        model.notice = Some("stopped; if it was created, the next try finds it by its name".to_owned());
        // The list of alert sources may be out of date: ask again.
        model.context.account.known = None;
    }
    let mut effects = work::stop(model, Purpose::Account);
    effects.extend(work::stop(model, Purpose::Order));
    effects
}

/// Takes what the account has.
pub(super) fn known(model: &mut Model, result: Result<Box<Overview>, StepProblem>) {
    let Some((token, ilert)) = model.context.account.asked.take() else { return };
    match result {
        Ok(overview) => {
            model.context.account.known = Some(KnownAccount { token, ilert, overview: *overview });
            let known = for_me::overview(&model.answers, &model.context).is_some();
            if model.focus == Control::ACCOUNT_TOKEN && is_shown(model) && known {
                model.focus = Control::SOURCE_NAME;
            }
        }
        Err(StepProblem { control, message }) => {
            // Named by the file, though its field is folded up.
            let shown = model.controls().contains(&control);
            problem(model, if shown { control } else { Control::ACCOUNT_TOKEN }, message);
        }
    }
}

/// Takes what was made, and carries the key on to *API key*.
pub(super) fn fulfilled(model: &mut Model, result: Result<Box<Fulfilled>, Unfulfilled>) -> Vec<Effect> {
    let Some(order) = model.context.account.ordered.take() else { return Vec::new() };
    match result {
        Ok(fulfilled) => {
            model.answers.key.field = SecretField::new(&fulfilled.provided.key);
            let source = &fulfilled.provided.source;
            model.answers.source.for_me.set_up = Some(SetUp { id: source.id, name: source.name.clone() });
            model.context.account.made = Some(FulfilledOrder { order, fulfilled: *fulfilled });
            model.touched = true;
            if is_shown(model) {
                // The result is shown above everything else.
                model.focus_first();
            }
            // Whatever becomes of this run, the next one must know that the alert source is there.
            work::save(model)
        }
        Err(Unfulfilled { words, appeared }) => {
            let control = if appeared.is_empty() { Control::SOURCE_NAME } else { Control::EXISTING_SOURCE };
            if let Some(known) = model.context.account.known.as_mut().filter(|_| !appeared.is_empty()) {
                let sources = &mut known.overview.sources;
                sources.retain(|source| appeared.iter().all(|other| other.id != source.id));
                sources.extend(appeared);
                model.answers.source.for_me.chosen = None;
            }
            problem(model, control, words);
            Vec::new()
        }
    }
}

/// Whether *ilert alert source*, this way, is on the screen.
fn is_shown(model: &Model) -> bool {
    model.step == Step::Source && source::way(&model.answers, &model.context) == Way::ForMe
}

/// Says what is wrong, where that is on the screen.
fn problem(model: &mut Model, control: Control, message: String) {
    if is_shown(model) && model.controls().contains(&control) {
        model.focus = control;
        model.problem = Some(StepProblem::new(control, message));
    }
}
