//! Asking for one control, or for several boxes at once.

use std::io::Write;

use super::{Plain, PlainError, Said};
use crate::prompt::Lines;
use crate::wizard::control::{Control, Given, Widget};
use crate::wizard::guide::{self, Topic};
use crate::wizard::message::{Direction, Message};
use crate::wizard::model::{Model, Step};
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::test;

/// Of a list that can be narrowed down, so many are listed.
const MOST_LISTED: usize = 20;

/// The controls that are asked for together with this one: boxes of one list.
pub(super) fn group(model: &Model, control: Control) -> Vec<Control> {
    if !matches!(control, Control::Node(_) | Control::Notify(_) | Control::CloudRoom(_)) {
        return vec![control];
    }
    let alike = |one: &Control| std::mem::discriminant(one) == std::mem::discriminant(&control);
    model.controls().into_iter().filter(alike).collect()
}

/// A control as it is to be asked for, freed from the model.
enum Question {
    Text { value: String },
    Area,
    Secret { there: bool },
    Choice { options: Vec<String>, selected: usize },
    Pick { options: Vec<String>, selected: usize },
    Tick { label: String, on: bool },
    Look,
}

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// Asks until there is an answer that can be taken.
    pub(super) async fn ask(&mut self, control: Control, group: &[Control]) -> Result<Said, PlainError> {
        if group.len() > 1 {
            return self.ask_boxes(control, group).await;
        }
        loop {
            let question = self.question(control);
            if matches!(question, Question::Secret { .. }) {
                self.lines.hide();
            }
            self.put(control, &question)?;
            if matches!(question, Question::Look) && control != Control::Payload {
                return Ok(Said::Answered);
            }
            let line = self.line().await?;
            match line.as_str() {
                "<" => return Ok(Said::Back),
                "?" => self.explain()?,
                line => {
                    if self.take(control, &question, line)? && self.try_token(control).await? {
                        break;
                    }
                }
            }
        }
        if !matches!(control, Control::Todo(_) | Control::CloudTodo(_) | Control::Payload) {
            for row in self.under(control) {
                self.say(&row)?;
            }
        }
        Ok(Said::Answered)
    }

    /// Asks at once with a token that was given; false where it is to be given anew.
    async fn try_token(&mut self, control: Control) -> Result<bool, PlainError> {
        let is_new = match control {
            Control::AccountToken if self.model.step == Step::Test => test::can_look_up(self.model),
            Control::AccountToken => {
                for_me::token(self.model).is_some() && for_me::overview(self.model).is_none()
            }
            Control::CloudToken => {
                let cloud = &self.model.notification.cloud;
                cloud.secret().is_some() && cloud.known().is_none()
            }
            _ => false,
        };
        if !is_new {
            return Ok(true);
        }
        self.model.focus = control;
        self.tell(Message::Next);
        self.settle().await;
        if self.model.step == Step::Test {
            for row in self.texts(|of| of.is_none()) {
                self.say(&row)?;
            }
        }
        match self.model.problem.clone().filter(|problem| problem.control == control) {
            Some(problem) => self.say(&format!("! {}", problem.message)).map(|()| false),
            None => Ok(true),
        }
    }

    fn question(&self, control: Control) -> Question {
        match self.model.widget(control) {
            Widget::Text(field) => Question::Text { value: field.value().to_owned() },
            Widget::Area(_) => Question::Area,
            Widget::Secret(field) => Question::Secret { there: !field.is_empty() },
            Widget::Choice { options, selected } => Question::Choice { options, selected },
            Widget::Pick { options, selected, .. } => Question::Pick { options, selected },
            Widget::Tick { label, on } => Question::Tick { label, on },
            Widget::Look => Question::Look,
        }
    }

    /// Writes the question.
    fn put(&mut self, control: Control, question: &Question) -> Result<(), PlainError> {
        let label = control.label();
        match question {
            Question::Text { value } => self.prompt(&format!("{label} [{value}] (`-` for none): ")),
            Question::Area => self.prompt(&format!("{label}, `\\n` for a line break [as it is]: ")),
            Question::Secret { there } => {
                let kept = if *there { " [as given]" } else { "" };
                self.prompt(&format!("{label}, not shown{kept}: "))
            }
            Question::Choice { options, selected } => {
                self.list(label, options, options.len())?;
                self.prompt(&format!("Number [{}]: ", selected + 1))
            }
            Question::Pick { options, .. } if options.is_empty() => {
                self.say(&format!("{label}: none is called that"))?;
                self.prompt("A part of the name to look for, `-` lists all: ")
            }
            Question::Pick { options, selected } => {
                self.list(label, options, MOST_LISTED)?;
                self.prompt(&format!("Number, or a part of the name to look for [{}]: ", selected + 1))
            }
            Question::Tick { label, on } => {
                if matches!(control, Control::Todo(_) | Control::CloudTodo(_)) {
                    // It is explained under the one that has the focus.
                    self.tell(Message::Give(control, Given::Tick(*on)));
                    for row in self.texts(|of| of == Some(control)) {
                        self.say(&row)?;
                    }
                    return self.prompt(if *on { "Done? [Y/n] " } else { "Done? [y/N] " });
                }
                self.prompt(&format!("{label} {} ", if *on { "[Y/n]" } else { "[y/N]" }))
            }
            Question::Look => {
                let mut rows = self.texts(|of| of == Some(control));
                rows.extend(self.under(control));
                for row in rows {
                    self.say(&row)?;
                }
                if control == Control::Payload {
                    self.prompt("`n` shows the next one, an empty line goes on: ")?;
                }
                Ok(())
            }
        }
    }

    /// Lists options with their numbers, as many as a person would read.
    fn list(&mut self, label: &str, options: &[String], most: usize) -> Result<(), PlainError> {
        self.say(&format!("{label}:"))?;
        for (at, option) in options.iter().enumerate().take(most) {
            self.say(&format!("  {}. {option}", at + 1))?;
        }
        match options.len().saturating_sub(most) {
            0 => Ok(()),
            more => self.say(&format!("  and {more} more")),
        }
    }

    /// Takes the answer; false where it cannot be, and is asked for again.
    fn take(&mut self, control: Control, question: &Question, line: &str) -> Result<bool, PlainError> {
        let given = match (question, line) {
            (Question::Look, "n") => {
                self.model.focus = control;
                self.tell(Message::Move(Direction::Right));
                return Ok(false);
            }
            (_, "") | (Question::Look, _) => return Ok(true),
            (Question::Text { .. } | Question::Secret { .. }, "-") => Given::Text(String::new()),
            (Question::Text { .. } | Question::Secret { .. }, line) => Given::Text(line.to_owned()),
            (Question::Area, line) => Given::Text(line.replace("\\n", "\n")),
            (Question::Pick { options, .. }, line) => match line.parse::<usize>() {
                Ok(number) if (1..=options.len()).contains(&number) => Given::Option(number - 1),
                _ => {
                    let text = if line == "-" { "" } else { line };
                    self.tell(Message::Give(control, Given::Text(text.to_owned())));
                    return Ok(false);
                }
            },
            (Question::Choice { options, .. }, line) => match line.parse::<usize>() {
                Ok(number) if (1..=options.len()).contains(&number) => Given::Option(number - 1),
                _ => {
                    self.say(&format!("! a number from 1 to {}", options.len()))?;
                    return Ok(false);
                }
            },
            (Question::Tick { .. }, line) => match line.to_ascii_lowercase().as_str() {
                "y" | "yes" => Given::Tick(true),
                "n" | "no" => Given::Tick(false),
                _ => {
                    self.say("! `y` or `n`")?;
                    return Ok(false);
                }
            },
        };
        self.tell(Message::Give(control, given));
        Ok(true)
    }

    /// Asks for the boxes of a list at once, by their numbers.
    async fn ask_boxes(&mut self, first: Control, group: &[Control]) -> Result<Said, PlainError> {
        loop {
            let mut ticked = Vec::new();
            for (at, control) in group.iter().enumerate() {
                if let Widget::Tick { label, on } = self.model.widget(*control) {
                    if on {
                        ticked.push((at + 1).to_string());
                    }
                    self.say(&format!("  {}. {label}", at + 1))?;
                }
            }
            self.prompt(&format!("Numbers, separated by blanks [{}]: ", ticked.join(" ")))?;
            let line = self.line().await?;
            let numbers: Vec<Option<usize>> = line
                .split([' ', ','])
                .filter(|word| !word.is_empty())
                .map(|word| word.parse().ok().filter(|number| (1..=group.len()).contains(number)))
                .collect();
            match line.as_str() {
                "<" => return Ok(Said::Back),
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

    fn explain(&mut self) -> Result<(), PlainError> {
        let topic = Topic::ALL.get(self.model.step as usize).copied().unwrap_or(Topic::Start);
        for line in &guide::help(topic).text {
            self.say(line)?;
        }
        Ok(())
    }
}
