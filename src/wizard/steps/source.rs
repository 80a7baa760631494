//! Step 2, *ilert alert source*, by hand: the seed's four steps, one at a time.

use super::Problem;
use crate::wizard::control::{Control, Widget};
use crate::wizard::guide::Guide;
use crate::wizard::model::Model;

/// Alert grouping of the alert source. It is chosen in ilert: here it only brings the warning that it deserves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Every alert of its own.
    #[default]
    None,
    /// One open alert at a time.
    OneOpen,
    /// Grouped within a time window.
    Window,
    /// Grouped by what ilert takes for alike.
    Intelligent,
}

impl Grouping {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::None, Self::OneOpen, Self::Window, Self::Intelligent];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "none (recommended)",
            Self::OneOpen => "one open alert at a time",
            Self::Window => "by time window",
            Self::Intelligent => "intelligent grouping",
        }
    }

    /// What to know about it.
    #[must_use]
    pub fn warning(self) -> Option<&'static str> {
        (self != Self::None).then_some(
            "With grouping, a critical alert may join an open one and page nobody, and it is resolved when its \
             group is.",
        )
    }
}

/// State of the step.
#[derive(Clone, Debug)]
pub struct Source {
    /// Which of the guide's steps are done.
    pub done: Vec<bool>,
    /// The alert source's grouping.
    pub grouping: Grouping,
}

impl Default for Source {
    fn default() -> Self {
        Self { done: vec![false; Guide::ilert().steps.len()], grouping: Grouping::default() }
    }
}

/// The things to do, then the grouping.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    (0..model.source.done.len()).map(Control::Todo).chain([Control::Grouping]).collect()
}

/// Everything is to be done before there is a key.
pub fn check(model: &Model) -> Result<(), Problem> {
    match model.source.done.iter().position(|done| !done) {
        None => Ok(()),
        Some(at) => Err(Problem::new(Control::Todo(at), "do this in ilert, then tick it")),
    }
}

/// One of the things to do.
#[must_use]
pub fn todo(model: &Model, at: usize) -> Widget<'static> {
    let label = Guide::ilert().steps.get(at).map_or_else(String::new, |step| step.title.clone());
    Widget::Tick { label, on: model.source.done.get(at).copied().unwrap_or(false) }
}
