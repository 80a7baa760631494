//! Why the state cannot be used, and what to do.

use std::io;
use std::path::PathBuf;

/// Why the state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or entered.
    #[error("cannot use the state folder `{}`: {error}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Written by a later version of this program.
    #[error(
        "the state in `{}` has version {found}, this program knows versions up to {known}: use the newer program again, or another `--state-dir`",
        path.display()
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The latest one known here.
        known: i64,
    },
    /// The lock cannot be used.
    #[error("cannot lock the state folder `{}`: {error}", path.display())]
    Lock {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// SQLite says no.
    #[error("cannot use the state in `{}`: {error}{}", path.display(), advice(error))]
    Database {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: rusqlite::Error,
    },
    /// A row that does not read back.
    #[error("the state in `{}` holds a row that cannot be read ({what}): move the file away; what is raised will be told anew", path.display())]
    Row {
        /// Which file.
        path: PathBuf,
        /// Which row, and why.
        what: String,
    },
}

impl StoreError {
    /// The lock of this folder cannot be used.
    pub(in crate::delivery) fn lock(folder: &std::path::Path, error: io::Error) -> Self {
        Self::Lock { path: folder.to_owned(), error }
    }

    /// Whether it is that nothing can be written.
    #[must_use]
    pub fn is_unwritable(&self) -> bool {
        false
    }
}

fn advice(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseCorrupt, DiskFull, NotADatabase, ReadOnly, SystemIoFailure,
    };
    match error.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase) => {
            ": the file is damaged: move it away; what is raised will be told anew"
        }
        Some(DiskFull) => ": make room on the disk; nothing is lost, and the next run makes up for this one",
        Some(SystemIoFailure) => {
            ": the disk is full or fails; nothing is lost, and the next run makes up for this one"
        }
        Some(ReadOnly | CannotOpen) => ": the user that runs this must be able to write there",
        Some(DatabaseBusy) => ": another program holds it",
        _ => "",
    }
}
