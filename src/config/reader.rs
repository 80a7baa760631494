//! The file as a tree that knows where everything stands, so that a complaint can give the line, the key, what was
//! found and what is allowed. All complaints come at once; serde's derive would stop at the first.
//!
//! An [`Item`] is a value of the file, or the place where it would be. Code that finds a value
//! wrong reports it to the item, and gets `None`. Once everything is read, [`FileText::problems`] has what is wrong.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::error::Problem;
use super::text;
use crate::words;

/// The text, and all that is wrong with it so far.
pub(super) struct FileText<'t> {
    text: &'t str,
    folder: PathBuf,
    /// The one table that a key belongs to.
    home: fn(&str) -> Option<String>,
    problems: RefCell<Vec<Problem>>,
}

impl<'t> FileText<'t> {
    /// A text whose relative paths start from `folder`. `home` says where a key belongs that stands elsewhere.
    pub(super) fn new(text: &'t str, folder: PathBuf, home: fn(&str) -> Option<String>) -> Self {
        Self { text, folder, home, problems: RefCell::default() }
    }

    /// What is wrong, in the file's order.
    pub(super) fn problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}

/// The line, counted from 1, that a byte of a text stands on.
pub(super) fn line(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// A value of the file, or the place where it would be.
pub(super) struct Item<'d> {
    file: &'d FileText<'d>,
    value: Option<&'d DeValue<'d>>,
    /// Dotted; empty for the root.
    key: String,
    /// Where it begins, in bytes.
    at: usize,
    /// This should be a table and is not; that is already reported, so do not also report its missing keys.
    broken: bool,
}

impl<'d> Item<'d> {
    /// The whole file.
    pub(super) fn root(file: &'d FileText<'d>, value: &'d DeValue<'d>) -> Self {
        Self { file, value: Some(value), key: String::new(), at: 0, broken: false }
    }

    /// What a table has under a name.
    pub(super) fn child(&self, name: &str) -> Self {
        let found = self.table().and_then(|table| table.get_key_value(name));
        let quoted = text::key(name);
        Self {
            file: self.file,
            value: found.map(|(_, value)| value.get_ref()),
            key: if self.key.is_empty() { quoted } else { format!("{}.{quoted}", self.key) },
            at: found.map_or(self.at, |(key, _)| key.span().start),
            broken: self.broken || self.value.is_some() && self.table().is_none(),
        }
    }

    /// The elements of a list, each at its own place under the list's key; `None` for what is no list.
    pub(super) fn elements(&self) -> Option<Vec<Self>> {
        let elements = self.value?.as_array()?.iter().map(|value| Self {
            value: Some(value.get_ref()),
            at: value.span().start,
            key: self.key.clone(),
            ..*self
        });
        Some(elements.collect())
    }

    /// An element of a list, called by its place in it, counted from 0.
    pub(super) fn numbered(self, index: usize) -> Self {
        Self { key: format!("{}[{index}]", self.key), ..self }
    }

    /// The names in a table.
    pub(super) fn names(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        self.table().into_iter().flat_map(|table| table.keys().map(|name| name.get_ref().as_ref()))
    }

    /// Whether the file says something here.
    pub(super) fn is_there(&self) -> bool {
        self.value.is_some()
    }

    pub(super) fn is_table(&self) -> bool {
        self.table().is_some()
    }

    /// The dotted key.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The folder that relative paths start from.
    pub(super) fn folder(&self) -> &Path {
        &self.file.folder
    }

    pub(super) fn text(&self) -> Option<&'d str> {
        self.value?.as_str()
    }

    /// A date, a time or both, as TOML writes them without quotation marks.
    pub(super) fn date_or_time(&self) -> Option<String> {
        Some(self.value?.as_datetime()?.to_string())
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        self.value?.as_bool()
    }

    pub(super) fn integer(&self) -> Option<i64> {
        let integer = self.value?.as_integer()?;
        i64::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    fn table(&self) -> Option<&'d DeTable<'d>> {
        self.value?.as_table()
    }

    /// What kind of value it is: all that may be said of a secret.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Some(DeValue::String(_)) => "a text",
            Some(DeValue::Integer(_)) => "a whole number",
            Some(DeValue::Float(_)) => "a fraction",
            Some(DeValue::Boolean(_)) => "a boolean",
            Some(DeValue::Datetime(_)) => "a date or time",
            Some(DeValue::Array(_)) => "a list",
            Some(DeValue::Table(_)) => "a table",
            None => "nothing",
        }
    }

    /// The value as a message shows it.
    pub(super) fn shown(&self) -> String {
        match self.value {
            Some(DeValue::String(text)) => text::shown_text(text),
            Some(DeValue::Integer(number)) => format!("`{number}`"),
            Some(DeValue::Float(number)) => format!("`{number}`"),
            Some(DeValue::Boolean(truth)) => format!("`{truth}`"),
            Some(DeValue::Datetime(time)) => format!("`{time}`"),
            _ => self.kind().to_owned(),
        }
    }

    /// Says that the value is wrong: shows it, and what is allowed, as in "a whole number".
    pub(super) fn refuse<T>(&self, allowed: impl AsRef<str>) -> Option<T> {
        self.refuse_as(&self.shown(), allowed)
    }

    /// As [`refuse`](Self::refuse), with other words for what was found: the value itself may be a secret.
    pub(super) fn refuse_as<T>(&self, found: &str, allowed: impl AsRef<str>) -> Option<T> {
        self.say(format!("found {found}; expected {}", allowed.as_ref()))
    }

    /// Says that the key is missing.
    pub(super) fn missing<T>(&self, allowed: impl AsRef<str>) -> Option<T> {
        if self.broken {
            return None;
        }
        self.say(format!("missing; expected {}", allowed.as_ref()))
    }

    /// Refuses every key of a table but these.
    pub(super) fn only(&self, known: &[&'static str]) {
        for name in self.names().filter(|name| !known.contains(name)) {
            let advice = match words::nearest(name, known.iter().copied()).map(str::to_owned) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => match (self.file.home)(name) {
                    Some(elsewhere) => format!("did you mean `{elsewhere}`?"),
                    None => format!("expected {}", words::either(known.iter().copied())),
                },
            };
            self.child(name).say::<()>(format!("unknown key; {advice}"));
        }
    }

    fn say<T>(&self, message: String) -> Option<T> {
        let line = line(self.file.text, self.at);
        self.file.problems.borrow_mut().push(Problem { line, key: self.key.clone(), message });
        None
    }
}
