//! `--plain`: the same questions with the same checks, line by line, for screen readers, odd terminals and
//! pipes. The same [`update`](mod@super::update) decides, the same pages are shown; only the keys are not
//! there.

mod ask;
mod boxes;
mod error;
mod going_on;
mod home;
mod menu;
mod question;
mod rows;

use std::collections::BTreeSet;
use std::io::Write;

pub use error::PlainError;

use super::answers::{Preset, Step};
use super::context::Context;
use super::effect::{Effect, EffectRunner, keep};
use super::form::Control;
use super::message::Message;
use super::model::Model;
use super::page::wrap::wrap;
use super::steps;
use super::update::{begin, update};
use crate::exit::Exit;
use crate::prompt::Lines;

/// Columns of the text.
const WIDTH: u16 = 78;
/// Rows that a page may take: all that it has.
const HEIGHT: u16 = 2_000;
/// How often in a row one question is asked. A person asks for help before that: this is a program that does not read.
const MOST_ANSWERS: usize = 20;

/// Whether a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// It was.
    Answered,
    /// `<`: back to the question before.
    Back,
    /// `<<`: back to the step before.
    BackAStep,
}

impl Said {
    /// What an answer to any question may be instead of one.
    fn back(line: &str) -> Option<Self> {
        match line {
            "<" => Some(Self::Back),
            "<<" => Some(Self::BackAStep),
            _ => None,
        }
    }
}

/// The conversation.
pub struct Plain<'a, W, L> {
    model: &'a mut Model,
    out: &'a mut W,
    lines: &'a mut L,
    runner: &'a mut EffectRunner,
    asked: LastQuestion,
    /// The step was entered from the one after it, by a question: its last one is asked first.
    from_behind: bool,
    /// The types of notification are asked for one by one.
    own_types: bool,
    /// What was said at this step, line by line: no warning is said twice, unless a question is gone back to.
    said: BTreeSet<String>,
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
    let asked = LastQuestion::default();
    let said = BTreeSet::new();
    let mut plain = Plain { model, out, lines, runner, asked, from_behind: false, own_types: false, said };
    plain.say("netdata-ilert: Netdata alerts, delivered to ilert")?;
    plain.say("An empty line keeps what is in brackets. `<` goes back a question,")?;
    plain.say("`<<` a step; `?` explains.")?;
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
        self.said.clear();
        self.say("")?;
        match step {
            Step::Home => return self.home().await,
            Step::Menu => return self.menu().await,
            _ => {}
        }
        self.begin(step)?;
        self.settle().await;
        self.own_types = Preset::of(self.model.answers.notification.notify) == Preset::Own;
        self.before_controls()?;
        let mut groups =
            if std::mem::take(&mut self.from_behind) { self.all_but_the_last() } else { Vec::new() };
        let mut asked: BTreeSet<Control> = groups.iter().flatten().copied().collect();
        while self.model.step == step && self.model.exit.is_none() {
            let open = |control: &Control| !asked.contains(control) && !self.is_skipped(*control);
            let Some(control) = self.model.controls().into_iter().find(open) else {
                self.go_on(&mut asked).await?;
                if self.model.step == step && self.model.exit.is_none() {
                    self.warn()?;
                }
                continue;
            };
            let group = boxes::group(self.model, control);
            match self.ask(control, &group).await? {
                Said::Answered => {
                    asked.extend(group.iter().copied());
                    groups.push(group);
                    self.warn()?;
                }
                Said::Back => {
                    let Some(group) = groups.pop() else {
                        self.from_behind = step.previous().is_some();
                        self.tell(Message::Back);
                        return Ok(());
                    };
                    asked.retain(|control| !group.contains(control));
                    self.said.clear();
                }
                Said::BackAStep => {
                    self.tell(Message::Back);
                    return Ok(());
                }
            }
        }
        self.passed_over(step)
    }

    /// Says which step was passed over on the way from this one, and what it holds.
    fn passed_over(&mut self, from: Step) -> Result<(), PlainError> {
        let Some(over) =
            from.next().filter(|over| *over == Step::Key && over.next() == Some(self.model.step))
        else {
            return Ok(());
        };
        let holds = steps::holds(&self.model.answers, &self.model.context, over);
        self.say("")?;
        self.begin(over)?;
        wrap(&format!("Nothing to ask: {holds}."), WIDTH).iter().try_for_each(|line| self.say(line))
    }

    /// Says which step begins.
    fn begin(&mut self, step: Step) -> Result<(), PlainError> {
        let number = step.number().unwrap_or_default();
        self.say(&format!("Step {number} of {}: {}", Step::ALL.len(), steps::title(step)))
    }

    /// What is asked together at this step, but for the last of it.
    fn all_but_the_last(&self) -> Vec<Vec<Control>> {
        let mut groups: Vec<Vec<Control>> = Vec::new();
        for control in self.model.controls().into_iter().filter(|control| !self.is_skipped(*control)) {
            if !groups.iter().any(|group| group.contains(&control)) {
                groups.push(boxes::group(self.model, control));
            }
        }
        groups.pop();
        groups
    }

    /// Whether it is not asked: a preset has answered it, or the list is short enough to be read.
    fn is_skipped(&self, control: Control) -> bool {
        let of_list = |list: Control| self.model.controls().iter().filter(|one| one.is_of(list)).count();
        let agent = &self.model.answers.agent;
        if control.is_of(Control::NOTIFY) {
            !self.own_types
        } else if control == Control::PASSWORD {
            // It goes with a user name.
            agent.username.is_empty() && agent.password.is_empty()
        } else {
            control == Control::FIND
                && self.model.answers.notification.find.is_empty()
                && of_list(Control::NODE).max(of_list(Control::CLOUD_ROOM)) <= boxes::MOST_LISTED
        }
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
        self.settle_until(|context| context.tasks.is_empty()).await;
    }

    /// Waits until what is under way has come so far.
    async fn settle_until(&mut self, is_settled: impl Fn(&Context) -> bool) {
        while !is_settled(&self.model.context) {
            let message = self.runner.next().await;
            self.tell(message);
        }
    }

    /// Says what is wrong, in lines that fit.
    fn complain(&mut self, text: &str) -> Result<(), PlainError> {
        let lines = wrap(text, WIDTH - 2);
        let marked = lines.iter().enumerate().map(|(at, line)| (if at == 0 { "! " } else { "  " }, line));
        marked.into_iter().try_for_each(|(mark, line)| self.say(&format!("{mark}{line}")))
    }

    fn say(&mut self, text: &str) -> Result<(), PlainError> {
        self.said.insert(text.trim().to_owned());
        writeln!(self.out, "{}", text.trim_end()).map_err(PlainError::Output)
    }

    fn prompt(&mut self, text: &str) -> Result<(), PlainError> {
        write!(self.out, "{text}").and_then(|()| self.out.flush()).map_err(PlainError::Output)
    }

    /// The next line, trimmed. At the end of the input, keeps the answers so far.
    async fn line(&mut self) -> Result<String, PlainError> {
        if let Some(line) = self.lines.next().await {
            return Ok(line.trim().to_owned());
        }
        Err(PlainError::Input(self.given_up()))
    }

    /// Counts how often in a row this is asked.
    fn count(&mut self, question: Option<Control>) -> Result<(), PlainError> {
        if self.asked.question != question {
            self.asked = LastQuestion { question, times: 0 };
        }
        if self.asked.times == MOST_ANSWERS {
            return Err(PlainError::Answers(self.given_up()));
        }
        self.asked.times += 1;
        Ok(())
    }

    /// Keeps what was answered so far. Says at which step, and where that is: "step 3 of 8, `API key`: …".
    fn given_up(&self) -> String {
        if let Some(answers) = self.model.unsaved() {
            keep(&self.model.context.place, Some(answers));
        }
        let step = self.model.step;
        let counted = step.counted().map_or_else(String::new, |counted| format!("{counted}, "));
        let kept = self.model.kept().map_or_else(String::new, |kept| format!(". {kept}"));
        format!("{counted}`{}`: nothing more was written{kept}", steps::title(step))
    }
}
