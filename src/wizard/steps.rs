//! The steps: the rows of each, the check of its answers, and its page.
//!
//! A step is one module. It knows the answers and the context, and of the other steps only those before it in this
//! order: source, key, agent, notification, the [`configuration`] that they make, preview, test, review, start. Over
//! all of them are [`express`], [`menu`], [`home`], and each step's [`caveat`].

pub mod agent;
pub mod caveat;
pub mod configuration;
pub mod express;
pub mod home;
pub mod key;
pub mod menu;
pub mod notification;
pub mod preview;
mod reader;
pub mod review;
pub mod source;
pub mod start;
pub mod test;

use super::answers::{Answers, Step};
use super::context::Context;
use super::form::{Control, StepProblem};
use super::page::Page;

/// What a step is made of.
struct Parts {
    /// What the list on the left calls it.
    title: &'static str,
    /// Its help, as `assets/guide/help.toml` calls it.
    help: &'static str,
    /// Its controls, in order.
    controls: fn(&Answers, &Context) -> Vec<Control>,
    /// Whether its answers will do, beyond what its rows check.
    check: fn(&Answers, &Context) -> Result<(), StepProblem>,
    /// Its page.
    page: fn(&mut Page<'_>),
}

/// The steps, a row each.
const fn parts(step: Step) -> Parts {
    const ROWS_ALONE: fn(&Answers, &Context) -> Result<(), StepProblem> = |_, _| Ok(());
    match step {
        Step::Start => Parts {
            title: "Before you start",
            help: "start",
            controls: start::controls,
            check: ROWS_ALONE,
            page: start::page,
        },
        Step::Source => Parts {
            title: "ilert alert source",
            help: "alert-source",
            controls: source::controls,
            check: source::check,
            page: source::page::page,
        },
        Step::Key => Parts {
            title: "API key",
            help: "api-key",
            controls: key::controls,
            check: ROWS_ALONE,
            page: key::page,
        },
        Step::Netdata => Parts {
            title: "Netdata",
            help: "netdata",
            controls: agent::controls,
            check: agent::check,
            page: agent::page::page,
        },
        Step::Notification => Parts {
            title: "Notification",
            help: "notification",
            controls: notification::controls,
            check: ROWS_ALONE,
            page: notification::page::page,
        },
        Step::Preview => Parts {
            title: "Preview",
            help: "preview",
            controls: preview::controls,
            check: ROWS_ALONE,
            page: preview::page::page,
        },
        Step::Test => Parts {
            title: "Live test",
            help: "live-test",
            controls: test::controls,
            check: ROWS_ALONE,
            page: test::page::page,
        },
        Step::Review => Parts {
            title: "Review and write",
            help: "write",
            controls: review::controls,
            check: ROWS_ALONE,
            page: review::page::page,
        },
        Step::Menu => Parts {
            title: "Edit",
            help: "menu",
            controls: menu::controls,
            check: ROWS_ALONE,
            page: menu::page,
        },
        Step::Home => Parts {
            title: "Configurations",
            help: "home",
            controls: home::controls,
            check: ROWS_ALONE,
            page: home::page,
        },
        Step::Express => Parts {
            title: "Everything at once",
            help: "express",
            controls: express::controls,
            check: ROWS_ALONE,
            page: express::page,
        },
    }
}

/// What the list on the left calls a step.
#[must_use]
pub fn title(step: Step) -> &'static str {
    parts(step).title
}

/// What F1 shows at a step, as `assets/guide/help.toml` calls it.
#[must_use]
pub fn help(step: Step) -> &'static str {
    parts(step).help
}

/// The controls of a step, in the order in which Tab visits them.
#[must_use]
pub fn controls(answers: &Answers, context: &Context, step: Step) -> Vec<Control> {
    (parts(step).controls)(answers, context)
}

/// Whether a step's answers will do, or the first thing that will not.
pub fn check(answers: &Answers, context: &Context, step: Step) -> Result<(), StepProblem> {
    let parts = parts(step);
    (parts.controls)(answers, context).into_iter().try_for_each(|control| control.check(answers, context))?;
    (parts.check)(answers, context)
}

/// What makes one ask before a step is left: a second Enter goes on.
#[must_use]
pub fn doubt(answers: &Answers, context: &Context, step: Step) -> Option<StepProblem> {
    if step == Step::Notification { notification::doubt(answers, context) } else { None }
}

/// Puts a step on a page.
pub fn page(page: &mut Page<'_>, step: Step) {
    (parts(step).page)(page);
}

#[cfg(test)]
mod tests {
    use super::{help, title};
    use crate::wizard::answers::Step;
    use crate::wizard::guide;

    #[test]
    fn every_step_has_its_help() {
        for step in Step::ALL {
            assert!(guide::help(help(step)).is_some(), "{}", title(step));
        }
    }
}
