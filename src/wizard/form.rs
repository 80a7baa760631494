//! The controls: what a person can put the focus on. A control is one row: its label, how its answer is read and changed,
//! and how the answer is checked.
//!
//! The steps declare their rows as constants of [`Control`]. The screen draws a control by its [`Widget`], `--plain`
//! asks for it by the same; neither knows the steps.

mod evidence;
mod row;
mod widget;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

pub use evidence::{Caveat, Evidence};
pub use row::{Access, Boxes, Row};
pub(super) use row::{field, fold, one_of};
pub use widget::{Choice, Given, Typing, Widget, choose, tick, ticked};

use super::answers::Answers;
use super::context::Context;
use crate::secret::Secret;

/// A control: a row, or one box of a row that is a list.
#[derive(Clone, Copy)]
pub struct Control {
    /// Its row.
    pub row: &'static Row,
    /// Which box of a list, from 0; always 0 where the row is none.
    pub at: usize,
}

/// Why a step cannot be left yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepProblem {
    /// What is to be changed; it gets the focus.
    pub control: Control,
    /// What is wrong and what to do.
    pub message: String,
}

impl StepProblem {
    pub(crate) fn new(control: Control, message: impl Into<String>) -> Self {
        Self { control, message: message.into() }
    }

    /// The message after the field's label, unless it has that already.
    #[must_use]
    pub fn with_label(&self) -> String {
        let label = self.control.label();
        if label.is_empty() || self.message.starts_with(label) {
            self.message.clone()
        } else {
            format!("{label}: {}", self.message)
        }
    }
}

impl Control {
    /// One box of a list.
    #[must_use]
    pub const fn at(self, at: usize) -> Self {
        Self { row: self.row, at }
    }

    /// All boxes of a list.
    pub fn all(self, count: usize) -> impl Iterator<Item = Self> {
        (0..count).map(move |at| self.at(at))
    }

    /// Whether it belongs to the same row: boxes of one list do.
    #[must_use]
    pub fn is_of(self, other: Self) -> bool {
        self.row.id == other.row.id
    }

    /// The words before it.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.row.label
    }

    /// What it is now.
    #[must_use]
    pub fn widget<'a>(self, answers: &'a Answers, context: &Context) -> Widget<'a> {
        match &self.row.access {
            Access::Text(get, _) => Widget::Text(get(answers)),
            Access::Secret(get, _) => Widget::Secret(get(answers)),
            Access::Area(get, _) => Widget::Area(get(answers)),
            Access::Choice(get, _) => Widget::Choice(get(answers, context)),
            Access::Pick { filter, get, .. } => Widget::Pick(filter(answers), get(answers, context)),
            Access::Tick(get, _) => {
                let (label, on) = get(answers, context, self.at);
                Widget::Tick { label, on }
            }
            Access::Look => Widget::Look,
        }
    }

    /// Its text, to be changed.
    pub fn typing(self, answers: &mut Answers) -> Option<Typing<'_>> {
        match &self.row.access {
            Access::Text(_, edit) | Access::Pick { edit, .. } => Some(Typing::Text(edit(answers))),
            Access::Secret(_, edit) => Some(Typing::Secret(edit(answers))),
            Access::Area(_, edit) => Some(Typing::Area(edit(answers))),
            Access::Choice(..) | Access::Tick(..) | Access::Look => None,
        }
    }

    /// Chooses an option, by its place. One that is not there changes nothing.
    pub fn choose(self, answers: &mut Answers, context: &Context, at: usize) {
        if let Access::Choice(_, set) | Access::Pick { set, .. } = &self.row.access {
            set(answers, context, at);
        }
    }

    /// Ticks a box, or takes the tick away.
    pub fn tick(self, answers: &mut Answers, context: &Context, on: bool) {
        if let Access::Tick(_, set) = &self.row.access {
            set(answers, context, self.at, on);
        }
    }

    /// Whether its answer will do.
    pub fn check(self, answers: &Answers, context: &Context) -> Result<(), StepProblem> {
        // What is asked of a list is asked of all its boxes together.
        if self.at == 0 { (self.row.check)(answers, context) } else { Ok(()) }
    }

    /// The address that belongs to it.
    #[must_use]
    pub fn address(self) -> Option<&'static str> {
        (self.row.opens)(self.at)
    }

    /// What can be copied from it, and what that is called.
    #[must_use]
    pub fn copyable(self, answers: &Answers, context: &Context) -> Option<(Secret, &'static str)> {
        let address = || Some((Secret::new(self.address()?.to_owned()), "the address"));
        (self.row.copies)(answers, context, self.at).or_else(address)
    }

    /// What the demo's services take here.
    #[must_use]
    pub fn demo(self, context: &Context) -> Option<&Secret> {
        Some(self.row.demo?(context.place.demo.as_ref()?))
    }
}

impl PartialEq for Control {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Control {}

impl PartialOrd for Control {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Control {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.row.id, self.at).cmp(&(other.row.id, other.at))
    }
}

impl Hash for Control {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.row.id, self.at).hash(state);
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.row.id)?;
        if self.at > 0 { write!(f, "({})", self.at) } else { Ok(()) }
    }
}
