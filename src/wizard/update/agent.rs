//! Asks the agent what it shows.

use std::time::Duration;

use super::work;
use crate::wizard::answers::Step;
use crate::wizard::context::Purpose;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::model::Model;
use crate::wizard::steps::agent;

/// How long typing must pause before the agent is asked.
const PAUSE: Duration = Duration::from_millis(400);

/// When to ask the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Soon {
    /// At once.
    Now,
    /// When typing has paused.
    AfterTyping,
    /// At once, whatever it replied before.
    Again,
}

/// Asks the agent what it shows, unless it was asked that already.
pub(super) fn ask(model: &mut Model, soon: Soon) -> Vec<Effect> {
    if soon == Soon::AfterTyping && model.step != Step::Netdata {
        return Vec::new();
    }
    let target = agent::target(&model.answers, &model.context);
    let asked = model.context.agent.asked.as_ref() == Some(&target);
    let replied = agent::reply(&model.answers, &model.context).is_some();
    if asked
        && soon != Soon::Again
        && (replied || (soon == Soon::AfterTyping && model.context.is_busy(Purpose::Probe)))
    {
        return Vec::new();
    }
    model.context.agent.asked = Some(target.clone());
    model.answers.agent.anyway = false;
    let after = if soon == Soon::AfterTyping { PAUSE } else { Duration::ZERO };
    work::start(model, Purpose::Probe, Work::Probe { target: Box::new(target), after })
}

/// Enter on *Netdata*: asks the agent, unless it has answered, and remembers to go on. `None` if there is nothing to ask.
pub(super) fn next(model: &mut Model) -> Option<Vec<Effect>> {
    let busy = model.context.is_busy(Purpose::Probe);
    let (answers, context) = (&model.answers, &model.context);
    if !agent::is_sound(answers, context) || (!busy && agent::check(answers, context).is_ok()) {
        return None;
    }
    // Enter ends the pause after typing, and asks an agent again that refused: it may answer now.
    let effects = ask(model, if busy { Soon::Now } else { Soon::Again });
    model.goes_on = true;
    model.problem = None;
    Some(effects)
}

/// Fetches what is raised, as a first run would send it.
pub(super) fn fetch_notices(model: &mut Model) -> Vec<Effect> {
    if agent::probe(&model.answers, &model.context).is_none() {
        model.context.agent.notices = None;
        return Vec::new();
    }
    let config = Box::new(model.config());
    let target = Box::new(agent::target(&model.answers, &model.context));
    work::start(model, Purpose::Notices, Work::Notices { config, target })
}
