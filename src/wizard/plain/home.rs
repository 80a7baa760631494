//! The home screen as numbered questions.

use std::io::Write;

use super::{Plain, PlainError, Said};
use crate::prompt::Lines;
use crate::wizard::answers::Step;
use crate::wizard::context::Card;
use crate::wizard::form::{Control, Given};
use crate::wizard::message::{HomeMessage, Message};
use crate::wizard::model::Overlay;
use crate::wizard::steps::home;

/// What can be done.
const CHOICES: [(&str, Choice); 6] = [
    ("edit one", Choice::Edit),
    ("add one", Choice::Add),
    ("switch one on or off", Choice::Act(HomeMessage::Switch)),
    ("resolve what is open under one that is off", Choice::Act(HomeMessage::Resolve)),
    ("delete one", Choice::Delete),
    ("leave", Choice::Leave),
];

#[derive(Clone, Copy)]
enum Choice {
    Edit,
    Add,
    Act(HomeMessage),
    Delete,
    Leave,
}

impl Choice {
    /// Whether it can be done to this one.
    fn fits(self, card: &Card) -> bool {
        match self {
            Self::Edit | Self::Delete => card.installed.is_some(),
            Self::Act(HomeMessage::Resolve) => card.is_on() == Some(false) && card.resolvable().is_some(),
            Self::Act(_) => card.is_on().is_some(),
            Self::Add | Self::Leave => false,
        }
    }
}

impl<W: Write, L: Lines> Plain<'_, W, L> {
    /// Shows the configurations, and asks what is wanted, once.
    pub(super) async fn home(&mut self) -> Result<(), PlainError> {
        self.settle().await;
        for row in self.texts(|_| true) {
            self.say(&row)?;
        }
        self.say("What now:")?;
        let choices = CHOICES.into_iter().filter(|(_, choice)| {
            matches!(choice, Choice::Add | Choice::Leave) || self.fitting(*choice).next().is_some()
        });
        let (words, choices): (Vec<String>, Vec<Choice>) =
            choices.map(|(words, choice)| (words.to_owned(), choice)).unzip();
        let Some(choice) = self.number(&words).await?.and_then(|at| choices.get(at).copied()) else {
            return Ok(());
        };
        match choice {
            Choice::Add => self.add().await,
            Choice::Leave => {
                self.tell(Message::Home(HomeMessage::Leave));
                Ok(())
            }
            choice => {
                if !self.pick(choice).await? {
                    return Ok(());
                }
                match choice {
                    Choice::Act(message) => self.tell(Message::Home(message)),
                    Choice::Delete => self.delete().await?,
                    _ => self.tell(Message::Next),
                }
                self.settle().await;
                Ok(())
            }
        }
    }

    /// The configurations to which this can be done, by their places.
    fn fitting(&self, choice: Choice) -> impl Iterator<Item = (Control, &Card)> {
        let cards = self.model.controls().into_iter();
        let cards = cards.filter_map(|control| Some((control, home::card(control, &self.model.context)?)));
        cards.filter(move |(_, card)| choice.fits(card))
    }

    /// Puts the focus on the one that is meant. False where none is.
    async fn pick(&mut self, choice: Choice) -> Result<bool, PlainError> {
        let (controls, names): (Vec<Control>, Vec<String>) =
            self.fitting(choice).map(|(control, card)| (control, card.name.clone())).unzip();
        let at = if names.len() == 1 {
            Some(0)
        } else {
            self.say("Which one:")?;
            self.number(&names).await?
        };
        let control = at.and_then(|at| controls.get(at).copied());
        if let Some(control) = control {
            self.tell(Message::FocusOn(control));
        }
        Ok(control.is_some())
    }

    /// Asks for the name of a new one, until it will do.
    async fn add(&mut self) -> Result<(), PlainError> {
        self.tell(Message::Home(HomeMessage::Add));
        while self.model.step == Step::Home {
            self.count(Some(Control::NEW_NAME))?;
            let value = self.model.answers.home.name.value().to_owned();
            self.prompt(&format!("Name [{value}] (`<` for none): "))?;
            match self.line().await?.as_str() {
                line if Said::back(line).is_some() => {
                    self.tell(Message::Back);
                    return Ok(());
                }
                "?" => self.explain()?,
                line => {
                    if !line.is_empty() {
                        self.tell(Message::Give(Control::NEW_NAME, Given::Text(line.to_owned())));
                    }
                    self.tell(Message::Next);
                    if let Some(problem) = self.model.problem.clone() {
                        self.complain(&problem.message)?;
                    }
                }
            }
        }
        self.settle().await;
        Ok(())
    }

    /// Says what would be gone and what is open, and asks what becomes of that.
    async fn delete(&mut self) -> Result<(), PlainError> {
        self.tell(Message::Home(HomeMessage::Delete));
        self.settle().await;
        while self.model.overlay == Some(Overlay::Delete) {
            self.say(&home::deleting(self.model.focus, &self.model.context))?;
            let mut ways = vec!["keep it".to_owned(), "delete it".to_owned()];
            if home::resolves(self.model.focus, &self.model.context) {
                ways.push("resolve what is open, then delete it".to_owned());
            }
            let message = match self.number(&ways).await? {
                Some(1) => Message::Home(HomeMessage::Confirm { resolves: false }),
                Some(2) => Message::Home(HomeMessage::Confirm { resolves: true }),
                _ => Message::Close,
            };
            self.tell(message);
            self.settle().await;
            if self.model.overlay == Some(Overlay::Delete) {
                // More is open by now: asked anew.
                let told = self.model.context.home.as_ref().map(|home| home.told.clone());
                told.into_iter().flatten().filter_map(Result::err).try_for_each(|why| self.complain(&why))?;
            }
        }
        Ok(())
    }

    /// Asks for one of these by its number; an empty line is the first. `None` asks once more.
    async fn number(&mut self, options: &[String]) -> Result<Option<usize>, PlainError> {
        for (at, option) in options.iter().enumerate() {
            self.say(&format!("  {}. {option}", at + 1))?;
        }
        self.count(None)?;
        self.prompt("Number [1]: ")?;
        let line = self.line().await?;
        match (line.as_str(), line.parse::<usize>()) {
            ("", _) => return Ok(Some(0)),
            (line, _) if Said::back(line).is_some() => {}
            ("?", _) => self.explain()?,
            (_, Ok(number)) if (1..=options.len()).contains(&number) => return Ok(Some(number - 1)),
            _ => self.say(&format!("! a number from 1 to {}", options.len()))?,
        }
        Ok(None)
    }
}
