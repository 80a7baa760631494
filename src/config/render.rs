//! From a [`Config`] to a file's text: what a person wrote stays, only what changed is touched.
//!
//! The text begins as the file that is there, or as the annotated [`TEMPLATE`]. The rows find the differences between
//! that text and the configuration. Most of that is changed in the text itself ([`edit`], [`tables`]): a value is
//! replaced where it stands, a key that is commented out is set where its comment is, a key that is unset is commented
//! out. The rest is inserted by `toml_edit`.
//!
//! The law: what is returned reads back as the configuration that was given, or nothing is returned.

mod edit;
mod rebase;
mod tables;

use std::path::Path;

use toml_edit::{Document, DocumentMut, Item, Table, TableLike};

use self::edit::Setting;
use super::change::Change;
use super::error::ConfigError;
use super::fields::Config;
use super::load::{not_toml_at, parse};
use super::table::Table as _;
use super::template::TEMPLATE;

pub use rebase::rebase;

/// The text of a file at `path` that says what `config` says, made from the text that is there, if any.
///
/// Paths in `config` must be absolute, as [`load`](super::load) gives them. An existing text that is not a
/// valid configuration is refused as it would be when loaded.
pub fn render(config: &Config, existing: Option<&str>, path: &Path) -> Result<String, ConfigError> {
    let text = existing.filter(|text| !text.trim().is_empty()).unwrap_or(&TEMPLATE);
    let text = apply(text, changes(&parse(text, path)?, config), path)?;
    match changes(&parse(&text, path)?, config).first() {
        None => Ok(text),
        Some(change) => Err(ConfigError::Unfaithful { path: path.to_owned(), key: change.key() }),
    }
}

/// The text with these changes made in it.
fn apply(text: &str, changes: Vec<Change>, path: &Path) -> Result<String, ConfigError> {
    let original = document(text, path)?;
    let (mut settings, mut edits) = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::Value { table, key, value } => settings.push(Setting { table, key, value }),
            Change::Tables(change) => edits.extend(tables::edits(text, &original, &change)),
        }
    }
    let (in_place, rest) = edit::in_place(text, &original, settings);
    edits.extend(in_place);
    let text = edit::apply(text, edits);
    if rest.is_empty() { Ok(text) } else { insert(&text, rest, path) }
}

fn changes(old: &Config, new: &Config) -> Vec<Change> {
    let mut changes = Vec::new();
    Config::changes(old, new, "", &mut changes);
    changes
}

fn document<'t>(text: &'t str, path: &Path) -> Result<Document<&'t str>, ConfigError> {
    Document::parse(text)
        .map_err(|error| not_toml_at(text, error.span().map_or(0, |span| span.start), error.message(), path))
}

/// Sets what has no place in the text yet.
fn insert(text: &str, settings: Vec<Setting>, path: &Path) -> Result<String, ConfigError> {
    let mut document: DocumentMut = document(text, path)?.into_mut();
    for Setting { table, key, value } in settings {
        if let Some(table) = reach(document.as_table_mut(), &table) {
            // Removed first, so that a table in its place leaves no header's blanks behind.
            if !table.get(&key).is_some_and(Item::is_value) || value.is_none() {
                table.remove(&key);
            }
            if let Some(value) = value {
                table.insert(&key, Item::Value(value));
            }
        }
    }
    Ok(document.to_string())
}

/// A table by its dotted name, made where it is missing.
fn reach<'d>(root: &'d mut Table, dotted: &str) -> Option<&'d mut dyn TableLike> {
    let mut table: &mut dyn TableLike = root;
    let mut names = dotted.split('.').peekable();
    while let Some(name) = names.next() {
        let mut missing = Table::new();
        missing.set_implicit(names.peek().is_some());
        table = table.entry(name).or_insert(Item::Table(missing)).as_table_like_mut()?;
    }
    Some(table)
}

#[cfg(test)]
mod tests;
