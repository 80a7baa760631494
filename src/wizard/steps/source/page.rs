//! Step 2 on the screen: what to do in ilert, one thing at a time, or what ilert is asked to do.

use ratatui::style::Style;

use super::{controls, for_me, more, way};
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
    page.control(Control::WAY);
    page.gap();
    match way {
        Way::ByHand => by_hand(page),
        Way::ForMe => for_me::page::page(page),
        Way::Kept => page.dim("Enter goes on with it. Choose another way to have alerts go elsewhere."),
    }
    page.gap();
    for control in more::controls(page.view.answers) {
        page.control(control);
    }
}

fn by_hand(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    for control in controls(answers, context).into_iter().skip(1) {
        if more::is_of_these(control) {
            continue;
        }
        page.control(control);
        if let Some(step) = Guide::ilert().steps.get(control.at).filter(|_| page.view.focus == control) {
            explain(page, control, step);
            choices(page, control, step);
        }
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
