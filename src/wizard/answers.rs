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

/// One of the screens: the eight steps in their order, and pages over all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// The steps of a configuration that is there, to change one of them.
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

    /// From 1 to 8; `None` for a page over all of them.
    #[must_use]
    pub fn number(self) -> Option<usize> {
        Self::ALL.iter().position(|step| *step == self).map(|at| at + 1)
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

/// The answers of all steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// Step 1.
    pub start: StartAnswers,
    /// Step 2.
    pub source: SourceAnswers,
    /// Step 3.
    pub key: KeyAnswers,
    /// Step 4.
    pub agent: AgentAnswers,
    /// Step 5.
    pub notification: NotificationAnswers,
    /// Step 6.
    pub preview: PreviewAnswers,
    /// Step 7.
    pub test: TestAnswers,
    /// Step 8.
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
        self.start.delivery = config.notification.delivered_by;
        self.source.adopt(config);
        self.key.keep = Keep::from(&config.integration.api_key);
        self.agent = AgentAnswers::of(config);
        self.notification = NotificationAnswers::of(config);
        self.preview = PreviewAnswers::of(config);
    }

    /// Takes up the answers of an interrupted run. What a draft does not keep stays as it is.
    pub fn resume(&mut self, draft: Self) {
        let now = std::mem::take(self);
        *self = Self {
            start: StartAnswers { delivery: draft.start.delivery, ..now.start },
            source: SourceAnswers {
                grouping: now.source.grouping,
                for_me: ForMe {
                    name: draft.source.for_me.name,
                    set_up: draft.source.for_me.set_up,
                    ..now.source.for_me
                },
                ..draft.source
            },
            key: KeyAnswers { keep: draft.key.keep, ..now.key },
            agent: AgentAnswers {
                password: now.agent.password,
                token: now.agent.token,
                anyway: now.agent.anyway,
                ..draft.agent
            },
            notification: NotificationAnswers {
                cloud_token: now.notification.cloud_token,
                space: now.notification.space,
                ..draft.notification
            },
            preview: draft.preview,
            test: now.test,
            review: ReviewAnswers { schedule: draft.review.schedule, ..now.review },
            home: now.home,
        };
    }

    /// Whether Netdata Cloud is to deliver.
    #[must_use]
    pub fn is_cloud(&self) -> bool {
        self.start.delivery == DeliveredBy::NetdataCloud
    }
}
