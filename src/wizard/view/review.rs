//! Step 8 on the screen: what will be written, and afterwards what was.

use ratatui::text::{Line, Span};

use super::page::{Page, Row};
use super::wrap::wrap;
use crate::wizard::control::Control;
use crate::wizard::diff::Change;
use crate::wizard::message::Purpose;
use crate::wizard::steps::review::{Composed, Written, plan, secrets};
use crate::wizard::steps::test::{Seen, passed, proven};

pub(super) fn page(page: &mut Page<'_>) {
    let model = page.model;
    if let Some(written) = &model.review.written {
        done(page, written);
        page.scroll = Some(model.review.scroll);
        return;
    }
    page.title("What will be written");
    match &model.review.composed {
        None if model.is_busy(Purpose::Write) => page.dim("looking at what is there"),
        None => page.dim("nothing is known of what is there: go back, and on again"),
        Some(Err(reason)) => {
            let style = page.theme().bad();
            page.item("!", style, reason);
        }
        Some(Ok(composed)) => {
            if model.controls().contains(&Control::Schedule) {
                page.control(Control::Schedule);
                page.gap();
            }
            if model.controls().contains(&Control::HandOver) {
                page.control(Control::HandOver);
                page.gap();
            }
            files(page);
            diff(page, composed);
            schedule(page);
        }
    }
    page.scroll = (model.focus == Control::Files).then_some(model.review.scroll);
}

fn files(page: &mut Page<'_>) {
    let (model, theme) = (page.model, page.theme());
    let style = if page.focused(Control::Files) { theme.focus() } else { theme.label() };
    let line = Line::from(vec![page.mark(Control::Files), Span::styled("Files", style)]);
    page.rows.push(Row { line, control: Some(Control::Files), cursor: None });
    for (path, secret) in secrets(model) {
        page.text(&format!("  {}: {secret}, mode 0600", path.display()));
    }
    let replaced = model.review.ground.as_ref().is_some_and(|ground| matches!(ground.on_disk, Ok(Some(_))));
    let mode = if replaced { "keeps its mode" } else { "new, mode 0600" };
    page.text(&format!("  {}: {mode}", model.place.config.display()));
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
            Change::Same | Change::Skipped => theme.dim(),
            Change::Added => theme.good(),
            Change::Removed => theme.bad(),
        };
        // The sign stands for the whole line: where it goes on, it is the same one still.
        for (at, line) in wrap(text, page.width.saturating_sub(2)).into_iter().enumerate() {
            let sign = if at == 0 { change.sign() } else { " " };
            page.line(Line::styled(format!("{sign} {line}"), style));
        }
    }
}

fn schedule(page: &mut Page<'_>) {
    let Some(plan) = plan(page.model) else { return };
    let style = page.theme().label();
    page.gap();
    page.styled("The schedule", style);
    for line in plan.shown().lines() {
        page.text(line);
    }
}

/// The last screen: what was done, what to call next, where to look.
fn done(page: &mut Page<'_>, written: &Written) {
    let (model, theme) = (page.model, page.theme());
    page.title(if written.failed.is_none() { "Done" } else { "Not everything could be written" });
    for line in &written.done {
        page.item(theme.tick(), theme.good(), line);
    }
    if let Some(reason) = &written.failed {
        page.item("!", theme.bad(), reason);
        page.text("What was written stays. Enter tries the rest again.");
        return;
    }
    match &written.handed_over {
        Some(Ok(words)) => page.item(theme.tick(), theme.good(), words),
        Some(Err(reason)) => page.item("!", theme.bad(), reason),
        None => {}
    }
    match &written.dry_run {
        Some(Ok(words)) => {
            page.item(theme.tick(), theme.good(), &format!("a dry run of the sender: {words}"));
        }
        Some(Err(reason)) => page.item("!", theme.bad(), &format!("a dry run of the sender: {reason}")),
        None => {}
    }
    match passed(model) {
        None => page.warning("The live test was skipped: `netdata-ilert --test` makes up for it."),
        Some(_) if proven(model).is_some() => {
            page.item(theme.tick(), theme.good(), "ilert showed the test alert, opened and resolved");
        }
        Some(_) if model.test.seen == Seen::Yes => {
            page.item(theme.tick(), theme.good(), "the test alert was seen in ilert");
        }
        Some(_) => page.item(
            theme.bullet(),
            theme.dim(),
            "ilert accepted the test alert; nobody said to have seen it",
        ),
    }
    page.gap();
    next(page);
}

fn next(page: &mut Page<'_>) {
    let (model, style) = (page.model, page.theme().label());
    page.styled("From here on", style);
    if model.is_cloud() {
        page.text("Netdata Cloud delivers. `--send` declines, so that nobody is paged twice.");
        page.text("`netdata-ilert --test` proves the key again, without this wizard.");
        return;
    }
    if model.start.found.as_ref().is_some_and(|found| found.unknown.is_some()) {
        page.warning(
            "First `netdata-ilert --adopt`: what was open in ilert before is not known here; this takes it over, with an \
             API token of ilert's.",
        );
    }
    match model.review.schedule {
        Some(_) => page.text("The schedule runs the sender from now on."),
        None => page.text("`netdata-ilert --send` delivers; `--install-schedule` has it run by itself."),
    }
    page.text("`netdata-ilert --status` shows the last run, what is open and what waits.");
    page.text("`netdata-ilert --doctor` checks everything, one line each.");
    page.text("In ilert, look under \"Alerts\".");
}
