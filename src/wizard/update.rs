//! The one place where the wizard's state changes: a [`Message`] comes in, [`Effect`]s go out.
//!
//! No I/O, no clock, no waiting: what takes time is an effect, whose answer is a message with the effect's
//! id. An answer whose id is not awaited any more is late, and dropped.

mod account;
mod answers;
mod cloud;
mod focus;
mod going;
mod resume;
pub(super) mod work;

use super::control::{Control, Given, Typing};
use super::effect::Effect;
use super::message::{Message, Purpose};
use super::model::{Model, Overlay};
use crate::exit::Exit;
use crate::secret::Secret;

pub use work::begin;

/// Takes a message.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    if !matches!(message, Message::Tick | Message::Answered(..) | Message::Redraw) {
        model.notice = None;
    }
    let focus = (model.step, model.focus);
    let effects = take(model, message);
    if (model.step, model.focus) != focus {
        model.scroll = 0;
    }
    effects
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Typed(key) => edit(model, |typing| match typing {
            Typing::Text(field) => field.key(&key),
            Typing::Secret(field) => field.key(&key),
            Typing::Area(area) => area.key(&key),
        }),
        Message::Pasted(text) => paste(model, &text),
        Message::PasteDemo => match demo(model) {
            Some(secret) => paste(model, secret.expose()),
            None => Vec::new(),
        },
        Message::Give(control, given) => give(model, control, given),
        Message::Next => going::next(model),
        Message::Back => going::back(model),
        Message::GoTo(step) => going::go(model, step),
        Message::FocusNext => focus::next(model),
        Message::FocusPrevious => focus::previous(model),
        Message::Move(direction) => focus::shift(model, direction),
        Message::Toggle => focus::toggle(model),
        Message::TickAll => focus::tick_all(model),
        Message::Reveal => {
            if let Some(Typing::Secret(field)) = model.typing(model.focus) {
                field.toggle_reveal();
            }
            Vec::new()
        }
        Message::Help => {
            model.overlay = Some(Overlay::Help(0));
            Vec::new()
        }
        Message::Close => {
            model.overlay = None;
            model.test.leaving = false;
            Vec::new()
        }
        Message::Cancel => work::cancel(model),
        Message::Quit => quit(model),
        Message::Confirm => going::confirm(model),
        Message::OpenAddress => work::open_address(model),
        Message::Copy => work::copy(model),
        Message::Suspend => vec![Effect::Suspend],
        Message::Redraw => Vec::new(),
        Message::Tick => {
            work::tick(model);
            Vec::new()
        }
        Message::Answered(id, answer) => answers::take(model, id, answer),
    }
}

/// What the demo's services take in the control with the focus.
pub(super) fn demo(model: &Model) -> Option<Secret> {
    let demo = model.place.demo.as_ref()?;
    match model.focus {
        Control::ApiKey => Some(demo.key.clone()),
        Control::AccountToken => Some(demo.ilert_token.clone()),
        Control::CloudToken => Some(demo.cloud_token.clone()),
        _ => None,
    }
}

/// Changes the text with the focus, and does what follows from it.
fn edit(model: &mut Model, change: impl FnOnce(Typing<'_>) -> bool) -> Vec<Effect> {
    let focus = model.focus;
    let Some(typing) = model.typing(focus) else { return Vec::new() };
    if change(typing) { touched(model) } else { Vec::new() }
}

fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.overlay.is_some() {
        return Vec::new();
    }
    edit(model, |typing| {
        match typing {
            Typing::Text(field) => field.paste(text.trim()),
            Typing::Secret(field) => field.paste(text),
            Typing::Area(area) => area.paste(text),
        }
        true
    })
}

fn give(model: &mut Model, control: Control, given: Given) -> Vec<Effect> {
    if !model.controls().contains(&control) {
        return Vec::new();
    }
    model.focus = control;
    match given {
        Given::Text(text) => edit(model, |typing| {
            match typing {
                Typing::Text(field) => field.set(&text),
                Typing::Secret(field) => {
                    field.clear();
                    field.paste(&text);
                }
                Typing::Area(area) => area.set(&text),
            }
            true
        }),
        Given::Option(at) => {
            model.choose(control, at);
            touched(model)
        }
        Given::Tick(on) => {
            model.tick(control, on);
            touched(model)
        }
    }
}

/// An answer has changed.
fn touched(model: &mut Model) -> Vec<Effect> {
    model.touched = true;
    model.problem = None;
    model.agent.go_on = false;
    model.notification.cloud.go_on = false;
    // A control that has gone takes the focus along with it.
    if !model.controls().contains(&model.focus) {
        model.focus_first();
    }
    let mut effects = work::ask_agent(model, work::Soon::AfterTyping);
    effects.extend(cloud::ask(model));
    effects
}

/// Ctrl-C asks once when there are answers to lose; the second one leaves. An alert that a live test may have opened
/// is resolved first, unless there is a third.
fn quit(model: &mut Model) -> Vec<Effect> {
    let asked = model.overlay == Some(Overlay::Leave);
    if model.review.is_done() {
        model.exit = Some(Exit::Done);
    } else if (asked || !model.touched) && model.is_busy(Purpose::Test) && !model.test.leaving {
        model.test.leaving = true;
        model.overlay = Some(Overlay::Leave);
        return work::end_test(model);
    } else if asked || !model.touched {
        model.exit = Some(Exit::Interrupted);
        return work::save(model);
    } else {
        model.overlay = Some(Overlay::Leave);
    }
    Vec::new()
}

#[cfg(test)]
mod tests;
