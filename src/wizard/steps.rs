//! The steps: the rows of each, the check of its answers, and its page.
//!
//! A step is one module. It sees the answers and the context, and imports other steps without going round in a circle:
//! source, key, agent, notification, the [`configuration`] that they make, preview, test, review, start. Over all of
//! them are [`express`], [`menu`] and [`home`]. [`mod@evidence`] tells what ilert said of the alert source and its key.

pub mod agent;
pub mod configuration;
pub mod evidence;
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

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::answers::{Answers, Step};
use super::context::Context;
use super::form::{Caveat, Control, Evidence, StepProblem};
use super::page::Page;

/// What a step is made of.
struct Parts {
    /// What the list on the left calls it, and every message.
    title: &'static str,
    /// What the menu calls it: a short name before what it holds.
    short: &'static str,
    /// Its help, as `assets/guide/help.toml` calls it.
    help: &'static str,
    /// Its controls, in order.
    controls: fn(&Answers, &Context) -> Vec<Control>,
    /// Whether its answers will do, beyond what its rows check.
    check: fn(&Answers, &Context) -> Result<(), StepProblem>,
    /// What makes one ask before it is left: a second Enter goes on.
    doubt: fn(&Answers, &Context) -> Option<StepProblem>,
    /// How far it is proven.
    evidence: fn(&Answers, &Context) -> Evidence,
    /// What it holds now, in a line of the menu.
    holds: fn(&Answers, &Context) -> String,
    /// Its page.
    page: fn(&mut Page<'_>),
}

/// A step with nothing in it: the parts that most steps leave out.
const BARE: Parts = Parts {
    title: "",
    short: "",
    help: "",
    controls: |_, _| Vec::new(),
    check: |_, _| Ok(()),
    doubt: |_, _| None,
    evidence: |_, _| Evidence::Proven,
    holds: |_, _| String::new(),
    page: |_| {},
};

/// The steps, then the pages over all of them.
const fn parts(step: Step) -> Parts {
    match step {
        Step::Start => Parts {
            title: "Before you start",
            short: "Delivery",
            help: "start",
            controls: start::controls,
            holds: start::holds,
            page: start::page,
            ..BARE
        },
        Step::Source => Parts {
            title: "ilert alert source",
            short: "Alert source",
            help: "alert-source",
            controls: source::controls,
            check: source::check,
            evidence: evidence::of_source,
            holds: source::holds,
            page: source::page::page,
            ..BARE
        },
        Step::Key => Parts {
            title: "API key",
            short: "API key",
            help: "api-key",
            controls: key::controls,
            evidence: evidence::of_key,
            holds: key::holds,
            page: key::page::page,
            ..BARE
        },
        Step::Netdata => Parts {
            title: "Netdata",
            short: "Netdata",
            help: "netdata",
            controls: agent::controls,
            check: agent::check,
            evidence: agent::evidence,
            holds: agent::holds,
            page: agent::page::page,
            ..BARE
        },
        Step::Notification => Parts {
            title: "Notification",
            short: "Notification",
            help: "notification",
            controls: notification::controls,
            doubt: notification::doubt,
            evidence: notification::evidence,
            holds: notification::holds,
            page: notification::page::page,
            ..BARE
        },
        Step::Preview => Parts {
            title: "Preview",
            short: "Preview",
            help: "preview",
            controls: preview::controls,
            evidence: preview::evidence,
            holds: preview::holds,
            page: preview::page::page,
            ..BARE
        },
        Step::Test => Parts {
            title: "Live test",
            short: "Live test",
            help: "live-test",
            controls: test::controls,
            evidence: test::evidence,
            holds: test::holds,
            page: test::page::page,
            ..BARE
        },
        Step::Review => Parts {
            title: "Review and write",
            short: "Write",
            help: "write",
            controls: review::controls,
            evidence: review::done::evidence,
            holds: review::holds,
            page: review::page::page,
            ..BARE
        },
        Step::Menu => over_all("Edit", "menu", menu::controls, menu::page),
        Step::Home => over_all("Configurations", "home", home::controls, home::page),
        Step::Express => over_all("Everything at once", "express", express::controls, express::page),
    }
}

/// A page over all the steps.
const fn over_all(
    title: &'static str,
    help: &'static str,
    controls: fn(&Answers, &Context) -> Vec<Control>,
    page: fn(&mut Page<'_>),
) -> Parts {
    Parts { title, help, controls, page, ..BARE }
}

/// What the list on the left calls a step.
#[must_use]
pub fn title(step: Step) -> &'static str {
    parts(step).title
}

/// A step in a sentence: `the step "API key"`.
#[must_use]
pub fn named(step: Step) -> String {
    format!("the step \"{}\"", title(step))
}

/// What the menu calls a step.
#[must_use]
pub fn short(step: Step) -> &'static str {
    parts(step).short
}

/// What F1 shows at a step, as `assets/guide/help.toml` calls it. `is_done`: all is written.
#[must_use]
pub fn help(answers: &Answers, is_done: bool, step: Step) -> &'static str {
    match step {
        Step::Review | Step::Express if is_done => "done",
        Step::Notification if answers.is_cloud() => "notification-cloud",
        _ => parts(step).help,
    }
}

/// The controls of a step, in the order in which Tab visits them.
#[must_use]
pub fn controls(answers: &Answers, context: &Context, step: Step) -> Vec<Control> {
    (parts(step).controls)(answers, context)
}

/// The files of certificate authorities that the answers name, by whole paths.
#[must_use]
pub fn ca_files(answers: &Answers, context: &Context) -> BTreeSet<PathBuf> {
    let named = [source::more::ca_file(answers, context), agent::ca_file(answers, context)];
    named.into_iter().flatten().filter(|path| path.is_absolute()).collect()
}

/// Whether a CA file can be used: as it was when it was looked at.
fn check_ca_file(control: Control, path: Option<PathBuf>, context: &Context) -> Result<(), StepProblem> {
    let Some(path) = path else { return Ok(()) };
    if path.is_relative() {
        return Err(StepProblem::new(control, "give the whole path, from `/` on"));
    }
    match context.authorities.refused.get(&path) {
        Some(why) => Err(StepProblem::new(control, why.clone())),
        None => Ok(()),
    }
}

/// Whether a step's answers will do, or the first thing that will not.
pub fn check(answers: &Answers, context: &Context, step: Step) -> Result<(), StepProblem> {
    check_rows(answers, context, step)?;
    (parts(step).check)(answers, context)
}

/// Whether the answer to each control of a step will do.
pub fn check_rows(answers: &Answers, context: &Context, step: Step) -> Result<(), StepProblem> {
    controls(answers, context, step).into_iter().try_for_each(|control| control.check(answers, context))
}

/// The first answer that cannot be saved as it is, and its step.
#[must_use]
pub fn refused(answers: &Answers, context: &Context) -> Option<(Step, StepProblem)> {
    Step::ALL.into_iter().find_map(|step| Some((step, savable(answers, context, step).err()?)))
}

/// Whether a step's answers can be saved. What is still to be done, or was not answered by ilert or Netdata, hinders nothing:
/// the evidence of the step says it.
fn savable(answers: &Answers, context: &Context, step: Step) -> Result<(), StepProblem> {
    match step {
        Step::Source => source::for_me::reached(answers, context),
        Step::Key if key::stays(answers, context) => Ok(()),
        Step::Test | Step::Review => Ok(()),
        step => check_rows(answers, context, step),
    }
}

/// What cannot be saved: the step, the field, and what to do.
#[must_use]
pub fn refusal(step: Step, problem: &StepProblem) -> String {
    let says =
        if problem.control.label() == title(step) { problem.message.clone() } else { problem.with_label() };
    format!("{}: {says}", named(step))
}

/// What makes one ask before a step is left: a second Enter goes on.
#[must_use]
pub fn doubt(answers: &Answers, context: &Context, step: Step) -> Option<StepProblem> {
    (parts(step).doubt)(answers, context)
}

/// How far what a step holds is proven. What cannot be saved comes first.
#[must_use]
pub fn evidence(answers: &Answers, context: &Context, step: Step) -> Evidence {
    let told = (parts(step).evidence)(answers, context);
    let Err(problem) = savable(answers, context, step) else { return told };
    let what = problem.with_label().trim_end_matches('.').to_owned();
    let unsaved = Caveat { what, fix: format!("Change it in {}.", named(step)) };
    Evidence::Doubtful([unsaved].into_iter().chain(told.caveats()).collect())
}

/// All that speaks against what was set up, in the order of the steps. What could not be done at the end is not in it: that
/// stands among what was done.
pub fn caveats(answers: &Answers, context: &Context) -> impl Iterator<Item = Caveat> {
    let before = Step::ALL.into_iter().filter(|step| *step != Step::Review);
    let schedules = review::schedule::caveat(answers, context);
    let strays = review::schedule::strays(answers, context);
    before.flat_map(|step| evidence(answers, context, step).caveats()).chain(schedules).chain(strays)
}

/// What a step holds now, in a line.
#[must_use]
pub fn holds(answers: &Answers, context: &Context, step: Step) -> String {
    (parts(step).holds)(answers, context)
}

/// Puts a step on a page.
pub fn page(page: &mut Page<'_>, step: Step) {
    (parts(step).page)(page);
}

#[cfg(test)]
mod tests {
    use super::{help, title};
    use crate::config::DeliveredBy;
    use crate::wizard::answers::{Answers, Step};
    use crate::wizard::guide;

    #[test]
    fn every_step_has_its_help() {
        for delivery in [DeliveredBy::NetdataIlert, DeliveredBy::NetdataCloud] {
            let mut answers = Answers::default();
            answers.start.delivery = delivery;
            for (step, is_done) in Step::ALL.into_iter().flat_map(|step| [(step, false), (step, true)]) {
                assert!(guide::help(help(&answers, is_done, step)).is_some(), "{}", title(step));
            }
        }
    }
}
