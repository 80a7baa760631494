//! Who owns a file, and as whom this program runs. "The test works, real alerts don't" is mostly another user.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User};

use crate::files;
use crate::text::{ShownPath as _, quoted};

/// Somebody else than this user and root can change a file, or put another in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untrusted {
    /// What they can change, its owner and its mode.
    pub why: String,
    /// The command that leaves it to this user.
    pub fix: String,
}

/// Refuses a file that somebody else than this user and root can change, or put another in the place of: it is
/// theirs, or they can write to it or to a folder above it, or a link on the way to it is theirs.
pub fn trusted(path: &Path, found: &Metadata) -> Result<(), Untrusted> {
    let own = files::others_can_write(found);
    let open = if own { Some((path.to_owned(), found.clone())) } else { files::open_way(path) };
    let Some((open, found)) = open else { return Ok(()) };
    let what = if own {
        "it".to_owned()
    } else if found.is_symlink() {
        format!("the link `{}` on the way to it", open.shown())
    } else if is_folder_of(&open, path) {
        format!("its folder `{}`", open.shown())
    } else {
        format!("the folder `{}` above it", open.shown())
    };
    let why = format!("others can change {what}, as {}", whose(&found));
    Err(Untrusted { why, fix: mend(&open, &found) })
}

fn is_folder_of(folder: &Path, path: &Path) -> bool {
    let given = std::path::absolute(path).ok();
    let real = fs::canonicalize(path).ok();
    [given, real].iter().flatten().any(|path| path.parent() == Some(folder))
}

/// The command that leaves a file, a folder or a link to this user.
#[must_use]
pub fn mend(path: &Path, found: &Metadata) -> String {
    let path = quoted(path);
    if found.is_symlink() {
        format!("run `sudo chown -h {} {path}`", my_name())
    } else if files::is_anothers(found) {
        format!("run `sudo chown {} {path} && chmod go-w {path}`", my_name())
    } else {
        format!("run `chmod go-w {path}`")
    }
}

/// Why a file could not be opened, and what to do.
#[must_use]
pub fn denied(path: &Path) -> (String, String) {
    let me = me();
    match fs::metadata(path) {
        Ok(metadata) if metadata.uid() == rustix::process::geteuid().as_raw() => {
            let why = format!("permission denied by its mode, {:04o}", metadata.mode() & 0o7777);
            (why, format!("run `chmod u+rX {}`", quoted(path)))
        }
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

/// The home folder of the user that this runs as, by the system's own look-up: the one that cron and systemd go by.
#[must_use]
pub fn home() -> Option<PathBuf> {
    User::from_uid(Uid::effective()).ok().flatten().map(|user| user.dir)
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

    #[test]
    fn what_is_closed_to_its_own_owner_is_opened_by_its_mode() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o000)).unwrap();
        let (why, fix) = super::denied(folder.path());
        assert_eq!(why, "permission denied by its mode, 0000");
        assert_eq!(fix, format!("run `chmod u+rX {}`", folder.path().display()));
    }
}
