//! How values are written into the file.

use std::path::PathBuf;
use std::time::Duration;

use toml_edit::{InlineTable, Value};

use super::{SecretSource, Words};
use crate::config::pattern::Pattern;
use crate::duration;

/// A value that has its form in TOML.
pub(in crate::config) trait Print {
    /// The value as the file has it; `None` where the file has no line for it.
    fn print(&self) -> Option<Value>;
}

impl Print for String {
    fn print(&self) -> Option<Value> {
        Some(self.into())
    }
}

impl Print for bool {
    fn print(&self) -> Option<Value> {
        Some((*self).into())
    }
}

impl Print for u8 {
    fn print(&self) -> Option<Value> {
        Some(i64::from(*self).into())
    }
}

impl Print for u32 {
    fn print(&self) -> Option<Value> {
        Some(i64::from(*self).into())
    }
}

impl Print for Duration {
    fn print(&self) -> Option<Value> {
        Some(duration::print(*self).into())
    }
}

/// TOML is UTF-8: another path does not read back, which the writer notices.
impl Print for PathBuf {
    fn print(&self) -> Option<Value> {
        Some(self.to_string_lossy().as_ref().into())
    }
}

impl Print for Pattern {
    fn print(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl Print for SecretSource {
    fn print(&self) -> Option<Value> {
        let (name, value) = match self {
            Self::File(file) => ("file", file.print()?),
            Self::Env(name) => ("env", name.into()),
            Self::Credential(name) => ("credential", name.into()),
            Self::Literal(secret) => return Some(secret.expose().into()),
        };
        Some(Value::InlineTable(InlineTable::from_iter([(name, value)])))
    }
}

impl<T: Words> Print for T {
    fn print(&self) -> Option<Value> {
        T::WORDS.iter().find(|(known, _)| known == self).map(|(_, word)| (*word).into())
    }
}

impl<T: Print> Print for Option<T> {
    fn print(&self) -> Option<Value> {
        self.as_ref().and_then(T::print)
    }
}

impl<T: Print> Print for Vec<T> {
    fn print(&self) -> Option<Value> {
        Some(Value::Array(self.iter().filter_map(T::print).collect()))
    }
}
