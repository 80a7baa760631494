//! The type of a text that has been cleaned and cut.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};

use super::{block, one_line};

/// Longest text of any kind, in characters: descriptions. A state that somebody else wrote holds no longer one either.
const LONGEST: usize = 16 * 1024;

/// A text from outside as it may be shown and kept: clean, and no longer than was agreed where it came in.
///
/// It can only be made here, so that a field of this type says that its text went through. It is for eyes: nothing is
/// recognised by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Shown(String);

impl Shown {
    /// One line of so many characters at most.
    #[must_use]
    pub fn line(text: &str, limit: usize) -> Self {
        Self(one_line(text, limit))
    }

    /// Lines of so many characters at most.
    #[must_use]
    pub fn block(text: &str, limit: usize) -> Self {
        Self(block(text, limit))
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Of no agreed length: lines, up to the longest of any.
impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self::block(text, LONGEST)
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

/// What was kept is not trusted to be clean: an earlier version may have written it.
impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl Deref for Shown {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl PartialEq<str> for Shown {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Shown {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<String> for Shown {
    fn eq(&self, other: &String) -> bool {
        self.0 == *other
    }
}
