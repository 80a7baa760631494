//! The result: the checks, and how each ended.

use serde::Serialize;

use crate::advice::Advised;
use crate::exit::Exit;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// As it should be.
    Good,
    /// It works, and there is something to know.
    Warning,
    /// A person must do something.
    Wrong,
}

/// One check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What was looked at, in a word or two.
    pub check: &'static str,
    /// How it ended.
    pub mark: Mark,
    /// What was found. Never a secret.
    pub says: String,
    /// What to do about it.
    pub fix: Option<String>,
    /// With what `--doctor` ends where this is [`Mark::Wrong`].
    #[serde(skip)]
    pub exit: Exit,
}

/// All that was found, in the order in which alerts go: from the configuration to who runs it.
#[derive(Debug, Serialize)]
pub struct Diagnosis {
    /// A line for each check.
    pub checks: Vec<Line>,
}

impl Diagnosis {
    /// The worst of what is wrong: 1 a state that cannot be written, 3 the configuration, 4 what a person must look at, 75
    /// Netdata or ilert that cannot be asked now; 0 where nothing is, warnings included.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let wrong = self.checks.iter().filter(|line| line.mark == Mark::Wrong);
        Exit::worst(wrong.map(|line| line.exit))
    }
}

impl Line {
    pub(super) fn good(check: &'static str, says: String) -> Self {
        Self { check, mark: Mark::Good, says, fix: None, exit: Exit::Refused }
    }

    /// Something to know, and what to do about it.
    pub fn warning(check: &'static str, says: String, fix: impl Into<String>) -> Self {
        Self { mark: Mark::Warning, fix: Some(fix.into()), ..Self::good(check, says) }
    }

    pub(super) fn wrong(check: &'static str, says: String, fix: impl Into<String>) -> Self {
        Self { mark: Mark::Wrong, fix: Some(fix.into()), ..Self::good(check, says) }
    }

    /// What an error says; and what to do where it does not know.
    pub(super) fn of(check: &'static str, error: &impl Advised, otherwise: &str) -> Self {
        Self::wrong(check, error.what(), error.hint().unwrap_or_else(|| otherwise.to_owned()))
    }

    /// What an error says, and what to do where it knows.
    pub(super) fn advised(check: &'static str, error: &impl Advised) -> Self {
        Self { mark: Mark::Wrong, fix: error.hint(), ..Self::good(check, error.what()) }
    }

    /// The configuration is to blame.
    pub(super) fn by_configuration(self) -> Self {
        Self { exit: Exit::Configuration, ..self }
    }

    /// A run fails by it: the state cannot be written.
    pub(super) fn by_failure(self) -> Self {
        Self { exit: Exit::Failure, ..self }
    }

    /// It may be otherwise at the next run, which makes up for it.
    pub(super) fn for_now(self) -> Self {
        Self { exit: Exit::Later, ..self }
    }
}
