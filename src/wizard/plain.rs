//! `--plain`: the same questions with the same checks, line by line, for screen readers, odd terminals and
//! pipes. The same [`update`](mod@super::update) decides, the same pages are shown; only the keys are not
//! there.

mod ask;
mod error;

use std::collections::BTreeSet;
use std::io::Write;

pub use error::PlainError;

use super::answers::{Step, TestKind};
use super::effect::{Effect, EffectRunner, keep};
use super::form::Control;
use super::message::Message;
use super::model::{Model, Overlay};
use super::page::Page;
use super::steps::source::for_me;
use super::steps::{self, review, test};
use super::update::{begin, update};
use crate::exit::Exit;
use crate::prompt::Lines;

/// Columns of the text.
const WIDTH: u16 = 78;
/// Rows that a page may take: all that it has.
const HEIGHT: u16 = 2_000;
/// So often in a row one question is asked. A person asks for help before that; this is a program that does not look.
const MOST_ANSWERS: usize = 20;

/// Whether a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// It was.
    Answered,
    /// Back to the step before.
    Back,
}

/// The conversation.
pub struct Plain<'a, W, L> {
    model: &'a mut Model,
    out: &'a mut W,
    lines: &'a mut L,
    runner: &'a mut EffectRunner,
    asked: LastQuestion,
}

/// What was asked last, and how often in a row.
#[derive(Debug, Default)]
struct LastQuestion {
    /// `None`: whether to do it.
    question: Option<Control>,
    times: usize,
}

/// Asks all questions. Dropped early, it leaves work under way with the runner.
pub async fn run<W: Write, L: Lines>(
    model: &mut Model,
    runner: &mut EffectRunner,
    out: &mut W,
    lines: &mut L,
) -> Result<Exit, PlainError> {
    let mut plain = Plain { model, out, lines, runner, asked: LastQuestion::default() };
    plain.say("netdata-ilert: Netdata alerts, delivered to ilert")?;
    plain.say("An empty line keeps what is in brackets. `<` goes back a step, `?` explains.")?;
    let effects = begin(plain.model);
    plain.perform(effects);
    plain.settle().await;
    loop {
        if let Some(exit) = plain.model.exit {
            return Ok(exit);
        }
        plain.step().await?;
    }
}

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// One step, until it is left.
    async fn step(&mut self) -> Result<(), PlainError> {
        let step = self.model.step;
        self.say("")?;
        let number = step.number().unwrap_or_default();
        self.say(&format!("Step {number} of {}: {}", Step::ALL.len(), steps::title(step)))?;
        self.settle().await;
        self.before_controls()?;
        let mut asked: BTreeSet<Control> = BTreeSet::new();
        while self.model.step == step && self.model.exit.is_none() {
            let Some(control) = self.model.controls().into_iter().find(|control| !asked.contains(control))
            else {
                self.go_on(&mut asked).await?;
                continue;
            };
            let group = ask::group(self.model, control);
            if self.ask(control, &group).await? == Said::Back {
                self.tell(Message::Back);
                return Ok(());
            }
            asked.extend(group);
        }
        Ok(())
    }

    /// All controls are answered: goes on, or says what is wrong.
    async fn go_on(&mut self, asked: &mut BTreeSet<Control>) -> Result<(), PlainError> {
        let step = self.model.step;
        if step == Step::Review && review::deeds(&self.model.answers, &self.model.context).is_some() {
            return self.confirm().await;
        }
        self.tell(Message::Next);
        self.settle().await;
        match self.model.overlay {
            Some(Overlay::Order) => self.order().await?,
            Some(Overlay::Help(_) | Overlay::Leave) | None => {}
        }
        if self.model.step != step || self.model.exit.is_some() {
            return Ok(());
        }
        if let Some(problem) = self.model.problem.clone() {
            self.say(&format!("! {}", problem.message))?;
            asked.retain(|control| *control != problem.control);
            // What is asked about once more may be a box that lets one go on.
            let controls = self.model.controls();
            asked.retain(|control| controls.contains(control) && *control != Control::ANYWAY);
        } else if step == Step::Test && self.model.answers.test.kind != TestKind::Skip {
            self.outcome(asked)?;
        } else if self.model.controls().iter().all(|control| asked.contains(control)) {
            asked.clear();
        }
        Ok(())
    }

    /// Prints the result of the test; asks again if it did not prove that alerts arrive.
    fn outcome(&mut self, asked: &mut BTreeSet<Control>) -> Result<(), PlainError> {
        let rows = self.texts(|control| control.is_none());
        for row in rows {
            self.say(&row)?;
        }
        if test::passed(&self.model.answers, &self.model.context).is_none() {
            asked.clear();
        }
        Ok(())
    }

    /// Asks whether to write, and says what came of it.
    async fn confirm(&mut self) -> Result<(), PlainError> {
        if !self.yes("Write all this?").await? {
            self.say("Nothing is written. `<` goes back, an empty line shows it once more.")?;
            if self.line().await? == "<" {
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

    /// Asks whether to set it up in ilert, says what came of it, and goes on.
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
        self.count(None)?;
        self.prompt(&format!("{question} [y/N] "))?;
        Ok(matches!(self.line().await?.to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// What stands above the first control.
    fn before_controls(&mut self) -> Result<(), PlainError> {
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
        self.model.page(WIDTH, HEIGHT)
    }

    /// Rows of the page, as text; empty ones are left out.
    fn texts(&self, wanted: impl Fn(Option<Control>) -> bool) -> Vec<String> {
        let rows = self.page().rows;
        let kept = rows.iter().filter(|row| wanted(row.control));
        kept.map(|row| row.line.to_string().trim_end().to_owned()).filter(|row| !row.is_empty()).collect()
    }

    /// What stands under a control, up to the next one.
    fn under(&self, control: Control) -> Vec<String> {
        let rows = self.page().rows;
        let Some(last) = rows.iter().rposition(|row| row.control == Some(control)) else { return Vec::new() };
        let below = rows.iter().skip(last + 1).take_while(|row| row.control.is_none());
        below.map(|row| row.line.to_string().trim().to_owned()).filter(|row| !row.is_empty()).collect()
    }

    /// Gives the model a message, and does what it asks for.
    fn tell(&mut self, message: Message) {
        let effects = update(self.model, message);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        // There is no key that asks for what needs a terminal.
        self.runner.perform(&self.model.context.place, effects);
    }

    /// Waits until nothing is under way.
    async fn settle(&mut self) {
        while !self.model.context.tasks.is_empty() {
            let message = self.runner.next().await;
            self.tell(message);
        }
    }

    fn say(&mut self, text: &str) -> Result<(), PlainError> {
        writeln!(self.out, "{}", text.trim_end()).map_err(PlainError::Output)
    }

    fn prompt(&mut self, text: &str) -> Result<(), PlainError> {
        write!(self.out, "{text}").and_then(|()| self.out.flush()).map_err(PlainError::Output)
    }

    /// The next line, trimmed. Where there is none, what was answered so far is kept.
    async fn line(&mut self) -> Result<String, PlainError> {
        if let Some(line) = self.lines.next().await {
            return Ok(line.trim().to_owned());
        }
        let (step, title) = self.given_up();
        Err(PlainError::Input { step, title })
    }

    /// Counts how often in a row this is asked.
    fn count(&mut self, question: Option<Control>) -> Result<(), PlainError> {
        if self.asked.question != question {
            self.asked = LastQuestion { question, times: 0 };
        }
        if self.asked.times == MOST_ANSWERS {
            let (step, title) = self.given_up();
            return Err(PlainError::Answers { step, title });
        }
        self.asked.times += 1;
        Ok(())
    }

    /// Keeps what was answered so far; says at which step.
    fn given_up(&self) -> (usize, &'static str) {
        if let Some(answers) = self.model.unsaved() {
            keep(&self.model.context.place, Some(answers));
        }
        let step = self.model.step;
        (step.number().unwrap_or_default(), steps::title(step))
    }
}
