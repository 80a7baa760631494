//! From step to step.

use super::work::{self, Soon};
use super::{account, cloud};
use crate::exit::Exit;
use crate::wizard::control::{Control, Widget};
use crate::wizard::effect::Effect;
use crate::wizard::message::Purpose;
use crate::wizard::model::{Model, Overlay, Step};
use crate::wizard::steps::notification::Rooms;
use crate::wizard::steps::source::{Way, for_me};
use crate::wizard::steps::start::Resume;
use crate::wizard::steps::{agent, check, review, test};

/// Enter: on to the next step, if the answers of this one will do.
pub(super) fn next(model: &mut Model) -> Vec<Effect> {
    if model.overlay.is_some() {
        return Vec::new();
    }
    if model.step == Step::Source && tick_and_move(model) {
        return Vec::new();
    }
    match model.step {
        Step::Test if test::current(model).is_some() && model.is_busy(Purpose::Test) => return Vec::new(),
        Step::Test if check(model, Step::Test).is_err() => return work::begin_test(model),
        Step::Test if model.focus == Control::AccountToken && test::can_look_up(model) => {
            return account::look_up(model);
        }
        Step::Source if model.source.way == Way::ForMe => return account::next(model),
        Step::Notification if model.notification.mode == Rooms::Cloud => return cloud::enter(model),
        Step::Review => return finish(model),
        Step::Netdata if model.is_busy(Purpose::Probe) || agent::asks_again(model) => {
            // The pause after typing is over, and an agent that refused may answer now: whoever presses Enter
            // wants to know.
            let soon = if model.is_busy(Purpose::Probe) { Soon::Now } else { Soon::Again };
            let effects = work::ask_agent(model, soon);
            model.agent.go_on = true;
            model.problem = None;
            return effects;
        }
        _ => {}
    }
    proceed(model)
}

/// On to the next step, or to what is wrong with this one.
pub(super) fn proceed(model: &mut Model) -> Vec<Effect> {
    if let Err(problem) = check(model, model.step) {
        model.focus = problem.control;
        model.problem = Some(problem);
        return Vec::new();
    }
    if model.step == Step::Start {
        take_up(model);
    }
    model.step.next().map_or_else(Vec::new, |step| go(model, step))
}

/// Enter on something to do means that it is done; on the way that is chosen, that it is gone. False where there is
/// nothing left to move to.
fn tick_and_move(model: &mut Model) -> bool {
    let focus = model.focus;
    // Nothing is wrong yet with what comes next: it is only what comes next.
    let untouched = model.source.way == Way::ByHand || for_me::token(model).is_none();
    if let (Control::Way, true, Err(problem)) = (focus, untouched, check(model, Step::Source)) {
        model.focus = problem.control;
        return true;
    }
    let (Control::Todo(at), Widget::Tick { on: false, .. }) = (focus, model.widget(focus)) else {
        return false;
    };
    model.tick(focus, true);
    model.touched = true;
    model.problem = None;
    let undone = model.source.done.iter().position(|done| !done);
    model.focus = undone
        .map_or_else(|| model.controls().get(at + 1).copied().unwrap_or(Control::Grouping), Control::Todo);
    true
}

/// Takes up the answers of an interrupted run, if there is one and it is wanted.
fn take_up(model: &mut Model) {
    if model.start.resume == Resume::Resume
        && let Some(draft) = model.start.found.as_mut().and_then(|found| found.draft.take())
    {
        super::resume::resume(model, &draft);
    }
}

/// Esc: back to the step before, with the answers of this one kept.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    if model.is_busy(Purpose::Write) {
        return Vec::new();
    }
    let mut effects = work::cancel(model);
    if let Some(step) = model.step.previous().filter(|_| !model.review.is_done()) {
        effects.extend(go(model, step));
    }
    effects
}

/// To a step: the focus on its first control, and what it needs under way.
pub(super) fn go(model: &mut Model, step: Step) -> Vec<Effect> {
    model.key.field.hide();
    model.agent.password.hide();
    model.agent.token.hide();
    model.overlay = None;
    model.problem = None;
    model.agent.go_on = false;
    model.notification.cloud.go_on = false;
    model.step = step;
    model.reached = model.reached.max(step);
    model.review.written = None;
    model.focus_first();
    let mut effects = work::save(model);
    effects.extend(match step {
        Step::Netdata => work::ask_agent(model, Soon::Now),
        Step::Notification => {
            let mut effects = work::ask_agent(model, Soon::Now);
            effects.extend(cloud::ask(model));
            effects
        }
        Step::Preview => work::fetch_notices(model),
        Step::Review => work::prepare(model),
        _ => Vec::new(),
    });
    effects
}

/// Enter on the last step: asks whether to write, or ends when that is done.
fn finish(model: &mut Model) -> Vec<Effect> {
    match &model.review.written {
        Some(_) if model.review.is_done() => model.exit = Some(Exit::Done),
        _ if model.is_busy(Purpose::Write) => {}
        _ if review::orders(model).is_some() => model.overlay = Some(Overlay::Confirm),
        _ => {}
    }
    Vec::new()
}

/// The confirmation is given: what was asked about is done.
pub(super) fn confirm(model: &mut Model) -> Vec<Effect> {
    match model.overlay {
        Some(Overlay::Confirm) => {
            model.overlay = None;
            work::write(model)
        }
        Some(Overlay::Order) => account::order(model),
        Some(Overlay::Help(_) | Overlay::Leave) | None => Vec::new(),
    }
}
