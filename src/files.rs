//! Files on the disk. A file that others may have made is opened without waiting for it (it may be a pipe), and checked
//! before it is trusted. A file that this program writes is there whole, or not at all.

use std::fs::{self, File, FileType, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::process::geteuid;
use tempfile::NamedTempFile;

use crate::text::ShownPath as _;

/// Permission bits of everybody but the owner.
pub const OTHERS: u32 = 0o077;

/// Permission bits with which everybody but the owner may write.
pub const OTHERS_WRITE: u32 = 0o022;

/// How the names of files begin that are not whole yet.
const UNFINISHED: &str = ".netdata-ilert-";

/// No call writes a file for longer.
const LONGEST_CALL: Duration = Duration::from_secs(3600);

/// More links in a row than the system follows.
const MOST_LINKS: usize = 40;

/// Opens a regular file for reading. A folder, a FIFO, a socket or a device is refused in words, and never waited for.
pub fn open(path: &Path) -> io::Result<File> {
    regular(at_once(OFlags::empty()).read(true).open(path).map_err(|error| kind_of(path, error))?)
}

/// Says that the file is a socket, where the system only says "no such device".
fn kind_of(path: &Path, error: io::Error) -> io::Error {
    match fs::metadata(path) {
        Ok(found) if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) => {
            not_regular(found.file_type())
        }
        _ => error,
    }
}

/// The bytes of a regular file. One that is larger than `most` bytes is refused.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read_from(open(path)?, most)
}

/// The text of a regular file. One that is larger than `most` bytes, or is not UTF-8, is refused.
pub fn text(path: &Path, most: u64) -> io::Result<String> {
    text_from(open(path)?, most)
}

/// All that a file or a pipe has to say, as far as `most` bytes. More is refused, and not read.
pub fn read_from(from: impl io::Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {}", size(most))));
    }
    Ok(bytes)
}

/// The same as text. What is not UTF-8 is refused, with its place.
pub fn text_from(from: impl io::Read, most: u64) -> io::Result<String> {
    String::from_utf8(read_from(from, most)?).map_err(|error| {
        let (valid, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let line = 1 + bytes.iter().take(valid).filter(|byte| **byte == b'\n').count();
        let byte = bytes.get(valid).copied().unwrap_or_default();
        let why = format!("it is not UTF-8 text (byte 0x{byte:02x} in line {line})");
        io::Error::new(ErrorKind::InvalidData, why)
    })
}

/// A number of bytes in words: `1 MiB`.
fn size(bytes: u64) -> String {
    match bytes {
        0 => "0 bytes".to_owned(),
        _ if bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        _ if bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        _ => format!("{bytes} bytes"),
    }
}

/// Writes a file with these permission bits. A reader, and a machine that loses its power, finds the old file or the
/// new one, never a part.
pub fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    replace_with(path, bytes, |_| mode)
}

/// As [`replace`], with a look at the new file (mode 0600 until then), which says what its mode is to be.
pub fn replace_with(path: &Path, bytes: &[u8], mode: impl FnOnce(&File) -> u32) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Removed on drop unless it is renamed.
    let mut file = NamedTempFile::with_prefix_in(UNFINISHED, folder)?;
    file.write_all(bytes)?;
    let mode = mode(file.as_file());
    file.as_file().set_permissions(Permissions::from_mode(mode))?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sweep(folder);
    File::open(folder)?.sync_all()
}

/// Removes what killed calls of this user's left in a folder: a key may be in it.
fn sweep(folder: &Path) {
    let is_left = |entry: &fs::DirEntry| {
        let found =
            entry.metadata().ok().filter(|found| found.is_file() && found.uid() == geteuid().as_raw());
        let age = found.and_then(|found| found.modified().ok()?.elapsed().ok());
        entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes())
            && age.is_some_and(|age| age > LONGEST_CALL)
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_left) {
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::debug!("cannot remove `{}`: {error}", entry.path().shown());
        }
    }
}

/// Flags that open a file without waiting, such as for the other end of a pipe.
#[must_use]
pub fn at_once(more: OFlags) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY | more).bits().cast_signed());
    options
}

/// The file, if it is a regular one.
pub fn regular(file: File) -> io::Result<File> {
    let kind = file.metadata()?.file_type();
    if kind.is_file() { Ok(file) } else { Err(not_regular(kind)) }
}

fn not_regular(kind: FileType) -> io::Error {
    let reason = if kind.is_dir() { ErrorKind::IsADirectory } else { ErrorKind::InvalidInput };
    io::Error::new(reason, format!("it is a {}, and a file was expected", word(kind)))
}

/// Names the type of a file that is not regular.
#[must_use]
pub fn word(kind: FileType) -> &'static str {
    match kind {
        kind if kind.is_dir() => "folder",
        kind if kind.is_symlink() => "link",
        kind if kind.is_fifo() => "FIFO",
        kind if kind.is_socket() => "socket",
        kind if kind.is_block_device() || kind.is_char_device() => "device",
        _ => "file",
    }
}

/// Whether somebody else than this user and root can write to it. A shared folder with the sticky bit, such as `/tmp`,
/// does not count: there nobody can replace another's files.
#[must_use]
pub fn others_can_write(found: &Metadata) -> bool {
    let shared = found.is_dir() && found.mode() & 0o1000 != 0;
    is_anothers(found) || (found.mode() & OTHERS_WRITE != 0 && !shared)
}

/// Whether something belongs to neither this user nor root.
#[must_use]
pub fn is_anothers(found: &Metadata) -> bool {
    let owner = found.uid();
    owner != 0 && owner != geteuid().as_raw()
}

/// The first folder on the path that others can write to, or link that others made: they can replace what is behind it.
#[must_use]
pub fn open_way(path: &Path) -> Option<(PathBuf, Metadata)> {
    let found = way(path).into_iter().filter_map(|step| Some((fs::symlink_metadata(&step).ok()?, step)));
    let mut open = found.filter(|(found, _)| match found.file_type() {
        kind if kind.is_symlink() => is_anothers(found),
        kind => kind.is_dir() && others_can_write(found),
    });
    open.next().map(|(found, step)| (step, found))
}

/// All that is passed on the way to a path, from the root on: folders, and links with what each leads to. The path's
/// own folder is the last but one; what is there itself is left out, unless it is a link.
fn way(path: &Path) -> Vec<PathBuf> {
    let given = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut rest: Vec<PathBuf> = parts(&given);
    let (mut at, mut passed, mut links) = (PathBuf::new(), Vec::new(), 0);
    while let Some(part) = rest.pop() {
        if part == Path::new("..") {
            at.pop();
            continue;
        }
        // An absolute part begins anew.
        let step = at.join(part);
        match fs::read_link(&step) {
            Ok(target) if links < MOST_LINKS => {
                links += 1;
                rest.append(&mut parts(&target));
                passed.push(step);
            }
            _ => {
                if !rest.is_empty() {
                    passed.push(step.clone());
                }
                at = step;
            }
        }
    }
    passed
}

/// The parts of a path, the first one last.
fn parts(path: &Path) -> Vec<PathBuf> {
    path.components().rev().map(|part| PathBuf::from(part.as_os_str())).collect()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, lchown, symlink};
    use std::os::unix::net::UnixListener;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use rustix::process::geteuid;

    use super::{open_way, others_can_write, replace, size, text};

    #[test]
    fn replaces_a_file_whole_or_leaves_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (bytes, mode) in [("one", 0o600), ("two", 0o644)] {
            replace(&path, bytes.as_bytes(), mode).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), bytes);
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, mode);
        }
        // What killed calls left, and what another one writes now.
        for (name, age) in [("left", 7200), ("now", 0)] {
            let file = fs::File::create(folder.path().join(format!(".netdata-ilert-{name}"))).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
        }
        replace(&path, b"three", 0o600).unwrap();
        assert!(!folder.path().join(".netdata-ilert-left").exists());
        fs::remove_file(folder.path().join(".netdata-ilert-now")).unwrap();
        fs::create_dir(folder.path().join("taken")).unwrap();
        replace(&folder.path().join("taken"), b"three", 0o600).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "something was left behind");
    }

    #[test]
    fn waits_for_no_fifo_socket_and_device() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let link = folder.path().join("link");
        symlink(&fifo, &link).unwrap();
        let socket = folder.path().join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        for (path, what) in [
            (&*fifo, "FIFO"),
            (&link, "FIFO"),
            (&socket, "socket"),
            (Path::new("/dev/zero"), "device"),
            (folder.path(), "folder"),
        ] {
            let error = text(path, 10).unwrap_err().to_string();
            assert_eq!(error, format!("it is a {what}, and a file was expected"));
        }
    }

    #[test]
    fn reads_so_much_and_text_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "12345").unwrap();
        assert_eq!(text(&path, 5).unwrap(), "12345");
        assert_eq!(text(&path, 4).unwrap_err().to_string(), "it is larger than 4 bytes");
        assert_eq!(size(64 << 10), "64 KiB");
        fs::write(&path, b"a\n\xe9b").unwrap();
        assert_eq!(text(&path, 4).unwrap_err().to_string(), "it is not UTF-8 text (byte 0xe9 in line 2)");
    }

    #[test]
    fn knows_what_others_can_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        fs::create_dir(&path).unwrap();
        for (mode, open) in [(0o700, false), (0o755, false), (0o775, true), (0o777, true), (0o1777, false)] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert_eq!(others_can_write(&fs::metadata(&path).unwrap()), open, "{mode:o}");
            let way = open_way(&path.join("deep/down")).map(|(found, _)| found);
            assert_eq!(way, open.then(|| path.clone()), "{mode:o}");
        }
    }

    #[test]
    fn knows_each_link_and_folder_on_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let (inner, open) = (folder.path().join("inner"), folder.path().join("open"));
        for path in [&inner, &open] {
            fs::create_dir(path).unwrap();
        }
        fs::write(inner.join("file"), "").unwrap();
        // A link that leads over another one, in a folder that others can write to.
        symlink("../inner/file", open.join("second")).unwrap();
        symlink("open/second", folder.path().join("first")).unwrap();
        symlink("itself", folder.path().join("itself")).unwrap();
        let way = |name: &str| open_way(&folder.path().join(name)).map(|(found, _)| found);
        assert_eq!(way("first"), None);
        assert_eq!(way("itself"), None);
        fs::set_permissions(&open, Permissions::from_mode(0o777)).unwrap();
        assert_eq!(way("first"), Some(open.clone()));
        assert_eq!(way("inner/file"), None);
        fs::set_permissions(&open, Permissions::from_mode(0o1777)).unwrap();
        assert_eq!(way("first"), None);
        if geteuid().is_root() {
            lchown(open.join("second"), Some(65534), None).unwrap();
            assert_eq!(way("first"), Some(open.join("second")));
        }
    }
}
