//! Why the plain prompts broke off.

use std::io;

use super::MOST_ANSWERS;

/// Why it broke off.
#[derive(Debug, thiserror::Error)]
pub enum PlainError {
    /// The input ended before the questions did, at this step.
    #[error("the input ended at {0}")]
    Input(String),
    /// One question of this step got nothing but answers that cannot be used.
    #[error("{MOST_ANSWERS} answers in a row to one question of {0} could not be used")]
    Answers(String),
    /// The output cannot be written.
    #[error("cannot write to the terminal: {0}")]
    Output(io::Error),
}
