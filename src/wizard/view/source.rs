//! Step 2 on the screen: what to do in ilert, one thing at a time.

use super::page::Page;
use crate::wizard::control::Control;
use crate::wizard::guide::{Guide, GuidedStep};

pub(super) fn page(page: &mut Page<'_>) {
    let model = page.model;
    page.title("Create an alert source in ilert");
    for control in model.controls() {
        let Control::Todo(at) = control else {
            page.gap();
            page.control(control);
            continue;
        };
        page.control(control);
        if let Some(step) = Guide::ilert().steps.get(at).filter(|_| model.focus == control) {
            explain(page, step);
            choices(page, step);
        }
    }
    if let Some(warning) = model.source.grouping.warning() {
        page.warning(warning);
    }
}

/// What to do, under the thing that has the focus.
pub(super) fn explain(page: &mut Page<'_>, step: &'static GuidedStep) {
    let indent = "      ";
    if let Some(url) = &step.url {
        page.dim(&format!("{indent}{url}"));
    }
    for line in &step.text {
        page.text(&format!("{indent}{line}"));
    }
}

/// What to choose there.
fn choices(page: &mut Page<'_>, step: &'static GuidedStep) {
    let indent = "      ";
    for choice in &step.choose {
        let label = page.theme().label();
        page.styled(&format!("{indent}{}: {}", choice.field, choice.choice), label);
        for line in &choice.why {
            page.dim(&format!("{indent}{line}"));
        }
    }
}
