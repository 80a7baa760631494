//! The one type that holds a key: prints as `****3f9a`, is wiped when dropped, and leaves only by
//! [`Secret::expose`], which is called where a request is built and nowhere else.

use std::fmt;

use zeroize::Zeroizing;

/// A key, token or password. `Debug` and `Display` show at most its last four characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Shorter secrets show no character at all: four of eight would be half of it.
const SHORTEST_WITH_TAIL: usize = 16;

impl Secret {
    /// Wraps a secret as it is; [`str::trim`] what a person or a file gave first.
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
mod tests {
    use super::Secret;

    #[test]
    fn shows_only_the_tail() {
        let key = Secret::new("il1api0123456789abcdef3f9a".into());
        assert_eq!(format!("{key} {key:?}"), "****3f9a ****3f9a");
    }

    #[test]
    fn shows_nothing_of_a_short_one() {
        assert_eq!(Secret::new("hunter2hunter2".into()).masked(), "****");
    }

    #[test]
    fn counts_characters_not_bytes() {
        assert_eq!(Secret::new("ключ-который-длинный".into()).masked(), "****нный");
    }
}
