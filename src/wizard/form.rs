//! The controls: what a person can put the focus on. A control is one row: its label, how its answer is read and changed,
//! and how the answer is checked.
//!
//! The steps declare their rows as constants of [`Control`]. The screen draws a control by its [`Widget`], `--plain`
//! asks for it by the same; neither knows the steps.

mod widget;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

pub use widget::{Choice, Given, Typing, Widget, choose, tick, ticked};

use super::answers::Answers;
use super::context::Context;
use super::field::{Field, SecretField, TextArea};
use super::place::Demo;
use crate::secret::Secret;

/// A control: a row, or one box of a row that is a list.
#[derive(Clone, Copy)]
pub struct Control {
    /// Its row.
    pub row: &'static Row,
    /// Which box of a list, from 0; always 0 where the row is none.
    pub at: usize,
}

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

pub(super) use {field, fold, one_of};

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
}

/// How far what a step holds is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It is.
    Proven,
    /// Nothing speaks against it, but it was not tried, or not looked at; why, without a full stop.
    Untried(&'static str),
    /// Something speaks against it, or was left out. The last screen says each again.
    Doubtful(Vec<Caveat>),
}

impl Evidence {
    /// What speaks against it; where nothing does, the other.
    #[must_use]
    pub fn unless(caveats: impl IntoIterator<Item = Caveat>, otherwise: Self) -> Self {
        let caveats: Vec<Caveat> = caveats.into_iter().collect();
        if caveats.is_empty() { otherwise } else { Self::Doubtful(caveats) }
    }

    /// What speaks against it.
    #[must_use]
    pub fn caveats(self) -> Vec<Caveat> {
        match self {
            Self::Proven | Self::Untried(_) => Vec::new(),
            Self::Doubtful(caveats) => caveats,
        }
    }
}

/// Something that speaks against what a step holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caveat {
    /// What is not proven, without a full stop.
    pub what: String,
    /// What to do about it, in a sentence.
    pub fix: String,
}

impl Row {
    /// A row without help, whose answer will always do.
    pub(super) const fn new(id: &'static str, label: &'static str, access: Access) -> Self {
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
    pub(super) const fn help(self, help: fn(&Answers, &Context) -> Option<String>) -> Self {
        Self { help, ..self }
    }

    /// With what its answer must be.
    pub(super) const fn check(self, check: fn(&Answers, &Context) -> Result<(), StepProblem>) -> Self {
        Self { check, ..self }
    }

    /// With what can be copied from it.
    pub(super) const fn copies(
        self,
        copies: fn(&Answers, &Context, usize) -> Option<(Secret, &'static str)>,
    ) -> Self {
        Self { copies, ..self }
    }

    /// With an address to open, and to copy.
    pub(super) const fn opens(self, opens: fn(usize) -> Option<&'static str>) -> Self {
        Self { opens, ..self }
    }

    /// With what the demo's services take.
    pub(super) const fn demo(self, demo: fn(&Demo) -> &Secret) -> Self {
        Self { demo: Some(demo), ..self }
    }

    /// Whose answer may be empty.
    pub(super) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Whose hint is said before it is asked for.
    pub(super) const fn introduced(self) -> Self {
        Self { introduced: true, ..self }
    }

    /// As a list of such boxes.
    pub(super) const fn boxes(self, boxes: Boxes) -> Self {
        Self { boxes, ..self }
    }

    /// With a text that narrows the list down.
    pub(super) const fn find(self, find: Control) -> Self {
        Self { find: Some(find), ..self }
    }

    /// With a key that ticks all boxes of the list.
    pub(super) const fn tick_all(self) -> Self {
        Self { tick_all: true, ..self }
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
