//! What to do about a state folder that cannot be used: change its owner or mode, or free some disk.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};
use rustix::process::geteuid;

use crate::owner;
use crate::text::{ShownPath as _, quoted};

const LATER: &str = "nothing is lost, and the next run makes up for this one";

/// What to do about an error with a state folder or a file in it. Nothing if the error says it all.
pub(in crate::delivery) fn hint(folder: &Path, error: &io::Error) -> Option<String> {
    let disk = folder.ancestors().find(|folder| folder.is_dir()).and_then(|there| statvfs(there).ok());
    let has_no_inodes = disk.as_ref().is_some_and(|disk| disk.f_files > 0 && disk.f_favail == 0);
    let is_read_only = disk.is_some_and(|disk| disk.f_flag.contains(StatVfsMountFlags::RDONLY));
    Some(match error.kind() {
        ErrorKind::StorageFull | ErrorKind::PermissionDenied if has_no_inodes => {
            format!("no inodes are left on the disk (`df -i`): remove files that nobody needs; {LATER}")
        }
        ErrorKind::StorageFull => format!("make room on the disk; {LATER}"),
        ErrorKind::QuotaExceeded => format!("the quota on that disk is used up: make room; {LATER}"),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied if is_read_only => {
            format!("the disk is mounted read-only: mount it for writing; {LATER}")
        }
        ErrorKind::PermissionDenied => denied(folder),
        _ => return None,
    })
}

/// Names the owner of the first thing that this user cannot write, and how to change that.
fn denied(folder: &Path) -> String {
    let closed = closed(folder).and_then(|path| Some((fs::metadata(&path).ok()?, path)));
    let Some((found, closed)) = closed else {
        return "the user that runs this must be able to write there".to_owned();
    };
    let mode = found.mode() & 0o7777;
    if found.uid() == geteuid().as_raw() {
        let lacking = lacking(&found);
        return format!(
            "`{}` is closed by its mode, {mode:04o}: run `chmod u+{lacking} {}`",
            closed.shown(),
            quoted(&closed)
        );
    }
    let (me, user) = (owner::me(), owner::my_name());
    let owner = owner::user(found.uid());
    let shown = quoted(folder);
    let fix = if closed == folder {
        format!("run it as {owner}, or give the folder to {me} with `sudo chown -R {user} {shown}`")
    } else if closed.starts_with(folder) {
        // One `sudo` did it.
        format!("give it back with `sudo chown -R {user} {shown}`")
    } else {
        format!("make the folder with `sudo install -d -o {user} -m 700 {shown}`")
    };
    format!("`{}` belongs to {owner} (mode {mode:04o}), and this runs as {me}: {fix}", closed.shown())
}

/// What its owner must be allowed besides, as `chmod` has it.
fn lacking(found: &Metadata) -> String {
    let needed = [(0o400, 'r', true), (0o200, 'w', true), (0o100, 'x', found.is_dir())];
    let lacks = |(bit, _, is_needed): &(u32, char, bool)| *is_needed && found.mode() & bit == 0;
    let lacking: String = needed.into_iter().filter(lacks).map(|(_, letter, _)| letter).collect();
    // Its mode is not all that closes it.
    if lacking.is_empty() { "w".to_owned() } else { lacking }
}

/// The folder, else a file in it. If there is no folder, the one above it.
fn closed(folder: &Path) -> Option<PathBuf> {
    let is_closed = |path: &Path, wanted| access(path, wanted).is_err();
    let there = folder.ancestors().find(|folder| folder.is_dir())?;
    if is_closed(there, Access::WRITE_OK | Access::EXEC_OK) {
        return Some(there.to_owned());
    }
    let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files.filter(|file| is_closed(file, Access::READ_OK | Access::WRITE_OK)).min()
}
