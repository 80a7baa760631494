//! What a run of bytes is: a character, a control key, or a sequence of xterm, a Linux console or rxvt.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

pub(super) const ESC: u8 = 0x1b;

/// No sequence is longer (bytes).
const LONGEST: usize = 64;

/// What bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// The beginning of something.
    More,
    /// All of it; `None` for what means nothing here.
    Done(Option<Event>),
    /// A paste begins.
    Paste,
    /// All but the last byte belongs to something that it cannot go on with.
    Broken,
}

/// What these bytes are, which were [`Read::More`] without the last one.
pub(super) fn read(bytes: &[u8]) -> Read {
    match bytes {
        [] | [ESC] | [ESC, b'[' | b'O'] | [ESC, b'[', b'['] => Read::More,
        [ESC, ESC] => Read::Broken,
        // A Linux console's first five.
        [ESC, b'[', b'[', c @ b'A'..=b'E'] => key(KeyCode::F(c - b'A' + 1), KeyModifiers::NONE),
        [ESC, b'[', parameters @ .., last] => control_sequence(parameters, *last),
        [ESC, b'O', c] => Read::Done(letter(*c, KeyModifiers::NONE)),
        [ESC, rest @ ..] => character(rest, KeyModifiers::ALT),
        _ => character(bytes, KeyModifiers::NONE),
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Read {
    Read::Done(Some(Event::Key(KeyEvent::new(code, modifiers))))
}

/// `ESC [ 1 ; 5 A` and the like.
fn control_sequence(parameters: &[u8], last: u8) -> Read {
    match last {
        // rxvt ends some with a dollar sign, which is a parameter elsewhere: those mean nothing here.
        b' '..=b'?' if parameters.len() < LONGEST => return Read::More,
        b'@'..=b'~' => {}
        _ => return Read::Broken,
    }
    let text = String::from_utf8_lossy(parameters);
    let mut numbers = text.split(';').map(|number| number.parse::<u16>().ok());
    let (first, second) = (numbers.next().flatten(), numbers.next().flatten());
    let modifiers = modifiers(second);
    match (last, first) {
        (b'~', Some(200)) => Read::Paste,
        (b'~', Some(number)) => Read::Done(numbered(number, modifiers)),
        (b'~', None) => Read::Done(None),
        _ => Read::Done(letter(last, modifiers)),
    }
}

/// A number of modifiers: one more than the sum of shift 1, alt 2 and ctrl 4.
fn modifiers(number: Option<u16>) -> KeyModifiers {
    let bits = number.unwrap_or(1).saturating_sub(1);
    [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)]
        .into_iter()
        .filter(|(bit, _)| bits & bit > 0)
        .fold(KeyModifiers::NONE, |all, (_, one)| all | one)
}

fn letter(letter: u8, modifiers: KeyModifiers) -> Option<Event> {
    let code = match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        // The keypad's, in application mode.
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(letter - b'P' + 1),
        b'Z' => return Some(Event::Key(KeyEvent::new(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT))),
        _ => return None,
    };
    Some(Event::Key(KeyEvent::new(code, modifiers)))
}

/// `ESC [ number ~`.
fn numbered(number: u16, modifiers: KeyModifiers) -> Option<Event> {
    // The numbers of function keys have gaps.
    let function = |first: u16, number: u16| u8::try_from(number - first).ok().map(KeyCode::F);
    let code = match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => function(10, number)?,
        17..=21 => function(11, number)?,
        23 | 24 => function(12, number)?,
        _ => return None,
    };
    Some(Event::Key(KeyEvent::new(code, modifiers)))
}

/// One character, which may take several bytes, or a control key.
fn character(bytes: &[u8], modifiers: KeyModifiers) -> Read {
    const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
    let [first, ..] = bytes else { return Read::More };
    match first {
        b'\r' => return key(KeyCode::Enter, modifiers),
        b'\t' => return key(KeyCode::Tab, modifiers),
        0x7f => return key(KeyCode::Backspace, modifiers),
        0 => return key(KeyCode::Char(' '), modifiers | CONTROL),
        0x01..=0x1a => return key(KeyCode::Char(char::from(first - 1 + b'a')), modifiers | CONTROL),
        0x1c..=0x1f => return key(KeyCode::Char(char::from(first - 0x1c + b'4')), modifiers | CONTROL),
        _ => {}
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => match text.chars().next() {
            Some(c) if c.is_uppercase() => key(KeyCode::Char(c), modifiers | KeyModifiers::SHIFT),
            Some(c) => key(KeyCode::Char(c), modifiers),
            None => Read::More,
        },
        // Not whole yet.
        Err(error) if error.error_len().is_none() => Read::More,
        Err(_) if bytes.len() > 1 => Read::Broken,
        Err(_) => Read::Done(None),
    }
}
