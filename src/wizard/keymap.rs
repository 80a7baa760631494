//! Which keys do what, here and now. One table, made anew from the model each time, handles the keys and writes the
//! footer: the two cannot disagree.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::answers::{Resume, Rooms, Step, Way};
use super::context::{Purpose, Run};
use super::form::{Control, Widget};
use super::message::{Direction, Message};
use super::model::{Model, Overlay};
use super::steps::notification::{self, cloud_rooms};
use super::steps::source::{self, for_me};
use super::steps::{agent, express, menu, test};

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press(pub KeyCode, pub KeyModifiers);

/// Keys that do something.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Any of these does it; the footer shows the first.
    pub keys: Vec<Press>,
    /// What the footer calls it; empty where it goes without saying.
    pub label: &'static str,
    /// What it does.
    pub message: Message,
}

impl Press {
    /// As the footer writes it.
    #[must_use]
    pub fn name(self) -> String {
        let name = match self.0 {
            KeyCode::Enter => "enter".to_owned(),
            KeyCode::Esc => "esc".to_owned(),
            KeyCode::Tab => "tab".to_owned(),
            KeyCode::BackTab => return "shift-tab".to_owned(),
            KeyCode::Char(' ') => "space".to_owned(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::F(number) => format!("f{number}"),
            KeyCode::Up | KeyCode::Down => "up/down".to_owned(),
            KeyCode::Left | KeyCode::Right => "left/right".to_owned(),
            KeyCode::PageUp | KeyCode::PageDown => "page up/down".to_owned(),
            _ => String::new(),
        };
        if self.1.contains(KeyModifiers::CONTROL) { format!("ctrl-{name}") } else { name }
    }
}

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
        _ => None,
    }
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
        Some(Overlay::Help(_)) => {
            let mut bindings = vec![bind(
                &[key(KeyCode::Esc), key(KeyCode::F(1)), key(KeyCode::Enter), char('q')],
                "close",
                Message::Close,
            )];
            bindings.extend(scrolling());
            bindings.push(ctrl_c());
            bindings
        }
        None => {
            let mut bindings = Vec::new();
            bindings.extend(enter(model));
            if leads_to_express(model) {
                bindings.push(bind(&[ctrl('x')], "all at once", Message::GoTo(Step::Express)));
            }
            bindings.extend(of_focus(model));
            bindings.extend(moving(model));
            if model.controls().contains(&Control::SILENCES) {
                bindings.push(bind(&[ctrl('s')], "silences", Message::Silences));
            }
            bindings.push(bind(&[key(KeyCode::F(1))], "help", Message::Help));
            bindings.push(ctrl_c());
            bindings.push(bind(&[ctrl('z')], "", Message::Suspend));
            bindings.push(bind(&[ctrl('l')], "", Message::Redraw));
            bindings
        }
    }
}

/// Enter, which a text of several lines keeps for itself.
fn enter(model: &Model) -> Option<Binding> {
    if matches!(model.widget(model.focus), Widget::Area(_)) {
        return None;
    }
    let (answers, context) = (&model.answers, &model.context);
    let undone = matches!(model.widget(model.focus), Widget::Tick { on: false, .. });
    let is_todo = model.focus.is_of(Control::TODO) || model.focus.is_of(Control::CLOUD_TODO);
    if undone && is_todo {
        return Some(bind(&[key(KeyCode::Enter)], "done", Message::Done));
    }
    if let Some(at) = notification::undone(answers).next()
        && model.step == Step::Notification
        && answers.is_cloud()
        && !is_todo
        && !lists_rooms(model)
        && model.check(model.step).is_ok()
    {
        let message = Message::FocusOn(Control::CLOUD_TODO.at(at));
        return Some(bind(&[key(KeyCode::Enter)], "to Netdata Cloud", message));
    }
    if edits(model) {
        return Some(bind(&[key(KeyCode::Enter)], "edit", Message::GoTo(Step::Menu)));
    }
    let label = match (model.step, model.focus) {
        (Step::Test, _) if context.is_busy(Purpose::Test) => return None,
        (Step::Test, _) if model.check(Step::Test).is_err() => match test::current(answers, context) {
            Some(_) => "try again",
            None => "send",
        },
        (Step::Netdata, _)
            if matches!(agent::reply(answers, context), Some(Err(_)))
                && agent::asks_again(answers, context) =>
        {
            "ask again"
        }
        (Step::Source, _) if source::way(answers, context) == Way::ForMe => match for_me::overview(answers, context) {
            _ if context.is_busy(Purpose::Account) || context.is_busy(Purpose::Order) => return None,
            None if for_me::token(answers).is_none() => "next",
            None => "ask ilert",
            Some(_) if for_me::made(answers, context).is_none() => "set up",
            Some(_) => "next",
        },
        (Step::Notification, _) if lists_rooms(model) => "list the rooms",
        (Step::Test, focus) if focus == Control::ACCOUNT_TOKEN && test::can_look_up(answers, context) => {
            "look it up"
        }
        (Step::Review | Step::Express, _) if context.writing.is_done() => "finish",
        (Step::Review | Step::Express, _) if context.writing.has_failed() => "try again",
        (Step::Review | Step::Express, _) if context.writing.written.is_some() => return None,
        (Step::Review, _) if model.trail.last() == Some(&Step::Express) => "back",
        (Step::Review, _) => "write",
        (Step::Express, _) if context.is_busy(Purpose::Test) || context.is_busy(Purpose::LookUp) => {
            return None;
        }
        (Step::Express, _) if context.together => "try again",
        (Step::Express, focus) if focus.is_of(Control::EXPRESS) => "change",
        (Step::Menu, focus) => match menu::step_of(focus, answers, context) {
            Some(Step::Review) => "go on to write",
            _ => "change",
        },
        (Step::Express, _) => "do it",
        _ if !model.trail.is_empty() => "back",
        _ => "next",
    };
    Some(bind(&[key(KeyCode::Enter)], label, Message::Next))
}

/// Whether Enter leads to the steps of the configuration that is there.
fn edits(model: &Model) -> bool {
    let (answers, context) = (&model.answers, &model.context);
    let resumes = answers.start.resume == Resume::Resume
        && context.found.as_ref().is_some_and(|found| found.draft.is_some());
    model.step == Step::Start && !resumes && menu::is_offered(answers, context)
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

/// Whether Enter asks Netdata Cloud for the rooms.
fn lists_rooms(model: &Model) -> bool {
    let notification = &model.answers.notification;
    let known = || cloud_rooms::known(&model.answers, &model.context);
    notification.mode == Rooms::Cloud && notification.cloud_rooms.is_empty() && known().is_none()
}

/// What the control with the focus takes.
fn of_focus(model: &Model) -> Vec<Binding> {
    let mut bindings = Vec::new();
    let tests = matches!(model.step, Step::Test | Step::Express);
    let run = test::current(&model.answers, &model.context).filter(|_| tests);
    let remedy = run.and_then(Run::failure);
    if let Some(step) = remedy.and_then(test::remedy).and_then(|(_, step)| step) {
        let label = if step == Step::Key { "to the key" } else { "to the preview" };
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
        (Widget::Tick { .. }, control) => {
            bindings.push(bind(&[char(' ')], "tick", Message::Toggle));
            if control.row.tick_all {
                bindings.push(bind(&[char('a')], "all", Message::TickAll));
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
            bindings.push(bind(&[key(KeyCode::PageDown)], "scroll", Message::Move(Direction::PageDown)));
        }
        (Widget::Look, focus) if focus == Control::FILES => {
            bindings.push(bind(&[key(KeyCode::Down)], "scroll", Message::Move(Direction::Down)));
        }
        _ => {}
    }
    if model.step == Step::Menu {
        bindings.extend(digits());
    }
    if model.copyable().is_some() {
        bindings.push(bind(&[char('y')], "copy", Message::Copy));
    }
    bindings
}

/// A digit for each step; the footer names them by the first.
fn digits() -> impl Iterator<Item = Binding> {
    ('1'..).zip(Step::ALL).map(|(digit, step)| {
        let label = if step == Step::Start { "to 8: the steps" } else { "" };
        bind(&[char(digit)], label, Message::GoTo(step))
    })
}

/// From control to control and from step to step.
fn moving(model: &Model) -> Vec<Binding> {
    let first = model.controls().first() == Some(&model.focus);
    let leads_back = model.step != Step::Start || !model.trail.is_empty();
    let back = if first && leads_back && !model.context.writing.is_done() { "back" } else { "" };
    let busy = model.context.tasks.iter().any(|task| is_cancellable(model, task.purpose));
    let esc = if busy {
        bind(&[key(KeyCode::Esc)], "cancel", Message::Cancel)
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
    if !matches!(model.widget(model.focus), Widget::Area(_)) {
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
        Purpose::Survey | Purpose::Notices | Purpose::Write | Purpose::Browser | Purpose::Key => false,
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

fn bind(keys: &[Press], label: &'static str, message: Message) -> Binding {
    Binding { keys: keys.to_vec(), label, message }
}

fn key(code: KeyCode) -> Press {
    Press(code, KeyModifiers::NONE)
}

fn char(c: char) -> Press {
    key(KeyCode::Char(c))
}

fn ctrl(c: char) -> Press {
    Press(KeyCode::Char(c), KeyModifiers::CONTROL)
}
