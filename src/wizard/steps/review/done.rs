//! What was done, what is not proven, what to call next: the last screen, and what stays in the terminal after it.

use super::schedule;
use crate::wizard::answers::{Answers, Seen};
use crate::wizard::context::Context;
use crate::wizard::form::{Caveat, Evidence};
use crate::wizard::page::Page;
use crate::wizard::steps;
use crate::wizard::steps::test::page::result;
use crate::wizard::steps::test::passed;

/// How it stands.
#[must_use]
pub fn title(answers: &Answers, context: &Context) -> &'static str {
    let Some(written) = &context.writing.written else { return "" };
    if written.failed.is_some() {
        "Not everything could be written"
    } else if !written.left.is_empty() {
        "Writing"
    } else if written.lines.iter().any(Result::is_err) {
        "Written, but something needs a look"
    } else if steps::caveats(answers, context).next().is_some() {
        "Done, but something needs a look"
    } else {
        "Done"
    }
}

/// Whether all was done.
#[must_use]
pub fn evidence(answers: &Answers, context: &Context) -> Evidence {
    let written = context.writing.written.as_ref();
    let lines = written.into_iter().flat_map(|written| &written.lines);
    let failed = lines.filter_map(|line| line.as_ref().err());
    let fix = format!("{} says why.", context.place.command("--doctor"));
    Evidence::unless(
        failed
            .map(|reason| Caveat { what: reason.clone(), fix: fix.clone() })
            .chain(schedule::caveat(answers, context))
            .chain(schedule::strays(answers, context)),
        if context.writing.is_done() {
            Evidence::Proven
        } else {
            Evidence::Untried("nothing is written yet")
        },
    )
}

/// The last screen.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    if context.writing.written.is_none() {
        return;
    }
    page.title(title(answers, context));
    if passed(answers, context).is_some() {
        result(page);
    }
    lines(page);
    if !context.writing.is_done() {
        return;
    }
    if passed(answers, context).is_some() && answers.test.seen == Seen::Yes {
        let theme = page.theme();
        page.item(theme.tick(), theme.good(), "the test alert was seen in ilert");
    }
    caveats(page);
    next(page);
}

/// What was done, a line each.
pub fn lines(page: &mut Page<'_>) {
    let (context, theme) = (page.view.context, page.theme());
    let Some(written) = &context.writing.written else { return };
    for line in &written.lines {
        match line {
            Ok(done) => page.item(theme.tick(), theme.good(), &context.place.abridged(done)),
            Err(reason) => page.item("!", theme.bad(), reason),
        }
    }
    if let Some(reason) = &written.failed {
        page.item(theme.cross(), theme.bad(), reason);
    }
}

/// What can be done where something needed failed.
pub fn way_on(page: &mut Page<'_>) {
    if page.view.context.writing.has_failed() {
        page.text("What was written stays. Enter tries again.");
    }
}

/// What is not proven, with its fix.
pub fn caveats(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    for caveat in steps::caveats(answers, context) {
        page.warning(&format!("{}. {}", caveat.what, caveat.fix));
    }
}

/// What to call next, and where to look.
pub fn next(page: &mut Page<'_>) {
    let ((answers, context), style) = (page.known(), page.theme().label());
    if context.place.demo.is_some() {
        page.gap();
        let sender = if answers.is_cloud() { "" } else { ", and the sender with it" };
        page.text(&format!(
            "This is the demo: nothing leaves this machine. What was written is shown below{sender}."
        ));
        return;
    }
    page.gap();
    page.styled("From here on", style);
    let command = |arguments| context.place.command(arguments);
    if answers.is_cloud() {
        page.text("Netdata Cloud delivers. `--send` sends nothing, so that nobody is paged twice.");
        page.text(&format!("{} proves the key again, without this wizard.", command("--test")));
        return;
    }
    if context.found.as_ref().is_some_and(|found| found.unknown.is_some()) {
        page.warning(&format!(
            "Run {} first, with an ilert API token: the state was lost, and this takes over what is open in ilert.",
            command("--adopt")
        ));
    }
    match schedule::chosen(answers, context) {
        Some(_) if schedule::caveat(answers, context).is_some() => {
            page.warning("The schedule is there, and its runs end with an error until it has the secret.");
        }
        Some(_) => page.text("The schedule runs the sender from now on."),
        None if schedule::by_hand(context).is_some() => {
            let number = schedule::by_hand(context).unwrap_or_default();
            page.text(&format!(
                "Line {number} of the crontab, which this program did not write, runs the sender: `crontab -e` \
                 changes it."
            ));
        }
        None => page.text(&format!("{} delivers once.", command("--send"))),
    }
    page.text(&format!("{} shows the last run, what is open and what waits.", command("--status")));
    page.text(&format!("{} checks everything, one line each.", command("--doctor")));
    page.text("In ilert, look under \"Alerts\".");
}
