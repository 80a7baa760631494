//! Checks an answer with the configuration's own reader.

use std::path::Path;

use crate::config::{self, Config, ConfigError};

/// Why the configuration could not be read back with this key's value, if it could not.
pub(super) fn objection(config: &Config, key: &str, path: &Path) -> Option<String> {
    match config::render(config, None, path) {
        Err(ConfigError::Invalid { problems, .. }) => {
            problems.into_iter().find(|problem| problem.key == key).map(|problem| problem.message)
        }
        Err(ConfigError::Unfaithful { key: found, .. }) if found == key => {
            Some("this cannot be saved exactly as it is".to_owned())
        }
        _ => None,
    }
}
