//! Which configuration a state is used by, so that no other one takes it for its own.

use std::path::{Path, PathBuf};

use super::store::{Store, StoreError};

/// The name under which the state keeps the configuration's file.
pub(super) const NOTE: &str = "configuration";

/// The configuration whose runs use this state folder, as the last one noted. A state that cannot be read is nobody's.
#[must_use]
pub fn user_of(folder: &Path) -> Option<PathBuf> {
    let store = Store::open_existing(folder).ok()??;
    store.note::<PathBuf>(NOTE).ok()?
}

/// What to write, if it is not there already.
pub(super) fn note(store: &Store, file: Option<&Path>) -> Result<Option<String>, StoreError> {
    // A path that is no UTF-8 is not noted.
    let Some(text) = file.and_then(|file| serde_json::to_string(file).ok()) else { return Ok(None) };
    let noted: Option<PathBuf> = store.note(NOTE)?;
    Ok((noted.as_deref() != file).then_some(text))
}
