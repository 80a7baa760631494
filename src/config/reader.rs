//! A TOML document read by hand, so that each complaint has its line, its key, what was found and what is
//! allowed, and so that all of them are made at once rather than the first alone.
//!
//! A [`Section`] is a table; what is asked of it and is wrong goes to [`Findings`], and the asker gets
//! `None`. Who has asked for everything looks at the findings once, at the end.

use std::borrow::Cow;
use std::cell::RefCell;

use toml_edit::{Item, Key, TableLike, Value};

use super::error::Problem;
use super::schema;
use super::text;
use crate::words;

/// All that is wrong so far.
pub(super) struct Findings<'t> {
    text: &'t str,
    problems: RefCell<Vec<Problem>>,
}

impl<'t> Findings<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, problems: RefCell::default() }
    }

    /// Something wrong `at` a byte of the text.
    fn add(&self, at: usize, key: &str, message: String) {
        let line = line(self.text, at);
        self.problems.borrow_mut().push(Problem { line, key: key.to_owned(), message });
    }

    pub(super) fn any(&self) -> bool {
        !self.problems.borrow().is_empty()
    }

    /// What is wrong, in the file's order.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}

/// The line, counted from 1, that a byte of a text stands on.
pub(super) fn line(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// Why a value is refused.
pub(super) struct Refusal {
    /// What was found, where the value itself must not or need not be shown.
    found: Option<String>,
    pub(super) allowed: Cow<'static, str>,
}

/// A value, or why it is refused.
pub(super) type Read<T> = Result<T, Refusal>;

/// Refuses a value, saying what is allowed, as in "a whole number".
pub(super) fn refuse<T>(allowed: impl Into<Cow<'static, str>>) -> Read<T> {
    Err(Refusal { found: None, allowed: allowed.into() })
}

/// As [`refuse`], with other words for what was found than the value.
pub(super) fn refuse_found<T>(found: String, allowed: impl Into<Cow<'static, str>>) -> Read<T> {
    Err(Refusal { found: Some(found), allowed: allowed.into() })
}

/// A table of the file, or where it would be.
pub(super) struct Section<'d> {
    findings: &'d Findings<'d>,
    table: Option<&'d dyn TableLike>,
    /// Dotted; empty for the root.
    key: String,
    /// Where it begins, in bytes.
    at: usize,
    /// It is no table, which was said: what is missing in it need not be.
    broken: bool,
}

/// A value of the file.
pub(super) struct Given<'d> {
    pub(super) item: &'d Item,
    key: String,
    /// Where it begins, in bytes.
    at: usize,
}

impl<'d> Section<'d> {
    /// The whole file.
    pub(super) fn root(findings: &'d Findings<'d>, table: &'d dyn TableLike) -> Self {
        Self { findings, table: Some(table), key: String::new(), at: 0, broken: false }
    }

    /// A table by its name. Keys that the schema does not have are refused. One that is missing is empty.
    pub(super) fn section(&self, name: &str) -> Section<'d> {
        let Some(given) = self.get(name) else {
            let key = self.path(name);
            return Section { findings: self.findings, table: None, key, at: self.at, broken: self.broken };
        };
        let section = self.within(&given, given.item.as_table_like());
        if section.broken {
            // Not what it is: `heartbeat = "…"` holds a secret.
            self.say(&given, text::kind(given.item), &format!("a table (`[{}]`)", given.key));
        }
        if let Some(known) = schema::keys(&section.key) {
            section.known(known);
        }
        section
    }

    /// The table that a value of this section is.
    pub(super) fn within(&self, given: &Given<'d>, table: Option<&'d dyn TableLike>) -> Section<'d> {
        let broken = table.is_none();
        Section { findings: self.findings, table, key: given.key.clone(), at: given.at, broken }
    }

    /// Refuses every key but these.
    pub(super) fn known(&self, known: &[&'static str]) {
        for name in self.names().filter(|name| !known.contains(name)) {
            if let Some(given) = self.get(name) {
                let advice = match (words::nearest(name, known.iter().copied()), schema::home(name)) {
                    (Some(meant), _) => format!("did you mean `{meant}`?"),
                    (None, Some(home)) => format!("did you mean `{home}.{name}`?"),
                    (None, None) => format!("{} is allowed here", words::either(known.iter().copied())),
                };
                self.findings.add(given.at, &given.key, format!("unknown key, {advice}"));
            }
        }
    }

    /// The keys that this table has.
    pub(super) fn names(&self) -> impl Iterator<Item = &'d str> {
        self.table.into_iter().flat_map(|table| table.iter().map(|(name, _)| name))
    }

    pub(super) fn get(&self, name: &str) -> Option<Given<'d>> {
        let (key, item) = self.table?.get_key_value(name)?;
        Some(Given { item, key: self.path(name), at: self.position(key, item) })
    }

    /// A value that may be left out.
    pub(super) fn optional<T>(&self, name: &str, read: impl FnOnce(&Item) -> Read<T>) -> Option<T> {
        let given = self.get(name)?;
        self.settle(&given, read(given.item))
    }

    /// A value that has a default.
    pub(super) fn or<T>(&self, name: &str, default: T, read: impl FnOnce(&Item) -> Read<T>) -> T {
        self.optional(name, read).unwrap_or(default)
    }

    /// A value that must be there; `allowed` is what it should have been.
    pub(super) fn required<T>(
        &self,
        name: &str,
        allowed: &str,
        read: impl FnOnce(&Item) -> Read<T>,
    ) -> Option<T> {
        if self.get(name).is_none() {
            self.missing(name, allowed);
        }
        self.optional(name, read)
    }

    /// Says that a key is missing.
    pub(super) fn missing(&self, name: &str, allowed: &str) {
        if !self.broken {
            self.findings.add(self.at, &self.path(name), format!("missing, {allowed} is required"));
        }
    }

    /// A list that may be left out; each element that is wrong is told by itself, one that comes twice too.
    pub(super) fn list<T: PartialEq>(
        &self,
        name: &str,
        allowed: &'static str,
        read: impl Fn(&Item) -> Read<T>,
    ) -> Option<Vec<T>> {
        let given = self.get(name)?;
        let Some(array) = given.item.as_array() else {
            self.say(&given, &text::shown(given.item), allowed);
            return None;
        };
        let mut values = Vec::with_capacity(array.len());
        for value in array {
            let at = value.span().map_or(given.at, |span| span.start);
            let item = Item::Value(value.clone());
            let element = Given { item: &item, key: given.key.clone(), at };
            match self.settle(&element, read(&item)) {
                Some(value) if values.contains(&value) => {
                    let message = format!("found {} twice, once is allowed", text::shown(&item));
                    self.findings.add(at, &given.key, message);
                }
                Some(value) => values.push(value),
                None => {}
            }
        }
        Some(values)
    }

    /// The tables of `[[name]]`, or of a list of inline tables.
    pub(super) fn tables(&self, name: &str, allowed: &'static str) -> Vec<Section<'d>> {
        let Some(given) = self.get(name) else { return Vec::new() };
        let tables: Vec<_> = match given.item {
            Item::ArrayOfTables(tables) => {
                tables.iter().map(|table| (table.span(), Some(table as &dyn TableLike), "a table")).collect()
            }
            Item::Value(Value::Array(values)) => values
                .iter()
                .map(|value| {
                    let table = value.as_inline_table().map(|table| table as &dyn TableLike);
                    (value.span(), table, text::kind(&Item::Value(value.clone())))
                })
                .collect(),
            other => {
                self.say(&given, &text::shown(other), allowed);
                Vec::new()
            }
        };
        let sections = tables.into_iter().filter_map(|(span, table, found)| {
            let at = span.map_or(given.at, |span| span.start);
            if table.is_none() {
                self.findings.add(at, &given.key, format!("found {found}, {allowed} is allowed"));
            }
            let section = Section { at, ..self.within(&given, Some(table?)) };
            section.known(schema::keys(name).unwrap_or_default());
            Some(section)
        });
        sections.collect()
    }

    /// Says that a value is wrong.
    pub(super) fn say(&self, given: &Given<'_>, found: &str, allowed: &str) {
        self.findings.add(given.at, &given.key, format!("found {found}, {allowed} is allowed"));
    }

    pub(super) fn settle<T>(&self, given: &Given<'_>, read: Read<T>) -> Option<T> {
        read.map_err(|refusal| {
            let found = refusal.found.unwrap_or_else(|| text::shown(given.item));
            self.say(given, &found, &refusal.allowed);
        })
        .ok()
    }

    fn path(&self, name: &str) -> String {
        let name = text::key(name);
        if self.key.is_empty() { name } else { format!("{}.{name}", self.key) }
    }

    fn position(&self, key: &Key, item: &Item) -> usize {
        let span = key.span().or_else(|| item.span());
        span.map_or(self.at, |span| span.start)
    }
}
