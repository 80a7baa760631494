//! One line of text, on tui-input.

use crossterm::event::KeyEvent;
use serde::{Deserialize, Serialize};
use tui_input::{Input, InputRequest};
use unicode_width::UnicodeWidthStr;

use super::{keys, window};
use crate::text::is_control;

/// One line of text. It never holds a line break or another control character. Serialized, it is its text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Field(Input);

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Field> for String {
    fn from(field: Field) -> Self {
        field.value().to_owned()
    }
}

impl Field {
    /// With a text in it and the cursor at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Input::new(clean(text)))
    }

    /// The text.
    #[must_use]
    pub fn value(&self) -> &str {
        self.0.value()
    }

    /// Nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value().is_empty()
    }

    /// Replaces the text; the cursor goes to the end.
    pub fn set(&mut self, text: &str) {
        *self = Self::new(text);
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
        let cursor = self.0.cursor() + text.chars().count();
        self.0 = Input::new(whole).with_cursor(cursor);
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
        self.0.handle(request);
    }

    /// The text before the cursor, and after it.
    pub(super) fn halves(&self) -> (&str, &str) {
        keys::split(self.value(), self.0.cursor())
    }

    /// Cuts the text off after the cursor.
    pub(super) fn split_off(&mut self) -> String {
        let (before, after) = self.halves();
        let (before, after) = (before.to_owned(), after.to_owned());
        self.0 = Input::new(before);
        after
    }

    /// Appends; the cursor stays.
    pub(super) fn append(&mut self, text: &str) {
        let cursor = self.0.cursor();
        self.0 = Input::new(format!("{}{text}", self.value())).with_cursor(cursor);
    }

    /// Puts the cursor as near to a display column as whole characters allow, never beyond it.
    pub(super) fn go_to_column(&mut self, column: usize) {
        let cursor = window::prefix(self.value(), column).chars().count();
        self.request(InputRequest::SetCursor(cursor));
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value() && self.0.cursor() == other.0.cursor()
    }
}

impl Eq for Field {}

/// Without what a single line cannot show.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !is_control(*c)).collect()
}
