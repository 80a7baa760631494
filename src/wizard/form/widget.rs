//! What kind of input a control is now, and how it takes an answer.

use crate::wizard::answers::Options;
use crate::wizard::field::{Field, SecretField, TextArea};

/// A control as it is now, with its value.
#[derive(Debug)]
pub enum Widget<'a> {
    /// One line of text.
    Text(&'a Field),
    /// A secret.
    Secret(&'a SecretField),
    /// Lines of text.
    Area(&'a TextArea),
    /// One of several options.
    Choice(Choice),
    /// One of a list that a text narrows down: the text, and what is left of the list.
    Pick(&'a Field, Choice),
    /// A box to tick.
    Tick {
        /// What it says.
        label: String,
        /// Whether it is ticked.
        on: bool,
    },
    /// Something to look at, by pages.
    Look,
}

/// An answer for a control, as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// For a text or a secret.
    Text(String),
    /// For a choice: which option.
    Option(usize),
    /// For a box.
    Tick(bool),
}

/// Text that can be changed.
pub enum Typing<'a> {
    /// One line.
    Text(&'a mut Field),
    /// A secret.
    Secret(&'a mut SecretField),
    /// Lines.
    Area(&'a mut TextArea),
}

/// Options, and the chosen one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What they are called.
    pub options: Vec<String>,
    /// Which is chosen.
    pub selected: usize,
}

impl Choice {
    /// One of the options that there always are.
    pub fn of<T: Options>(chosen: T) -> Self {
        Self::among(T::ALL, |one| *one == chosen, |one| one.label().to_owned())
    }

    /// One of these options; the first where none is chosen.
    pub fn among<T>(all: &[T], is_chosen: impl Fn(&T) -> bool, label: impl Fn(&T) -> String) -> Self {
        Self {
            options: all.iter().map(label).collect(),
            selected: all.iter().position(is_chosen).unwrap_or(0),
        }
    }
}

/// Chooses one of the options that there always are.
pub fn choose<T: Options>(chosen: &mut T, at: usize) {
    if let Some(one) = T::ALL.get(at) {
        *chosen = *one;
    }
}

/// Whether a box of a list is ticked; one that was never touched is not.
#[must_use]
pub fn ticked(boxes: &[bool], at: usize) -> bool {
    boxes.get(at).copied().unwrap_or(false)
}

/// Ticks a box of a list, or takes the tick away.
pub fn tick(boxes: &mut Vec<bool>, at: usize, on: bool) {
    if boxes.len() <= at {
        boxes.resize(at + 1, false);
    }
    if let Some(one) = boxes.get_mut(at) {
        *one = on;
    }
}
