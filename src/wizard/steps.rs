//! The eight steps: for each its state, which controls it has, and whether its answers will do.

pub mod agent;
pub mod key;
pub mod notification;
pub mod preview;
pub mod review;
pub mod source;
pub mod start;
pub mod test;

use super::control::Control;
use super::model::{Model, Step};
use crate::config::{self, ConfigError};

/// Why a step cannot be left yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is to be changed; it gets the focus.
    pub control: Control,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(control: Control, message: impl Into<String>) -> Self {
        Self { control, message: message.into() }
    }
}

/// How a step stands: derived from the answers, each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was shown, and its answers will do.
    Done,
    /// It is shown now.
    Current,
    /// It was not shown yet, or its answers do not do any more.
    Pending,
}

/// How a step stands.
#[must_use]
pub fn standing(model: &Model, step: Step) -> Standing {
    if step == model.step {
        Standing::Current
    } else if step < model.reached && check(model, step).is_ok() {
        Standing::Done
    } else {
        Standing::Pending
    }
}

/// The controls of a step, in order.
#[must_use]
pub fn controls(model: &Model, step: Step) -> Vec<Control> {
    match step {
        Step::Start => start::controls(model),
        Step::Source => source::controls(model),
        Step::Key => vec![Control::ApiKey, Control::Keep],
        Step::Netdata => agent::controls(model),
        Step::Notification => notification::controls(model),
        Step::Preview => preview::controls(model),
        Step::Test => test::controls(model),
        Step::Review => review::controls(model),
    }
}

/// Whether a step's answers will do, or the first thing that will not.
pub fn check(model: &Model, step: Step) -> Result<(), Problem> {
    match step {
        Step::Start => start::check(model),
        Step::Source => source::check(model),
        Step::Key => key::check(model),
        Step::Netdata => agent::check(model),
        Step::Notification => notification::check(model),
        Step::Preview => preview::check(model),
        Step::Test => test::check(model),
        Step::Review => Ok(()),
    }
}

/// What the configuration's own reader says against a key, as the answers have it.
fn invalid(model: &Model, key: &str) -> Option<String> {
    let path = &model.place.config;
    match config::render(&model.config(), None, path) {
        Err(ConfigError::Invalid { problems, .. }) => {
            problems.into_iter().find(|problem| problem.key == key).map(|problem| problem.message)
        }
        Err(ConfigError::Unfaithful { key: found, .. }) if found == key => {
            Some("this cannot be written so that it reads back the same".to_owned())
        }
        _ => None,
    }
}
