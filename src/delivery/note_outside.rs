//! Where is noted what left without a record: outside the state folder, which may be on a disk that is full or read-only,
//! or another user's.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::process::geteuid;
use sha2::{Digest as _, Sha256};

use super::store::{open_own, open_private};
use super::unrecorded::{Mark, Pages, Unrecorded};
use crate::config::real;
use crate::text::ShownPath as _;

/// Where every user can write. The first is in memory, whatever the disks are like; a session's end empties it on some
/// systems, and a service may have a `/tmp` of its own. The last survives a restart of the machine.
pub(super) const FOLDERS: [&str; 3] = ["/dev/shm", "/tmp", "/var/tmp"];

/// What a file is called until it is whole.
const NEW: &str = "new";

/// What the lock is called that stands for one in the folder.
const LOCK: &str = "lock";

/// More is no list of this program's, bytes.
const LARGEST: u64 = 16 << 20;

/// The note outside of a state folder.
#[derive(Debug)]
pub(super) struct NoteOutside {
    places: Vec<PathBuf>,
}

impl NoteOutside {
    /// This user's, of this state folder.
    pub(super) fn of(state: &Path) -> Self {
        Self::within(FOLDERS.map(Path::new), state)
    }

    fn within(folders: [&Path; 3], state: &Path) -> Self {
        let path = real(state);
        let of = format!("unrecorded {} ", geteuid().as_raw());
        let digest = Sha256::new().chain_update(of).chain_update(path.as_os_str().as_encoded_bytes());
        let digest: String = format!("{:x}", digest.finalize()).chars().take(16).collect();
        let name = format!("netdata-ilert-{digest}");
        Self { places: folders.map(|folder| folder.join(&name)).into() }
    }

    /// What is noted: the newest list, since a place that cannot be written any more keeps a former one. What another user
    /// wrote counts for nothing.
    pub(super) fn read(&self) -> Option<Unrecorded> {
        let mut newest: Option<(SystemTime, Pages)> = None;
        let mut torn = None;
        for (written, text) in self.places.iter().filter_map(|path| read(path).ok()) {
            match parse(&text) {
                Unrecorded::Known(pages) => {
                    if newest.as_ref().is_none_or(|(at, _)| *at < written) {
                        newest = Some((written, pages));
                    }
                }
                marked @ Unrecorded::Some(_) => torn = torn.or(Some(marked)),
            }
        }
        newest.map(|(_, pages)| Unrecorded::Known(pages)).or(torn).filter(|left| !left.is_nothing())
    }

    /// Writes the note wherever it can be. Where no list can be, none is better than a former one, if the lock is marked.
    /// Returns whether it is noted anywhere.
    pub(super) fn write(&self, left: &Unrecorded, is_marked: bool) -> bool {
        let text = match left {
            Unrecorded::Known(pages) => serde_json::to_string(pages).unwrap_or_default(),
            Unrecorded::Some(_) if is_marked => return true,
            Unrecorded::Some(mark) => mark.byte().to_string(),
        };
        let is_written = self.write_all(&text);
        if !is_written && is_marked {
            self.places.iter().for_each(|path| remove(path));
        }
        is_written || is_marked
    }

    /// Everything is recorded again. Where a list cannot be removed, an empty one elsewhere is newer.
    pub(super) fn remove(&self) {
        self.places.iter().for_each(|path| remove(path));
        if self.read().is_some() {
            self.write_all("[]");
        }
    }

    /// A lock for where none can be made in the folder: the file of this user's that each run opens first. None where none
    /// can be made at all.
    pub(super) fn lock(&self) -> Option<File> {
        self.places.iter().find_map(|path| open_private(&path.with_extension(LOCK)).ok())
    }

    /// Returns whether it is written anywhere.
    fn write_all(&self, text: &str) -> bool {
        let mut is_written = false;
        for path in &self.places {
            match replace(path, text) {
                Ok(()) => is_written = true,
                Err(error) => tracing::debug!("cannot write `{}`: {error}", path.shown()),
            }
        }
        is_written
    }
}

/// A file of this user's, and when it was written.
fn read(path: &Path) -> io::Result<(SystemTime, Vec<u8>)> {
    let file = open_own(path)?;
    let written = file.metadata()?.modified()?;
    let mut text = Vec::new();
    file.take(LARGEST).read_to_end(&mut text)?;
    Ok((written, text))
}

/// What is noted; something left, whatever it says.
fn parse(text: &[u8]) -> Unrecorded {
    serde_json::from_slice(text).map_or_else(
        |_| {
            let mark = text.first().copied().and_then(Mark::of);
            Unrecorded::Some(mark.unwrap_or(Mark::now(true)))
        },
        Unrecorded::Known,
    )
}

/// Replaces a file as a whole: a killed run leaves the former one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension(NEW);
    let mut file = open_private(&new)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&new, path)
}

fn remove(path: &Path) {
    for path in [path.to_owned(), path.with_extension(NEW), path.with_extension(LOCK)] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::debug!("cannot remove `{}`: {error}", path.shown());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
    use std::path::Path;
    use std::process::Command;

    use rustix::process::geteuid;
    use tempfile::TempDir;

    use super::NoteOutside;
    use crate::alert::{AlertDetails, NodeId};
    use crate::delivery::key::Told;
    use crate::delivery::unrecorded::{Mark, Page, Stamp, Unrecorded};
    use crate::payload::{KeyKind, Scheme, Subject};

    fn marked(of_nodes: bool) -> Unrecorded {
        Unrecorded::Some(Mark::now(of_nodes))
    }

    fn listed(host: &str) -> Unrecorded {
        let node = NodeId { guid: "guid".to_owned(), host: host.to_owned() };
        let facts = AlertDetails { value: Some(0.1), when: 1, ..AlertDetails::default() };
        let (kind, scheme, told) = (KeyKind::Unreachable, Scheme::default(), Told::Maybe);
        let (subject, stamp) = (Subject::Node(node), Stamp::default());
        let page = Page { subject, kind, scheme, told, facts, stamp, over: false, former: None };
        Unrecorded::Known(vec![page].into())
    }

    /// Three places of the test's own, for the note of a state folder beside them.
    fn stage() -> (TempDir, NoteOutside) {
        let folder = tempfile::tempdir().unwrap();
        let note = again(folder.path());
        note.places.iter().for_each(|path| fs::create_dir(path.parent().unwrap()).unwrap());
        (folder, note)
    }

    fn again(folder: &Path) -> NoteOutside {
        let [one, two, three] = ["one", "two", "three"].map(|name| folder.join(name));
        NoteOutside::within([&one, &two, &three], &folder.join("state"))
    }

    #[test]
    fn any_place_will_do_and_none_is_left_behind() {
        let (folder, note) = stage();
        assert_eq!(note.read(), None);
        for left in [marked(false), marked(true), listed("one"), listed("a-longer-name"), listed("two")] {
            assert!(note.write(&left, false));
            for path in &note.places {
                assert_eq!(again(folder.path()).read().as_ref(), Some(&left));
                let found = fs::metadata(path).unwrap();
                assert_eq!((found.permissions().mode() & 0o777, found.uid()), (0o600, geteuid().as_raw()));
                fs::remove_file(path).unwrap();
            }
            assert_eq!(note.read(), None);
        }
        assert!(note.write(&marked(true), true));
        assert_eq!(note.read(), None, "the lock has it");
        note.write(&listed("one"), true);
        assert_eq!(NoteOutside::of(&folder.path().join("other")).read(), None);
        note.remove();
        assert!(note.places.iter().all(|path| !path.exists()));
        note.places.iter().for_each(|path| fs::remove_dir(path.parent().unwrap()).unwrap());
        assert!(note.write(&listed("one"), true), "the lock says that something left");
        assert!(!note.write(&listed("one"), false), "there is no place");
    }

    #[test]
    fn a_list_that_cannot_be_removed_is_taken_in_once() {
        let (_folder, note) = stage();
        let disk = note.places[2].parent().unwrap().to_owned();
        let mount = |arguments: &[&str]| {
            let done = Command::new("mount").args(arguments).arg(&disk).output();
            done.is_ok_and(|output| output.status.success())
        };
        if !mount(&["-t", "tmpfs", "tmpfs"]) {
            eprintln!("skipped: a disk cannot be mounted here");
            return;
        }
        note.write(&listed("one"), false);
        assert!(mount(&["-o", "remount,ro"]));
        note.remove();
        assert_eq!(note.read(), None, "it was taken in");
        note.write(&listed("two"), false);
        assert_eq!(note.read(), Some(listed("two")));
        note.remove();
        assert_eq!(note.read(), None);
        assert!(Command::new("umount").arg("-l").arg(&disk).status().unwrap().success());
    }

    #[test]
    fn a_list_that_cannot_be_read_anywhere_says_that_pages_left() {
        let (_folder, note) = stage();
        note.write(&listed("one"), true);
        for (torn, path) in note.places.iter().enumerate() {
            assert_eq!(note.read(), Some(listed("one")), "{torn} are torn");
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, &text[..text.len() / 2]).unwrap();
        }
        assert_eq!(note.read(), Some(marked(true)));
    }

    #[test]
    fn a_folder_has_one_note_however_it_is_spelt() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        let names = ["a/state", "a/../a/state", "a//state/"]
            .map(|name| NoteOutside::of(&folder.path().join(name)).places);
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 1, "{names:?}");
    }

    #[test]
    fn what_others_put_there_counts_for_nothing() {
        let (folder, note) = stage();
        let victim = folder.path().join("victim");
        fs::write(&victim, "n\n").unwrap();
        let in_all = |put: &dyn Fn(&Path)| note.places.iter().for_each(|path| put(path));
        in_all(&|path| symlink(&victim, path).unwrap());
        assert_eq!(note.read(), None);
        note.write(&listed("one"), false);
        assert_eq!(fs::read_to_string(&victim).unwrap(), "n\n");
        note.remove();
        assert!(victim.exists());
        if geteuid().is_root() {
            in_all(&|path| {
                fs::write(path, "n\n").unwrap();
                chown(path, Some(65534), Some(65534)).unwrap();
            });
            assert_eq!(note.read(), None);
        }
    }
}
