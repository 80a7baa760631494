//! At the end of a step: goes on, or says what is wrong; asks before anything is done, and says the result.

use std::collections::BTreeSet;
use std::io::Write;

use super::{Plain, PlainError, Said};
use crate::prompt::Lines;
use crate::wizard::answers::{Step, TestKind};
use crate::wizard::context::Run;
use crate::wizard::form::{Control, StepProblem};
use crate::wizard::message::Message;
use crate::wizard::model::Overlay;
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{self, review, test};

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// All controls are answered: goes on, or says what is wrong.
    pub(super) async fn go_on(&mut self, asked: &mut BTreeSet<Control>) -> Result<(), PlainError> {
        let step = self.model.step;
        if step == Step::Review && review::deeds(&self.model.answers, &self.model.context).is_some() {
            return self.confirm().await;
        }
        // What the last answers have asked for may be a warning.
        self.settle().await;
        self.warn()?;
        self.tell(Message::Next);
        self.settle().await;
        let ordered = matches!(self.model.overlay, Some(Overlay::Order));
        if ordered {
            self.order().await?;
        }
        if self.model.step != step || self.model.exit.is_some() {
            return Ok(());
        }
        // On the screen Enter may only move to what is missing, without a word: here nobody sees it move.
        let missing = || if ordered { None } else { self.model.check(step).err() };
        let tests = step == Step::Test && self.model.answers.test.kind != TestKind::Skip;
        if self.model.problem.is_none() && tests {
            return self.outcome(asked).await;
        }
        if let Some(problem) = self.model.problem.clone().or_else(missing) {
            return self.ask_again(&problem, asked);
        }
        asked.clear();
        Ok(())
    }

    /// Says why an answer will not do, and has that question asked again; all of them, where it is none of this step's.
    fn ask_again(&mut self, problem: &StepProblem, asked: &mut BTreeSet<Control>) -> Result<(), PlainError> {
        let controls = self.model.controls();
        asked.retain(|control| *control != problem.control);
        // What is asked about once more may be a box that lets one go on.
        asked.retain(|control| controls.contains(control) && *control != Control::ANYWAY);
        if controls.iter().all(|control| asked.contains(control) || self.is_skipped(*control)) {
            asked.clear();
        }
        self.complain(&problem.message)
    }

    /// What the test came to; asked again is what it did not prove, or the step that can mend it.
    async fn outcome(&mut self, asked: &mut BTreeSet<Control>) -> Result<(), PlainError> {
        // What is under the other questions stands before each of them.
        for row in self.under(Control::TEST) {
            self.say(&row)?;
        }
        let (answers, context) = (&self.model.answers, &self.model.context);
        if test::passed(answers, context).is_some() {
            return Ok(());
        }
        asked.clear();
        let failure = test::current(answers, context).and_then(Run::failure);
        if let Some((_, Some(step))) = failure.and_then(test::remedy)
            && self.yes(&format!("Back to {}?", steps::named(step))).await?
        {
            self.tell(Message::GoTo(step));
        }
        Ok(())
    }

    /// Asks whether to write, and says the result.
    async fn confirm(&mut self) -> Result<(), PlainError> {
        let mut answer = self.answer("Write all this? [y/N, `d` shows every line] ").await?;
        while answer == "d" {
            self.tell(Message::Unfold);
            for row in self.texts(|_| true) {
                self.say(&row)?;
            }
            answer = self.answer("Write all this? [y/N] ").await?;
        }
        if Said::back(&answer).is_some() {
            self.tell(Message::Back);
            return Ok(());
        }
        if !matches!(answer.as_str(), "y" | "yes") {
            self.say("Nothing is written. `<` goes back, an empty line shows it once more.")?;
            if Said::back(&self.line().await?).is_some() {
                self.tell(Message::Back);
            }
            return Ok(());
        }
        self.tell(Message::Next);
        self.settle().await;
        for row in self.texts(|control| control.is_none()) {
            self.say(&row)?;
        }
        if self.model.context.writing.is_done() {
            self.tell(Message::Next);
        }
        Ok(())
    }

    /// Asks whether to set it up in ilert, says the result, and goes on.
    async fn order(&mut self) -> Result<(), PlainError> {
        self.say(&for_me::ordering(&self.model.answers, &self.model.context))?;
        if !self.yes("Do it?").await? {
            self.tell(Message::Close);
            return Ok(());
        }
        self.tell(Message::Confirm);
        self.settle().await;
        if for_me::made(&self.model.answers, &self.model.context).is_some() {
            for row in self.under(Control::ACCOUNT_TOKEN) {
                self.say(&row)?;
            }
            self.tell(Message::Next);
        }
        Ok(())
    }

    async fn yes(&mut self, question: &str) -> Result<bool, PlainError> {
        let answer = self.answer(&format!("{question} [y/N] ")).await?;
        Ok(matches!(answer.as_str(), "y" | "yes"))
    }

    /// The answer to a question that no control has, in small letters.
    async fn answer(&mut self, prompt: &str) -> Result<String, PlainError> {
        self.count(None)?;
        self.prompt(prompt)?;
        Ok(self.line().await?.to_ascii_lowercase())
    }
}
