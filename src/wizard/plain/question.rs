//! The question for a control, and how it is put.

use std::io::Write;

use super::boxes::MOST_LISTED;
use super::{Plain, PlainError};
use crate::prompt::Lines;
use crate::secret::Secret;
use crate::wizard::form::{Boxes, Choice, Control, Given, Widget};
use crate::wizard::message::Message;
use crate::wizard::steps::notification;

/// How to ask for a control: a copy, so that the model can change meanwhile.
pub(super) enum Question {
    /// With whether it may be made empty.
    Text {
        value: String,
        clears: bool,
    },
    Area,
    Secret {
        there: bool,
    },
    Choice {
        options: Vec<String>,
        selected: usize,
    },
    Pick {
        options: Vec<String>,
        selected: usize,
    },
    Tick {
        label: String,
        on: bool,
    },
    Look,
    /// A secret that is to be copied somewhere else.
    Hidden(Secret),
}

/// Whether it is something to do in a browser, explained under the one that has the focus.
pub(super) fn is_guided(control: Control) -> bool {
    control.row.boxes == Boxes::Guided
}

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// As it stands now.
    pub(super) fn question(&self, control: Control) -> Question {
        match self.model.widget(control) {
            Widget::Text(field) => Question::Text {
                value: field.value().to_owned(),
                clears: control.row.optional && !field.is_empty(),
            },
            Widget::Area(_) => Question::Area,
            Widget::Secret(field) => Question::Secret { there: !field.is_empty() },
            Widget::Choice(Choice { options, selected }) => Question::Choice { options, selected },
            Widget::Pick(_, Choice { options, selected }) => Question::Pick { options, selected },
            Widget::Tick { label, on } => Question::Tick { label, on },
            Widget::Look => {
                let (answers, context) = (&self.model.answers, &self.model.context);
                notification::hidden(control, answers, context).map_or(Question::Look, Question::Hidden)
            }
        }
    }

    /// Writes the question.
    pub(super) fn put(&mut self, control: Control, question: &Question) -> Result<(), PlainError> {
        let label = control.label();
        match question {
            Question::Text { value, clears } => {
                let none = if *clears { " (`-` for none)" } else { "" };
                self.prompt(&format!("{label} [{value}]{none}: "))
            }
            Question::Area => self.prompt(&format!("{label}, `\\n` for a line break [as it is]: ")),
            Question::Secret { there } => {
                let kept = match (*there, control.row.optional) {
                    (true, true) => " [as given] (`-` for none)",
                    (true, false) => " [as given]",
                    (false, _) => "",
                };
                self.prompt(&format!("{label}, not shown{kept}: "))
            }
            Question::Choice { options, selected } => {
                self.list(label, options, options.len())?;
                self.prompt(&format!("Number [{}]: ", selected + 1))
            }
            Question::Pick { options, .. } if options.is_empty() => {
                self.say(&format!("{label}: no match"))?;
                self.prompt("A part of the name to look for, `-` lists all: ")
            }
            Question::Pick { options, selected } => {
                self.list(label, options, MOST_LISTED)?;
                self.prompt(&format!("Number, or a part of the name to look for [{}]: ", selected + 1))
            }
            Question::Tick { label, on } => {
                if is_guided(control) {
                    // It is explained under the one that has the focus.
                    self.tell(Message::Give(control, Given::Tick(*on)));
                    for row in self.texts(|of| of == Some(control)) {
                        self.say(&row)?;
                    }
                    return self.prompt(if *on { "Done? [Y/n] " } else { "Done? [y/N] " });
                }
                self.prompt(&format!("{label} {} ", if *on { "[Y/n]" } else { "[y/N]" }))
            }
            Question::Hidden(_) => {
                for row in self.texts(|of| of == Some(control)) {
                    self.say(&row)?;
                }
                self.prompt("`s` shows it whole, an empty line goes on: ")
            }
            Question::Look => {
                let mut rows = self.texts(|of| of == Some(control));
                rows.extend(if control == Control::PAYLOAD {
                    self.below(control)
                } else {
                    self.under(control)
                });
                for row in rows {
                    self.say(&row)?;
                }
                if control == Control::PAYLOAD {
                    let json =
                        if self.model.look.json { "`j` the alert as ilert shows it" } else { "`j` the JSON" };
                    self.prompt(&format!("`n` shows the next one, {json}, an empty line goes on: "))?;
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
}
