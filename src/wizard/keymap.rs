//! Which keys do what, here and now. One table, made anew from the model each time, handles the keys and writes the
//! footer: the two cannot disagree.

mod enter;
mod explained;
mod home;
mod press;

use std::sync::LazyLock;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::answers::Step;
use super::context::{Purpose, Run};
use super::form::{Boxes, Control, Widget};
use super::message::{Direction, Message};
use super::model::{Model, Overlay};
use super::steps::{express, notification, test};

pub use explained::explained;
pub use press::{Binding, Press};

use enter::enter;
use press::{bind, char, ctrl, key};

/// What a key means now.
#[must_use]
pub fn keymap(model: &Model, key: KeyEvent) -> Option<Message> {
    // Shift is part of the character, and of BackTab, already.
    let press = Press(key.code, key.modifiers - KeyModifiers::SHIFT);
    let bound = bindings(model).into_iter().find(|binding| binding.keys.contains(&press));
    if let Some(binding) = bound {
        return Some(binding.message);
    }
    match model.overlay {
        // Whoever goes on typing wants to stay.
        Some(Overlay::Leave) => Some(Message::Close),
        None if is_typing(model) => Some(Message::Typed(key)),
        None if model.find().is_some() && is_typed(press) => Some(Message::Find(key)),
        _ => None,
    }
}

/// Whether the key is for a text: a character, or what takes one away.
fn is_typed(Press(code, modifiers): Press) -> bool {
    matches!((code, modifiers), (KeyCode::Char(_) | KeyCode::Backspace, KeyModifiers::NONE))
}

fn is_typing(model: &Model) -> bool {
    matches!(
        model.widget(model.focus),
        Widget::Text(_) | Widget::Secret(_) | Widget::Area(_) | Widget::Pick(..)
    )
}

/// All that does something now, the most wanted first.
#[must_use]
pub fn bindings(model: &Model) -> Vec<Binding> {
    let ctrl_c = || bind(&[ctrl('c')], "quit", Message::Quit);
    match model.overlay {
        Some(Overlay::Leave) => vec![
            bind(&[ctrl('c')], "leave", Message::Quit),
            bind(&[key(KeyCode::Esc)], "stay", Message::Close),
        ],
        Some(Overlay::Order) => vec![
            bind(&[key(KeyCode::Enter), char('y')], "do it", Message::Confirm),
            bind(&[key(KeyCode::Esc), char('n'), key(KeyCode::BackTab)], "not yet", Message::Close),
            ctrl_c(),
        ],
        Some(Overlay::Delete) => home::confirming(model),
        Some(Overlay::Help(_)) => {
            let mut bindings = vec![bind(
                &[key(KeyCode::Esc), key(KeyCode::F(1)), char('?'), key(KeyCode::Enter), char('q')],
                "close",
                Message::Close,
            )];
            bindings.extend(scrolling());
            bindings.push(ctrl_c());
            bindings
        }
        None => of_step(model),
    }
}

/// The keys of a step without an overlay.
fn of_step(model: &Model) -> Vec<Binding> {
    if model.step == Step::Home {
        return home::bindings(model);
    }
    let mut bindings = Vec::new();
    bindings.extend(enter(model));
    bindings.extend(of_focus(model));
    if leads_to_express(model) {
        bindings.push(bind(&[ctrl('x')], "all at once", Message::GoTo(Step::Express)));
    }
    bindings.extend(moving(model));
    if model.controls().contains(&Control::SILENCES) {
        bindings.push(bind(&[ctrl('s')], "silences", Message::Silences));
    }
    if model.context.place.demo.is_some() {
        // The footer names it at the field that it is for.
        bindings.push(bind(&[ctrl('p')], "", Message::PasteDemo));
    }
    // Where text is typed, a question mark is typed.
    let help = [key(KeyCode::F(1)), char('?')];
    let help = if is_typing(model) { &help[..1] } else { &help[..] };
    bindings.push(bind(help, "help", Message::Help));
    bindings.push(bind(&[ctrl('c')], "quit", Message::Quit));
    bindings.push(bind(&[ctrl('z')], "", Message::Suspend));
    bindings.push(bind(&[ctrl('l')], "", Message::Redraw));
    bindings
}

/// Whether a key leads to the page that does all at once.
fn leads_to_express(model: &Model) -> bool {
    let (answers, context) = (&model.answers, &model.context);
    let found = context.found.as_ref();
    let begins = model.step == Step::Start
        && found.is_none_or(|found| found.draft.is_some() || found.usable().is_some());
    !begins
        && !matches!(model.step, Step::Review | Step::Express)
        && !context.is_busy(Purpose::Test)
        && express::is_offered(answers, context)
}

/// What the control with the focus takes.
fn of_focus(model: &Model) -> Vec<Binding> {
    let mut bindings = Vec::new();
    let tests = matches!(model.step, Step::Test | Step::Express);
    let run = test::current(&model.answers, &model.context).filter(|_| tests);
    let remedy = run.and_then(Run::failure);
    if let Some(step) = remedy.and_then(test::remedy).and_then(|(_, step)| step) {
        let label = match step {
            Step::Key => "to the key",
            Step::Source => "to the alert source",
            _ => "to the preview",
        };
        bindings.push(bind(&[ctrl('g')], label, Message::GoTo(step)));
    }
    match (model.widget(model.focus), model.focus) {
        (Widget::Secret(field), control) => {
            if control.demo(&model.context).is_some() {
                let label = if control == Control::API_KEY {
                    "paste the demo's key"
                } else {
                    "paste the demo's token"
                };
                bindings.push(bind(&[ctrl('p')], label, Message::PasteDemo));
            }
            if field.can_be_revealed() {
                let label = if field.revealed() { "hide" } else { "reveal" };
                bindings.push(bind(&[ctrl('r')], label, Message::Reveal));
            }
        }
        (Widget::Tick { on, .. }, control) => {
            let label = match (control.row.boxes, on) {
                (Boxes::Fold, false) => "open",
                (Boxes::Fold, true) => "fold up",
                _ => "tick",
            };
            bindings.push(bind(&[char(' ')], label, Message::Toggle));
            if control.row.tick_all {
                // Where letters find something in the list, all of them do.
                let all = if model.find().is_some() { ctrl('a') } else { char('a') };
                bindings.push(bind(&[all], "all", Message::TickAll));
            }
            if control.is_of(Control::CLOUD_TODO) {
                bindings.push(bind(&[char('l')], "later", Message::Later));
            }
            if control.address().is_some() {
                bindings.push(bind(&[char('o')], "open", Message::OpenAddress));
            }
        }
        (Widget::Choice(_) | Widget::Pick(..), _) => {
            bindings.push(bind(&[key(KeyCode::Down)], "choose", Message::Move(Direction::Down)));
        }
        (Widget::Look, focus) if focus == Control::PAYLOAD => {
            bindings.push(bind(&[key(KeyCode::Right)], "events", Message::Move(Direction::Right)));
            let json = if model.look.json { "as ilert shows it" } else { "JSON" };
            bindings.push(bind(&[char('j')], json, Message::ShowJson));
            bindings.push(bind(&[key(KeyCode::PageDown)], "scroll", Message::Move(Direction::PageDown)));
        }
        (Widget::Look, control)
            if notification::hidden(control, &model.answers, &model.context).is_some() =>
        {
            let label = if model.look.revealed { "hide" } else { "reveal" };
            bindings.push(bind(&[ctrl('r')], label, Message::Reveal));
        }
        (Widget::Area(_), _) => bindings.push(bind(&[ctrl('o')], "editor", Message::OpenEditor)),
        (Widget::Look, focus) if focus == Control::FILES => {
            bindings.push(bind(&[key(KeyCode::Down)], "scroll", Message::Move(Direction::Down)));
        }
        _ => {}
    }
    if model.step == Step::Menu {
        bindings.extend(digits());
    }
    if model.step == Step::Review && unfolds(model) {
        let label = if model.look.at == 0 { "every line" } else { "what is set" };
        bindings.push(bind(&[char('d')], label, Message::Unfold));
    }
    if model.copyable().is_some() {
        bindings.push(bind(&[char('y')], "copy", Message::Copy));
    }
    bindings
}

/// Whether there are lines to show, or to leave out.
fn unfolds(model: &Model) -> bool {
    let writing = &model.context.writing;
    writing.written.is_none() && matches!(&writing.composed, Some(Ok(composed)) if !composed.diff.is_empty())
}

/// A digit for each step; the footer names them by the first.
fn digits() -> impl Iterator<Item = Binding> {
    static LABEL: LazyLock<String> = LazyLock::new(|| format!("to {}: the steps", Step::ALL.len()));
    ('1'..='9').zip(Step::ALL).map(|(digit, step)| {
        let label = if digit == '1' { LABEL.as_str() } else { "" };
        bind(&[char(digit)], label, Message::GoTo(step))
    })
}

/// From control to control and from step to step.
fn moving(model: &Model) -> Vec<Binding> {
    let first = model.controls().first() == Some(&model.focus);
    let back = if first && model.leads_back() { "back" } else { "" };
    let busy = model.context.tasks.iter().any(|task| is_cancellable(model, task.purpose));
    let esc = if busy {
        bind(&[key(KeyCode::Esc)], "cancel", Message::Cancel)
    } else if model.filter().is_some() {
        bind(&[key(KeyCode::Esc)], "whole list", Message::WholeList)
    } else {
        bind(&[key(KeyCode::Esc)], if first { "" } else { "back" }, Message::Back)
    };
    let mut bindings = vec![
        bind(&[key(KeyCode::BackTab)], back, Message::FocusPrevious),
        esc,
        bind(&[key(KeyCode::Tab)], if model.controls().len() > 1 { "tab" } else { "" }, Message::FocusNext),
    ];
    if let Some(tab) = bindings.last_mut().filter(|tab| !tab.label.is_empty()) {
        tab.label = "next field";
    }
    if matches!(model.widget(model.focus), Widget::Area(_)) {
        bindings.extend(scrolling().into_iter().filter(|binding| {
            matches!(binding.message, Message::Move(Direction::PageUp | Direction::PageDown))
        }));
    } else {
        bindings.extend(scrolling());
        if !is_typing(model) {
            bindings.push(bind(&[key(KeyCode::Left)], "", Message::Move(Direction::Left)));
            bindings.push(bind(&[key(KeyCode::Right)], "", Message::Move(Direction::Right)));
        }
    }
    bindings
}

/// Whether esc gives this up rather than going back.
fn is_cancellable(model: &Model, purpose: Purpose) -> bool {
    match purpose {
        Purpose::Probe => model.step == Step::Netdata && model.goes_on,
        Purpose::Test => {
            model.context.test.run.as_ref().is_some_and(|run| run.alerted.is_none() && !run.cancelled)
        }
        Purpose::Account | Purpose::Order => model.step == Step::Source,
        Purpose::LookUp => matches!(model.step, Step::Test | Step::Express),
        Purpose::Cloud => model.step == Step::Notification,
        Purpose::Survey
        | Purpose::Authorities
        | Purpose::Notices
        | Purpose::Leftover
        | Purpose::Write
        | Purpose::Browser
        | Purpose::Key
        | Purpose::Home
        | Purpose::Resolve => false,
    }
}

fn scrolling() -> Vec<Binding> {
    [
        (KeyCode::Up, Direction::Up),
        (KeyCode::Down, Direction::Down),
        (KeyCode::PageUp, Direction::PageUp),
        (KeyCode::PageDown, Direction::PageDown),
    ]
    .into_iter()
    .map(|(code, direction)| bind(&[key(code)], "", Message::Move(direction)))
    .collect()
}
