//! Step 8 on the screen: what will be written.

use ratatui::text::{Line, Span};

use super::{controls, done, plan};
use crate::text::ShownPath as _;
use crate::wizard::context::{Composed, Purpose};
use crate::wizard::diff::LineChange;
use crate::wizard::form::Control;
use crate::wizard::page::wrap::wrap;
use crate::wizard::page::{Page, PageLine};
use crate::wizard::steps::configuration::secrets;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    if context.writing.written.is_some() {
        done::page(page);
        page.scroll = Some(page.view.look.scroll);
        return;
    }
    page.title("What will be written");
    match &context.writing.composed {
        None if context.is_busy(Purpose::Write) => page.dim("reading what is there now"),
        None => page.dim("cannot tell what is there now: go back a step, then on again"),
        Some(Err(reason)) => {
            let style = page.theme().bad();
            page.item("!", style, reason);
        }
        Some(Ok(composed)) => {
            let controls = controls(answers, context);
            if controls.contains(&Control::SCHEDULE) {
                page.control(Control::SCHEDULE);
                page.gap();
            }
            if controls.contains(&Control::HAND_OVER) {
                page.control(Control::HAND_OVER);
                page.gap();
            }
            files(page);
            diff(page, composed);
            schedule(page);
        }
    }
    page.scroll = (page.view.focus == Control::FILES).then_some(page.view.look.scroll);
}

fn files(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    let style = if page.focused(Control::FILES) { theme.focus() } else { theme.label() };
    let line = Line::from(vec![page.mark(Control::FILES), Span::styled("Files", style)]);
    page.rows.push(PageLine { line, control: Some(Control::FILES), cursor: None });
    for (path, secret) in secrets(answers, context) {
        page.text(&format!("  {}: {secret}, mode 0600", path.shown()));
    }
    let preparation = context.writing.preparation.as_ref();
    let replaced = preparation.is_some_and(|found| matches!(found.on_disk, Ok(Some(_))));
    let mode = if replaced { "keeps its mode" } else { "new, mode 0600" };
    page.text(&format!("  {}: {mode}", context.place.config.shown()));
}

fn diff(page: &mut Page<'_>, composed: &Composed) {
    let theme = page.theme();
    page.gap();
    if composed.diff.is_empty() {
        page.dim("The configuration stays as it is.");
        return;
    }
    for (change, text) in &composed.diff {
        let style = match change {
            LineChange::Same | LineChange::Skipped => theme.dim(),
            LineChange::Added => theme.good(),
            LineChange::Removed => theme.bad(),
        };
        // The sign stands for the whole line: where it goes on, it is the same one still.
        for (at, line) in wrap(text, page.width.saturating_sub(2)).into_iter().enumerate() {
            let sign = if at == 0 { change.sign() } else { " " };
            page.line(Line::styled(format!("{sign} {line}"), style));
        }
    }
}

fn schedule(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    let Some(plan) = plan(answers, context) else { return };
    let style = page.theme().label();
    page.gap();
    page.styled("The schedule", style);
    for line in plan.shown().lines() {
        page.text(line);
    }
}
