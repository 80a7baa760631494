//! Writes the configuration and key files: through links, with the owner and the mode that they should have.

use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::load::parse;
use super::paths::is_root;
use crate::files::{self, OTHERS, OTHERS_WRITE};
use crate::secret::Secret;

/// The owner's alone.
const OWNERS: u32 = 0o600;

/// Links to links to links are followed this far, as the kernel does.
const LINKS: usize = 40;

/// Writes a configuration, atomically. What is not valid is refused, and nothing is written.
///
/// A new file gets mode 0600. An existing file keeps its owner and mode, except that group and others lose the right to
/// write, and all access if it holds a secret. A link is written through to its target. Missing folders are made, 0755
/// by root and 0700 by others.
pub fn write(path: &Path, text: &str) -> Result<(), ConfigError> {
    let secret = parse(text, path)?.holds_secret();
    replace(path, text.as_bytes(), |old| match old {
        Some(old) if secret => old.mode() & 0o777 & !OTHERS,
        Some(old) => old.mode() & 0o777 & !OTHERS_WRITE,
        None => OWNERS,
    })
}

/// Writes a key file, atomically, with mode 0600 whatever the umask and whatever it was.
pub fn write_key(path: &Path, key: &Secret) -> Result<(), ConfigError> {
    replace(path, format!("{}\n", key.expose()).as_bytes(), |_| OWNERS)
}

fn replace(
    path: &Path,
    bytes: &[u8],
    mode: impl FnOnce(Option<&Metadata>) -> u32,
) -> Result<(), ConfigError> {
    let written = target(path).and_then(|target| place(&target, bytes, mode));
    written.map_err(|error| ConfigError::Unwritable { path: path.to_owned(), reason: error.to_string() })
}

fn place(path: &Path, bytes: &[u8], mode: impl FnOnce(Option<&Metadata>) -> u32) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make(folder)?;
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return Err(io::Error::other("something that is not a file is there"));
    }
    files::replace_with(path, bytes, |new| keep_owner(new, old.as_ref(), mode(old.as_ref())))
}

/// Gives the new file to the owner and the group of the old one, and says which mode it gets. If that is not
/// permitted, nobody else gets access: the group is another one.
fn keep_owner(file: &File, old: Option<&Metadata>, mode: u32) -> u32 {
    let (Some(old), Ok(new)) = (old, file.metadata()) else { return mode };
    let same = (old.uid(), old.gid()) == (new.uid(), new.gid());
    if same || fchown(file, Some(old.uid()), Some(old.gid())).is_ok() { mode } else { mode & !OTHERS }
}

/// What a path leads to, through links, the last of which may lead to nothing yet.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        if !path.is_symlink() {
            return Ok(path);
        }
        let link = fs::read_link(&path)?;
        path = path.parent().map(|folder| folder.join(&link)).unwrap_or(link);
    }
    Err(io::Error::other("too many links"))
}

fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mode = if is_root() { 0o755 } else { 0o700 };
    DirBuilder::new().recursive(true).mode(mode).create(folder)?;
    // Whatever the umask took away.
    fs::set_permissions(folder, Permissions::from_mode(mode))
}

#[cfg(test)]
mod tests;
