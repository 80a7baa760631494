//! Why the plain prompts broke off.

use std::io;

use super::MOST_ANSWERS;
use crate::wizard::answers::Step;

/// Why it broke off.
#[derive(Debug, thiserror::Error)]
pub enum PlainError {
    /// The input ended before the questions did.
    #[error(
        "the input ended at step {step} of {steps}, `{title}`: nothing more was written. The answers so far are \
         kept; keys are not", steps = Step::ALL.len()
    )]
    Input {
        /// Which step, from 1.
        step: usize,
        /// What it is called.
        title: &'static str,
    },
    /// One question got nothing but answers that cannot be used.
    #[error(
        "{MOST_ANSWERS} answers in a row to one question of step {step}, `{title}`, could not be used: nothing more was \
         written. The answers so far are kept; keys are not"
    )]
    Answers {
        /// Which step, from 1.
        step: usize,
        /// What it is called.
        title: &'static str,
    },
    /// The output cannot be written.
    #[error("cannot write to the terminal: {0}")]
    Output(#[from] io::Error),
}
