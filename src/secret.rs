//! The one type that holds a key: prints as `****3f9a`, is wiped when dropped, and leaves only by
//! [`Secret::expose`], which is called where a request is built and nowhere else.
//!
//! [`clean()`] finds the secret in a text that a person or a file gave; nothing else does.

mod clean;

use std::fmt;

use zeroize::Zeroizing;

pub use clean::{Cleaned, Flaw, LARGEST, SecretKind, clean, clean_paste};

/// A key, token or password. `Debug` and `Display` show at most its last four characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Shorter secrets show no character at all: four of eight would be half of it.
const SHORTEST_WITH_TAIL: usize = 16;

impl Secret {
    /// Wraps a secret as it is; [`clean()`] what a person or a file gave first.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself, for the wire.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `****3f9a`, or `****` for a short one.
    #[must_use]
    pub fn masked(&self) -> String {
        let characters = self.0.chars().count();
        if characters < SHORTEST_WITH_TAIL {
            return "****".to_owned();
        }
        let tail: String = self.0.chars().skip(characters - 4).collect();
        format!("****{tail}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}
#[cfg(test)]
mod tests;
