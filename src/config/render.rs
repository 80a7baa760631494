//! From a [`Config`] to a file's text: what a person wrote stays, only what changed is touched.
//!
//! The text begins as the file that is there, or as the annotated [`TEMPLATE`]. What differs between what
//! it says and what it should say becomes a list of changes ([`changes`]); most of them are made in the
//! text itself ([`edit`]): a value is replaced where it stands, a key that is commented out is set where
//! its comment is, a key that is unset is commented out. The rest is inserted by `toml_edit`.
//!
//! The law: what is returned reads back as the configuration that was given, or nothing is returned.

mod changes;
mod edit;
mod rooms;

use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TableLike};

use self::changes::Change;
use super::load::{document, parse};
use super::{Config, ConfigError, TEMPLATE};

/// The text of a file at `path` that says what `config` says, made from the text that is there, if any.
///
/// Paths in `config` must be absolute, as [`load`](super::load) gives them. An existing text that is not a
/// valid configuration is refused as it would be when loaded.
pub fn render(config: &Config, existing: Option<&str>, path: &Path) -> Result<String, ConfigError> {
    let text = existing.filter(|text| !text.trim().is_empty()).unwrap_or(TEMPLATE);
    let old = parse(text, path)?;
    let original = document(text, path)?;
    let (mut edits, rest) = edit::in_place(text, &original, changes::between(&old, config));
    edits.extend(rooms::edits(text, &original, &old.rooms, &config.rooms));
    let text = edit::apply(text, edits);
    let text = if rest.is_empty() { text } else { insert(&text, rest, path)? };
    let read = parse(&text, path)?;
    match changes::between(&read, config).into_iter().next() {
        None if read == *config => Ok(text),
        first => Err(ConfigError::Unfaithful {
            path: path.to_owned(),
            key: first.map_or_else(|| "room".to_owned(), |change| change.key()),
        }),
    }
}

/// Makes the changes that have no place in the text yet.
fn insert(text: &str, changes: Vec<Change>, path: &Path) -> Result<String, ConfigError> {
    let mut document: DocumentMut = document(text, path)?.into_mut();
    for Change { table, name, value } in changes {
        if let Some(table) = reach(document.as_table_mut(), table) {
            // Removed first, so that a table in its place leaves no header's blanks behind.
            if !table.get(&name).is_some_and(Item::is_value) || value.is_none() {
                table.remove(&name);
            }
            if let Some(value) = value {
                table.insert(&name, Item::Value(value));
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
