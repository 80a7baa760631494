//! The answers of *Review and write*: what runs the sender.

use serde::{Deserialize, Serialize};

use super::Drafted;
use crate::schedule::Scheduler;

/// Review and write.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewAnswers {
    /// What runs the sender.
    pub schedule: Schedule,
    /// Leave open in ilert what is open under the former key.
    #[serde(skip)]
    pub leave_open: bool,
}

impl Drafted for ReviewAnswers {
    fn resume(self, mut draft: Self) -> Self {
        draft.leave_open = self.leave_open;
        draft
    }
}

/// What runs the sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// The first that can be installed here: nothing was chosen.
    #[default]
    Recommended,
    /// This one.
    Of(Scheduler),
    /// None.
    Nothing,
}
