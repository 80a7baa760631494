//! Does everything at once, from the express page: the live test, then what is written. Each is the effect that the steps
//! have for it.

use super::{live_test, writing};
use crate::exit::Exit;
use crate::wizard::answers::{Step, TestKind};
use crate::wizard::context::Purpose;
use crate::wizard::effect::Effect;
use crate::wizard::form::{Control, StepProblem};
use crate::wizard::model::Model;
use crate::wizard::page::Look;
use crate::wizard::steps::test;

/// Enter: begins, tries again what failed, or ends the wizard where all is done.
pub(super) fn next(model: &mut Model) -> Vec<Effect> {
    let busy = |purpose| model.context.is_busy(purpose);
    if model.context.writing.is_done() {
        model.exit = Some(Exit::Done);
        return Vec::new();
    }
    if busy(Purpose::Test) || busy(Purpose::LookUp) {
        return Vec::new();
    }
    if busy(Purpose::Write) {
        // What is there is still looked up.
        model.goes_on = !model.context.together;
        return Vec::new();
    }
    if let Some(Err(reason)) = &model.context.writing.composed {
        model.problem = Some(StepProblem::new(Control::ALL_AT_ONCE, reason.clone()));
        return Vec::new();
    }
    model.context.together = true;
    model.look = Look::default();
    model.focus_first();
    let tested =
        model.answers.test.kind == TestKind::Skip || test::passed(&model.answers, &model.context).is_some();
    if tested { writing::write(model) } else { live_test::begin(model) }
}

/// The test has come to its end: writes, where it passed and all was asked for at once.
pub(super) fn tested(model: &mut Model) -> Vec<Effect> {
    let goes_on = model.step == Step::Express
        && model.context.together
        && test::passed(&model.answers, &model.context).is_some();
    if goes_on { writing::write(model) } else { Vec::new() }
}
