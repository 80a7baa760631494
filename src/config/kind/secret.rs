//! Where a secret is kept, as the file says it: `"…"`, or a table of `file`, `env` or `credential`.
//!
//! Messages leave the value out: it may be the secret itself, put in the wrong place.

use std::path::PathBuf;

use super::{File, Kind, path, url};
use crate::config::reader::Item;
use crate::config::row::Shape;
use crate::secret::{self, Secret, clean};

/// The keys of the table, one of them at a time.
const PLACES: &[&str] = &["file", "env", "credential"];

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretSource {
    /// In a file that only its owner can read.
    File(PathBuf),
    /// In an environment variable.
    Env(String),
    /// A systemd credential: a file of that name in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// In the configuration file itself.
    Literal(Secret),
}

/// A secret, or where it is kept.
pub(in crate::config) struct SecretPlace;

/// The URL of a heartbeat, which is a secret, as its path holds a key.
pub(in crate::config) struct HeartbeatUrl;

impl Kind for SecretPlace {
    type Value = SecretSource;
    const ALLOWED: &'static str =
        "the secret in quotes, `{ file = \"…\" }`, `{ env = \"…\" }` or `{ credential = \"…\" }`";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[
            r#""hunter2hunter2hunter2""#,
            r#"{ file = "/run/key" }"#,
            r#"{ env = "KEY" }"#,
            r#"{ credential = "key" }"#,
        ],
        &[
            r#"" ""#,
            "{}",
            r#"{ file = "a", env = "b" }"#,
            r#"{ fil = "a" }"#,
            r#"{ env = "a=b" }"#,
            r#"{ credential = "../a" }"#,
            "5",
        ],
    ];

    fn read(item: &Item<'_>) -> Option<SecretSource> {
        if let Some(literal) = item.text() {
            // What kind of secret it is to be, its use tells.
            return match clean(literal, secret::SecretKind::Password) {
                Ok(cleaned) => Some(SecretSource::Literal(cleaned.secret)),
                Err(flaw) => item.refuse_as(&format!("a text that {flaw}"), Self::ALLOWED),
            };
        }
        if !item.is_table() {
            return item.refuse_as(item.kind(), Self::ALLOWED);
        }
        item.only(PLACES);
        let names: Vec<_> = item.names().collect();
        match *names.as_slice() {
            ["file"] => {
                let file = item.child("file");
                path::resolve(&file, file.kind()).map(SecretSource::File)
            }
            ["env"] => variable(&item.child("env")).map(SecretSource::Env),
            ["credential"] => credential(&item.child("credential")).map(SecretSource::Credential),
            [name] if !PLACES.contains(&name) => None,
            [] => item.refuse_as("an empty table", "one of `file`, `env` and `credential`"),
            _ => item.refuse_as("several keys", "one of `file`, `env` and `credential`"),
        }
    }

    fn masked(source: &SecretSource) -> Option<SecretSource> {
        match source {
            SecretSource::Literal(secret) => Some(SecretSource::Literal(Secret::new(secret.masked()))),
            _ => None,
        }
    }

    fn secrets<'v>(source: &'v SecretSource, found: &mut Vec<&'v SecretSource>) {
        found.push(source);
    }

    fn shape(_: Option<&SecretSource>) -> Shape {
        secret_shape(r"\S")
    }
}

impl Kind for HeartbeatUrl {
    type Value = SecretSource;
    const ALLOWED: &'static str = SecretPlace::ALLOWED;

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[r#""https://beat.example/x""#, r#"{ file = "/run/beat" }"#],
        &[r#""http://beat.example/x""#, r#""x""#, "5"],
    ];

    fn read(item: &Item<'_>) -> Option<SecretSource> {
        match SecretPlace::read(item)? {
            SecretSource::Literal(url) if !is_pingable(url.expose()) => {
                item.refuse_as(item.kind(), url::ENCRYPTED)
            }
            source => Some(source),
        }
    }

    fn masked(source: &SecretSource) -> Option<SecretSource> {
        match source {
            // Still a URL, so that it can be shown and written.
            SecretSource::Literal(url) => {
                Some(SecretSource::Literal(Secret::new(format!("https://{}", url.masked()))))
            }
            _ => None,
        }
    }

    fn secrets<'v>(source: &'v SecretSource, found: &mut Vec<&'v SecretSource>) {
        found.push(source);
    }

    fn shape(_: Option<&SecretSource>) -> Shape {
        secret_shape(url::ENCRYPTED_PATTERN)
    }
}

/// A secret that this regular expression matches, or one of the places.
fn secret_shape(literal: &'static str) -> Shape {
    let places = vec![
        ("file", File::shape(None)),
        ("env", Shape::Matching(r"^[^=\x00$ ]+$")),
        ("credential", Shape::Matching(r"^([^./\x00]|\.[^./\x00]|\.\.[^/\x00])[^/\x00]*$")),
    ];
    Shape::Secret(literal, places)
}

/// Whether a heartbeat's URL can be pinged: HTTPS, or this machine.
pub(in crate::config) fn is_pingable(url: &str) -> bool {
    url::is_encrypted(url)
}

fn variable(item: &Item<'_>) -> Option<String> {
    match item.text() {
        Some(name) if !name.is_empty() && !name.contains(['=', '\0', '$', ' ']) => Some(name.to_owned()),
        _ => item.refuse_as(item.kind(), "the name of an environment variable, such as `ILERT_API_KEY`"),
    }
}

fn credential(item: &Item<'_>) -> Option<String> {
    match item.text() {
        Some(name) if !matches!(name, "" | "." | "..") && !name.contains(['/', '\0']) => {
            Some(name.to_owned())
        }
        _ => item.refuse_as(item.kind(), "the name of a systemd credential, such as `api-key`"),
    }
}
