//! Asking for the boxes of a list at once.

use std::io::Write;

use super::{Plain, PlainError, Said};
use crate::prompt::Lines;
use crate::wizard::form::{Boxes, Control, Given, Widget};
use crate::wizard::message::Message;
use crate::wizard::model::Model;

/// Of a list that can be narrowed down, so many are listed.
pub(super) const MOST_LISTED: usize = 20;

/// The controls that are asked for together with this one: boxes of one list.
pub(super) fn group(model: &Model, control: Control) -> Vec<Control> {
    if control.row.boxes != Boxes::ByNumbers {
        return vec![control];
    }
    model.controls().into_iter().filter(|one| one.is_of(control)).collect()
}

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// Asks for the boxes of a list at once, by their numbers.
    pub(super) async fn ask_boxes(&mut self, first: Control, group: &[Control]) -> Result<Said, PlainError> {
        loop {
            self.count(Some(first))?;
            let mut ticked = Vec::new();
            for (at, control) in group.iter().enumerate() {
                if let Widget::Tick { label, on } = self.model.widget(*control) {
                    if on {
                        ticked.push((at + 1).to_string());
                    }
                    self.say(&format!("  {}. {label}", at + 1))?;
                }
            }
            self.prompt(&format!("Numbers, separated by spaces [{}]: ", ticked.join(" ")))?;
            let line = self.line().await?;
            let numbers: Vec<Option<usize>> = line
                .split([' ', ','])
                .filter(|word| !word.is_empty())
                .map(|word| word.parse().ok().filter(|number| (1..=group.len()).contains(number)))
                .collect();
            if let Some(back) = Said::back(&line) {
                return Ok(back);
            }
            match line.as_str() {
                "?" => self.explain()?,
                "" => break,
                _ if numbers.contains(&None) => self.say(&format!("! numbers from 1 to {}", group.len()))?,
                _ => {
                    for (at, control) in group.iter().enumerate() {
                        self.tell(Message::Give(*control, Given::Tick(numbers.contains(&Some(at + 1)))));
                    }
                    break;
                }
            }
        }
        for row in self.under(group.last().copied().unwrap_or(first)) {
            self.say(&row)?;
        }
        Ok(Said::Answered)
    }
}
