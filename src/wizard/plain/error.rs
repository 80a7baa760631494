//! Why the plain prompts broke off.

use std::io;

use super::MOST_ANSWERS;
use crate::wizard::answers::Step;

/// Why it broke off.
#[derive(Debug, thiserror::Error)]
pub enum PlainError {
    /// The input ended before the questions did.
    #[error(
        "the input ended at {place}: nothing more was written. The answers so far are \
         kept; keys are not", place = place(*step, title)
    )]
    Input {
        /// Which step, from 1; 0 for what is none of the eight.
        step: usize,
        /// What it is called.
        title: &'static str,
    },
    /// One question got nothing but answers that cannot be used.
    #[error(
        "{MOST_ANSWERS} answers in a row to one question of {place} could not be used: nothing more was \
         written. The answers so far are kept; keys are not", place = place(*step, title)
    )]
    Answers {
        /// Which step, from 1; 0 for what is none of the eight.
        step: usize,
        /// What it is called.
        title: &'static str,
    },
    /// The output cannot be written.
    #[error("cannot write to the terminal: {0}")]
    Output(#[from] io::Error),
}

fn place(step: usize, title: &str) -> String {
    match step {
        0 => format!("`{title}`"),
        step => format!("step {step} of {}, `{title}`", Step::ALL.len()),
    }
}
