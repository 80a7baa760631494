//! Several lines of text, for templates: each line is a [`Field`], so that the same keys do the same.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::{Deserialize, Serialize};
use tui_input::InputRequest;

use super::line::Field;
use super::window;

/// Text of at least one line, and a cursor in it. Serialized, it is its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct TextArea {
    above: Vec<Field>,
    current: Field,
    /// The nearest line is the last one.
    below: Vec<Field>,
    /// The column that up and down aim for, while nothing else moves the cursor.
    aim: Option<usize>,
    /// What it began with, where that is not what is shown of it: tabs, other line breaks, control characters.
    begun: Option<String>,
}

/// The visible part of a text area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaView {
    /// The visible lines, cut to the width.
    pub lines: Vec<String>,
    /// Which of them go on beyond the right edge.
    pub cut: Vec<bool>,
    /// Number of the first visible line, counted from 0.
    pub top: usize,
    /// The cursor's row and column among the visible.
    pub cursor: (u16, u16),
}

impl From<String> for TextArea {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<TextArea> for String {
    fn from(area: TextArea) -> Self {
        area.given()
    }
}

impl TextArea {
    /// With a text in it and the cursor at its beginning. A tab becomes four spaces.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut lines = lines(text);
        lines.reverse();
        let mut current = lines.pop().unwrap_or_default();
        current.request(InputRequest::GoToStart);
        let mut area = Self { above: Vec::new(), current, below: lines, aim: None, begun: None };
        area.begun = (area.value() != text).then(|| text.to_owned());
        area
    }

    /// The answer: what it began with, byte for byte, where nobody has changed it; else the lines.
    #[must_use]
    pub fn given(&self) -> String {
        let shown = self.value();
        match &self.begun {
            Some(begun) if Self::new(begun).value() == shown => begun.clone(),
            _ => shown,
        }
    }

    /// The lines, joined by newlines.
    #[must_use]
    pub fn value(&self) -> String {
        self.lines().collect::<Vec<_>>().join("\n")
    }

    /// The lines, from the top.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let below = self.below.iter().rev();
        self.above.iter().chain([&self.current]).chain(below).map(Field::value)
    }

    /// Nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.above.is_empty() && self.below.is_empty() && self.current.is_empty()
    }

    /// Replaces the text; the cursor goes to the beginning.
    pub fn set(&mut self, text: &str) {
        *self = Self { begun: None, ..Self::new(text) };
    }

    /// Does what the key says, and tells whether the key is one of a text area's: a field's keys, enter, up,
    /// down, and ctrl-home and ctrl-end.
    pub fn key(&mut self, key: &KeyEvent) -> bool {
        let aim = self.aim.take();
        let plain = key.modifiers.is_empty();
        let whole = key.modifiers == KeyModifiers::CONTROL;
        match key.code {
            KeyCode::Enter if plain => self.newline(),
            KeyCode::Up if plain => self.vertically(aim, Self::up),
            KeyCode::Down if plain => self.vertically(aim, Self::down),
            KeyCode::Left if plain && self.at_start() => self.step_back(),
            KeyCode::Right if plain && self.at_end() => self.step_on(),
            KeyCode::Backspace if self.at_start() => self.join_above(),
            KeyCode::Delete if plain && self.at_end() => self.join_below(),
            KeyCode::Home if whole => {
                while self.up() {}
                self.current.request(InputRequest::GoToStart);
            }
            KeyCode::End if whole => {
                while self.down() {}
                self.current.request(InputRequest::GoToEnd);
            }
            _ => return self.current.key(key),
        }
        true
    }

    /// Inserts a text at the cursor, as one edit, with its line breaks but without other control characters.
    pub fn paste(&mut self, text: &str) {
        self.aim = None;
        let mut lines = lines(text).into_iter();
        if let Some(first) = lines.next() {
            self.current.paste(first.value());
        }
        for line in lines {
            self.newline();
            self.current.paste(line.value());
        }
    }

    /// The cursor's line and display column, counted from 0.
    #[must_use]
    pub fn cursor(&self) -> (usize, usize) {
        (self.above.len(), self.current.cursor())
    }

    /// The part around the cursor that fits into so many columns and rows: all lines are moved left alike,
    /// and the cursor's line stands in the middle where the text is longer than the rows.
    #[must_use]
    pub fn view(&self, width: u16, height: u16) -> AreaView {
        let (row, column) = self.cursor();
        let rows = usize::from(height);
        let count = self.above.len() + 1 + self.below.len();
        let top = row.saturating_sub(rows / 2).min(count.saturating_sub(rows));
        let (_, shown_column) = self.current.view(width);
        let left = column - usize::from(shown_column).min(column);
        let rest: Vec<String> =
            self.lines().skip(top).take(rows).map(|line| window::skip(line, left)).collect();
        let seen = |rest: &String| window::prefix(rest, usize::from(width)).to_owned();
        let shown_row = u16::try_from(row - top).unwrap_or(u16::MAX);
        AreaView {
            cut: rest.iter().map(|rest| seen(rest).len() < rest.len()).collect(),
            lines: rest.iter().map(seen).collect(),
            top,
            cursor: (shown_row.min(height.saturating_sub(1)), shown_column),
        }
    }

    fn at_start(&self) -> bool {
        self.current.halves().0.is_empty()
    }

    fn at_end(&self) -> bool {
        self.current.halves().1.is_empty()
    }

    /// Breaks the line at the cursor.
    fn newline(&mut self) {
        let mut next = Field::new(&self.current.split_off());
        next.request(InputRequest::GoToStart);
        self.above.push(std::mem::replace(&mut self.current, next));
    }

    fn up(&mut self) -> bool {
        let Some(line) = self.above.pop() else { return false };
        self.below.push(std::mem::replace(&mut self.current, line));
        true
    }

    fn down(&mut self) -> bool {
        let Some(line) = self.below.pop() else { return false };
        self.above.push(std::mem::replace(&mut self.current, line));
        true
    }

    fn vertically(&mut self, aim: Option<usize>, step: fn(&mut Self) -> bool) {
        let column = aim.unwrap_or_else(|| self.current.cursor());
        if step(self) {
            self.current.go_to_column(column);
        }
        self.aim = Some(column);
    }

    fn step_back(&mut self) {
        if self.up() {
            self.current.request(InputRequest::GoToEnd);
        }
    }

    fn step_on(&mut self) {
        if self.down() {
            self.current.request(InputRequest::GoToStart);
        }
    }

    fn join_above(&mut self) {
        let Some(mut line) = self.above.pop() else { return };
        line.request(InputRequest::GoToEnd);
        line.append(self.current.value());
        self.current = line;
    }

    fn join_below(&mut self) {
        if let Some(line) = self.below.pop() {
            self.current.append(line.value());
        }
    }
}

impl Default for TextArea {
    fn default() -> Self {
        Self::new("")
    }
}

/// The lines of a text, whatever ends them; one more where it ends with a line break.
fn lines(text: &str) -> Vec<Field> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
    text.split('\n').map(Field::new).collect()
}
