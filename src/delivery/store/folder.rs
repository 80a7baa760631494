//! Checks the state folder and its files before they are used. Refuses what this program did not make and others can
//! read or change. Follows no link, and changes the mode of no other folder.

use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{Access, OFlags, access};
use rustix::io::Errno;
use rustix::process::geteuid;

use super::StoreError;
use crate::config::is_root;
use crate::files::{self, OTHERS, OTHERS_WRITE};
use crate::owner::{self, mend};
use crate::text::{ShownPath as _, quoted};

/// What a state folder holds: SQLite's files, what goes with them, and what an interrupted wizard left.
const FILES: [&str; 6] = ["state.db", "state.db-wal", "state.db-shm", "state.db-journal", LOCK, "generation"];

const LOCK: &str = "lock";

/// What, if it is not empty, only a folder with this program's state has.
const STATE: [&str; 2] = ["state.db", "generation"];

/// Other names that are not foreign: files put aside, temporary ones, and a disk's own folder.
const OURS: [&str; 7] =
    ["state.db", "lock", "generation", "wizard-draft", ".wizard-draft", ".doctor-", "lost+found"];

/// Creates the state folder (0700) if it is missing. Sets a folder that holds this program's state to 0700, and says
/// so: an earlier version may have left it open to others. Any other existing folder keeps its mode, and is refused if
/// others can enter it.
pub fn prepare(folder: &Path) -> Result<(), StoreError> {
    let is_there = folder.exists();
    inspect(folder)?;
    let failed = |error| StoreError::folder(folder, error);
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    if !is_there {
        // Somebody else may have been faster.
        inspect(folder)?;
    }
    if is_there && !holds_state(folder) {
        return Ok(());
    }
    close(folder).map_err(failed)
}

/// Whether a run could write its state there: as far as can be told without writing. The mode of a folder with a state of
/// this user's is the run's to set ([`prepare`]).
pub fn check_writable(folder: &Path) -> Result<(), StoreError> {
    let failed = |error: Errno| StoreError::folder(folder, error.into());
    let there = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    let is_own = || fs::metadata(folder).is_ok_and(|found| found.uid() == geteuid().as_raw());
    match access(there, Access::WRITE_OK | Access::EXEC_OK) {
        Err(Errno::ACCESS) if holds_state(folder) && is_own() => {}
        found => found.map_err(failed)?,
    }
    // A lock that can only be read serves as well.
    let written = FILES.iter().filter(|name| **name != LOCK);
    for path in written.map(|name| folder.join(name)).filter(|path| path.exists()) {
        access(&path, Access::WRITE_OK).map_err(|error| StoreError::file(&path, error.into()))?;
    }
    Ok(())
}

fn close(folder: &Path) -> io::Result<()> {
    if fs::metadata(folder)?.permissions().mode() & 0o777 == 0o700 {
        return Ok(());
    }
    // Change the folder that was checked, not one that took its place.
    let opened = File::open(folder)?;
    if opened.metadata()?.uid() != geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let ajar = ajar(folder);
    opened.set_permissions(Permissions::from_mode(0o700))?;
    if let Some(words) = ajar {
        tracing::warn!("{words}: closed, as mode 0700 does");
    }
    Ok(())
}

/// Says that others can read or enter a state folder: the next run closes it.
#[must_use]
pub fn ajar(folder: &Path) -> Option<String> {
    let found = fs::metadata(folder).ok().filter(|found| found.is_dir() && found.mode() & OTHERS != 0)?;
    let (shown, whose) = (folder.shown(), owner::whose(&found));
    holds_state(folder).then(|| format!("others could read or enter the state folder `{shown}`, as {whose}"))
}

/// Whether a folder has this program's state in it.
#[must_use]
pub fn holds_state(folder: &Path) -> bool {
    let is_filled = |found: Metadata| found.is_file() && found.len() > 0;
    STATE.iter().any(|name| fs::symlink_metadata(folder.join(name)).is_ok_and(is_filled))
}

/// Whether the state may be in a folder. A missing folder will do. One that this user cannot enter passes, too: opening
/// it says why.
pub fn inspect(folder: &Path) -> Result<(), StoreError> {
    let found = match fs::metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound && folder.is_symlink() => {
            return Err(no_folder(folder, "it is a link to nothing"));
        }
        Err(error) if error.kind() == ErrorKind::NotADirectory => return above(folder),
        found => found.ok(),
    };
    if let Some(found) = found.as_ref().filter(|found| !found.is_dir()) {
        return Err(no_folder(folder, &format!("it is a {}, not a folder", files::word(found.file_type()))));
    }
    if is_root() {
        way(folder)?;
    }
    let Some(found) = found else { return Ok(()) };
    if found.uid() != geteuid().as_raw() {
        return if access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok() {
            Err(anothers(folder, &found))
        } else {
            Ok(())
        };
    }
    contents(folder, &found)?;
    FILES.iter().try_for_each(|name| file(&folder.join(name)))
}

/// What is in a folder's place on the way.
fn above(folder: &Path) -> Result<(), StoreError> {
    let there = folder.ancestors().find_map(|path| Some((path, fs::metadata(path).ok()?.file_type())));
    let Some((there, kind)) = there.filter(|(_, kind)| !kind.is_dir()) else { return Ok(()) };
    let why = format!("`{}` is a {}, not a folder", there.shown(), files::word(kind));
    Err(no_folder(folder, &why))
}

fn no_folder(path: &Path, why: &str) -> StoreError {
    let fix = "name a folder with `--state-dir`: one of its own, which need not be there yet".to_owned();
    StoreError::Unsafe { path: path.to_owned(), why: why.to_owned(), fix }
}

/// For root: nobody else may be able to replace the folder.
fn way(folder: &Path) -> Result<(), StoreError> {
    let Some((open, found)) = files::open_way(folder) else { return Ok(()) };
    let why = format!(
        "others can replace this folder: they can write to `{}` (owner {}, mode {:04o})",
        open.shown(),
        owner::user(found.uid()),
        found.mode() & 0o7777
    );
    let fix = format!("{}, or name another folder with `--state-dir`", mend(&open, &found));
    Err(StoreError::Unsafe { path: folder.to_owned(), why, fix })
}

fn anothers(folder: &Path, found: &Metadata) -> StoreError {
    let owner = owner::user(found.uid());
    let (me, shown) = (owner::my_name(), quoted(folder));
    StoreError::Unsafe {
        path: folder.to_owned(),
        why: format!("{}, and this runs as `{me}`", owner::whose(found)),
        fix: format!(
            "run it as {owner}, give the folder away with `sudo chown -R {me} {shown}`, or name another one with \
             `--state-dir`"
        ),
    }
}

/// A folder of this user's that this program did not make keeps its mode, and what is in it.
fn contents(folder: &Path, found: &Metadata) -> Result<(), StoreError> {
    let refused = |why: String| StoreError::Unsafe {
        path: folder.to_owned(),
        why: format!("{why} ({})", owner::whose(found)),
        fix: "name a folder of its own with `--state-dir`: one that is not there yet".to_owned(),
    };
    if found.mode() & 0o1000 != 0 {
        return Err(refused("all users share this folder".to_owned()));
    }
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let names: Vec<String> = entries.flatten().map(|entry| Path::new(&entry.file_name()).shown()).collect();
    if holds_state(folder) {
        let is_open = found.mode() & OTHERS_WRITE != 0;
        return if is_open { Err(writable(folder, found)) } else { Ok(()) };
    }
    let is_ours = |name: &str| {
        OURS.iter().any(|ours| name.starts_with(ours)) || is_state_of_another(&folder.join(name))
    };
    match names.iter().find(|name| !is_ours(name)) {
        Some(name) => Err(refused(format!("this program did not make it: it holds no state, but `{name}`"))),
        None if found.mode() & OTHERS != 0 => Err(open(folder, found)),
        None => Ok(()),
    }
}

/// Whether this is the state folder of another configuration, below this one: it holds nothing but what such a one
/// does.
fn is_state_of_another(path: &Path) -> bool {
    let is_mine =
        |found: Metadata| found.is_dir() && found.uid() == geteuid().as_raw() && found.mode() & OTHERS == 0;
    let is_ours = |name: &str| OURS.iter().any(|ours| name.starts_with(ours));
    fs::symlink_metadata(path).is_ok_and(is_mine)
        && fs::read_dir(path).is_ok_and(|mut entries| {
            entries.all(|entry| entry.is_ok_and(|entry| is_ours(&entry.file_name().to_string_lossy())))
        })
}

/// Whoever could write there may have put the state there, or taken pages out of it.
fn writable(folder: &Path, found: &Metadata) -> StoreError {
    StoreError::Unsafe {
        path: folder.to_owned(),
        why: format!("others can change the state in it ({})", owner::whose(found)),
        fix: format!(
            "if the state is this program's, run `chmod 700 {}`; else name another folder with `--state-dir`",
            quoted(folder)
        ),
    }
}

fn open(folder: &Path, found: &Metadata) -> StoreError {
    let shown = quoted(folder);
    StoreError::Unsafe {
        path: folder.to_owned(),
        why: format!(
            "others can read or enter it, and this program did not make it ({})",
            owner::whose(found)
        ),
        fix: format!(
            "if it is for this program alone, run `chmod 700 {shown}`; else name a folder of its own with \
             `--state-dir`"
        ),
    }
}

/// A file of the state is a regular one, this user's, and has one name.
fn file(path: &Path) -> Result<(), StoreError> {
    let Ok(found) = fs::symlink_metadata(path) else { return Ok(()) };
    // The system says why a folder cannot be opened.
    let is_plain = !found.is_dir() && !found.is_symlink();
    if is_plain && access(path, Access::READ_OK | Access::WRITE_OK).is_err() {
        return Ok(());
    }
    let Some(why) = flaw(&found) else { return Ok(()) };
    let shown = quoted(path);
    let away = format!("move it away with `mv {shown} {shown}.away`");
    let fix = if found.is_file() && found.nlink() == 1 {
        format!("if it is yours, run `sudo chown {} {shown}`; if not, {away}", owner::my_name())
    } else {
        away
    };
    Err(StoreError::Unsafe { path: path.to_owned(), why, fix })
}

/// Why a file may not be what it seems, or is another user's.
fn flaw(found: &Metadata) -> Option<String> {
    if found.is_dir() {
        return Some("it is a folder, where a file of the state belongs".to_owned());
    }
    if !found.is_file() {
        return Some(format!(
            "it is a {}, which is never followed or opened",
            files::word(found.file_type())
        ));
    }
    if found.uid() != geteuid().as_raw() {
        return Some(format!("{}, and this runs as {}", owner::whose(found), owner::me()));
    }
    (found.nlink() > 1)
        .then(|| format!("it has another name as well, somewhere on the disk ({} links)", found.nlink()))
}

/// Opens a file of the state for writing, making it (0600) where there is none, and sees to its mode.
pub(in crate::delivery) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = files::at_once(OFlags::NOFOLLOW);
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let file = own(options.open(path)?)?;
    // A umask that restricts the owner would lock out the next run.
    if file.metadata()?.permissions().mode() & 0o777 != 0o600 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

/// Opens a file of the state for reading.
pub(in crate::delivery) fn open_to_read(path: &Path) -> io::Result<File> {
    files::regular(files::at_once(OFlags::NOFOLLOW).read(true).open(path)?)
}

/// Opens a file for reading where others may have put one: this user's alone will do.
pub(in crate::delivery) fn open_own(path: &Path) -> io::Result<File> {
    own(open_to_read(path)?)
}

/// A link may have been put there since the folder was checked.
fn own(file: File) -> io::Result<File> {
    match flaw(&file.metadata()?) {
        Some(why) => Err(io::Error::other(why)),
        None => Ok(file),
    }
}

#[cfg(test)]
mod tests {
    use super::FILES;
    use crate::config::RESERVED;

    #[test]
    fn no_configuration_is_called_as_a_file_of_the_state() {
        assert!(FILES.iter().all(|name| RESERVED.contains(name)), "{FILES:?} {RESERVED:?}");
    }
}
