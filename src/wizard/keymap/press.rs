//! A key, and what it does.

use crossterm::event::{KeyCode, KeyModifiers};

use crate::wizard::message::Message;

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

pub(super) fn bind(keys: &[Press], label: &'static str, message: Message) -> Binding {
    Binding { keys: keys.to_vec(), label, message }
}

pub(super) fn key(code: KeyCode) -> Press {
    Press(code, KeyModifiers::NONE)
}

pub(super) fn char(c: char) -> Press {
    key(KeyCode::Char(c))
}

pub(super) fn ctrl(c: char) -> Press {
    Press(KeyCode::Char(c), KeyModifiers::CONTROL)
}
