//! Looks at the CA files that the answers name: what cannot be used is told where it is asked, not by the sender.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::work;
use crate::wizard::answers::Step;
use crate::wizard::context::Purpose;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::model::Model;
use crate::wizard::steps::ca_files;

/// Looks at those that were not looked at yet.
pub(super) fn look(model: &mut Model) -> Vec<Effect> {
    let files = ca_files(&model.answers, &model.context);
    if files == model.context.authorities.asked { Vec::new() } else { again(model) }
}

fn again(model: &mut Model) -> Vec<Effect> {
    let files = ca_files(&model.answers, &model.context);
    model.context.authorities.asked.clone_from(&files);
    if files.is_empty() {
        return work::stop(model, Purpose::Authorities);
    }
    work::start(model, Purpose::Authorities, Work::Authorities(files))
}

/// Enter where one is asked for: waits for the look at it, and looks again at one that could not be used. `None` if there
/// is nothing to wait for.
pub(super) fn next(model: &mut Model) -> Option<Vec<Effect>> {
    let is_busy = model.context.is_busy(Purpose::Authorities);
    let is_asked = matches!(model.step, Step::Source | Step::Netdata);
    if !is_asked || (!is_busy && model.context.authorities.refused.is_empty()) {
        return None;
    }
    let effects = if is_busy { Vec::new() } else { again(model) };
    model.goes_on = !effects.is_empty() || is_busy;
    model.problem = None;
    model.goes_on.then_some(effects)
}

/// Takes what was found. True if Enter waits for it.
pub(super) fn looked(model: &mut Model, refused: BTreeMap<PathBuf, String>) -> bool {
    model.context.authorities.refused = refused;
    matches!(model.step, Step::Source | Step::Netdata) && std::mem::take(&mut model.goes_on)
}
