//! The answers of *Live test*: which test, and whether it was seen.

use serde::{Deserialize, Serialize};

use super::Drafted;
use super::options::Options;
use crate::config::Priority;

/// Live test. A draft keeps nothing of it: a test proves something about one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TestAnswers {
    /// Which test.
    #[serde(skip)]
    pub kind: TestKind,
    /// Whether its alert was seen.
    #[serde(skip)]
    pub seen: Seen,
}

impl Drafted for TestAnswers {
    fn resume(self, mut draft: Self) -> Self {
        draft.kind = self.kind;
        draft.seen = self.seen;
        draft
    }
}

/// Which test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TestKind {
    /// With priority LOW.
    #[default]
    Low,
    /// With priority HIGH.
    High,
    /// None.
    Skip,
}

impl Options for TestKind {
    const ALL: &'static [Self] = &[Self::Low, Self::High, Self::Skip];

    fn label(self) -> &'static str {
        match self {
            Self::Low => "priority LOW: nobody is paged",
            Self::High => "priority HIGH: escalates, pages for real",
            Self::Skip => "skip it",
        }
    }
}

impl TestKind {
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

/// Whether a person saw the test's alert in ilert.
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

impl Options for Seen {
    const ALL: &'static [Self] = &[Self::Unsaid, Self::Yes, Self::No];

    fn label(self) -> &'static str {
        match self {
            Self::Unsaid => "I have not looked",
            Self::Yes => "yes, opened and resolved",
            Self::No => "no, there is no such alert",
        }
    }
}
