//! The page of *Live test*: whom the test reaches, and what ilert answered.

use std::time::Duration;

use super::{controls, current, passed, remedy};
use crate::advice::Advised as _;
use crate::ilert::account::AlertStatus;
use crate::ilert::client::Verdict;
use crate::text::one_line;
use crate::wizard::answers::{Seen, TestKind};
use crate::wizard::context::{AlertSnapshot, LOOKS, Posted, Purpose, Run};
use crate::wizard::form::Control;
use crate::wizard::page::Page;
use crate::wizard::steps::evidence;

/// Longest time, or word of ilert's, that is shown, in characters.
const LONGEST_TIME: usize = 40;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    page.title("Prove that alerts arrive");
    if passed(answers, context).is_none() {
        introduce(page);
    }
    for control in controls(answers, context) {
        page.gap();
        page.control(control);
        if control == Control::TEST {
            page.gap();
            result(page);
            reservations(page);
        } else if control == Control::ACCOUNT_TOKEN && answers.source.for_me.token.is_empty() {
            page.hint("looks the alert up; never saved");
        } else if control == Control::SEEN && !context.is_busy(Purpose::LookUp) {
            seen(page);
        }
    }
}

/// What became of the test so far, and what ilert shows of it.
pub fn result(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    if let Some(run) = current(answers, context).filter(|_| answers.test.kind != TestKind::Skip) {
        outcome(page, run);
    }
    if let Some(run) = passed(answers, context) {
        shown(page, run);
        before(page);
    }
}

/// The RESOLVEs of the tests before it, which are sent once one has passed.
fn before(page: &mut Page<'_>) {
    let context = page.view.context;
    let busy = context.is_busy(Purpose::Leftover);
    for run in &context.test.left {
        let kind = format!("RESOLVE of the test before, `{}`", run.alert_key);
        answer(page, &kind, run.resolved.as_ref().filter(|_| !run.may_be_open()), busy);
    }
}

/// What ilert shows of it: the only real proof.
fn shown(page: &mut Page<'_>, run: &Run) {
    let (context, theme) = (page.view.context, page.theme());
    let alert = run.look_up.alert();
    if let Some(alert) = alert {
        page.item(theme.tick(), theme.good(), &format!("opened in ilert{}", at(&alert.opened, alert.id)));
    }
    match alert.map(|alert| (&alert.status, alert.resolved.as_deref())) {
        Some((AlertStatus::Resolved, when)) => {
            let when = when.map_or_else(String::new, |when| format!(" {}", one_line(when, LONGEST_TIME)));
            page.item(theme.tick(), theme.good(), &format!("resolved in ilert{when}"));
        }
        Some((AlertStatus::Open, _)) if !context.is_busy(Purpose::LookUp) => {
            page.warning("ilert still shows it open: resolve it there by hand.");
        }
        Some((AlertStatus::Other(status), _)) => page.warning(&format!(
            "ilert shows it as `{}`, a state that this program does not know.",
            one_line(status, LONGEST_TIME)
        )),
        _ => {}
    }
    if context.is_busy(Purpose::LookUp) {
        let look = run.look_up.count + 1;
        page.item(theme.pending(), theme.dim(), &format!("looking it up in ilert ({look} of {LOOKS})"));
        return;
    }
    match &run.look_up.last {
        None | Some(Ok(AlertSnapshot { source: Some(_), alert: Some(_) })) => {}
        Some(Err(words)) => page.item("!", theme.bad(), &format!("cannot look the alert up: {words}")),
        Some(Ok(AlertSnapshot { source: None, .. })) => {
            page.warning("this token sees no alert source with this key: is it of the same account?");
        }
        Some(Ok(AlertSnapshot { source: Some(_), alert: None })) => {
            page.warning("ilert took the events but shows no such alert.");
        }
    }
}

/// Warns of what former tests left open, and of the alert source's settings, where the test's alert was looked up.
pub fn reservations(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    let left = context.test.left.iter().filter(|run| run.may_be_open());
    for run in left.filter(|_| !context.is_busy(Purpose::Leftover)) {
        may_be_open(page, run);
    }
    if passed(answers, context).is_some() && !context.is_busy(Purpose::LookUp) {
        for caveat in evidence::reservations(answers, context) {
            page.warning(&format!("{}.", caveat.what));
        }
    }
}

/// When it opened, and which it is.
fn at(opened: &str, id: i64) -> String {
    match one_line(opened, LONGEST_TIME) {
        opened if opened.is_empty() => format!(", alert {id}"),
        opened => format!(" {opened}, alert {id}"),
    }
}

/// Whom it reaches.
fn introduce(page: &mut Page<'_>) {
    page.text(match page.view.answers.test.kind {
        TestKind::Low => "Enter opens a test alert in ilert with priority LOW and resolves it at once. Nobody is paged.",
        TestKind::High => {
            "Enter opens a test alert in ilert with priority HIGH and resolves it at once. It escalates: whoever is \
             on call is notified."
        }
        TestKind::Skip => "Nothing is sent, so nothing proves that alerts arrive. The last screen says so, too.",
    });
    page.gap();
}

fn outcome(page: &mut Page<'_>, run: &Run) {
    let context = page.view.context;
    let busy = context.is_busy(Purpose::Test);
    answer(page, "ALERT", run.alerted.as_ref(), busy && !run.cancelled);
    if run.cancelled {
        page.warning("Stopped. The alert may be open, so it is resolved:");
    }
    if run.may_be_open() || run.resolved.is_some() {
        answer(page, "RESOLVE", run.resolved.as_ref(), busy);
    }
    if busy {
        return;
    }
    if let Some((advice, _)) = run.failure().and_then(remedy) {
        page.gap();
        page.text(&advice);
    }
    if run.may_be_open() {
        may_be_open(page, run);
    }
}

fn may_be_open(page: &mut Page<'_>, run: &Run) {
    page.warning(&format!("The test alert `{}` may still be open: resolve it in ilert.", run.alert_key));
}

/// One event and what became of it: "ALERT    ✓ accepted by ilert (HTTP 2xx, 41 ms)".
fn answer(page: &mut Page<'_>, kind: &str, posted: Option<&Posted>, busy: bool) {
    let theme = page.theme();
    match posted {
        None if busy => page.item(theme.pending(), theme.dim(), &format!("{kind}: on its way")),
        None => {}
        Some(Posted { verdict, took }) => {
            let ok = matches!(verdict, Verdict::Accepted { .. });
            let (glyph, style) = if ok { (theme.tick(), theme.good()) } else { (theme.cross(), theme.bad()) };
            page.item(
                glyph,
                style,
                &match verdict {
                    Verdict::Accepted { status, .. } => {
                        format!("{kind}: {}, HTTP {status}, {}", verdict.what(), lasted(*took))
                    }
                    // The others say the status themselves. What to do stands below, in words of this screen.
                    _ => format!("{kind}, after {}: {}", lasted(*took), verdict.what()),
                },
            );
        }
    }
}

/// "41 ms", "10 s".
fn lasted(took: Duration) -> String {
    match took.as_millis() {
        milliseconds @ 0..1000 => format!("{milliseconds} ms"),
        milliseconds => format!("{} s", milliseconds / 1000),
    }
}

/// Where to look for it, or what not having seen it means.
pub fn seen(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    let Some(run) = passed(answers, context) else { return };
    match answers.test.seen {
        // Among what needs a look it is said where to look.
        Seen::Unsaid if context.writing.is_done() => {}
        Seen::Unsaid => {
            page.dim("Accepted means queued. Look in ilert under \"Alerts\", also among the resolved ones, for");
            page.dim(&run.summary);
        }
        Seen::Yes => {
            let theme = page.theme();
            page.item(theme.tick(), theme.good(), "The way from here to ilert works.");
        }
        Seen::No => page.warning(&format!(
            "ilert took the events, but shows no alert. Open the alert source in ilert: is it active, of type API, does it \
             filter events, and is this its key? Look under \"Alerts\" with the filter on all states. Then test again: \
             {} does, too.",
            context.place.command("--test")
        )),
    }
}
