//! Which keys edit a line, and what each does. They are readline's, except where the wizard uses the key itself.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::InputRequest;

use crate::text::is_control;

/// What a key does to a line; `None` where it is none of a field's.
pub(super) fn request(key: &KeyEvent) -> Option<InputRequest> {
    let modifiers = key.modifiers - KeyModifiers::SHIFT;
    let by_word = modifiers == KeyModifiers::CONTROL || modifiers == KeyModifiers::ALT;
    Some(match key.code {
        KeyCode::Char(c) if modifiers.is_empty() && !is_control(c) => InputRequest::InsertChar(c),
        KeyCode::Char(c) if modifiers == KeyModifiers::CONTROL => match c.to_ascii_lowercase() {
            'a' => InputRequest::GoToStart,
            'e' => InputRequest::GoToEnd,
            // What some terminals send for backspace.
            'h' => InputRequest::DeletePrevChar,
            'k' => InputRequest::DeleteTillEnd,
            'u' => InputRequest::DeleteFromStart,
            'w' => InputRequest::DeletePrevWord,
            _ => return None,
        },
        KeyCode::Char(c) if modifiers == KeyModifiers::ALT => match c.to_ascii_lowercase() {
            'b' => InputRequest::GoToPrevWord,
            'f' => InputRequest::GoToNextWord,
            _ => return None,
        },
        KeyCode::Backspace if by_word => InputRequest::DeletePrevWord,
        KeyCode::Left if by_word => InputRequest::GoToPrevWord,
        KeyCode::Right if by_word => InputRequest::GoToNextWord,
        _ if !modifiers.is_empty() => return None,
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        _ => return None,
    })
}

/// Splits a text after so many characters.
pub(super) fn split(text: &str, characters: usize) -> (&str, &str) {
    let at = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.split_at_checked(at).unwrap_or((text, ""))
}
