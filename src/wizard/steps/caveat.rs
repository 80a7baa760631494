//! What is not proven although one went on: each step's `!`, with its fix. The last screen repeats them.

use super::{agent, notification, test};
use crate::wizard::answers::{Answers, Step};
use crate::wizard::context::Context;
use crate::wizard::form::Caveat;

/// What is not proven of a step.
#[must_use]
pub fn of(step: Step, answers: &Answers, context: &Context) -> Option<Caveat> {
    match step {
        Step::Netdata => agent::caveat(answers, context),
        Step::Notification => notification::caveat(answers, context),
        Step::Test => test::caveat(answers, context),
        _ => None,
    }
}

/// All that is not proven, in the order of the steps.
pub fn all(answers: &Answers, context: &Context) -> impl Iterator<Item = Caveat> {
    Step::ALL.into_iter().filter_map(|step| of(step, answers, context))
}
