//! Asking for one control, or for several boxes at once.

use std::io::Write;

use ratatui::style::Style;

use super::question::{Question, is_guided};
use super::{HEIGHT, Plain, PlainError, Said, WIDTH};
use crate::prompt::Lines;
use crate::wizard::answers::{Options as _, Preset, Step};
use crate::wizard::context::Purpose;
use crate::wizard::form::{Control, Given};
use crate::wizard::guide;
use crate::wizard::message::{Direction, Message};
use crate::wizard::page::wrap::wrap;
use crate::wizard::steps::notification::cloud_rooms;
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{self, test};

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// Asks until there is an answer that can be taken.
    pub(super) async fn ask(&mut self, control: Control, group: &[Control]) -> Result<Said, PlainError> {
        if group.len() > 1 {
            return self.ask_boxes(control, group).await;
        }
        let mut said = Vec::new();
        loop {
            let question = self.question(control);
            if !matches!(question, Question::Look) {
                self.count(Some(control))?;
            }
            if matches!(question, Question::Secret { .. }) {
                self.lines.hide();
            }
            let hints = self.hints(control, &question);
            if hints != said {
                hints.iter().try_for_each(|row| self.say(row))?;
                said = hints;
            }
            self.put(control, &question)?;
            if matches!(question, Question::Look) && control != Control::PAYLOAD {
                return Ok(Said::Answered);
            }
            let line = self.line().await?;
            if let Some(back) = Said::back(&line) {
                return Ok(back);
            }
            match line.as_str() {
                "?" => self.explain()?,
                line => {
                    if self.take(control, &question, line)?
                        && self.will_do(control, &question).await?
                        && self.try_token(control).await?
                    {
                        break;
                    }
                }
            }
        }
        // That step has said it all before.
        if !is_guided(control) && control != Control::PAYLOAD && self.model.step != Step::Start {
            let rows = self.under(control).into_iter().filter(|row| !said.contains(row));
            rows.collect::<Vec<_>>().iter().try_for_each(|row| self.say(row))?;
        }
        Ok(Said::Answered)
    }

    /// What is said before a control is asked for: its help, or all that stands under it where that says where an answer
    /// comes from.
    fn hints(&self, control: Control, question: &Question) -> Vec<String> {
        let is_given = matches!(question, Question::Secret { there: true });
        if matches!(question, Question::Look | Question::Hidden(_)) {
            return Vec::new();
        } else if control.row.introduced && !is_given {
            return self.under(control);
        }
        let help = (control.row.help)(&self.model.answers, &self.model.context);
        help.map_or_else(Vec::new, |help| wrap(&help, WIDTH))
    }

    /// Whether what was typed will do; says why it will not, so that it is asked for again at once.
    async fn will_do(&mut self, control: Control, question: &Question) -> Result<bool, PlainError> {
        if !matches!(question, Question::Text { .. } | Question::Secret { .. }) {
            return Ok(true);
        }
        self.settle_until(|context| !context.is_busy(Purpose::Authorities)).await;
        match control.check(&self.model.answers, &self.model.context) {
            Err(problem) if problem.control == control => self.complain(&problem.message).map(|()| false),
            _ => Ok(true),
        }
    }

    /// Tries a new token at once. False if it was refused: the token is asked for again.
    async fn try_token(&mut self, control: Control) -> Result<bool, PlainError> {
        if !self.is_new_token(control) {
            return Ok(true);
        }
        self.model.focus = control;
        self.tell(Message::Next);
        self.settle().await;
        if self.model.step == Step::Test {
            for row in self.under(Control::TEST) {
                self.say(&row)?;
            }
        }
        match self.model.problem.clone().filter(|problem| problem.control == control) {
            Some(problem) => self.complain(&problem.message).map(|()| false),
            None => Ok(true),
        }
    }

    /// Whether it is a token that nobody was asked with yet.
    fn is_new_token(&self, control: Control) -> bool {
        let (answers, context) = (&self.model.answers, &self.model.context);
        if control == Control::ACCOUNT_TOKEN && self.model.step == Step::Test {
            test::can_look_up(answers, context)
        } else if control == Control::ACCOUNT_TOKEN {
            for_me::token(answers).is_some() && for_me::overview(answers, context).is_none()
        } else if control == Control::CLOUD_TOKEN {
            cloud_rooms::token(answers).is_some() && cloud_rooms::known(answers, context).is_none()
        } else {
            false
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
            (Question::Look, "j") => {
                self.tell(Message::ShowJson);
                return Ok(false);
            }
            (Question::Hidden(secret), "s") => {
                return self.prompt(&format!("{}\n", secret.expose())).map(|()| true);
            }
            (_, "") | (Question::Look | Question::Hidden(_), _) => return Ok(true),
            (Question::Text { clears: true, .. }, "-") => Given::Text(String::new()),
            (Question::Secret { there: true }, "-") if control.row.optional => Given::Text(String::new()),
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
                Ok(number) if (1..=options.len()).contains(&number) => {
                    if control == Control::PRESET {
                        self.own_types = Preset::ALL.get(number - 1) == Some(&Preset::Own);
                    }
                    Given::Option(number - 1)
                }
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

    pub(super) fn explain(&mut self) -> Result<(), PlainError> {
        // Two screens have keys there, and questions here.
        let help = match self.model.step {
            Step::Home => "home-plain",
            Step::Menu => "menu-plain",
            step => steps::help(&self.model.answers, self.model.context.writing.is_done(), step),
        };
        let mut page = self.model.empty_page(WIDTH, HEIGHT);
        if let Some(help) = guide::help(help) {
            page.paragraphs(&help.text, Style::default());
        }
        let rows: Vec<String> = page.rows.iter().map(|row| row.line.to_string()).collect();
        rows.iter().try_for_each(|row| self.say(row))
    }
}
