//! Checks an answer with the configuration's own reader.

use std::path::{Path, PathBuf};

use crate::config::{self, Config, ConfigError};
use crate::wizard::form::{Control, StepProblem};
use crate::wizard::memo::Memo;

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

thread_local! {
    static OBJECTIONS: Memo<(Config, PathBuf), Vec<(String, String)>> = const { Memo::new() };
}

/// Why the configuration could not be read back with this key's value, if it could not.
pub(super) fn objection(config: Config, key: &str, path: &Path) -> Option<String> {
    let all = OBJECTIONS
        .with(|memo| memo.answer((config, path.to_owned()), |(config, path)| read_back(config, path)));
    all.into_iter().find(|(found, _)| found == key).map(|(_, message)| message)
}

/// What is to be written into an empty field: that it is empty is seen.
fn on_screen(message: String) -> String {
    match message.strip_prefix("found `\"\"`; expected ") {
        Some(allowed) => format!("write {allowed}"),
        None => message,
    }
}

/// What the reader says of which keys.
fn read_back(config: &Config, path: &Path) -> Vec<(String, String)> {
    match config::render(config, None, path) {
        Err(ConfigError::Invalid { problems, .. }) => {
            problems.into_iter().map(|problem| (problem.key, on_screen(problem.message))).collect()
        }
        Err(ConfigError::Unfaithful { key, .. }) => {
            vec![(key, "this cannot be saved exactly as it is".to_owned())]
        }
        _ => Vec::new(),
    }
}
