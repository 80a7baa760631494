//! A row: what a control is made of. The steps write theirs as constants.

use super::{Choice, Control, StepProblem};
use crate::secret::Secret;
use crate::wizard::answers::Answers;
use crate::wizard::context::Context;
use crate::wizard::field::{Field, SecretField, TextArea};
use crate::wizard::place::Demo;

/// What a control is made of.
#[derive(Debug)]
pub struct Row {
    /// Tells it from all others.
    pub id: &'static str,
    /// The words before it.
    pub label: &'static str,
    /// A hint under it, if any.
    pub help: fn(&Answers, &Context) -> Option<String>,
    /// How its answer is read and changed.
    pub access: Access,
    /// Whether its answer will do.
    pub check: fn(&Answers, &Context) -> Result<(), StepProblem>,
    /// The text that can be copied from it, and its name.
    pub copies: fn(&Answers, &Context, usize) -> Option<(Secret, &'static str)>,
    /// The address that belongs to it.
    pub opens: fn(usize) -> Option<&'static str>,
    /// What the demo's services take here.
    pub demo: Option<fn(&Demo) -> &Secret>,
    /// What its boxes are, where it is a list of them.
    pub boxes: Boxes,
    /// All boxes of the list can be ticked at once.
    pub tick_all: bool,
    /// The text that narrows the list down.
    pub find: Option<Control>,
    /// It may be empty.
    pub optional: bool,
    /// Its hint says where an answer comes from: `--plain` says it before it asks.
    pub introduced: bool,
}

impl Row {
    /// A row without help, whose answer will always do.
    pub(in crate::wizard) const fn new(id: &'static str, label: &'static str, access: Access) -> Self {
        Self {
            id,
            label,
            help: |_, _| None,
            access,
            check: |_, _| Ok(()),
            copies: |_, _, _| None,
            opens: |_| None,
            demo: None,
            boxes: Boxes::OneByOne,
            tick_all: false,
            find: None,
            optional: false,
            introduced: false,
        }
    }

    /// With a hint under it.
    pub(in crate::wizard) const fn help(self, help: fn(&Answers, &Context) -> Option<String>) -> Self {
        Self { help, ..self }
    }

    /// With what its answer must be.
    pub(in crate::wizard) const fn check(
        self,
        check: fn(&Answers, &Context) -> Result<(), StepProblem>,
    ) -> Self {
        Self { check, ..self }
    }

    /// With what can be copied from it.
    pub(in crate::wizard) const fn copies(
        self,
        copies: fn(&Answers, &Context, usize) -> Option<(Secret, &'static str)>,
    ) -> Self {
        Self { copies, ..self }
    }

    /// With an address to open, and to copy.
    pub(in crate::wizard) const fn opens(self, opens: fn(usize) -> Option<&'static str>) -> Self {
        Self { opens, ..self }
    }

    /// With what the demo's services take.
    pub(in crate::wizard) const fn demo(self, demo: fn(&Demo) -> &Secret) -> Self {
        Self { demo: Some(demo), ..self }
    }

    /// Whose answer may be empty.
    pub(in crate::wizard) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Whose hint is said before it is asked for.
    pub(in crate::wizard) const fn introduced(self) -> Self {
        Self { introduced: true, ..self }
    }

    /// As a list of such boxes.
    pub(in crate::wizard) const fn boxes(self, boxes: Boxes) -> Self {
        Self { boxes, ..self }
    }

    /// With a text that narrows the list down.
    pub(in crate::wizard) const fn find(self, find: Control) -> Self {
        Self { find: Some(find), ..self }
    }

    /// With a key that ticks all boxes of the list.
    pub(in crate::wizard) const fn tick_all(self) -> Self {
        Self { tick_all: true, ..self }
    }
}

/// What the boxes of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boxes {
    /// Each has a question of its own.
    OneByOne,
    /// One alone, which shows what is seldom needed, or folds it up.
    Fold,
    /// Things to do in a browser, each explained where it has the focus: Enter ticks one, and goes to the next.
    Guided,
    /// Things to pick: `--plain` asks for all of them at once, by their numbers.
    ByNumbers,
}

/// How an answer is read and changed.
#[derive(Debug)]
pub enum Access {
    /// One line of text.
    Text(fn(&Answers) -> &Field, fn(&mut Answers) -> &mut Field),
    /// A secret.
    Secret(fn(&Answers) -> &SecretField, fn(&mut Answers) -> &mut SecretField),
    /// Lines of text.
    Area(fn(&Answers) -> &TextArea, fn(&mut Answers) -> &mut TextArea),
    /// One of several options; a choice that is not there changes nothing.
    Choice(fn(&Answers, &Context) -> Choice, fn(&mut Answers, &Context, usize)),
    /// One of several options that a text narrows down.
    Pick {
        /// The text.
        filter: fn(&Answers) -> &Field,
        /// The text, to be changed.
        edit: fn(&mut Answers) -> &mut Field,
        /// What is left of the options.
        get: fn(&Answers, &Context) -> Choice,
        /// Chooses one of those.
        set: fn(&mut Answers, &Context, usize),
    },
    /// A box to tick, or a list of them.
    Tick(fn(&Answers, &Context, usize) -> (String, bool), fn(&mut Answers, &Context, usize, bool)),
    /// Something to look at, by pages.
    Look,
}

/// [`Access`] to a field of the answers: `field!(Text: agent.url)`.
macro_rules! field {
    ($kind:ident: $($field:ident).+) => {
        $crate::wizard::form::Access::$kind(|answers| &answers.$($field).+, |answers| &mut answers.$($field).+)
    };
}

/// [`Access`] to a choice of the answers, whose options are always the same: `one_of!(start.delivery)`.
macro_rules! one_of {
    ($($field:ident).+) => {
        $crate::wizard::form::Access::Choice(
            |answers, _| $crate::wizard::form::Choice::of(answers.$($field).+),
            |answers, _, at| $crate::wizard::form::choose(&mut answers.$($field).+, at),
        )
    };
}

/// A control that shows what is seldom needed: `fold!("agent-more", "other parents", is_unfolded, agent.more)`.
macro_rules! fold {
    ($id:literal, $what:literal, $is_unfolded:path, $($field:ident).+) => {
        $crate::wizard::form::Control {
            row: &$crate::wizard::form::Row::new(
                $id,
                "",
                $crate::wizard::form::Access::Tick(
                    |answers, _, _| (concat!("More: ", $what).to_owned(), $is_unfolded(answers)),
                    |answers, _, _, on| answers.$($field).+ = on,
                ),
            )
            .boxes($crate::wizard::form::Boxes::Fold),
            at: 0,
        }
    };
}

pub(in crate::wizard) use {field, fold, one_of};
