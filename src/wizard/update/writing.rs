//! Reads what *Review and write* shows, and writes the files.

use super::work;
use crate::exit::Stopped;
use crate::setup::Deed;
use crate::wizard::answers::Step;
use crate::wizard::context::{Preparation, Purpose, Written};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, StepProblem};
use crate::wizard::model::Model;
use crate::wizard::page::Look;
use crate::wizard::steps::configuration::secrets;
use crate::wizard::steps::review;

/// Looks up what *Review and write* shows.
pub(super) fn prepare(model: &mut Model) -> Vec<Effect> {
    model.context.writing.preparation = None;
    model.context.writing.composed = None;
    let (place, config) = (Box::new(model.context.place.clone()), Box::new(model.config()));
    let former = review::former(&model.answers, &model.context).map(|former| former.key);
    let secrets = secrets(&model.answers, &model.context).into_iter().map(|(path, _)| path).collect();
    let base = model.context.edited(model.answers.start.existing).cloned().map(Box::new);
    work::start(model, Purpose::Write, Work::Prepare { place, config, base, former, secrets })
}

/// Takes what was looked up, and makes the file of it.
pub(super) fn prepared(model: &mut Model, preparation: Preparation) {
    model.context.writing.preparation = Some(preparation);
    model.context.writing.composed = review::compose(&model.answers, &model.context);
    if model.step == Step::Review {
        model.focus_first();
    }
    if let Some(reason) = model.context.writing.changed.as_ref().filter(|_| model.step == Step::Express) {
        let message = format!("{reason}. The row \"Files\" shows what would be written now; enter does it");
        model.problem = Some(StepProblem::new(Control::ALL_AT_ONCE, message));
    }
}

/// Nothing is written, as something has changed on the disk: what would be written now is shown before.
fn changed(model: &mut Model, reason: String) -> Vec<Effect> {
    model.context.writing.written = None;
    model.context.writing.changed = Some(reason);
    model.context.together = false;
    model.look = Look::default();
    model.focus_first();
    prepare(model)
}

/// Writes everything, one thing after the other.
pub(super) fn write(model: &mut Model) -> Vec<Effect> {
    let Some(left) = review::deeds(&model.answers, &model.context) else { return Vec::new() };
    model.context.writing.changed = None;
    model.problem = None;
    model.context.writing.written = Some(Written { left, ..Written::default() });
    model.look = Look::default();
    model.focus_first();
    next(model)
}

/// Begins the first of what is left. Answers that are written need not be kept any more.
fn next(model: &mut Model) -> Vec<Effect> {
    let first = model.context.writing.written.as_ref().and_then(|written| written.left.front());
    if let Some(deed) = first.cloned() {
        return work::start(model, Purpose::Write, Work::Write(Box::new(deed)));
    }
    model.focus_first();
    vec![Effect::Forget]
}

/// Takes the result of one deed, and goes on to the next unless a needed one failed.
pub(super) fn written(model: &mut Model, result: Result<Vec<String>, Stopped>) -> Vec<Effect> {
    let Some(written) = &mut model.context.writing.written else { return Vec::new() };
    match result {
        Ok(lines) => written.lines.extend(lines.into_iter().map(Ok)),
        Err(stopped) if matches!(written.left.front(), Some(Deed::Ground(_))) => {
            return changed(model, stopped.words);
        }
        Err(stopped) if written.left.front().is_some_and(Deed::is_needed) => {
            written.failed = Some(stopped.words);
            return Vec::new();
        }
        Err(stopped) => {
            if matches!(written.left.front(), Some(Deed::DryRun { .. })) {
                written.dry_run = Some(stopped.exit);
            }
            written.lines.push(Err(stopped.words));
        }
    }
    written.left.pop_front();
    next(model)
}
