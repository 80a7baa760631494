//! Step 2 on the screen: what to do in ilert, one thing at a time, or what ilert is asked to do.

use ratatui::style::Style;

use super::{controls, for_me};
use crate::wizard::answers::Way;
use crate::wizard::form::Control;
use crate::wizard::guide::{Guide, GuidedStep};
use crate::wizard::page::Page;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    page.title("Create an alert source in ilert");
    page.control(Control::WAY);
    page.gap();
    match page.view.answers.source.way {
        Way::ByHand => by_hand(page),
        Way::ForMe => for_me::page::page(page),
    }
}

fn by_hand(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    for control in controls(answers, context).into_iter().skip(1) {
        if !control.is_of(Control::TODO) {
            page.gap();
            page.dim("The grouping that you chose there:");
            page.control(control);
            continue;
        }
        page.control(control);
        if let Some(step) = Guide::ilert().steps.get(control.at).filter(|_| page.view.focus == control) {
            explain(page, control, step);
            choices(page, control, step);
        }
    }
    if let Some(warning) = answers.source.grouping.warning() {
        page.warning(warning);
    }
}

/// What to do, under the thing that has the focus.
pub fn explain(page: &mut Page<'_>, control: Control, step: &'static GuidedStep) {
    if let Some(url) = &step.url {
        page.explain(control, url, page.theme().label());
    }
    page.explain(control, &step.text.join(" "), Style::default());
}

/// What to choose there.
fn choices(page: &mut Page<'_>, control: Control, step: &'static GuidedStep) {
    for choice in &step.choose {
        page.explain(control, &format!("{}: {}", choice.field, choice.choice), page.theme().label());
        if !choice.why.is_empty() {
            page.explain(control, &choice.why.join(" "), page.theme().dim());
        }
    }
}
