//! Keys by the names that tests call them: `enter`, `shift-tab`, `ctrl-c`, `x`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The key of this name.
pub fn key(name: &str) -> KeyEvent {
    let (code, modifiers) = match name.strip_prefix("ctrl-") {
        Some(rest) => (KeyCode::Char(rest.chars().next().unwrap()), KeyModifiers::CONTROL),
        None => (code(name), KeyModifiers::NONE),
    };
    KeyEvent::new(code, modifiers)
}

fn code(name: &str) -> KeyCode {
    match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "shift-tab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "backspace" => KeyCode::Backspace,
        "home" => KeyCode::Home,
        "space" => KeyCode::Char(' '),
        "f1" => KeyCode::F(1),
        name => {
            let mut characters = name.chars();
            let (first, rest) = (characters.next().unwrap(), characters.next());
            assert_eq!(rest, None, "there is no key `{name}`");
            KeyCode::Char(first)
        }
    }
}
