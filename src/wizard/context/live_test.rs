//! How far the live test has got, and what ilert shows of it.

use std::time::Duration;

use crate::config::Ilert;
use crate::ilert::Event;
use crate::ilert::account::Alert;
pub use crate::ilert::account::{AlertSnapshot, LOOK_AGAIN, LOOKS};
use crate::ilert::client::Verdict;
use crate::secret::Secret;
use crate::wizard::answers::TestKind;

/// The live tests of this run.
#[derive(Clone, Debug, Default)]
pub struct TestRuns {
    /// The last test.
    pub run: Option<Run>,
    /// How many tests were begun: each has a key of its own.
    pub begun: u32,
    /// Those before it that left their alert open, or may have: each is resolved as soon as ilert takes events again.
    pub left: Vec<Run>,
}

impl TestRuns {
    /// The tests whose alert may be open.
    pub fn open(&self) -> impl Iterator<Item = &Run> {
        self.left.iter().chain(&self.run).filter(|run| run.may_be_open())
    }
}

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What it proves something about.
    pub target: TestTarget,
    /// What ilert's list shows of it.
    pub summary: String,
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

/// What a test proves something about.
#[derive(Clone, Debug, PartialEq)]
pub struct TestTarget {
    /// The key that it went out with.
    pub key: Secret,
    /// Where to.
    pub ilert: Ilert,
    /// With which priority.
    pub kind: TestKind,
}

/// What ilert answered to one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// What became of it.
    pub verdict: Verdict,
    /// How long the answer took.
    pub took: Duration,
}

impl Posted {
    fn is_accepted(&self) -> bool {
        matches!(self.verdict, Verdict::Accepted { .. })
    }
}

impl Run {
    /// ilert took both events.
    #[must_use]
    pub fn passed(&self) -> bool {
        let accepted = |posted: &Option<Posted>| posted.as_ref().is_some_and(Posted::is_accepted);
        !self.cancelled && accepted(&self.alerted) && accepted(&self.resolved)
    }

    /// The answer that made it fail, once it has come to its end.
    #[must_use]
    pub fn failure(&self) -> Option<&Verdict> {
        let posted = [&self.alerted, &self.resolved].into_iter().flatten();
        posted.filter(|posted| !posted.is_accepted()).map(|posted| &posted.verdict).next()
    }

    /// The alert may be open in ilert: it was, or may have been, opened and is not known to be resolved.
    #[must_use]
    pub fn may_be_open(&self) -> bool {
        let opened =
            self.cancelled || self.alerted.as_ref().is_some_and(|posted| posted.verdict.maybe_processed());
        opened && !self.resolved.as_ref().is_some_and(Posted::is_accepted)
    }
}

/// The look-ups of a test's alert: the only proof that it opened, and was resolved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookUp {
    /// How many were answered.
    pub count: u32,
    /// What the last one came to; the error in words.
    pub last: Option<Result<AlertSnapshot, String>>,
}

impl LookUp {
    /// The alert, as it was last seen.
    #[must_use]
    pub fn alert(&self) -> Option<&Alert> {
        self.last.as_ref()?.as_ref().ok()?.alert.as_ref()
    }

    /// It is worth another look: the alert is not resolved yet, and nothing said why it would not be.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        match &self.last {
            None => true,
            Some(Err(_)) => false,
            Some(Ok(snapshot)) => snapshot.may_change() && self.count < LOOKS,
        }
    }
}
