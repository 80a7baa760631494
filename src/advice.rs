//! What an error tells a person: what happened, and what to do about it. The room that knows both says them apart;
//! whoever prints them never has to cut a sentence.

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
