//! Where is noted what left without a record, if nothing in the state folder can be written: it may be on a disk that is
//! read-only, or another user's.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;
use sha2::{Digest as _, Sha256};

use super::store::{open_own, open_private};
use super::unrecorded::Unrecorded;
use crate::text::ShownPath as _;

/// Where every user can write. The first is in memory, whatever the disks are like; a session's end empties it on some
/// systems, and a service may have a `/tmp` of its own. The last survives a restart of the machine.
const FOLDERS: [&str; 3] = ["/dev/shm", "/tmp", "/var/tmp"];

/// The note outside of a state folder.
#[derive(Debug)]
pub(super) struct NoteOutside {
    name: String,
}

impl NoteOutside {
    /// This user's, of this state folder.
    pub(super) fn of(state: &Path) -> Self {
        let path = std::path::absolute(state).unwrap_or_else(|_| state.to_owned());
        let of = format!("unrecorded {} ", geteuid().as_raw());
        let digest = Sha256::new().chain_update(of).chain_update(path.as_os_str().as_encoded_bytes());
        let digest: String = format!("{:x}", digest.finalize()).chars().take(16).collect();
        Self { name: format!("netdata-ilert-{digest}") }
    }

    /// What is noted. What another user wrote counts for nothing.
    pub(super) fn read(&self) -> Option<Unrecorded> {
        self.places().find_map(|path| {
            let mut mark = [0];
            open_own(&path).ok()?.read_exact_at(&mut mark, 0).ok()?;
            let [mark] = mark;
            Unrecorded::of(mark)
        })
    }

    /// Writes the note wherever it can be.
    pub(super) fn write(&self, left: Unrecorded) {
        let text = format!("{}\n", left.mark());
        for path in self.places() {
            if let Err(error) = open_private(&path).and_then(|file| file.write_all_at(text.as_bytes(), 0)) {
                tracing::debug!("cannot write `{}`: {error}", path.shown());
            }
        }
    }

    /// Everything is recorded again.
    pub(super) fn remove(&self) {
        for path in self.places() {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    tracing::debug!("cannot remove `{}`: {error}", path.shown());
                }
                _ => {}
            }
        }
    }

    fn places(&self) -> impl Iterator<Item = PathBuf> {
        FOLDERS.iter().map(|folder| Path::new(folder).join(&self.name))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
    use std::path::Path;

    use rustix::process::geteuid;

    use super::NoteOutside;
    use crate::delivery::unrecorded::Unrecorded;

    const LEFT: Unrecorded = Unrecorded { scheme: crate::payload::Scheme::V2, of_nodes: true };

    #[test]
    fn any_place_will_do_and_none_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let note = NoteOutside::of(folder.path());
        assert_eq!(note.read(), None);
        note.write(Unrecorded::now(false));
        note.write(LEFT);
        let places: Vec<_> = note.places().filter(|path| path.exists()).collect();
        assert!(!places.is_empty());
        for path in &places {
            assert_eq!(NoteOutside::of(folder.path()).read(), Some(LEFT));
            let found = fs::metadata(path).unwrap();
            assert_eq!((found.permissions().mode() & 0o777, found.uid()), (0o600, geteuid().as_raw()));
            fs::remove_file(path).unwrap();
        }
        assert_eq!(note.read(), None);
        note.write(LEFT);
        assert_eq!(NoteOutside::of(&folder.path().join("other")).read(), None);
        note.remove();
        assert!(note.places().all(|path| !path.exists()));
    }

    #[test]
    fn what_others_put_there_counts_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let note = NoteOutside::of(&folder.path().join("state"));
        let victim = folder.path().join("victim");
        fs::write(&victim, "n\n").unwrap();
        let in_all = |put: &dyn Fn(&Path)| {
            note.places().filter(|path| path.parent().unwrap().exists()).for_each(|path| put(&path));
        };
        in_all(&|path| symlink(&victim, path).unwrap());
        assert_eq!(note.read(), None);
        note.write(Unrecorded::now(false));
        assert_eq!(fs::read_to_string(&victim).unwrap(), "n\n");
        note.remove();
        assert!(victim.exists());
        if geteuid().is_root() {
            in_all(&|path| {
                fs::write(path, "n\n").unwrap();
                chown(path, Some(65534), Some(65534)).unwrap();
            });
            assert_eq!(note.read(), None);
            note.remove();
        }
    }
}
