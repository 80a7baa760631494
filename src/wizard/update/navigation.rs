//! Moves from step to step.

use super::{account, agent, cloud, live_test, work, writing};
use crate::exit::Exit;
use crate::wizard::answers::{Rooms, Step, Way};
use crate::wizard::context::Purpose;
use crate::wizard::effect::Effect;
use crate::wizard::form::{Control, Widget};
use crate::wizard::model::{Model, Overlay};
use crate::wizard::page::Look;
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{review, source, start, test};

/// Enter: does what the step still needs, then goes on if its answers will do.
pub(super) fn next(model: &mut Model) -> Vec<Effect> {
    if model.overlay.is_some() {
        return Vec::new();
    }
    if model.step == Step::Source && tick_and_move(model) {
        return Vec::new();
    }
    let effects = match model.step {
        Step::Source if model.answers.source.way == Way::ForMe => account::next(model),
        Step::Netdata => agent::next(model),
        Step::Notification if model.answers.notification.mode == Rooms::Cloud => cloud::next(model),
        Step::Test => test_first(model),
        Step::Review => Some(finish(model)),
        _ => None,
    };
    effects.unwrap_or_else(|| proceed(model))
}

/// On to the next step, or to what is wrong with this one.
pub(super) fn proceed(model: &mut Model) -> Vec<Effect> {
    if let Err(problem) = model.check(model.step) {
        model.focus = problem.control;
        model.problem = Some(problem);
        return Vec::new();
    }
    if model.step == Step::Start && start::take_up(&mut model.answers, &mut model.context) {
        model.touched = true;
    }
    model.step.next().map_or_else(Vec::new, |step| go(model, step))
}

/// Enter on a thing to do ticks it; Enter on the way moves on to what it asks first. False if neither applies.
fn tick_and_move(model: &mut Model) -> bool {
    let focus = model.focus;
    // Not a mistake yet: move there without a message.
    let untouched = model.answers.source.way == Way::ByHand || for_me::token(&model.answers).is_none();
    if focus == Control::WAY
        && untouched
        && let Err(problem) = model.check(Step::Source)
    {
        model.focus = problem.control;
        return true;
    }
    if !focus.is_of(Control::TODO) || !matches!(model.widget(focus), Widget::Tick { on: false, .. }) {
        return false;
    }
    model.tick(focus, true);
    model.touched = true;
    model.problem = None;
    let after = || model.controls().get(focus.at + 1).copied().unwrap_or(Control::GROUPING);
    model.focus = source::undone(&model.answers).map_or_else(after, |at| Control::TODO.at(at));
    true
}

/// Enter on step 7: tests, or looks the test up. `None` where that is done, or not wanted.
fn test_first(model: &mut Model) -> Option<Vec<Effect>> {
    if test::current(&model.answers, &model.context).is_some() && model.context.is_busy(Purpose::Test) {
        return Some(Vec::new());
    }
    if model.check(Step::Test).is_err() {
        return Some(live_test::begin(model));
    }
    let looks = model.focus == Control::ACCOUNT_TOKEN && test::can_look_up(&model.answers, &model.context);
    looks.then(|| live_test::look_up(model))
}

/// Esc while something is under way: gives it up. Files that are being written are written.
pub(super) fn cancel(model: &mut Model) -> Vec<Effect> {
    model.goes_on = false;
    let mut effects = match model.step {
        Step::Source => account::stop(model),
        Step::Netdata => work::stop(model, Purpose::Probe),
        Step::Notification => {
            let mut effects = work::stop(model, Purpose::Probe);
            effects.extend(cloud::stop(model));
            effects
        }
        Step::Preview => work::stop(model, Purpose::Notices),
        Step::Test => {
            let mut effects = live_test::end(model);
            effects.extend(work::stop(model, Purpose::LookUp));
            effects
        }
        _ => Vec::new(),
    };
    effects.extend(work::stop(model, Purpose::Browser));
    effects
}

/// Esc: back to the step before, with the answers of this one kept.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    if model.context.is_busy(Purpose::Write) {
        return Vec::new();
    }
    let mut effects = cancel(model);
    if let Some(step) = model.step.previous().filter(|_| !model.context.writing.is_done()) {
        effects.extend(go(model, step));
    }
    effects
}

/// To a step: the focus on its first control, and what it needs under way.
pub(super) fn go(model: &mut Model, step: Step) -> Vec<Effect> {
    model.answers.key.field.hide();
    model.answers.agent.password.hide();
    model.answers.agent.token.hide();
    model.overlay = None;
    model.problem = None;
    model.goes_on = false;
    model.look = Look::default();
    model.step = step;
    model.reached = model.reached.max(step);
    model.context.writing.written = None;
    model.focus_first();
    let mut effects = work::save(model);
    effects.extend(match step {
        Step::Netdata => agent::ask(model, agent::Soon::Now),
        Step::Notification => {
            let mut effects = agent::ask(model, agent::Soon::Now);
            effects.extend(cloud::ask(model));
            effects
        }
        Step::Preview => agent::fetch_notices(model),
        Step::Review => writing::prepare(model),
        _ => Vec::new(),
    });
    effects
}

/// Enter on the last step: asks whether to write, or ends when that is done.
fn finish(model: &mut Model) -> Vec<Effect> {
    if model.context.writing.is_done() {
        model.exit = Some(Exit::Done);
    } else if !model.context.is_busy(Purpose::Write)
        && review::orders(&model.answers, &model.context).is_some()
    {
        model.overlay = Some(Overlay::Confirm);
    }
    Vec::new()
}

/// The confirmation is given: what was asked about is done.
pub(super) fn confirm(model: &mut Model) -> Vec<Effect> {
    match model.overlay {
        Some(Overlay::Confirm) => {
            model.overlay = None;
            writing::write(model)
        }
        Some(Overlay::Order) => account::order(model),
        Some(Overlay::Help(_) | Overlay::Leave) | None => Vec::new(),
    }
}
