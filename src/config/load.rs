//! From the file to a [`Config`], or to everything that is wrong with it.

use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::check;
use super::error::{ConfigError, Problem};
use super::fields::{Config, Version, belongs_to};
use super::kind::Kind;
use super::near;
use super::reader::{FileText, Item, line};
use super::table::Table;
use crate::files::{self, OTHERS};
use crate::owner;

/// A configuration is a few kilobytes; this is room for thousands of rooms.
pub const LARGEST_FILE: u64 = 1024 * 1024;

/// Reads and checks the file.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable { path: path.to_owned(), reason, fix: None };
    let file = files::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => ConfigError::Missing {
            path: path.to_owned(),
            meant: near::meant(path),
            invocation: near::invocation(path),
        },
        ErrorKind::PermissionDenied => {
            let (reason, fix) = owner::denied(path);
            ConfigError::Unreadable { path: path.to_owned(), reason, fix: Some(fix) }
        }
        _ => unreadable(error.to_string()),
    })?;
    let metadata = file.metadata().map_err(|error| unreadable(error.to_string()))?;
    owner::trusted(path, &metadata)
        .map_err(|found| ConfigError::Untrusted { path: path.to_owned(), found })?;
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(unreadable("it is larger than 1 MiB: is it a configuration at all?".to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count();
        invalid(path, vec![not_toml(line, "the text is not UTF-8")])
    })?;
    let config = parse(&text, path)?;
    if config.holds_secret() && metadata.mode() & OTHERS != 0 {
        return Err(ConfigError::Exposed { path: path.to_owned(), mode: metadata.mode() & 0o7777 });
    }
    Ok(config)
}

/// Checks a text that is, or would be, at `path`: relative paths in it start from that folder.
pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        not_toml_at(text, at, error.message(), path)
    })?;
    let document = DeValue::Table(document.into_inner());
    let file = FileText::new(text, folder(path), belongs_to);
    let config = read(&Item::root(&file, &document));
    let problems = file.problems();
    config.filter(|_| problems.is_empty()).ok_or_else(|| invalid(path, problems))
}

fn read(root: &Item<'_>) -> Option<Config> {
    let version = root.child("version");
    if version.is_there() {
        // A file of another version is not ours to judge further.
        Version::read(&version)?;
    }
    root.only(Config::KEYS);
    check::across(root);
    Config::read(root, None)
}

/// What is no TOML. The library's own words would show the line itself, which may hold a secret.
pub(super) fn not_toml_at(text: &str, at: usize, reason: &str, path: &Path) -> ConfigError {
    let reason = if unquoted(text, at) { "a text needs quotation marks" } else { reason };
    invalid(path, vec![not_toml(line(text, at), reason)])
}

/// Whether the value that a byte stands in begins with a letter and is no `true` or `false`.
fn unquoted(text: &str, at: usize) -> bool {
    let line = text.split_at_checked(at).and_then(|(before, after)| {
        let start = before.rfind('\n').map_or(0, |found| found + 1);
        let end = after.find('\n').map_or(text.len(), |found| at + found);
        text.get(start..end)
    });
    let value = line.and_then(|line| line.split_once('=')).map(|(_, value)| value.trim());
    value.is_some_and(|value| {
        value.starts_with(char::is_alphabetic) && !matches!(value, "true" | "false" | "inf" | "nan")
    })
}

fn not_toml(line: usize, reason: &str) -> Problem {
    Problem { line, key: String::new(), message: format!("this is not TOML: {reason}") }
}

fn invalid(path: &Path, problems: Vec<Problem>) -> ConfigError {
    ConfigError::Invalid { path: path.to_owned(), problems }
}

fn folder(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.parent().map(Path::to_owned).unwrap_or_default()
}
