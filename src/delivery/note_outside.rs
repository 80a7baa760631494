//! Where is noted what left without a record: outside the state folder, which may be on a disk that is full or read-only,
//! or another user's.

use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;
use sha2::{Digest as _, Sha256};

use super::store::{open_own, open_private};
use super::unrecorded::{Mark, Unrecorded};
use crate::config::real;
use crate::text::ShownPath as _;

/// Where every user can write. The first is in memory, whatever the disks are like; a session's end empties it on some
/// systems, and a service may have a `/tmp` of its own. The last survives a restart of the machine.
const FOLDERS: [&str; 3] = ["/dev/shm", "/tmp", "/var/tmp"];

/// What a file is called until it is whole.
const NEW: &str = "new";

/// More is no list of this program's, bytes.
const LARGEST: u64 = 16 << 20;

/// The note outside of a state folder.
#[derive(Debug)]
pub(super) struct NoteOutside {
    name: String,
}

impl NoteOutside {
    /// This user's, of this state folder.
    pub(super) fn of(state: &Path) -> Self {
        let path = real(state);
        let of = format!("unrecorded {} ", geteuid().as_raw());
        let digest = Sha256::new().chain_update(of).chain_update(path.as_os_str().as_encoded_bytes());
        let digest: String = format!("{:x}", digest.finalize()).chars().take(16).collect();
        Self { name: format!("netdata-ilert-{digest}") }
    }

    /// What is noted. What another user wrote counts for nothing.
    pub(super) fn read(&self) -> Option<Unrecorded> {
        let mut torn = None;
        for path in self.places() {
            let mut text = Vec::new();
            let read = open_own(&path).and_then(|file| file.take(LARGEST).read_to_end(&mut text));
            match read.map(|_| parse(&text)) {
                Ok(Unrecorded::Known(pages)) => return Some(Unrecorded::Known(pages)),
                Ok(marked) => torn = torn.or(Some(marked)),
                Err(_) => {}
            }
        }
        torn
    }

    /// Writes the note wherever it can be. Where it cannot, none is better than a former one, if the lock is marked.
    pub(super) fn write(&self, left: &Unrecorded, is_marked: bool) {
        let text = match left {
            Unrecorded::Known(pages) => serde_json::to_string(pages).unwrap_or_default(),
            Unrecorded::Some(_) if is_marked => return,
            Unrecorded::Some(mark) => mark.byte().to_string(),
        };
        for path in self.places() {
            if let Err(error) = replace(&path, &text) {
                tracing::debug!("cannot write `{}`: {error}", path.shown());
                if is_marked {
                    remove(&path);
                }
            }
        }
    }

    /// Everything is recorded again.
    pub(super) fn remove(&self) {
        self.places().for_each(|path| remove(&path));
    }

    fn places(&self) -> impl Iterator<Item = PathBuf> {
        FOLDERS.iter().map(|folder| Path::new(folder).join(&self.name))
    }
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
    for path in [path.to_owned(), path.with_extension(NEW)] {
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

    use rustix::process::geteuid;

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

    #[test]
    fn any_place_will_do_and_none_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let note = NoteOutside::of(folder.path());
        assert_eq!(note.read(), None);
        for left in [marked(false), marked(true), listed("one"), listed("a-longer-name"), listed("two")] {
            note.write(&left, false);
            let places: Vec<_> = note.places().filter(|path| path.exists()).collect();
            assert!(!places.is_empty());
            for path in &places {
                assert_eq!(NoteOutside::of(folder.path()).read().as_ref(), Some(&left));
                let found = fs::metadata(path).unwrap();
                assert_eq!((found.permissions().mode() & 0o777, found.uid()), (0o600, geteuid().as_raw()));
                fs::remove_file(path).unwrap();
            }
            assert_eq!(note.read(), None);
        }
        note.write(&marked(true), true);
        assert_eq!(note.read(), None, "the lock has it");
        note.write(&listed("one"), true);
        assert_eq!(NoteOutside::of(&folder.path().join("other")).read(), None);
        note.remove();
        assert!(note.places().all(|path| !path.exists()));
    }

    #[test]
    fn a_list_that_cannot_be_read_anywhere_says_that_pages_left() {
        let folder = tempfile::tempdir().unwrap();
        let note = NoteOutside::of(folder.path());
        note.write(&listed("one"), true);
        let places: Vec<_> = note.places().filter(|path| path.exists()).collect();
        for (torn, path) in places.iter().enumerate() {
            assert_eq!(note.read(), Some(listed("one")), "{torn} of {places:?} are torn");
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, &text[..text.len() / 2]).unwrap();
        }
        assert_eq!(note.read(), Some(marked(true)));
        note.remove();
    }

    #[test]
    fn a_folder_has_one_note_however_it_is_spelt() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        let names = ["a/state", "a/../a/state", "a//state/"]
            .map(|name| NoteOutside::of(&folder.path().join(name)).name);
        assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), 1, "{names:?}");
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
            note.remove();
        }
    }
}
