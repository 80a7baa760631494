//! One line of text, on tui-input.

use crossterm::event::KeyEvent;
use serde::{Deserialize, Serialize};
use tui_input::{Input, InputRequest};
use unicode_width::UnicodeWidthStr;

use super::{keys, window};
use crate::text::is_control;

/// One line of text. What is shown and typed never holds a line break or another control character. Serialized, it is
/// what was [`given`](Self::given).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Field {
    input: Input,
    /// What it began with, where that is not what is shown of it.
    begun: Option<String>,
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        match field.begun {
            Some(begun) if field.input.value() == clean(&begun) => begun,
            _ => field.input.value().to_owned(),
        }
    }
}

impl Field {
    /// With a text in it and the cursor at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let shown = clean(text);
        let begun = (shown.trim() != text).then(|| text.to_owned());
        Self { input: Input::new(shown), begun }
    }

    /// The answer: what it began with, byte for byte, where nobody has changed it; else the text without blanks at its
    /// ends.
    #[must_use]
    pub fn given(&self) -> &str {
        match &self.begun {
            Some(begun) if self.value() == clean(begun) => begun,
            _ => self.value().trim(),
        }
    }

    /// The text.
    #[must_use]
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value().is_empty()
    }

    /// Replaces the text; the cursor goes to the end.
    pub fn set(&mut self, text: &str) {
        *self = Self { input: Input::new(clean(text)), begun: None };
    }

    /// Does what the key says, and tells whether the key is one of a field's.
    ///
    /// Those are characters, backspace, delete, left, right, home, end, ctrl-a, -e, -h, -k, -u and -w, alt-b
    /// and -f, and left, right and backspace with ctrl or alt, word by word.
    pub fn key(&mut self, key: &KeyEvent) -> bool {
        let Some(request) = keys::request(key) else { return false };
        self.request(request);
        true
    }

    /// Inserts a text at the cursor, as one edit, without its line breaks and control characters.
    pub fn paste(&mut self, text: &str) {
        let text = clean(text);
        let (before, after) = self.halves();
        let whole = format!("{before}{text}{after}");
        let cursor = self.input.cursor() + text.chars().count();
        self.input = Input::new(whole).with_cursor(cursor);
    }

    /// The cursor's display column, counted from 0.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.halves().0.width()
    }

    /// The part around the cursor that fits into `width` columns, and the cursor's column in it.
    #[must_use]
    pub fn view(&self, width: u16) -> (String, u16) {
        let (before, after) = self.halves();
        window::around(before, after, width)
    }

    pub(super) fn request(&mut self, request: InputRequest) {
        self.input.handle(request);
    }

    /// The text before the cursor, and after it.
    pub(super) fn halves(&self) -> (&str, &str) {
        keys::split(self.value(), self.input.cursor())
    }

    /// Cuts the text off after the cursor.
    pub(super) fn split_off(&mut self) -> String {
        let (before, after) = self.halves();
        let (before, after) = (before.to_owned(), after.to_owned());
        self.input = Input::new(before);
        after
    }

    /// Appends; the cursor stays.
    pub(super) fn append(&mut self, text: &str) {
        let cursor = self.input.cursor();
        self.input = Input::new(format!("{}{text}", self.value())).with_cursor(cursor);
    }

    /// Puts the cursor as near to a display column as whole characters allow, never beyond it.
    pub(super) fn go_to_column(&mut self, column: usize) {
        let cursor = window::prefix(self.value(), column).chars().count();
        self.request(InputRequest::SetCursor(cursor));
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value() && self.input.cursor() == other.input.cursor()
    }
}

impl Eq for Field {}

/// Without what a single line cannot show.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !is_control(*c)).collect()
}
