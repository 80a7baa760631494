//! Checks an answer with the configuration's own reader.

use std::path::Path;

use crate::config::{self, Config, ConfigError};
use crate::wizard::form::{Control, StepProblem};

/// A name has no more characters.
const LONGEST_NAME: usize = 200;

/// Whether a name can be read where it is shown.
pub(super) fn fits(control: Control, name: &str) -> Result<(), StepProblem> {
    match name.trim().chars().count() {
        0..=LONGEST_NAME => Ok(()),
        count => {
            let message = format!("this has {count} characters: a name has {LONGEST_NAME} at most");
            Err(StepProblem::new(control, message))
        }
    }
}

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
