//! The answers of *Before you start*: who delivers, and what to do with an existing configuration and draft.

use serde::{Deserialize, Serialize};

use super::{Drafted, Options};
use crate::config::{Config, DeliveredBy};

/// Before you start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StartAnswers {
    /// Who is to deliver.
    pub delivery: DeliveredBy,
    /// Edit the existing configuration, or not.
    #[serde(skip)]
    pub existing: Existing,
    /// Take up an interrupted run, or not.
    #[serde(skip)]
    pub resume: Resume,
}

impl StartAnswers {
    /// Takes over who delivers from a configuration.
    pub(super) fn adopt(&mut self, config: &Config) {
        self.delivery = config.notification.delivered_by;
    }
}

impl Drafted for StartAnswers {
    fn resume(self, mut draft: Self) -> Self {
        draft.existing = self.existing;
        draft.resume = self.resume;
        draft
    }
}

impl Options for DeliveredBy {
    const ALL: &'static [Self] = &[Self::NetdataIlert, Self::NetdataCloud];

    fn label(self) -> &'static str {
        match self {
            Self::NetdataIlert => "this machine (any agent, any plan)",
            Self::NetdataCloud => "Netdata Cloud (paid plan, Admin)",
        }
    }
}

/// What becomes of an existing configuration.
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
