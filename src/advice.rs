//! What an error says to a person, as two texts: what happened, and what to do about it. Each room gives both, so that
//! nobody who prints them has to split a sentence.

use std::fmt;

/// An error that may know what to do about it.
pub trait Advised {
    /// What happened, and to what.
    fn what(&self) -> String;

    /// What to do about it, where there is something.
    fn hint(&self) -> Option<String>;
}

/// Both in a row: `what: hint`. This is how such an error is displayed.
pub fn write(error: &impl Advised, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&error.what())?;
    match error.hint() {
        Some(hint) => write!(f, ": {hint}"),
        None => Ok(()),
    }
}
