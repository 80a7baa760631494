//! The rows of the page, as lines.

use std::io::Write;
use std::ops::Range;

use super::{HEIGHT, Plain, PlainError, WIDTH};
use crate::prompt::Lines;
use crate::wizard::answers::Step;
use crate::wizard::form::Control;
use crate::wizard::page::Page;

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// Says the rows above the first control; at *Before you start* all that was found, which informs the answers.
    pub(super) fn before_controls(&mut self) -> Result<(), PlainError> {
        if self.model.step == Step::Start {
            let rows = self.texts(|control| control.is_none());
            return rows.iter().try_for_each(|row| self.say(row));
        }
        let first = self.model.controls().first().copied();
        let mut rows = Vec::new();
        for row in &self.page().rows {
            if row.control.is_some() && row.control == first {
                break;
            }
            rows.push(row.line.to_string());
        }
        for row in rows {
            self.say(&row)?;
        }
        Ok(())
    }

    fn page(&self) -> Page<'_> {
        self.model.said_page(WIDTH, HEIGHT)
    }

    /// Rows of the page, as text; empty ones are left out.
    pub(super) fn texts(&self, wanted: impl Fn(Option<Control>) -> bool) -> Vec<String> {
        let rows = self.page().rows;
        let kept = rows.iter().filter(|row| wanted(row.control));
        kept.map(|row| row.line.to_string().trim_end().to_owned()).filter(|row| !row.is_empty()).collect()
    }

    /// The rows under a control, up to the next one: trimmed, and without empty ones.
    pub(super) fn under(&self, control: Control) -> Vec<String> {
        let rows = self.below(control).into_iter();
        rows.map(|row| row.trim().to_owned()).filter(|row| !row.is_empty()).collect()
    }

    /// The same rows as they are.
    pub(super) fn below(&self, control: Control) -> Vec<String> {
        let rows = self.page().rows;
        let Some(last) = rows.iter().rposition(|row| row.control == Some(control)) else { return Vec::new() };
        let below = rows.iter().skip(last + 1).take_while(|row| row.control.is_none());
        below.map(|row| row.line.to_string().trim_end().to_owned()).collect()
    }

    /// Says each warning of the page that was not said yet: the screen shows them wherever they stand.
    pub(super) fn warn(&mut self) -> Result<(), PlainError> {
        let page = self.page();
        let rows = |range: &Range<usize>| -> Vec<String> {
            let rows = page.rows.get(range.clone()).unwrap_or_default();
            rows.iter().map(|row| row.line.to_string()).collect()
        };
        let warnings: Vec<Vec<String>> = page.warnings.iter().map(rows).collect();
        let is_new = |warning: &Vec<String>| !warning.iter().all(|row| self.said.contains(row.trim()));
        let new: Vec<Vec<String>> = warnings.into_iter().filter(is_new).collect();
        new.iter().flatten().try_for_each(|row| self.say(row))
    }
}
