//! Where a secret is kept, as the file says it: `"…"`, or a table of `file`, `env` or `credential`.
//!
//! What is wrong is said by its kind: the value may be the secret itself, put in the wrong place.

use std::path::{Path, PathBuf};

use toml_edit::Item;

use super::reader::{Read, Section, refuse_found};
use super::{SecretSource, schema, text, values};
use crate::secret::{Kind, clean};

/// What is allowed.
pub(super) const SECRET: &str =
    "the secret in quotes, `{ file = \"…\" }`, `{ env = \"…\" }` or `{ credential = \"…\" }`";

/// A secret, or where it is; `None` where there is none, or a wrong one.
pub(super) fn secret(section: &Section<'_>, name: &str, folder: &Path) -> Option<SecretSource> {
    let given = section.get(name)?;
    if let Some(literal) = given.item.as_str() {
        // What kind of secret it is to be, its use tells.
        let read = clean(literal, Kind::Password)
            .map(|cleaned| SecretSource::Literal(cleaned.secret))
            .or_else(|flaw| refuse_found(format!("a text that {flaw}"), SECRET));
        return section.settle(&given, read);
    }
    let Some(table) = given.item.as_table_like() else {
        section.say(&given, text::kind(given.item), SECRET);
        return None;
    };
    let source = section.within(&given, Some(table));
    source.known(schema::SECRET);
    match table.iter().map(|(name, _)| name).collect::<Vec<_>>().as_slice() {
        ["file"] => source.optional("file", |item| file(item, folder)).map(SecretSource::File),
        ["env"] => source.optional("env", variable).map(SecretSource::Env),
        ["credential"] => source.optional("credential", credential).map(SecretSource::Credential),
        [name] if !schema::SECRET.contains(name) => None,
        names => {
            let found = if names.is_empty() { "an empty table" } else { "several keys" };
            section.say(&given, found, "one of `file`, `env` and `credential`");
            None
        }
    }
}

fn file(item: &Item, folder: &Path) -> Read<PathBuf> {
    values::path(item, folder).or_else(|refusal| refuse_found(text::kind(item).to_owned(), refusal.allowed))
}

fn variable(item: &Item) -> Read<String> {
    match item.as_str() {
        Some(name) if !name.is_empty() && !name.contains(['=', '\0', '$', ' ']) => Ok(name.to_owned()),
        _ => refuse_found(
            text::kind(item).to_owned(),
            "the name of an environment variable, such as `ILERT_API_KEY`,",
        ),
    }
}

fn credential(item: &Item) -> Read<String> {
    match item.as_str() {
        Some(name) if !matches!(name, "" | "." | "..") && !name.contains(['/', '\0']) => Ok(name.to_owned()),
        _ => {
            refuse_found(text::kind(item).to_owned(), "the name of a systemd credential, such as `api-key`,")
        }
    }
}
