//! Step 8 on the screen: what will be written, and afterwards what was.

use ratatui::text::{Line, Span};

use super::{controls, plan};
use crate::text::ShownPath as _;
use crate::wizard::answers::Seen;
use crate::wizard::context::Purpose;
use crate::wizard::context::{Composed, Written};
use crate::wizard::diff::LineChange;
use crate::wizard::form::Control;
use crate::wizard::page::wrap::wrap;
use crate::wizard::page::{Page, PageLine};
use crate::wizard::steps::configuration::secrets;
use crate::wizard::steps::test::{passed, proven};

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    if let Some(written) = &context.writing.written {
        done(page, written);
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

/// The last screen: what was done, what to call next, where to look.
fn done(page: &mut Page<'_>, written: &Written) {
    let ((answers, context), theme) = (page.known(), page.theme());
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
    match passed(answers, context) {
        None => {
            page.warning(
                "The live test was skipped. Run `netdata-ilert --test` to prove that alerts arrive.",
            );
        }
        Some(_) if proven(answers, context).is_some() => {
            page.item(theme.tick(), theme.good(), "ilert showed the test alert, opened and resolved");
        }
        Some(_) if answers.test.seen == Seen::Yes => {
            page.item(theme.tick(), theme.good(), "the test alert was seen in ilert");
        }
        Some(_) => page.item(
            theme.bullet(),
            theme.dim(),
            "ilert accepted the test alert; nobody has confirmed seeing it",
        ),
    }
    page.gap();
    next(page);
}

fn next(page: &mut Page<'_>) {
    let ((answers, context), style) = (page.known(), page.theme().label());
    page.styled("From here on", style);
    if answers.is_cloud() {
        page.text("Netdata Cloud delivers. `--send` sends nothing, so that nobody is paged twice.");
        page.text("`netdata-ilert --test` proves the key again, without this wizard.");
        return;
    }
    if context.found.as_ref().is_some_and(|found| found.unknown.is_some()) {
        page.warning(
            "Run `netdata-ilert --adopt` first, with an ilert API token: the state was lost, and this takes over \
             what is open in ilert.",
        );
    }
    match super::schedule(answers, context) {
        Some(_) => page.text("The schedule runs the sender from now on."),
        None => page.text(
            "`netdata-ilert --send` delivers. To run it by itself: `netdata-ilert --install-schedule \
                           systemd` (or `cron`).",
        ),
    }
    page.text("`netdata-ilert --status` shows the last run, what is open and what waits.");
    page.text("`netdata-ilert --doctor` checks everything, one line each.");
    page.text("In ilert, look under \"Alerts\".");
}
