//! What would be done with the answers so far, in rows; and all of it at once: the live test, the files, the
//! schedule, a dry run of the sender.

use super::{agent, evidence, key, notification, refused, review, test};
use crate::text::one_line;
use crate::wizard::answers::{Answers, Step, TestKind};
use crate::wizard::context::{Context, FulfilledOrder, Purpose};
use crate::wizard::form::{Access, Control, Row};
use crate::wizard::page::Page;
use crate::wizard::steps::source::for_me;

/// Longest name that is shown, in characters.
const LONGEST_NAME: usize = 60;

impl Control {
    /// All of it.
    pub const ALL_AT_ONCE: Self = Self { row: &Row::new("all-at-once", "", Access::Look), at: 0 };
    /// What is done, a row each: see `ROWS`.
    pub const EXPRESS: Self = Self { row: &Row::new("express", "", Access::Look), at: 0 };
}

/// A row: what it is about, the step that it comes from, and what would be done.
type ExpressRow = (&'static str, Step, fn(&Answers, &Context) -> String);

/// The label of what becomes of the old key's alerts: they are no row to go into.
const OLD_KEY: &str = "Old key";

/// What is done.
const ROWS: [ExpressRow; 6] = [
    ("Reaches", Step::Key, reaches),
    ("Nodes", Step::Notification, notification::whom),
    ("Notifies of", Step::Notification, notification::what),
    ("Live test", Step::Test, live_test),
    ("Files", Step::Review, files),
    ("Schedule", Step::Review, schedule),
];

/// Whether everything is there that it takes: a key of the alert source that was chosen, an agent that answers, and no
/// answer that will not do.
#[must_use]
pub fn is_offered(answers: &Answers, context: &Context) -> bool {
    context.found.is_some()
        && !answers.is_cloud()
        && key::is_chosen(answers, context)
        && agent::probe(answers, context).is_some()
        && refused(answers, context).is_none()
}

/// The rows to go into, until it has begun; then what can be looked at and said of it.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    if !context.together {
        return [Control::ALL_AT_ONCE].into_iter().chain(Control::EXPRESS.all(ROWS.len())).collect();
    }
    let asks = context.writing.is_done() && test::is_unseen(answers, context);
    asks.then_some(Control::SEEN).into_iter().chain([Control::FILES]).collect()
}

/// The step that a row comes from.
#[must_use]
pub fn step_of(control: Control, answers: &Answers, context: &Context) -> Option<Step> {
    if !control.is_of(Control::EXPRESS) {
        return None;
    }
    match ROWS.get(control.at) {
        Some((_, Step::Key, _)) if made(answers, context).is_some() => Some(Step::Source),
        row => row.map(|(_, step, _)| *step),
    }
}

/// The alert source that was made, where the key is still its.
fn made<'a>(answers: &Answers, context: &'a Context) -> Option<&'a FulfilledOrder> {
    let made = for_me::made(answers, context)?;
    answers.key.field.holds(&made.fulfilled.provided.key).then_some(made)
}

fn reaches(answers: &Answers, context: &Context) -> String {
    let key = key::named(answers, context);
    match made(answers, context) {
        Some(made) => {
            let policy = one_line(&made.fulfilled.provided.policy.name, LONGEST_NAME);
            let called = if policy.is_empty() { policy } else { format!(", escalation policy `{policy}`") };
            format!("alert source `{}` ({key}){called}", one_line(&made.order.name, LONGEST_NAME))
        }
        None => format!("the alert source of the key {key}"),
    }
}

fn live_test(answers: &Answers, context: &Context) -> String {
    let passed = test::passed(answers, context).is_some();
    match answers.test.kind {
        _ if passed => "has passed already".to_owned(),
        TestKind::Low => "one alert, priority LOW, resolved at once: nobody is paged".to_owned(),
        TestKind::High => {
            "one alert, priority HIGH, resolved at once: whoever is on call is paged".to_owned()
        }
        TestKind::Skip => "none".to_owned(),
    }
}

fn files(answers: &Answers, context: &Context) -> String {
    match &context.writing.composed {
        None if context.is_busy(Purpose::Write) => "reading what is there now".to_owned(),
        Some(Err(reason)) => reason.clone(),
        _ => review::files(answers, context),
    }
}

fn schedule(answers: &Answers, context: &Context) -> String {
    match review::schedule::chosen(answers, context) {
        _ if context.writing.preparation.is_none() => "looking what there is".to_owned(),
        Some(kind) => match review::schedule::kept(answers, context) {
            Some(kept) => format!("stays: {kept}"),
            None => review::schedule::every(kind).to_owned(),
        },
        None => review::schedule::none(answers, context),
    }
}

/// Puts it on a page.
pub fn page(page: &mut Page<'_>) {
    if page.view.context.together {
        progress(page);
        page.scroll = (page.view.focus == Control::FILES).then_some(page.view.look.scroll);
        return;
    }
    let (answers, context) = page.known();
    page.title("Everything at once");
    page.entry(Control::ALL_AT_ONCE, "", "Do all of this now");
    page.problem(Control::ALL_AT_ONCE);
    page.gap();
    for (at, (label, step, text)) in ROWS.iter().enumerate() {
        page.entry(Control::EXPRESS.at(at), label, &text(answers, context));
        // What is still to be tested is not skipped; and a step says it in its first row.
        let says = match step {
            Step::Test => answers.test.kind == TestKind::Skip,
            Step::Review => *label == "Schedule",
            step => ROWS.iter().position(|(_, of, _)| of == step) == Some(at),
        };
        // The alert source has no row of its own.
        let source = (*step == Step::Key).then_some(Step::Source);
        for step in source.into_iter().chain([*step]).filter(|_| says) {
            for caveat in evidence(answers, context, step).caveats() {
                page.under(&format!("! {}", caveat.what), page.theme().warn());
            }
        }
    }
    if let Some(words) = review::schedule::others(context) {
        page.under(&words, page.theme().label());
    }
    if let Some(words) = review::hands_over(answers, context) {
        page.labelled_text(OLD_KEY, &words);
    }
    page.gap();
    page.dim(
        "The test comes first: nothing is written with a key that ilert does not take. Then come the files, the \
         schedule, and a dry run of the sender.",
    );
}

/// What has been done so far, as it happens.
fn progress(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    page.title(match &context.writing.written {
        Some(_) => review::done::title(answers, context),
        None if context.is_busy(Purpose::Test) || context.is_busy(Purpose::LookUp) => "Testing, then writing",
        None => "Nothing was written",
    });
    test::page::result(page);
    if !context.writing.is_done() {
        test::page::reservations(page);
    }
    review::done::lines(page);
    review::done::way_on(page);
    if context.writing.is_done() {
        if controls(answers, context).contains(&Control::SEEN) {
            page.gap();
            page.control(Control::SEEN);
            test::page::seen(page);
        }
        review::done::caveats(page);
        review::done::next(page);
    }
}
