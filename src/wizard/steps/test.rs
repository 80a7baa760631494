//! *Live test*: sends an ALERT of its own to ilert, then the RESOLVE that ends it.

pub mod page;

use super::configuration::config;
use super::key;
use super::named;
use super::source::{self, for_me};
use crate::advice::Advised as _;
use crate::delivery::LiveTest;
use crate::http::{ClientError, Failure};
use crate::ilert::Event;
use crate::ilert::account::{Alert, AlertStatus};
use crate::ilert::client::{RetryReason, Verdict};
use crate::secret::Secret;
use crate::wizard::answers::{Answers, Seen, Step, TestKind};
use crate::wizard::context::{Context, LookUp, Purpose, Run, TestTarget};
use crate::wizard::form::{Caveat, Control, Evidence, Row, StepProblem, one_of};

impl Control {
    /// Which test, if any.
    pub const TEST: Self = Self {
        row: &Row::new("test", "Test", one_of!(test.kind))
            .check(is_proven)
            .copies(|answers, context, _| alert_key(answers, context)),
        at: 0,
    };
    /// Whether the alert was seen in ilert.
    pub const SEEN: Self = Self {
        row: &Row::new("seen", "Seen?", one_of!(test.seen))
            .introduced()
            .copies(|answers, context, _| alert_key(answers, context)),
        at: 0,
    };
}

fn alert_key(answers: &Answers, context: &Context) -> Option<(Secret, &'static str)> {
    let run = current(answers, context)?;
    Some((Secret::new(run.alert_key.clone()), "the test alert's key"))
}

/// What a test would prove something about now.
#[must_use]
pub fn target(answers: &Answers, context: &Context) -> Option<TestTarget> {
    let ilert = source::ilert(answers, context);
    Some(TestTarget { key: key::secret(answers, context)?, ilert, kind: answers.test.kind })
}

/// The last test, as long as it is about what is configured now.
#[must_use]
pub fn current<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Run> {
    let run = context.test.run.as_ref()?;
    let now = target(answers, context)?;
    (run.target.key == now.key && run.target.ilert == now.ilert).then_some(run)
}

/// A test that passed, of what is wanted now.
#[must_use]
pub fn passed<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Run> {
    current(answers, context).filter(|run| run.passed() && run.target.kind == answers.test.kind)
}

/// The test's alert, where ilert showed it opened and resolved: the only real proof.
#[must_use]
pub fn proven<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Alert> {
    let alert = passed(answers, context)?.look_up.alert()?;
    (alert.status == AlertStatus::Resolved).then_some(alert)
}

/// It passed, but neither has ilert shown its alert nor a person seen it.
#[must_use]
pub fn is_unseen(answers: &Answers, context: &Context) -> bool {
    passed(answers, context).is_some() && proven(answers, context).is_none()
}

/// How far it is proven that alerts arrive: ilert showed the test's alert, or a person saw it. A key that was used before
/// needs no test.
#[must_use]
pub fn evidence(answers: &Answers, context: &Context) -> Evidence {
    let is_over = !context.is_busy(Purpose::Test) && !context.is_busy(Purpose::Leftover);
    let open = context.test.open().filter(|_| is_over).map(|run| Caveat {
        what: format!("The test alert `{}` may still be open", run.alert_key),
        fix: "Resolve it in ilert.".to_owned(),
    });
    match of_arrival(answers, context) {
        Evidence::Doubtful(caveats) => Evidence::Doubtful(caveats.into_iter().chain(open).collect()),
        otherwise => Evidence::unless(open, otherwise),
    }
}

fn of_arrival(answers: &Answers, context: &Context) -> Evidence {
    let doubtful = |what: String, fix: String| Evidence::Doubtful(vec![Caveat { what, fix }]);
    let again = context.place.command("--test");
    let Some(run) = passed(answers, context) else {
        let failure = current(answers, context).and_then(Run::failure);
        if let Some(verdict) = failure.filter(|_| answers.test.kind != TestKind::Skip) {
            let what = format!("The live test failed: {}", verdict.what());
            return doubtful(what, format!("{again} sends it again."));
        }
        let known = context.kept(answers.start.existing).and_then(|found| found.key.as_ref());
        let same = known.is_some() && key::secret(answers, context).as_ref() == known;
        let left_out = if answers.test.kind == TestKind::Skip { "skipped" } else { "not sent" };
        return if same || (answers.test.kind != TestKind::Skip && !context.writing.is_done()) {
            Evidence::Untried("no live test was sent this time")
        } else {
            let what = format!("The live test was {left_out}: nothing proves that alerts arrive");
            doubtful(what, format!("{again} sends it."))
        };
    };
    match answers.test.seen {
        _ if proven(answers, context).is_some() => Evidence::Proven,
        Seen::Yes => Evidence::Proven,
        Seen::No => doubtful(
            "ilert took the test alert, but it was not seen there".to_owned(),
            format!(
                "Look in ilert whether the alert source is active, of type API, filters no events, and has this key; \
                 then run {again}."
            ),
        ),
        Seen::Unsaid => doubtful(
            format!(
                "ilert took the test alert, but nobody has looked whether it shows it: `{}`",
                run.summary
            ),
            "Look in ilert under \"Alerts\", also among the resolved ones.".to_owned(),
        ),
    }
}

/// Whether Enter looks the test's alert up: a token is there, and ilert has not shown it.
#[must_use]
pub fn can_look_up(answers: &Answers, context: &Context) -> bool {
    passed(answers, context).is_some()
        && proven(answers, context).is_none()
        && for_me::token(answers).is_some()
}

/// Makes the ALERT, and the run with the RESOLVE that ends it.
#[must_use]
pub fn begin(answers: &Answers, context: &Context) -> Option<(Event, Run)> {
    let target = target(answers, context)?;
    let unique = format!("{}-{}", context.place.unique, context.test.begun + 1);
    let config = config(answers, context);
    let LiveTest { alert, resolve } =
        LiveTest::new(&config, &unique, &context.place.host, target.kind.priority()?);
    let run = Run {
        target,
        summary: alert.summary.clone(),
        alert_key: alert.alert_key.clone(),
        resolve,
        alerted: None,
        cancelled: false,
        resolved: None,
        again: 0,
        look_up: LookUp::default(),
    };
    Some((alert, run))
}

/// What a failure calls for, and the step to go back to where one can help.
#[must_use]
pub fn remedy(verdict: &Verdict) -> Option<(String, Option<Step>)> {
    let more = || format!("in {} under More", named(Step::Source));
    let (advice, step) = match verdict {
        Verdict::Accepted { .. } => return None,
        Verdict::KeyWrong { .. } => {
            ("Paste the key of an active alert source of type API. Other keys do not work.", Some(Step::Key))
        }
        Verdict::Refused { .. } => (
            "ilert does not take such an event. Your own templates may be the cause: check them.",
            Some(Step::Preview),
        ),
        Verdict::Later(RetryReason::Stranger { .. }) => {
            let first = "If this network wants a login, log in first. Set a proxy in HTTPS_PROXY, or";
            return Some((format!("{first} {}.", more()), None));
        }
        Verdict::Later(RetryReason::Limited { .. }) => {
            ("Wait half a minute, then press enter to try again.", None)
        }
        Verdict::Later(RetryReason::Unsent(Failure::Tls(_))) => {
            let first = "If a proxy opens TLS here, name its authority in SSL_CERT_FILE, or as CA file";
            return Some((format!("{first} {}.", more()), None));
        }
        Verdict::Later(RetryReason::Unsent(Failure::Client(error))) => return Some(correction(error)),
        Verdict::Later(RetryReason::Unsent(_)) => {
            let first = "Does this machine reach the internet? Set a proxy in HTTPS_PROXY, or";
            return Some((format!("{first} {}.", more()), None));
        }
        Verdict::Later(_) => ("Press enter to try again.", None),
    };
    Some((advice.to_owned(), step))
}

/// What to correct, where there is no client to ask ilert with.
fn correction(error: &ClientError) -> (String, Option<Step>) {
    let field = |field: &str| {
        let words = format!("Correct {field}, in {} under More.", named(Step::Source));
        (words, Some(Step::Source))
    };
    match error {
        ClientError::Roots { variable: false, .. } | ClientError::Untrusted { .. } => field("CA file"),
        ClientError::Proxy(_) => field("Proxy"),
        ClientError::Roots { variable: true, .. } => {
            ("Leave the wizard, correct SSL_CERT_FILE or unset it, and start it again.".to_owned(), None)
        }
        ClientError::ProxyVariable { variable, .. } => {
            (format!("Leave the wizard, correct {variable} or unset it, and start it again."), None)
        }
        ClientError::Build(_) => ("Press enter to try again.".to_owned(), None),
    }
}

/// What the menu says of it.
#[must_use]
pub fn holds(answers: &Answers, context: &Context) -> String {
    match answers.test.kind {
        _ if passed(answers, context).is_some() => "passed",
        TestKind::Skip => "skipped",
        TestKind::Low | TestKind::High => "not sent this time",
    }
    .to_owned()
}

/// Which test; afterwards, unless ilert showed it, a token to look it up with, and whether it was seen.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = vec![Control::TEST];
    if passed(answers, context).is_some() && proven(answers, context).is_none() {
        controls.extend([Control::ACCOUNT_TOKEN, Control::SEEN]);
    }
    controls
}

/// It passed, or it is skipped.
fn is_proven(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    if answers.test.kind == TestKind::Skip || passed(answers, context).is_some() {
        return Ok(());
    }
    Err(StepProblem::new(Control::TEST, "press enter to send the test, or choose \"skip it\""))
}
