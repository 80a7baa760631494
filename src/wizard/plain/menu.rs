//! The edit menu: its rows, and one question.

use std::io::Write;

use super::{Plain, PlainError, Said};
use crate::prompt::Lines;
use crate::wizard::answers::Step;
use crate::wizard::form::Control;
use crate::wizard::message::Message;
use crate::wizard::steps::{self, menu};

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// Shows the steps of a configuration that is there, and asks for one of them, once.
    pub(super) async fn menu(&mut self) -> Result<(), PlainError> {
        self.from_behind = false;
        self.settle().await;
        for row in self.texts(|_| true) {
            self.say(&row)?;
        }
        let kept = menu::step_of(Control::KEEP_KEY, &self.model.answers, &self.model.context);
        let kept = kept.unwrap_or(Step::Review);
        let number = kept.number().unwrap_or_default();
        self.count(None)?;
        self.prompt(&format!("Number of a step [{number}, {}]: ", steps::title(kept)))?;
        let line = self.line().await?;
        let control = match (line.as_str(), line.parse::<usize>()) {
            ("", _) => Control::KEEP_KEY,
            ("?", _) => return self.explain(),
            (line, _) if Said::back(line).is_some() => {
                self.tell(Message::Back);
                return Ok(());
            }
            (_, Ok(number)) if (1..=Step::ALL.len()).contains(&number) => Control::MENU.at(number - 1),
            _ => return self.say(&format!("! a number from 1 to {}", Step::ALL.len())),
        };
        self.tell(Message::FocusOn(control));
        self.tell(Message::Next);
        Ok(())
    }
}
