//! Reads what the last step shows, and writes the files.

use super::work;
use crate::wizard::context::{Preparation, Purpose, Written};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::model::Model;
use crate::wizard::page::Look;
use crate::wizard::steps::review;

/// Looks up what the last step shows.
pub(super) fn prepare(model: &mut Model) -> Vec<Effect> {
    model.context.writing.preparation = None;
    model.context.writing.composed = None;
    let (place, config) = (Box::new(model.context.place.clone()), Box::new(model.config()));
    let former = review::former(&model.answers, &model.context).map(|former| former.key);
    work::start(model, Purpose::Write, Work::Prepare { place, config, former })
}

/// Takes what was looked up, and makes the file of it.
pub(super) fn prepared(model: &mut Model, preparation: Preparation) {
    model.context.writing.preparation = Some(preparation);
    model.context.writing.composed = review::compose(&model.answers, &model.context);
    model.focus_first();
}

/// Writes everything.
pub(super) fn write(model: &mut Model) -> Vec<Effect> {
    let Some(orders) = review::orders(&model.answers, &model.context) else { return Vec::new() };
    work::start(model, Purpose::Write, Work::Write(Box::new(orders)))
}

/// Takes what came of it. Answers that are written need not be kept any more.
pub(super) fn written(model: &mut Model, written: Written) -> Vec<Effect> {
    model.context.writing.written = Some(written);
    model.look = Look::default();
    model.focus_first();
    if model.context.writing.is_done() { vec![Effect::Forget] } else { Vec::new() }
}
