//! Changes the wizard's state, and nothing else does: a [`Message`] comes in, [`Effect`]s go out.
//!
//! No I/O, no clock, no waiting: what takes time is an effect, whose reply is a message with the effect's
//! id. A reply whose id is not awaited any more is late, and dropped.
//!
//! Each part uses those before it: `work` (what is under way); `agent`, `authorities`, `account`, `cloud`, `live_test`,
//! `writing`, `express` and `home` (what is asked and done); `edit` and `paste` (what is answered); `navigation` (from
//! step to step); `focus`; `reply` (what work ended with).

mod account;
mod agent;
mod authorities;
mod cloud;
mod edit;
mod express;
mod focus;
mod home;
mod live_test;
mod navigation;
mod paste;
mod reply;
mod work;
mod writing;

use super::answers::Step;
use super::context::Purpose;
use super::effect::Effect;
use super::form::Typing;
use super::message::Message;
use super::model::{Model, Overlay};
use super::page::Look;
use crate::exit::Exit;

pub use live_test::break_off;

/// Begins the work before the first key.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    if model.step == Step::Home { home::look(model, None) } else { work::begin(model) }
}

/// Takes a message.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    if !matches!(message, Message::Tick | Message::Replied(..) | Message::Redraw) {
        model.notice = None;
    }
    let focus = (model.step, model.focus);
    let mut effects = take(model, message);
    effects.extend(authorities::look(model));
    if (model.step, model.focus) != focus {
        model.scroll = None;
    }
    effects
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    if let Some(effects) = home::take(model, &message) {
        return effects;
    }
    match message {
        Message::Typed(key) => edit::typed(model, &key),
        Message::Pasted(text) => paste::take(model, &text),
        Message::PasteDemo => paste::demo(model),
        Message::Give(control, given) => edit::give(model, control, given),
        Message::Next => navigation::next(model),
        Message::Back => navigation::back(model),
        Message::GoTo(step) => navigation::visit(model, step),
        Message::Done => navigation::tick_off(model),
        Message::Unfold => {
            model.look = Look { at: usize::from(model.look.at == 0), scroll: 0, ..model.look };
            Vec::new()
        }
        Message::Later => navigation::proceed(model),
        Message::FocusOn(control) => focus::on(model, control),
        Message::FocusNext => focus::next(model),
        Message::FocusPrevious => focus::previous(model),
        Message::Move(direction) => focus::shift(model, direction),
        Message::Toggle => focus::toggle(model),
        Message::WholeList => edit::whole_list(model),
        Message::TickAll => focus::tick_all(model),
        Message::ShowJson => {
            model.look = Look { json: !model.look.json, scroll: 0, ..model.look };
            Vec::new()
        }
        Message::OpenEditor => edit::open_editor(model),
        Message::Edited(control, edited) => edit::edited(model, control, edited),
        Message::Silences => focus::silences(model),
        Message::Reveal => {
            if let Some(Typing::Secret(field)) = model.typing(model.focus) {
                field.toggle_reveal();
            } else {
                model.look.revealed = !model.look.revealed;
            }
            Vec::new()
        }
        Message::Find(key) => edit::find(model, &key),
        Message::Help => {
            model.overlay = Some(Overlay::Help(0));
            Vec::new()
        }
        Message::Close => {
            model.overlay = None;
            model.leaving = false;
            Vec::new()
        }
        Message::Cancel => navigation::cancel(model),
        Message::Quit => quit(model),
        Message::Confirm => navigation::confirm(model),
        Message::OpenAddress => work::open_address(model),
        Message::Copy => work::copy(model),
        Message::Suspend => vec![Effect::Suspend],
        // What is of the home screen is taken there alone.
        Message::Redraw | Message::Home(_) => Vec::new(),
        Message::Tick => {
            work::tick(model);
            Vec::new()
        }
        Message::Replied(id, answer) => reply::take(model, id, answer),
    }
}

/// Ctrl-C asks once when there are answers to lose; the second one leaves. An alert that a live test may have opened
/// is resolved first, unless there is a third.
fn quit(model: &mut Model) -> Vec<Effect> {
    let asked = model.overlay == Some(Overlay::Leave);
    if model.context.writing.is_done() {
        model.exit = Some(Exit::Done);
    } else if (asked || !model.touched) && model.context.is_busy(Purpose::Test) && !model.leaving {
        model.leaving = true;
        model.overlay = Some(Overlay::Leave);
        return live_test::end(model);
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
