//! Step 2 on the screen: what to do in ilert, one thing at a time, or what ilert is asked to do.

mod for_me;

use ratatui::style::Style;

use super::page::Page;
use crate::wizard::control::Control;
use crate::wizard::guide::{Guide, GuidedStep};
use crate::wizard::steps::source::Way;

pub(super) fn page(page: &mut Page<'_>) {
    page.title("Create an alert source in ilert");
    page.control(Control::Way);
    page.gap();
    match page.model.source.way {
        Way::ByHand => by_hand(page),
        Way::ForMe => for_me::page(page),
    }
}

fn by_hand(page: &mut Page<'_>) {
    let model = page.model;
    for control in model.controls().into_iter().skip(1) {
        let Control::Todo(at) = control else {
            page.gap();
            page.control(control);
            continue;
        };
        page.control(control);
        if let Some(step) = Guide::ilert().steps.get(at).filter(|_| model.focus == control) {
            explain(page, control, step);
            choices(page, control, step);
        }
    }
    if let Some(warning) = model.source.grouping.warning() {
        page.warning(warning);
    }
}

/// What to do, under the thing that has the focus.
pub(super) fn explain(page: &mut Page<'_>, control: Control, step: &'static GuidedStep) {
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
