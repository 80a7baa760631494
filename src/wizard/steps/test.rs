//! Step 7, *Live test*: an ALERT of its own to ilert, and the RESOLVE that ends it.

mod look_up;

use std::time::Duration;

pub use look_up::{LOOK_AGAIN, LOOKS, LookUp, Sighting};

use super::source::for_me;
use super::{Problem, key};
use crate::config::{Ilert, Priority};
use crate::delivery::LiveTest;
use crate::http::Failure;
use crate::ilert::Event;
use crate::ilert::account::{Alert, AlertStatus};
use crate::ilert::client::{Delay, Verdict};
use crate::secret::Secret;
use crate::wizard::control::Control;
use crate::wizard::model::{Model, Step};

/// Which test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// With priority LOW.
    #[default]
    Low,
    /// With priority HIGH.
    High,
    /// None.
    Skip,
}

impl Wanted {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Low, Self::High, Self::Skip];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "priority LOW: nobody is paged",
            Self::High => "priority HIGH: escalates, pages for real",
            Self::Skip => "skip it",
        }
    }

    /// The event's priority; `None` where there is no event.
    #[must_use]
    pub fn priority(self) -> Option<Priority> {
        match self {
            Self::Low => Some(Priority::Low),
            Self::High => Some(Priority::High),
            Self::Skip => None,
        }
    }
}

/// Whether a person saw the alert in ilert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Not said.
    #[default]
    Unsaid,
    /// Yes.
    Yes,
    /// No.
    No,
}

impl Seen {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Unsaid, Self::Yes, Self::No];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Unsaid => "I have not looked",
            Self::Yes => "yes, it is there, resolved",
            Self::No => "no, there is no such alert",
        }
    }
}

/// What a test proves something about.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The key that it went out with.
    pub key: Secret,
    /// Where to.
    pub ilert: Ilert,
    /// With which priority.
    pub wanted: Wanted,
}

/// What ilert answered to one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// What became of it.
    pub verdict: Verdict,
    /// How long the answer took.
    pub took: Duration,
}

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What it is about.
    pub subject: Subject,
    /// Its alert's key in ilert.
    pub alert_key: String,
    /// The RESOLVE, to be sent whatever became of the screen meanwhile.
    pub resolve: Event,
    /// What ilert answered to the ALERT.
    pub alerted: Option<Posted>,
    /// It was given up while the ALERT was on its way.
    pub cancelled: bool,
    /// What ilert answered to the RESOLVE, the last time.
    pub resolved: Option<Posted>,
    /// How often the RESOLVE was tried again.
    pub again: usize,
    /// What ilert shows of it.
    pub look_up: LookUp,
}

/// State of the step.
#[derive(Clone, Debug, Default)]
pub struct Test {
    /// Which test.
    pub wanted: Wanted,
    /// Whether it was seen.
    pub seen: Seen,
    /// The last test.
    pub run: Option<Run>,
    /// How many tests were begun: each has a key of its own.
    pub begun: u32,
    /// Ctrl-C was pressed twice meanwhile: it is left once the RESOLVE is answered.
    pub leaving: bool,
}

impl Run {
    /// ilert took both events.
    #[must_use]
    pub fn passed(&self) -> bool {
        let accepted = |posted: &Option<Posted>| {
            posted.as_ref().is_some_and(|posted| matches!(posted.verdict, Verdict::Accepted { .. }))
        };
        !self.cancelled && accepted(&self.alerted) && accepted(&self.resolved)
    }

    /// The answer that made it fail, once it has come to its end.
    #[must_use]
    pub fn failure(&self) -> Option<&Verdict> {
        [&self.alerted, &self.resolved]
            .into_iter()
            .flatten()
            .map(|posted| &posted.verdict)
            .find(|verdict| !matches!(verdict, Verdict::Accepted { .. }))
    }

    /// The alert may be open in ilert: it was, or may have been, opened and is not known to be resolved.
    #[must_use]
    pub fn may_be_open(&self) -> bool {
        let opened =
            self.cancelled || self.alerted.as_ref().is_some_and(|posted| posted.verdict.maybe_processed());
        let resolved =
            self.resolved.as_ref().is_some_and(|posted| matches!(posted.verdict, Verdict::Accepted { .. }));
        opened && !resolved
    }
}

/// What a test would prove something about now.
#[must_use]
pub fn subject(model: &Model) -> Option<Subject> {
    Some(Subject { key: key::secret(model)?, ilert: model.base.ilert.clone(), wanted: model.test.wanted })
}

/// The last test, as long as it is about what is configured now.
#[must_use]
pub fn current(model: &Model) -> Option<&Run> {
    let run = model.test.run.as_ref()?;
    let now = subject(model)?;
    (run.subject.key == now.key && run.subject.ilert == now.ilert).then_some(run)
}

/// A test that passed, of what is wanted now.
#[must_use]
pub fn passed(model: &Model) -> Option<&Run> {
    current(model).filter(|run| run.passed() && run.subject.wanted == model.test.wanted)
}

/// The test's alert, where ilert showed it opened and resolved: the only real proof.
#[must_use]
pub fn proven(model: &Model) -> Option<&Alert> {
    let alert = passed(model)?.look_up.alert()?;
    (alert.status == AlertStatus::Resolved).then_some(alert)
}

/// Whether Enter looks the test's alert up: a token is there, and ilert has not shown it.
#[must_use]
pub fn can_look_up(model: &Model) -> bool {
    passed(model).is_some() && proven(model).is_none() && for_me::token(model).is_some()
}

/// The ALERT to begin with, and all that is needed to end it.
#[must_use]
pub fn begin(model: &Model) -> Option<(Event, Run)> {
    let subject = subject(model)?;
    let unique = format!("{}-{}", model.place.unique, model.test.begun + 1);
    let priority = subject.wanted.priority()?;
    let LiveTest { alert, resolve } = LiveTest::new(&model.config(), &unique, &model.place.host, priority);
    let run = Run {
        subject,
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
pub fn remedy(verdict: &Verdict) -> Option<(&'static str, Option<Step>)> {
    Some(match verdict {
        Verdict::Accepted { .. } => return None,
        Verdict::KeyWrong { .. } => (
            "Paste the key of an alert source of type API that is active; a key of another source does not do.",
            Some(Step::Key),
        ),
        Verdict::Refused { .. } => (
            "ilert does not take such an event. Own templates may be the cause: look at them once more.",
            Some(Step::Preview),
        ),
        Verdict::Later(Delay::Stranger { .. }) => (
            "Log in to this network first if it wants that. A proxy is taken from HTTPS_PROXY, or `proxy` under `[ilert]`.",
            None,
        ),
        Verdict::Later(Delay::Limited { .. }) => ("Wait half a minute, then press enter to try again.", None),
        Verdict::Later(Delay::Unsent(Failure::Tls(_))) => (
            "If a proxy opens TLS here, name its authority in `ca_file` under `[ilert]`, or in SSL_CERT_FILE.",
            None,
        ),
        Verdict::Later(Delay::Unsent(_)) => (
            "Does this machine reach the internet? A proxy is taken from HTTPS_PROXY, or `proxy` under `[ilert]`.",
            None,
        ),
        Verdict::Later(_) => ("Press enter to try again.", None),
    })
}

/// Which test; afterwards, unless ilert showed it, a token to look it up with, and whether it was seen.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let mut controls = vec![Control::Test];
    if passed(model).is_some() && proven(model).is_none() {
        controls.extend([Control::AccountToken, Control::Seen]);
    }
    controls
}

/// It passed, or it is skipped.
pub fn check(model: &Model) -> Result<(), Problem> {
    if model.test.wanted == Wanted::Skip || passed(model).is_some() {
        return Ok(());
    }
    Err(Problem::new(Control::Test, "press enter to send the test, or choose to skip it"))
}
