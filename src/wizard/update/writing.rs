//! Reads what the last step shows, and writes the files.

use super::work;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::model::Model;
use crate::wizard::page::Look;
use crate::wizard::steps::review;
use crate::wizard::world::{Preparation, Purpose, Written};

/// Looks up what the last step shows.
pub(super) fn prepare(model: &mut Model) -> Vec<Effect> {
    model.world.writing.preparation = None;
    model.world.writing.composed = None;
    let (place, config) = (Box::new(model.world.place.clone()), Box::new(model.config()));
    let former = review::former(&model.answers, &model.world).map(|former| former.key);
    work::start(model, Purpose::Write, Work::Prepare { place, config, former })
}

/// Takes what was looked up, and makes the file of it.
pub(super) fn prepared(model: &mut Model, preparation: Preparation) {
    model.world.writing.preparation = Some(preparation);
    model.world.writing.composed = review::compose(&model.answers, &model.world);
    model.focus_first();
}

/// Writes everything.
pub(super) fn write(model: &mut Model) -> Vec<Effect> {
    let Some(orders) = review::orders(&model.answers, &model.world) else { return Vec::new() };
    work::start(model, Purpose::Write, Work::Write(Box::new(orders)))
}

/// Takes what came of it. Answers that are written need not be kept any more.
pub(super) fn written(model: &mut Model, written: Written) -> Vec<Effect> {
    model.world.writing.written = Some(written);
    model.look = Look::default();
    model.focus_first();
    if model.world.writing.is_done() { vec![Effect::Forget] } else { Vec::new() }
}
