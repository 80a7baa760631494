//! A name that no configuration has.

use crate::words::{either, nearest};

/// No configuration has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchName {
    /// The name that was given.
    pub given: String,
    /// The names that there are.
    pub known: Vec<String>,
}

impl NoSuchName {
    /// What there is instead, and which was probably meant.
    #[must_use]
    pub fn advice(&self) -> String {
        let known = || self.known.iter().map(String::as_str);
        let there = match self.known.as_slice() {
            [] => return "there is none yet: run `netdata-ilert` to set one up".to_owned(),
            [one] => format!("there is `{one}`"),
            _ => format!("there are {}", either(known()).replace(" or ", " and ")),
        };
        match nearest(&self.given, known()) {
            Some(meant) => format!("did you mean `{meant}`? {there}"),
            None => format!("{there}; a path has a `/` in it or ends in `.toml`"),
        }
    }
}
