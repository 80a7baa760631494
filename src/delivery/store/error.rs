//! Why the state cannot be used, and what to do.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode::{
    CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, PermissionDenied,
    ReadOnly, SystemIoFailure,
};
use rustix::io::Errno;

use super::hint::hint;
use crate::advice::{self, Advised};
use crate::text::ShownPath as _;

/// Why the state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or entered.
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
        /// What to do, where that is known.
        fix: Option<String>,
    },
    /// A file in it cannot be made, opened or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
        /// What to do, where that is known.
        fix: Option<String>,
    },
    /// A folder that this program did not make, or that others can change. It is refused, and no page is sent without
    /// the state: whoever could swap the folder would have everything paged again.
    Unsafe {
        /// Which folder, or which file in it.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
        /// What to do.
        fix: String,
    },
    /// The lock cannot be taken.
    Lock {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
        /// What to do, where that is known.
        fix: Option<String>,
    },
    /// Written by a later version of this program.
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The latest one known here.
        known: i64,
    },
    /// Another program's database.
    Foreign {
        /// Which file.
        path: PathBuf,
    },
    /// SQLite says no.
    Database {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: rusqlite::Error,
        /// What to do, where that is known.
        fix: Option<String>,
    },
    /// A row that does not read back.
    Row {
        /// Which file.
        path: PathBuf,
        /// Which row, and why.
        what: String,
    },
}

impl Advised for StoreError {
    fn what(&self) -> String {
        match self {
            Self::Folder { path, error, .. } => {
                format!("cannot use the state folder `{}`: {error}", path.shown())
            }
            Self::File { path, error, .. } => {
                format!("cannot use the file `{}` of the state: {error}", path.shown())
            }
            Self::Unsafe { path, why, .. } => format!("cannot use `{}` for the state: {why}", path.shown()),
            Self::Lock { path, error, .. } => {
                format!("cannot lock the state folder `{}`: {error}", path.shown())
            }
            Self::Newer { path, found, known } => format!(
                "the state in `{}` has version {found}, this program knows versions up to {known}",
                path.shown()
            ),
            Self::Foreign { path } => format!("`{}` is another program's database", path.shown()),
            Self::Database { path, error, .. } => {
                format!("cannot use the state in `{}`: {error}", path.shown())
            }
            Self::Row { path, what } => {
                format!("the state in `{}` holds a row that cannot be read ({what})", path.shown())
            }
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Folder { fix, .. }
            | Self::File { fix, .. }
            | Self::Lock { fix, .. }
            | Self::Database { fix, .. } => fix.clone(),
            Self::Unsafe { fix, .. } => Some(fix.clone()),
            Self::Newer { .. } => Some("use the newer program again, or another `--state-dir`".to_owned()),
            Self::Foreign { .. } => {
                Some("name another folder with `--state-dir`, or move the file away".to_owned())
            }
            Self::Row { .. } => Some("move the file away; what is raised will be sent again".to_owned()),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}

impl StoreError {
    /// Whether the state is sound but cannot be written: the disk is full (or out of inodes), fails or is mounted
    /// read-only, or the folder is another user's.
    #[must_use]
    pub fn is_unwritable(&self) -> bool {
        match self {
            Self::Folder { error, .. } | Self::File { error, .. } | Self::Lock { error, .. } => {
                is_unwritable(error)
            }
            Self::Database { error, .. } => matches!(
                error.sqlite_error_code(),
                Some(
                    CannotOpen
                        | DatabaseBusy
                        | DatabaseLocked
                        | DiskFull
                        | PermissionDenied
                        | ReadOnly
                        | SystemIoFailure
                )
            ),
            Self::Unsafe { .. } | Self::Newer { .. } | Self::Foreign { .. } | Self::Row { .. } => false,
        }
    }

    /// The lock of this folder.
    pub(in crate::delivery) fn lock(folder: &Path, error: io::Error) -> Self {
        let fix = hint(folder, &error);
        Self::Lock { path: folder.to_owned(), error, fix }
    }

    /// The state folder itself.
    #[must_use]
    pub fn folder(folder: &Path, error: io::Error) -> Self {
        let fix = hint(folder, &error);
        Self::Folder { path: folder.to_owned(), error, fix }
    }

    /// A file in it.
    pub(super) fn file(path: &Path, error: io::Error) -> Self {
        let fix = hint(folder_of(path), &error);
        Self::File { path: path.to_owned(), error, fix }
    }

    pub(super) fn database(path: &Path, error: rusqlite::Error) -> Self {
        if let Some(what) = misread(&error) {
            return Self::Row { path: path.to_owned(), what };
        }
        let fix = what_to_do(path, &error);
        Self::Database { path: path.to_owned(), error, fix }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// Whether a file cannot be written for a reason that is not its own: see [`StoreError::is_unwritable`].
#[must_use]
pub fn is_unwritable(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::PermissionDenied
    ) || error.raw_os_error() == Some(Errno::IO.raw_os_error())
}

/// What is wrong with a value of the wrong SQLite type.
fn misread(error: &rusqlite::Error) -> Option<String> {
    match error {
        rusqlite::Error::InvalidColumnType(_, column, found) => {
            Some(format!("`{column}` is of the kind {found}"))
        }
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..) => Some(error.to_string()),
        _ => None,
    }
}

fn what_to_do(path: &Path, error: &rusqlite::Error) -> Option<String> {
    // SQLite says only that it cannot. The system says why.
    let as_if = |kind: ErrorKind| hint(folder_of(path), &kind.into());
    let said = match error.sqlite_error_code()? {
        DiskFull => return as_if(ErrorKind::StorageFull),
        ReadOnly | CannotOpen | PermissionDenied => return as_if(ErrorKind::PermissionDenied),
        DatabaseCorrupt | NotADatabase => {
            "the file is damaged: move it away; what is raised will be sent again"
        }
        SystemIoFailure => {
            "the disk is full or fails; nothing is lost, and the next run makes up for this one"
        }
        DatabaseBusy => "another program holds it",
        _ => return None,
    };
    Some(said.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::path::Path;

    use super::StoreError;
    use crate::advice::Advised as _;

    #[test]
    fn a_file_is_called_a_file_and_a_folder_a_folder() {
        let path = Path::new("/nowhere/state.db");
        let [file, folder] = [StoreError::file, StoreError::folder]
            .map(|of: fn(&Path, std::io::Error) -> StoreError| of(path, ErrorKind::NotFound.into()).what());
        assert_eq!(file, "cannot use the file `/nowhere/state.db` of the state: entity not found");
        assert_eq!(folder, "cannot use the state folder `/nowhere/state.db`: entity not found");
    }
}
