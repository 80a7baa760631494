//! The steps of an existing configuration: its key, tried at once, and each step a key away.

use super::configuration::config;
use super::evidence::target;
use super::{evidence, holds, key, short};
use crate::config::Priority;
use crate::delivery::LiveTest;
use crate::ilert::Event;
use crate::ilert::client::Verdict;
use crate::secret::Secret;
use crate::text::{ShownPath as _, one_line};
use crate::wizard::answers::{Answers, Step};
use crate::wizard::context::{Context, Purpose};
use crate::wizard::form::{Access, Control, Row};
use crate::wizard::page::Page;

/// Longest name that is shown, in characters.
const LONGEST_NAME: usize = 60;

impl Control {
    /// The key is kept.
    pub const KEEP_KEY: Self = Self { row: &Row::new("keep-key", "", Access::Look), at: 0 };
    /// The steps, in their order.
    pub const MENU: Self = Self { row: &Row::new("menu", "", Access::Look), at: 0 };
}

/// The key, then the steps.
#[must_use]
pub fn controls(_: &Answers, _: &Context) -> Vec<Control> {
    [Control::KEEP_KEY].into_iter().chain(Control::MENU.all(Step::ALL.len())).collect()
}

/// Where a row leads.
#[must_use]
pub fn step_of(control: Control, answers: &Answers, context: &Context) -> Option<Step> {
    if control == Control::KEEP_KEY {
        let wrong = matches!(tried(answers, context), Some(Verdict::KeyWrong { .. }) | None);
        let is_asked = context.is_busy(Purpose::Key);
        return Some(if wrong && !is_asked { Step::Key } else { Step::Review });
    }
    if control.is_of(Control::MENU) { Step::ALL.get(control.at).copied() } else { None }
}

/// What tries a key: the RESOLVE of an alert that there never was, which does nothing in ilert.
#[must_use]
pub fn trial(answers: &Answers, context: &Context) -> Event {
    let unique = format!("{}-key", context.place.unique);
    LiveTest::new(&config(answers, context), &unique, &context.place.host, Priority::Low).resolve
}

/// What ilert said to the key as it is now.
fn tried<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Verdict> {
    let (asked, verdict) = context.key.as_ref()?;
    (target(answers, context).as_ref() == Some(asked)).then_some(verdict.as_ref()?)
}

/// Puts it on a page.
pub fn page(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    let name = one_line(answers.notification.name.value(), LONGEST_NAME);
    page.title(&format!("Edit \"{name}\""));
    page.dim(&context.place.abridged(&context.place.config.shown()));
    page.gap();
    page.entry(Control::KEEP_KEY, "", &key_line(page));
    page.gap();
    for (at, step) in Step::ALL.into_iter().enumerate() {
        let label = format!("{} {}", at + 1, short(step));
        page.entry(Control::MENU.at(at), &label, &holds(answers, context, step));
        for caveat in evidence(answers, context, step).caveats() {
            page.under(&format!("! {}", caveat.what), theme.warn());
        }
    }
}

/// How the key stands.
fn key_line(page: &Page<'_>) -> String {
    let ((answers, context), theme) = (page.known(), page.theme());
    let Some(key) = key::secret(answers, context).as_ref().map(Secret::masked) else {
        return "! the key cannot be read: give it once more".to_owned();
    };
    match tried(answers, context) {
        Some(Verdict::Accepted { .. }) => format!("{} key {key} works: keep it", theme.tick()),
        Some(Verdict::KeyWrong { .. }) => format!("! ilert does not take the key {key}: give another"),
        Some(verdict) => format!("! key {key}: keep it, untried ({verdict})"),
        None if context.is_busy(Purpose::Key) => format!("key {key}: asking ilert whether it works"),
        None => format!("key {key}: keep it"),
    }
}

/// Whether there is a configuration to edit, and that is what is wanted.
#[must_use]
pub fn is_offered(answers: &Answers, context: &Context) -> bool {
    context.edited(answers.start.existing).is_some()
}
