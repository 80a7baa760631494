//! What to do about a state folder that cannot be used: whose it is, and what the disk lacks.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};
use rustix::process::geteuid;

use crate::config::owner;

const LATER: &str = "nothing is lost, and the next run makes up for this one";

/// What to do about an error with a state folder or a file in it, as the end of a sentence; nothing where the
/// error itself is all there is to say.
pub(in crate::delivery) fn hint(path: &Path, error: &io::Error) -> String {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let disk = statvfs(folder).ok();
    let has_no_inodes = disk.as_ref().is_some_and(|disk| disk.f_files > 0 && disk.f_favail == 0);
    let is_read_only = disk.is_some_and(|disk| disk.f_flag.contains(StatVfsMountFlags::RDONLY));
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::PermissionDenied if has_no_inodes => {
            format!(": no inodes are left on the disk (`df -i`): remove files that nobody needs; {LATER}")
        }
        ErrorKind::StorageFull => format!(": make room on the disk; {LATER}"),
        ErrorKind::QuotaExceeded => format!(": the quota on that disk is used up: make room; {LATER}"),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied if is_read_only => format!(
            ": the disk is mounted read-only: mount it for writing, or name another folder with `--state-dir`; {LATER}"
        ),
        ErrorKind::PermissionDenied => denied(path, folder),
        _ => String::new(),
    }
}

/// Whose the first thing is that this user cannot write.
fn denied(path: &Path, folder: &Path) -> String {
    let id = geteuid().as_raw();
    let (me, user) = (owner::user(id), owner::name(id).unwrap_or_else(|| id.to_string()));
    let Some(closed) = closed(path, folder) else {
        return ": the user that runs this must be able to write there".to_owned();
    };
    let Ok(found) = fs::metadata(&closed) else { return String::new() };
    let (owner, mode) = (owner::user(found.uid()), found.mode() & 0o7777);
    let says = format!(": `{}` belongs to {owner} (mode {mode:04o}), and this runs as {me}", closed.display());
    if closed == folder {
        return format!(
            "{says}: run it as {owner}, or give the folder to {me} with `sudo chown -R {user} {}`",
            folder.display()
        );
    }
    if closed.starts_with(folder) {
        // One `sudo` did it.
        return format!("{says}: give it back with `sudo chown -R {user} {}`", folder.display());
    }
    format!("{says}: make it with `sudo install -d -o {user} -m 700 {}`", path.display())
}

/// The folder, else a file in it, else the folder above that is there.
fn closed(path: &Path, folder: &Path) -> Option<PathBuf> {
    let is_closed = |path: &Path, wanted| access(path, wanted).is_err();
    if folder.is_dir() && is_closed(folder, Access::WRITE_OK | Access::EXEC_OK) {
        return Some(folder.to_owned());
    }
    let files = fs::read_dir(folder).ok().into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| is_closed(file, Access::READ_OK | Access::WRITE_OK)).collect();
    files.sort();
    files.into_iter().next().or_else(|| {
        let above = path.ancestors().find(|folder| folder.is_dir())?;
        is_closed(above, Access::WRITE_OK | Access::EXEC_OK).then(|| above.to_owned())
    })
}
