//! Why a template cannot be used, and where in it.

use minijinja::{Error, ErrorKind};

use super::{NAMES, Which};
use crate::words;

/// A template that cannot be used: it does not compile, does not render, or leaves nothing to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.of(&format!("`{which}`")))]
pub struct TemplateError {
    /// Which one.
    pub which: Which,
    /// Line in the template, from 1, where it is known.
    pub line: Option<usize>,
    /// Column in characters, from 1, where it is known.
    pub column: Option<usize>,
    /// What is wrong with it.
    pub message: String,
}

impl TemplateError {
    /// What is wrong and where, of a template that is called so.
    #[must_use]
    pub fn of(&self, template: &str) -> String {
        format!("{template}{}: {}", place(self.line, self.column), self.message)
    }
}

fn place(line: Option<usize>, column: Option<usize>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!(", line {line}, column {column}"),
        (Some(line), None) => format!(", line {line}"),
        (None, _) => String::new(),
    }
}

/// What minijinja says, with the name that was probably meant.
pub(super) fn explain(which: Which, source: &str, error: &Error) -> TemplateError {
    let mut message = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let range = error.range();
    let at = range.as_ref().and_then(|range| source.get(range.clone()));
    match error.kind() {
        ErrorKind::OutOfFuel => "it does too much work; make it shorter".clone_into(&mut message),
        ErrorKind::UndefinedError => {
            let hint = match at.and_then(|name| words::nearest(name, NAMES)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("known are {}", NAMES.join(", ")),
            };
            message = format!("{}; {hint}", error.detail().unwrap_or("a name is undefined"));
        }
        _ => {}
    }
    let column = range
        .and_then(|range| source.get(..range.start))
        .map(|before| before.chars().rev().take_while(|c| *c != '\n').count() + 1);
    TemplateError { which, line: error.line(), column: error.line().and(column), message }
}
