//! From the home screen to a configuration, and back.

use super::look;
use crate::config::Installed;
use crate::wizard::answers::Step;
use crate::wizard::context::Purpose;
use crate::wizard::effect::Effect;
use crate::wizard::model::Model;
use crate::wizard::place::Place;
use crate::wizard::steps::menu;
use crate::wizard::update::work;

/// Whether the configuration that was opened goes straight to its menu. An interrupted run's answers are asked about
/// first, and so is what cannot be read.
pub(in crate::wizard::update) fn edits(model: &mut Model) -> bool {
    let edits = model.context.home.as_mut().is_some_and(|home| std::mem::take(&mut home.edits));
    let has_draft = model.context.found.as_ref().is_some_and(|found| found.draft.is_some());
    edits && !has_draft && menu::is_offered(&model.answers, &model.context)
}

/// Opens a configuration: the steps begin anew, in its place.
pub(super) fn open(model: &mut Model, installed: &Installed, edits: bool) -> Vec<Effect> {
    let (config, state) = (installed.path.clone(), installed.state.clone());
    let invocation = installed.invocation.clone();
    let mut effects = restart(model, Place { config, state, invocation, ..model.context.place.clone() });
    if let Some(home) = &mut model.context.home {
        home.edits = edits;
    }
    effects.extend(work::begin(model));
    effects
}

/// Back to the home screen, if there is one. Keeps the answers as those of an interrupted run.
pub(in crate::wizard::update) fn show(model: &mut Model) -> Vec<Effect> {
    // The RESOLVE of a live test is on its way.
    if model.context.home.is_none() || model.context.is_busy(Purpose::Test) {
        return Vec::new();
    }
    let mut effects = work::save(model);
    let is_kept = !effects.is_empty();
    let invocation = model.context.place.invocation.for_all();
    effects.extend(restart(model, Place { invocation, ..model.context.place.clone() }));
    if let Some(home) = &mut model.context.home {
        home.cards = None;
    }
    model.step = Step::Home;
    model.focus_first();
    effects.extend(look(model, None));
    if let Some(home) = &mut model.context.home {
        let kept = is_kept.then(|| "the answers so far are kept; keys and passwords are not".to_owned());
        home.told = kept.into_iter().map(Ok).collect();
    }
    effects
}

/// Begins anew in a place. What a live test may have left open is still known.
fn restart(model: &mut Model, place: Place) -> Vec<Effect> {
    let effects = model.context.tasks.drain(..).map(|task| Effect::Cancel(task.id)).collect();
    let fresh = Model { ids: model.ids, ..Model::new(place, model.theme) };
    let before = std::mem::replace(model, fresh);
    model.context.home = before.context.home;
    model.context.test = before.context.test;
    effects
}
