//! A part of setting up: which it is, how it stands, and what there is to do for it.

use serde::Serialize;

use super::flags::named;
use crate::config::Priority;
use crate::ilert::account::Provided;
use crate::setup::Deed;
use crate::text::one_line;

/// Longest name that is shown, characters.
pub(super) const LONGEST: usize = 100;

/// A part of setting up.
#[derive(Serialize)]
pub(super) struct Part {
    /// Which.
    #[serde(rename = "part")]
    pub(super) name: PartName,
    /// How it stands.
    pub(super) state: PartState,
    /// What it is, what is planned, or what came of it, in words. Never a secret.
    pub(super) says: String,
    /// What it is called while it is done.
    #[serde(skip)]
    pub(super) called: String,
    /// What there is to do.
    #[serde(skip)]
    pub(super) work: Option<PartWork>,
}

/// Which part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PartName {
    AlertSource,
    LiveTest,
    ApiKey,
    NetdataPassword,
    NetdataToken,
    HeartbeatUrl,
    Configuration,
    Schedule,
    OldKey,
    UnusedSecret,
    DryRun,
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PartState {
    /// It is to be done.
    Planned,
    /// Whether there is anything to do, only ilert knows.
    Unknown,
    /// There is nothing to do.
    Unchanged,
    /// It is not wanted.
    Skipped,
    /// It is done.
    Done,
    /// It could not be done.
    Failed,
    /// Something before it could not be done.
    NotDone,
}

/// What there is to do for a part.
pub(super) enum PartWork {
    /// A live test with this priority.
    Test(Priority),
    /// Anything else.
    Deed(Deed),
}

/// A live test that passed.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Proven {
    /// Its priority.
    pub(super) priority: Priority,
    /// When (this machine's clock, milliseconds).
    pub(super) at: i64,
}

impl Part {
    /// One with nothing to do.
    pub(super) fn new(name: PartName, state: PartState, says: impl Into<String>) -> Self {
        Self { name, state, says: named(&says.into()), called: String::new(), work: None }
    }

    /// What came of it, in words.
    pub(super) fn ends(&mut self, state: PartState, says: &str) {
        (self.state, self.says) = (state, named(says));
    }

    /// What it is called while it is done.
    pub(super) fn called(self, called: impl Into<String>) -> Self {
        Self { called: called.into(), ..self }
    }

    /// One with something to do.
    pub(super) fn to_do(name: PartName, deed: Deed, says: impl Into<String>) -> Self {
        let called = deed.to_string();
        Self { work: Some(PartWork::Deed(deed)), ..Self::new(name, PartState::Planned, says).called(called) }
    }

    /// The alert source that was found or created.
    pub(super) fn provided(provided: &Provided) -> Self {
        let state = if provided.created { PartState::Done } else { PartState::Unchanged };
        let name = one_line(&provided.source.name, LONGEST);
        Self::new(PartName::AlertSource, state, format!("alert source: `{name}`, id {}", provided.source.id))
    }
}
