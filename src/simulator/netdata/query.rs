//! A query string, as Netdata reads it: a bare name is a name without a value.

use std::collections::HashMap;

use crate::simulator::request::decode;

/// Names and values, decoded. Of a name that is given twice the last one counts.
pub(super) struct Query(HashMap<String, String>);

impl Query {
    pub fn parse(query: &str) -> Self {
        Self(
            query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(&value.replace('+', " "))))
                .collect(),
        )
    }

    /// A value that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A whole number; 0 when absent or none, as C's `strtol` has it.
    pub fn number(&self, name: &str) -> i64 {
        self.get(name).and_then(|value| value.parse().ok()).unwrap_or_default()
    }

    /// Whether a list (separated by commas, bars or spaces) names this word.
    pub fn lists(&self, name: &str, word: &str) -> bool {
        self.words(name).any(|found| found == word)
    }

    pub fn words(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name)
            .into_iter()
            .flat_map(|list| list.split([',', '|', ' ']))
            .filter(|word| !word.is_empty())
    }
}
