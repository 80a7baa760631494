//! Moves from step to step.

use super::{account, agent, authorities, cloud, express, home, live_test, work, writing};
use crate::exit::Exit;
use crate::wizard::answers::{Rooms, Step, Way};
use crate::wizard::context::Purpose;
use crate::wizard::effect::Effect;
use crate::wizard::form::{Control, StepProblem, Widget};
use crate::wizard::model::{Model, Overlay};
use crate::wizard::page::Look;
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{self, key, source, start, test};

/// Enter: does what the step still needs, then goes on if its answers will do.
pub(super) fn next(model: &mut Model) -> Vec<Effect> {
    if model.overlay.is_some() {
        return Vec::new();
    }
    if model.step == Step::Source && to_what_is_asked(model) {
        return Vec::new();
    }
    authorities::next(model).unwrap_or_else(|| act(model))
}

/// Does what the step still needs, or goes on, once its files were looked at.
pub(super) fn act(model: &mut Model) -> Vec<Effect> {
    let way = source::way(&model.answers, &model.context);
    let effects = match model.step {
        Step::Source if way == Way::ForMe => account::next(model),
        Step::Netdata => agent::next(model),
        Step::Notification if model.answers.notification.mode == Rooms::Cloud => cloud::next(model),
        Step::Test => test_first(model),
        Step::Review => Some(finish(model)),
        Step::Express => Some(match steps::express::step_of(model.focus, &model.answers, &model.context) {
            Some(step) => visit(model, step),
            None => express::next(model),
        }),
        Step::Menu => {
            let step = steps::menu::step_of(model.focus, &model.answers, &model.context);
            step.map(|step| visit(model, step))
        }
        _ => None,
    };
    effects.unwrap_or_else(|| proceed(model))
}

/// Goes on, or back to the screen that led here; if an answer will not do, to that answer.
pub(super) fn proceed(model: &mut Model) -> Vec<Effect> {
    let doubt = || steps::doubt(&model.answers, &model.context, model.step);
    let problem = match model.check(model.step) {
        Err(problem) => Some(problem),
        // Said once, a second Enter goes on.
        Ok(()) => doubt().filter(|doubt| model.problem.as_ref() != Some(doubt)),
    };
    if let Some(problem) = problem {
        model.focus = problem.control;
        model.problem = Some(problem);
        return Vec::new();
    }
    if model.step == Step::Start && start::take_up(&mut model.answers, &mut model.context) {
        return resume(model);
    }
    let next = after(model, Step::next);
    if let Some(next) = next {
        model.reached = model.reached.max(next);
    }
    model.trail.pop().or(next).map_or_else(Vec::new, |step| go(model, step))
}

/// The step on or back, without the key's where the key came along with the alert source.
fn after(model: &Model, step: fn(Step) -> Option<Step>) -> Option<Step> {
    let beside = step(model.step)?;
    let carried = beside == Step::Key && key::is_carried(&model.answers, &model.context);
    if carried { step(beside) } else { Some(beside) }
}

/// Goes on where an interrupted run stopped, as far as its answers do without what is never kept.
fn resume(model: &mut Model) -> Vec<Effect> {
    model.touched = true;
    let done = |step: &Step| *step == Step::Start || model.check(*step).is_ok();
    let to = Step::ALL.into_iter().find(|step| !done(step)).unwrap_or(Step::last());
    let effects = go(model, to);
    model.notice = Some("your answers are back; keys and passwords are not kept".to_owned());
    effects
}

/// Enter on the way moves on to what it asks first. False if there is nothing.
fn to_what_is_asked(model: &mut Model) -> bool {
    // Not a mistake yet: move there without a message.
    let way = source::way(&model.answers, &model.context);
    let untouched = way == Way::ByHand || for_me::token(&model.answers).is_none();
    if model.focus == Control::WAY
        && untouched
        && let Err(problem) = model.check(Step::Source)
    {
        model.focus = problem.control;
        return true;
    }
    false
}

/// Enter on a thing to do ticks it, and goes to the next; after the last one, on from this step.
pub(super) fn tick_off(model: &mut Model) -> Vec<Effect> {
    let focus = model.focus;
    if !matches!(model.widget(focus), Widget::Tick { .. }) {
        return Vec::new();
    }
    model.tick(focus, true);
    model.touched = true;
    model.problem = None;
    let undone = |control: &Control| {
        control.is_of(focus) && matches!(model.widget(*control), Widget::Tick { on: false, .. })
    };
    match model.controls().into_iter().find(undone) {
        Some(control) => {
            model.focus = model.seen_first(control);
            Vec::new()
        }
        None => proceed(model),
    }
}

/// Enter on *Live test*: tests, or looks the test up. `None` where that is done, or not wanted.
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
        Step::Test | Step::Express => {
            let mut effects = live_test::end(model);
            effects.extend(work::stop(model, Purpose::LookUp));
            effects
        }
        _ => Vec::new(),
    };
    effects.extend(work::stop(model, Purpose::Browser));
    effects
}

/// Esc: back to the screen that led here, or to the step before. Keeps the answers.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    if model.context.is_busy(Purpose::Write) && model.context.writing.written.is_some() {
        return Vec::new();
    }
    let mut effects = cancel(model);
    if model.context.writing.is_done() {
        return effects;
    }
    if model.step == Step::Express && model.context.together {
        // To what would be done: it may be changed, or tried again.
        effects.extend(go(model, Step::Express));
        return effects;
    }
    let before = after(model, Step::previous);
    match model.trail.pop().or(before) {
        Some(step) => effects.extend(go(model, step)),
        None => effects.extend(home::show(model)),
    }
    effects
}

/// Goes to a screen that leads back to this one. A step that is on the trail already is gone back to; a page over all
/// steps is put on it each time.
pub(super) fn visit(model: &mut Model, step: Step) -> Vec<Effect> {
    match model.trail.iter().position(|one| *one == step) {
        Some(at) if model.step.number().is_some() => model.trail.truncate(at),
        _ if step != model.step => model.trail.push(model.step),
        _ => {}
    }
    go(model, step)
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
    if step.number().is_some() {
        model.reached = model.reached.max(step);
    }
    model.context.writing.written = None;
    model.context.writing.changed = None;
    model.context.together = false;
    model.focus_first();
    if matches!(step, Step::Menu | Step::Express) {
        // All of it was answered once, or will do as it is.
        model.reached = Step::last();
    }
    let mut effects = work::save(model);
    effects.extend(match step {
        Step::Netdata => agent::ask(model, agent::Soon::Now),
        Step::Notification => {
            let mut effects = agent::ask(model, agent::Soon::Now);
            effects.extend(cloud::ask(model));
            effects
        }
        Step::Preview => {
            model.context.previewed = true;
            agent::fetch_notices(model)
        }
        Step::Menu => {
            let mut effects = agent::ask(model, agent::Soon::Now);
            effects.extend(live_test::try_key(model));
            effects
        }
        Step::Review | Step::Express => writing::prepare(model),
        _ => Vec::new(),
    });
    effects
}

/// Enter on *Review and write*: writes, or ends when that is done.
fn finish(model: &mut Model) -> Vec<Effect> {
    let writing = &model.context.writing;
    if writing.is_done() {
        model.exit = Some(Exit::Done);
    } else if model.trail.last() == Some(&Step::Express) && writing.written.is_none() {
        // Looked at from there: it is written there, once it is tested.
        return back(model);
    } else if !model.context.is_busy(Purpose::Write) {
        return match (steps::refused(&model.answers, &model.context), &model.context.writing.composed) {
            (Some((step, problem)), _) => mend(model, step, problem),
            (None, Some(Err(_))) => writing::prepare(model),
            (None, _) => writing::write(model),
        };
    }
    Vec::new()
}

/// To an answer that cannot be saved, and from there back to this screen.
fn mend(model: &mut Model, step: Step, problem: StepProblem) -> Vec<Effect> {
    let effects = visit(model, step);
    model.focus = problem.control;
    model.problem = Some(problem);
    effects
}

/// The confirmation is given: what was asked about is done.
pub(super) fn confirm(model: &mut Model) -> Vec<Effect> {
    match model.overlay {
        Some(Overlay::Order) => account::order(model),
        Some(Overlay::Help(_) | Overlay::Leave | Overlay::Delete) | None => Vec::new(),
    }
}
