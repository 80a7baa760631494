//! Step 2, *ilert alert source*: by hand, in a browser, step by step; or by ilert's API, with a token.

mod choices;
pub mod for_me;
pub mod page;

use crate::wizard::answers::{Answers, Way};
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Control, Row, StepProblem, one_of, tick, ticked};
use crate::wizard::guide::Guide;

impl Control {
    /// By hand, or by ilert's API.
    pub const WAY: Self = Self { row: &Row::new("way", "Who creates it", one_of!(source.way)), at: 0 };
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
        .tick_all(),
        at: 0,
    };
    /// Alert grouping.
    pub const GROUPING: Self =
        Self { row: &Row::new("grouping", "Alert grouping", one_of!(source.grouping)), at: 0 };
}

/// Which way; then the things to do and the grouping, or what ilert is asked with.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = vec![Control::WAY];
    match answers.source.way {
        Way::ByHand => {
            controls.extend(Control::TODO.all(Guide::ilert().steps.len()));
            controls.push(Control::GROUPING);
        }
        Way::ForMe => controls.extend(for_me::controls(answers, context)),
    }
    controls
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
    match answers.source.way {
        Way::ByHand => Ok(()),
        Way::ForMe => for_me::check(answers, context),
    }
}
