//! The statuses of alerts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a raised alert is. `Critical` is greater than `Warning`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Netdata's WARNING.
    Warning,
    /// Netdata's CRITICAL.
    Critical,
}

/// A status as Netdata gives it, before anything is made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// CLEAR.
    Clear,
    /// WARNING.
    Warning,
    /// CRITICAL.
    Critical,
    /// UNDEFINED: the alert could not be computed.
    Undefined,
    /// UNINITIALIZED: not computed yet, as after a restart.
    #[default]
    Uninitialized,
    /// REMOVED: the chart went away, or the agent is stopping. Proves nothing alone.
    Removed,
    /// A word that this version does not know.
    Other,
}

impl Status {
    /// Reads Netdata's word for a status, in any case. Unknown words are [`Status::Other`].
    #[must_use]
    pub fn parse(word: &str) -> Self {
        let known = [
            ("CLEAR", Self::Clear),
            ("WARNING", Self::Warning),
            ("CRITICAL", Self::Critical),
            ("UNDEFINED", Self::Undefined),
            ("UNINITIALIZED", Self::Uninitialized),
            ("REMOVED", Self::Removed),
        ];
        let found = known.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
        found.map_or(Self::Other, |(_, status)| status)
    }

    /// The level of a raised status, `None` for any other.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Warning => Some(Level::Warning),
            Self::Critical => Some(Level::Critical),
            _ => None,
        }
    }

    /// Whether it is clear or raised, and none of those that prove nothing.
    #[must_use]
    pub fn is_clear_or_raised(self) -> bool {
        matches!(self, Self::Clear | Self::Warning | Self::Critical)
    }

    /// Whether it is raised, or an unknown status, which may mean that.
    #[must_use]
    pub fn may_be_raised(self) -> bool {
        matches!(self, Self::Warning | Self::Critical | Self::Other)
    }

    /// Netdata's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Undefined => "UNDEFINED",
            Self::Uninitialized => "UNINITIALIZED",
            Self::Removed => "REMOVED",
            Self::Other => "UNKNOWN",
        }
    }
}

impl From<Level> for Status {
    fn from(level: Level) -> Self {
        match level {
            Level::Warning => Self::Warning,
            Level::Critical => Self::Critical,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Status::from(*self).fmt(f)
    }
}
