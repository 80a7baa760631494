//! The page of *Review and write*: what will be written.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{controls, done, plan, schedule, unused};
use crate::setup::diff::{LineChange, fold};
use crate::setup::{Composed, UnusedSecret};
use crate::text::ShownPath as _;
use crate::wizard::answers::Step;
use crate::wizard::context::Purpose;
use crate::wizard::form::Control;
use crate::wizard::page::wrap::hanging;
use crate::wizard::page::{Page, PageLine};
use crate::wizard::steps::configuration::secrets;
use crate::wizard::steps::{named, notification};

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    if context.writing.written.is_some() {
        done::page(page);
        done::way_on(page);
        page.scroll = Some(page.view.look.scroll);
        return;
    }
    page.title("What will be written");
    if let Some(reason) = &context.writing.changed {
        page.warning(&format!("{reason}. This is what would be written now."));
        page.gap();
    }
    match &context.writing.composed {
        None if context.is_busy(Purpose::Write) => page.dim("reading what is there now"),
        None => page.dim("cannot tell what is there now: go back a step, then on again"),
        Some(Err(reason)) => {
            let style = page.theme().bad();
            page.item("!", style, reason);
        }
        Some(Ok(composed)) => {
            for control in controls(answers, context) {
                if control == Control::FILES {
                    all_files(page, composed);
                } else {
                    page.control(control);
                    page.gap();
                }
            }
        }
    }
    page.scroll = (page.view.focus == Control::FILES).then_some(page.view.look.scroll);
}

/// Every file, what changes in the configuration, and the schedule.
fn all_files(page: &mut Page<'_>, composed: &Composed) {
    let (answers, context) = page.known();
    // Where there is a choice, that nothing runs the sender is one of its options.
    let is_choice = schedule::kinds(answers, context).len() > 1;
    let caveat = if is_choice { schedule::hindrance } else { schedule::caveat };
    if let Some(caveat) = caveat(answers, context) {
        page.warning(&format!("{}. {}", caveat.what, caveat.fix));
        page.gap();
    }
    for caveat in notification::caveats(answers, context) {
        page.warning(&format!("{}: see {}.", caveat.what, named(Step::Notification)));
        page.gap();
    }
    if let Some(number) = schedule::by_hand(context) {
        page.text(&format!(
            "Line {number} of the crontab, which this program did not write, runs the sender. It stays as it is."
        ));
        page.gap();
        // Where a schedule is chosen, its own plan lists them.
        let of_line = schedule::chosen(answers, context).is_none();
        for caveat in schedule::strays(answers, context).iter().filter(|_| of_line) {
            page.warning(&format!("{}. {}", caveat.what, caveat.fix));
            page.gap();
        }
    }
    files(page);
    diff(page, composed);
    plan_of_schedule(page);
    // Nothing is done to them: below what is.
    if let Some(words) = schedule::others(page.view.context) {
        page.gap();
        page.warning(&words);
    }
}

fn files(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    let style = if page.focused(Control::FILES) { theme.focus() } else { theme.label() };
    let line = Line::from(vec![page.mark(Control::FILES), Span::styled("Files", style)]);
    page.rows.push(PageLine { line, control: Some(Control::FILES), cursor: None });
    for (path, secret) in secrets(answers, context) {
        file(page, &path.shown(), &format!("{secret}, mode 0600"));
    }
    let preparation = context.writing.preparation.as_ref();
    let replaced = preparation.is_some_and(|found| matches!(found.on_disk, Ok(Some(_))));
    let unchanged = matches!(&context.writing.composed, Some(Ok(composed)) if composed.diff.is_empty());
    let mode = match (replaced, unchanged) {
        (true, true) => "stays as it is",
        (true, false) => "keeps its mode",
        (false, _) => "new, mode 0600",
    };
    file(page, &context.place.config.shown(), mode);
    for UnusedSecret { path, stays } in unused(context) {
        let what = stays.map_or("removed, as it is not used any more".to_owned(), |reason| {
            format!("stays, though it is not used here any more: {reason}")
        });
        file(page, &path.shown(), &what);
    }
}

/// A path, and what becomes of it: in one line if it fits.
fn file(page: &mut Page<'_>, path: &str, what: &str) {
    let path = page.view.context.place.abridged(path);
    let whole = format!("  {path}: {what}");
    if whole.width() <= usize::from(page.width) {
        page.text(&whole);
    } else {
        page.text(&format!("  {path}"));
        page.dim(&format!("    {what}"));
    }
}

/// What changes: what is set, or every line.
fn diff(page: &mut Page<'_>, composed: &Composed) {
    let theme = page.theme();
    page.gap();
    if composed.diff.is_empty() {
        page.dim("The configuration stays as it is.");
        return;
    }
    let whole = page.view.look.at > 0;
    let (lines, folded) = if whole { (composed.diff.clone(), 0) } else { fold(&composed.diff) };
    if lines.is_empty() {
        page.dim("Only comments change.");
    }
    for (change, text) in &lines {
        let style = match change {
            LineChange::Same | LineChange::Skipped => theme.dim(),
            LineChange::Added => theme.good(),
            LineChange::Removed => theme.bad(),
        };
        let line = Line::styled(format!("{} {text}", change.sign()), style);
        // A ruler says nothing more where it goes on; anything else goes on under itself, its sign beside it.
        let is_ruler = !text.chars().any(char::is_alphanumeric);
        let lines = if is_ruler { vec![cut(page, line, style)] } else { hanging(line, page.width, 2) };
        for line in lines {
            page.line(line);
        }
    }
    match folded {
        0 => {}
        1 => page.dim("1 line of comments is not shown: `d` shows it."),
        count => page.dim(&format!("{count} lines of comments are not shown: `d` shows them.")),
    }
}

/// A ruler, cut where it does not fit.
fn cut(page: &Page<'_>, line: Line<'static>, style: Style) -> Line<'static> {
    let text = line.to_string();
    if text.width() <= usize::from(page.width) {
        return line;
    }
    let ellipsis = page.theme().ellipsis();
    let room = page.width.saturating_sub(u16::try_from(ellipsis.width()).unwrap_or(1));
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + c.width().unwrap_or(0) > usize::from(room) {
            break;
        }
        kept.push(c);
    }
    Line::styled(kept + ellipsis, style)
}

fn plan_of_schedule(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    let Some(plan) = plan(answers, context) else { return };
    let style = page.theme().label();
    page.gap();
    page.styled("The schedule", style);
    let lines = context.place.abridged(&plan.shown());
    for line in lines.lines() {
        for line in hanging(Line::raw(line.to_owned()), page.width, 2) {
            page.line(line);
        }
    }
}
