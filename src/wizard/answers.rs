//! What a person answered, step by step: plain data. Nothing here asks, checks, draws or does anything.
//!
//! The draft of an interrupted run is these answers as JSON: secrets are skipped by their fields, and so is what is
//! chosen anew in each run.

mod agent;
mod home;
mod key;
mod notification;
mod options;
mod preview;
mod review;
mod silences;
mod source;
mod start;
mod test;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

pub use agent::AgentAnswers;
pub use home::HomeAnswers;
pub use key::{Keep, KeyAnswers};
pub use notification::{NotificationAnswers, PickedRoom, Preset, Rooms};
pub use options::Options;
pub use preview::{PreviewAnswers, TemplateChoice};
pub use review::{ReviewAnswers, Schedule};
pub use silences::SilenceAnswers;
pub use source::{AlertSourceChoice, ForMe, GroupingChoice, SetUp, SourceAnswers, Way};
pub use start::{Existing, Resume, StartAnswers};
pub use test::{Seen, TestAnswers, TestKind};

use crate::config::{Config, DeliveredBy};

/// One of the screens: the steps, and pages over all of them. Their order is that of [`Step::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Before you start.
    Start,
    /// ilert alert source.
    Source,
    /// API key.
    Key,
    /// Netdata.
    Netdata,
    /// Notification.
    Notification,
    /// Preview.
    Preview,
    /// Live test.
    Test,
    /// Review and write.
    Review,
    /// What would be done with the answers so far, and all of it at once.
    Express,
    /// The steps of an existing configuration, to change one of them.
    Menu,
    /// The configurations that are installed.
    Home,
}

impl Step {
    /// The steps, in their order.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Source,
        Self::Key,
        Self::Netdata,
        Self::Notification,
        Self::Preview,
        Self::Test,
        Self::Review,
    ];

    /// The last one.
    #[must_use]
    pub fn last() -> Self {
        let [.., last] = Self::ALL;
        last
    }

    /// Its number in the order, from 1; `None` for a page over all of them.
    #[must_use]
    pub fn number(self) -> Option<usize> {
        Self::ALL.iter().position(|step| *step == self).map(|at| at + 1)
    }

    /// "step 3 of 8"; `None` for a page over all of them.
    #[must_use]
    pub fn counted(self) -> Option<String> {
        self.number().map(|number| format!("step {number} of {}", Self::ALL.len()))
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self.number()?).copied()
    }

    /// The one before it.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::ALL.get(self.number()?.checked_sub(2)?).copied()
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    /// The steps in their order, then the pages over all of them.
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |step: Self| (step.number().unwrap_or(usize::MAX), step as usize);
        place(*self).cmp(&place(*other))
    }
}

/// How an interrupted run's answers are taken up.
trait Drafted: Sized {
    /// Goes on with a draft. What it does not keep stays as it is.
    fn resume(self, draft: Self) -> Self {
        draft
    }
}

/// The answers of all steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// Before you start.
    pub start: StartAnswers,
    /// ilert alert source.
    pub source: SourceAnswers,
    /// API key.
    pub key: KeyAnswers,
    /// Netdata.
    pub agent: AgentAnswers,
    /// Notification.
    pub notification: NotificationAnswers,
    /// Preview.
    pub preview: PreviewAnswers,
    /// Live test.
    pub test: TestAnswers,
    /// Review and write.
    pub review: ReviewAnswers,
    /// The home screen.
    #[serde(skip)]
    pub home: HomeAnswers,
}

impl Answers {
    /// The first answers: what a configuration says.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let mut answers = Self::default();
        answers.adopt(config);
        answers
    }

    /// Replaces what a configuration can say by what this one says.
    pub fn adopt(&mut self, config: &Config) {
        self.start.adopt(config);
        self.source.adopt(config);
        self.key.adopt(config);
        self.agent = AgentAnswers::of(config);
        self.notification = NotificationAnswers::of(config);
        self.preview = PreviewAnswers::of(config);
    }

    /// Takes up the answers of an interrupted run. What a draft does not keep stays as it is.
    pub fn resume(&mut self, draft: Self) {
        let now = std::mem::take(self);
        *self = Self {
            start: now.start.resume(draft.start),
            source: now.source.resume(draft.source),
            key: now.key.resume(draft.key),
            agent: now.agent.resume(draft.agent),
            notification: now.notification.resume(draft.notification),
            preview: now.preview.resume(draft.preview),
            test: now.test.resume(draft.test),
            review: now.review.resume(draft.review),
            home: now.home,
        };
    }

    /// Whether Netdata Cloud is to deliver.
    #[must_use]
    pub fn is_cloud(&self) -> bool {
        self.start.delivery == DeliveredBy::NetdataCloud
    }
}
