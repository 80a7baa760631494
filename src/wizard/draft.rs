//! Keeps the answers of a run that was interrupted, without its secrets, so that the next one can go on there.
//!
//! One small file in the state folder, its owner's alone. A draft is a convenience: one that is damaged, or of another
//! version, is put aside with a word and blocks nothing.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use crate::files;
use crate::text::ShownPath as _;

/// The file's name in the state folder.
pub const FILE: &str = "wizard-draft.json";

/// What a damaged one is renamed to.
const ASIDE: &str = "wizard-draft.unreadable.json";

/// The format's version. A field that is added does not change it; a field that changes its meaning does.
const VERSION: u32 = 2;

/// A draft is some hundreds of bytes; templates may make it some thousands.
const LARGEST: u64 = 1024 * 1024;

/// What was found where a draft would be.
#[derive(Clone, Debug, PartialEq)]
pub enum FoundDraft {
    /// No draft.
    Nothing,
    /// A draft.
    Draft(Box<Answers>),
    /// Something that cannot be gone on with; what became of it, in words for a person.
    Unusable(String),
}

/// Why a draft cannot be kept. The wizard goes on without.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep the answers in `{}`: {reason}; if this run is interrupted, they will be asked for again", .path.shown())]
pub struct DraftError {
    /// Which file.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

#[derive(Deserialize)]
struct Versioned {
    answers: Answers,
}

#[derive(Serialize)]
struct VersionedRef<'a> {
    version: u32,
    answers: &'a Answers,
}

/// Looks for a draft in the state folder. Renames one that cannot be used: it is reported once and kept for reading.
#[must_use]
pub fn load(folder: &Path) -> FoundDraft {
    let path = folder.join(FILE);
    let text = match text(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return FoundDraft::Nothing,
        // Another user's, most likely: not to be touched.
        Err(error) => {
            let path = path.shown();
            return FoundDraft::Unusable(format!("cannot read the interrupted run in `{path}`: {error}"));
        }
    };
    match parse(&text) {
        Ok(draft) => FoundDraft::Draft(Box::new(draft)),
        Err(why) => {
            let aside = folder.join(ASIDE);
            FoundDraft::Unusable(match fs::rename(&path, &aside) {
                Ok(()) => format!("an interrupted run {why}; it was put aside as `{}`", aside.shown()),
                Err(_) => format!("an interrupted run {why}; remove `{}`", path.shown()),
            })
        }
    }
}

/// Keeps the answers, whole or not at all, with mode 0600 in a folder of mode 0700.
pub fn save(folder: &Path, answers: &Answers) -> Result<(), DraftError> {
    let path = folder.join(FILE);
    write(folder, &path, answers).map_err(|error| DraftError { path, reason: error.to_string() })
}

/// Removes the draft, as at the end of a run; none is fine.
pub fn remove(folder: &Path) -> Result<(), DraftError> {
    let path = folder.join(FILE);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(DraftError { path, reason: error.to_string() })
        }
        _ => Ok(()),
    }
}

fn text(path: &Path) -> io::Result<String> {
    files::text(path, LARGEST)
}

fn parse(text: &str) -> Result<Answers, &'static str> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| "was not kept whole")?;
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) if version > u64::from(VERSION) => return Err("is of a newer version of this program"),
        Some(_) => return Err("is of an older version of this program"),
        None => return Err("does not read as one"),
    }
    serde_json::from_value(value).map(|Versioned { answers }| answers).map_err(|_| "does not read as one")
}

fn write(folder: &Path, path: &Path, answers: &Answers) -> io::Result<()> {
    if !folder.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let text = serde_json::to_vec_pretty(&VersionedRef { version: VERSION, answers })?;
    files::replace(path, &text, 0o600)
}

#[cfg(test)]
mod tests;
