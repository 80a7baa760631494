//! Who owns a file, and as whom this program runs. "The test works, real alerts don't" is mostly another user.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::{Uid, User};

/// Why a file could not be opened, and what to do.
#[must_use]
pub fn denied(path: &Path) -> (String, String) {
    let me = me();
    match fs::metadata(path) {
        Ok(metadata) => {
            let owner = user(metadata.uid());
            let why = format!("permission denied, as it belongs to {owner} and this runs as {me}");
            (why, format!("run this as {owner}"))
        }
        // Then a folder on the way is closed.
        Err(_) => (
            format!("permission denied on its folder, as this runs as {me}"),
            "run this as the folder's owner".to_owned(),
        ),
    }
}

/// Whose something is, and with which mode: `` it belongs to `web` (mode 0777) ``.
#[must_use]
pub fn whose(found: &Metadata) -> String {
    format!("it belongs to {} (mode {:04o})", user(found.uid()), found.mode() & 0o7777)
}

/// The user that this runs as, for words.
#[must_use]
pub fn me() -> String {
    user(rustix::process::geteuid().as_raw())
}

/// The user that this runs as, for a command.
#[must_use]
pub fn my_name() -> String {
    let id = rustix::process::geteuid().as_raw();
    name(id).unwrap_or_else(|| id.to_string())
}

/// A user for words: the name, or the number where there is none.
#[must_use]
pub fn user(id: u32) -> String {
    name(id).map_or_else(|| format!("user {id}"), |name| format!("`{name}`"))
}

/// The name of a user by the system's own look-up, which knows those of a directory, too.
#[must_use]
pub fn name(id: u32) -> Option<String> {
    User::from_uid(Uid::from_raw(id)).ok().flatten().map(|user| user.name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_users() {
        assert_eq!(super::user(0), "`root`");
        assert_eq!(super::user(4_000_000_000), "user 4000000000");
    }
}
