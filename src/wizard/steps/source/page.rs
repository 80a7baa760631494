//! The page of *ilert alert source*: what to do in ilert, one thing at a time, or what ilert is asked to do.

use ratatui::style::Style;

use super::{controls, for_me, way};
use crate::wizard::answers::Way;
use crate::wizard::form::Control;
use crate::wizard::guide::{Guide, GuidedStep};
use crate::wizard::page::Page;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    let way = way(answers, context);
    page.title(if way == Way::Kept {
        "The alert source in ilert"
    } else {
        "Create an alert source in ilert"
    });
    for control in controls(answers, context) {
        if control == Control::ILERT_MORE {
            page.gap();
        }
        page.control(control);
        after(page, control);
    }
}

/// Says more under some of the controls.
fn after(page: &mut Page<'_>, control: Control) {
    if control == Control::WAY {
        let (answers, context) = page.known();
        page.gap();
        if way(answers, context) == Way::Kept {
            page.dim("Enter goes on with it. Choose another way to have alerts go elsewhere.");
        }
    } else if control.is_of(Control::TODO) {
        if let Some(step) = Guide::ilert().steps.get(control.at).filter(|_| page.view.focus == control) {
            explain(page, control, step);
            choices(page, control, step);
        }
    } else {
        for_me::page::after(page, control);
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
