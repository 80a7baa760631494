//! What a person answered, step by step: plain data. Nothing here asks, checks, draws or does anything.
//!
//! The draft of an interrupted run is these answers as JSON: secrets are skipped by their fields, and so is what is
//! chosen anew in each run.

mod agent;
mod notification;
mod options;
mod preview;
mod source;
mod test;

use serde::{Deserialize, Serialize};

pub use agent::Agent;
pub use notification::{Notification, PickedRoom, Preset, Rooms, only_room};
pub use options::Options;
pub use preview::{Preview, Words};
pub use source::{AlertSourceChoice, ForMe, Grouping, Source, Way};
pub use test::{Seen, Test, TestKind};

use super::field::SecretField;
use crate::config::{Config, DeliveredBy, SecretSource};
use crate::schedule::Kind;

/// One of the eight screens, in their order.
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
}

impl Step {
    /// In their order.
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

    /// From 1 to 8.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// The one before it.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        (self as usize).checked_sub(1).and_then(|at| Self::ALL.get(at).copied())
    }
}

/// The answers of all steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// Step 1.
    pub start: Start,
    /// Step 2.
    pub source: Source,
    /// Step 3.
    pub key: Key,
    /// Step 4.
    pub agent: Agent,
    /// Step 5.
    pub notification: Notification,
    /// Step 6.
    pub preview: Preview,
    /// Step 7.
    pub test: Test,
    /// Step 8.
    pub review: Review,
}

/// Step 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Start {
    /// Who is to deliver.
    pub delivery: Delivery,
    /// Edit the configuration that is there, or not.
    #[serde(skip)]
    pub existing: Existing,
    /// Take up an interrupted run, or not.
    #[serde(skip)]
    pub resume: Resume,
}

/// Who is to deliver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// This machine, by `--send`.
    #[default]
    Here,
    /// Netdata Cloud.
    Cloud,
}

impl Options for Delivery {
    const ALL: &'static [Self] = &[Self::Here, Self::Cloud];

    fn label(self) -> &'static str {
        match self {
            Self::Here => "this machine (any agent, any plan)",
            Self::Cloud => "Netdata Cloud (paid plan, Admin)",
        }
    }
}

impl Delivery {
    /// As the configuration has it.
    #[must_use]
    pub fn delivered_by(self) -> DeliveredBy {
        match self {
            Self::Here => DeliveredBy::NetdataIlert,
            Self::Cloud => DeliveredBy::NetdataCloud,
        }
    }
}

impl From<DeliveredBy> for Delivery {
    fn from(by: DeliveredBy) -> Self {
        match by {
            DeliveredBy::NetdataIlert => Self::Here,
            DeliveredBy::NetdataCloud => Self::Cloud,
        }
    }
}

/// What becomes of a configuration that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// The answers begin with what it says.
    #[default]
    Edit,
    /// It is replaced.
    Replace,
}

impl Options for Existing {
    const ALL: &'static [Self] = &[Self::Edit, Self::Replace];

    fn label(self) -> &'static str {
        match self {
            Self::Edit => "edit it (comments stay)",
            Self::Replace => "start over, from the defaults",
        }
    }
}

/// What becomes of an interrupted run's answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// They are taken up.
    #[default]
    Resume,
    /// They are dropped.
    Drop,
}

impl Options for Resume {
    const ALL: &'static [Self] = &[Self::Resume, Self::Drop];

    fn label(self) -> &'static str {
        match self {
            Self::Resume => "go on where it stopped (no key was saved)",
            Self::Drop => "discard its answers",
        }
    }
}

/// Step 3.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Key {
    /// What was pasted or typed.
    #[serde(skip)]
    pub field: SecretField,
    /// Where it is to be kept.
    pub keep: Keep,
}

/// Where the key is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// In a file of its own.
    #[default]
    File,
    /// In an environment variable.
    Variable,
    /// In the configuration file.
    Config,
    /// In the systemd credential that the configuration names.
    Credential,
}

impl From<&SecretSource> for Keep {
    fn from(source: &SecretSource) -> Self {
        match source {
            SecretSource::File(_) => Self::File,
            SecretSource::Env(_) => Self::Variable,
            SecretSource::Credential(_) => Self::Credential,
            SecretSource::Literal(_) => Self::Config,
        }
    }
}

/// Step 8.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Review {
    /// What runs the sender.
    pub schedule: Schedule,
    /// Leave open in ilert what is open under the former key.
    #[serde(skip)]
    pub leave_open: bool,
}

/// What runs the sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// The first that can be installed here: nothing was chosen.
    #[default]
    Recommended,
    /// This one.
    Of(Kind),
    /// None.
    Nothing,
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
        self.start.delivery = config.notification.delivered_by.into();
        self.key.keep = Keep::from(&config.integration.api_key);
        self.agent = Agent::of(config);
        self.notification = Notification::of(config);
        self.preview = Preview::of(config);
    }

    /// Takes up the answers of an interrupted run. What a draft does not keep stays as it is.
    pub fn resume(&mut self, draft: Self) {
        let now = std::mem::take(self);
        *self = Self {
            start: Start { delivery: draft.start.delivery, ..now.start },
            source: Source {
                grouping: now.source.grouping,
                for_me: ForMe { name: draft.source.for_me.name, ..now.source.for_me },
                ..draft.source
            },
            key: Key { keep: draft.key.keep, ..now.key },
            agent: Agent {
                password: now.agent.password,
                token: now.agent.token,
                anyway: now.agent.anyway,
                ..draft.agent
            },
            notification: Notification {
                cloud_token: now.notification.cloud_token,
                space: now.notification.space,
                ..draft.notification
            },
            preview: draft.preview,
            test: now.test,
            review: Review { schedule: draft.review.schedule, ..now.review },
        };
    }

    /// Whether Netdata Cloud is to deliver.
    #[must_use]
    pub fn is_cloud(&self) -> bool {
        self.start.delivery == Delivery::Cloud
    }
}
