//! *ilert alert source*: by hand, in a browser, step by step; or by ilert's API, with a token.

mod choices;
pub mod for_me;
pub mod more;
pub mod page;

pub use more::{ilert, on_screen};

use crate::secret::Secret;
use crate::wizard::answers::{Answers, Way};
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Boxes, Choice, Control, Row, StepProblem, one_of, tick, ticked};
use crate::wizard::guide::Guide;

impl Control {
    /// By hand, or by ilert's API.
    pub const WAY: Self =
        Self { row: &Row::new("way", "Who creates it", Access::Choice(ways, choose_way)), at: 0 };
    /// Things to do in ilert.
    pub const TODO: Self = Self {
        row: &Row::new(
            "todo",
            "",
            Access::Tick(
                |answers, _, at| (Guide::ilert().title(at), ticked(&answers.source.done, at)),
                |answers, _, at, on| tick(&mut answers.source.done, at, on),
            ),
        )
        .check(is_done)
        .opens(|at| Guide::ilert().address(at))
        .boxes(Boxes::Guided)
        .tick_all(),
        at: 0,
    };
    /// Alert grouping.
    pub const GROUPING: Self =
        Self { row: &Row::new("grouping", "Alert grouping", one_of!(source.grouping)), at: 0 };
}

/// The key that is known beforehand: the configuration's, else the environment's.
fn known_key<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Secret> {
    let configured = context.kept(answers.start.existing).and_then(|found| found.key.as_ref());
    configured.or_else(|| context.found.as_ref()?.variable.as_ref())
}

/// How the alert source comes about. One can only be kept where a key of it is known.
#[must_use]
pub fn way(answers: &Answers, context: &Context) -> Way {
    match answers.source.way {
        Way::Kept if known_key(answers, context).is_none() => Way::default(),
        way => way,
    }
}

/// The way that asks for least.
#[must_use]
pub fn shortest(answers: &Answers, context: &Context) -> Way {
    if known_key(answers, context).is_some() { Way::Kept } else { Way::default() }
}

fn offered(answers: &Answers, context: &Context) -> Vec<Way> {
    let kept = known_key(answers, context).map(|_| Way::Kept);
    kept.into_iter().chain([Way::ForMe, Way::ByHand]).collect()
}

fn ways(answers: &Answers, context: &Context) -> Choice {
    let label = |way: &Way| match way {
        Way::ForMe => "this wizard, with an API token".to_owned(),
        Way::ByHand => "I do, in a browser".to_owned(),
        Way::Kept => {
            let key = known_key(answers, context).map_or_else(String::new, Secret::masked);
            format!("nobody: it is there, with the key {key}")
        }
    };
    let way = way(answers, context);
    Choice::among(&offered(answers, context), |one| *one == way, label)
}

fn choose_way(answers: &mut Answers, context: &Context, at: usize) {
    if let Some(way) = offered(answers, context).get(at) {
        answers.source.way = *way;
    }
}

/// Which way; then the things to do, or what ilert is asked with.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = vec![Control::WAY];
    match way(answers, context) {
        Way::Kept => {}
        Way::ByHand => {
            controls.extend(Control::TODO.all(Guide::ilert().steps.len()));
        }
        Way::ForMe => controls.extend(for_me::controls(answers, context)),
    }
    controls.extend(more::controls(answers));
    controls
}

/// What the menu says of it.
#[must_use]
pub fn holds(answers: &Answers, context: &Context) -> String {
    match way(answers, context) {
        Way::Kept => "as it is",
        Way::ForMe => "another, with an API token",
        Way::ByHand => "another, in a browser",
    }
    .to_owned()
}

/// The first thing that is still to do, if any.
#[must_use]
pub fn undone(answers: &Answers) -> Option<usize> {
    (0..Guide::ilert().steps.len()).find(|at| !ticked(&answers.source.done, *at))
}

fn is_done(answers: &Answers, _: &Context) -> Result<(), StepProblem> {
    match undone(answers) {
        None => Ok(()),
        Some(at) => Err(StepProblem::new(Control::TODO.at(at), "do this in ilert, then tick it")),
    }
}

/// Made by ilert's API, there must be an alert source before there is a key.
pub fn check(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    match way(answers, context) {
        Way::ByHand | Way::Kept => Ok(()),
        Way::ForMe => for_me::check(answers, context),
    }
}
