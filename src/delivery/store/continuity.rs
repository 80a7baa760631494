//! Whether the database is the one that the last run left.
//!
//! The number of durable commits is kept in the database and, written after each commit, in a small file beside it. The
//! file may be behind the database (a run was killed, the disk was full), never ahead of it: if it is ahead, the
//! database is an older copy. The file also says up to which commit `state.db` alone is whole. So a run knows that a
//! killed one left commits in SQLite's other files, and takes them in.

use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::folder::{open_private, open_to_read};
use crate::text::ShownPath as _;

/// Name of the second file within the state folder.
const FILE: &str = "generation";

/// Longest line in it, bytes.
const LONGEST: u64 = 1024;

/// What was found, compared with what the last run left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuity {
    /// There was no state before.
    First,
    /// It is what the last run left.
    Whole,
    /// There was a state, and it is gone: the database is missing, empty or another one.
    Lost,
    /// It is an older copy, such as a backup.
    RolledBack {
        /// How many durable commits the last run left.
        had: i64,
        /// How many of them are in this copy.
        now: i64,
    },
}

/// The small file, and what it says.
#[derive(Debug)]
pub(super) struct GenerationFile {
    path: PathBuf,
    /// Which database this is about.
    id: String,
    /// What was found here at first.
    found: Option<Said>,
    /// Up to this commit `state.db` alone is whole.
    whole: i64,
}

#[derive(Debug)]
struct Said {
    id: String,
    committed: i64,
    whole: i64,
}

impl GenerationFile {
    /// Reads the file. One that is missing or cannot be read is made anew.
    pub(super) fn read(database: &Path) -> Self {
        let path = database.with_file_name(FILE);
        let found = read(&path).ok().and_then(|text| Said::parse(&text));
        Self { path, id: String::new(), found, whole: 0 }
    }

    /// Binds the file to the database with this salt.
    pub(super) fn bind_to(&mut self, salt: &str) {
        let digest = Sha256::new().chain_update("generation").chain_update(salt).finalize();
        self.id = format!("{digest:x}").chars().take(16).collect();
        self.whole = self.found.as_ref().filter(|said| said.id == self.id).map_or(0, |said| said.whole);
    }

    /// Compares a database with this many commits (`None`: there is none) with what the last run left.
    pub(super) fn judge(&self, generation: Option<i64>) -> Continuity {
        match (&self.found, generation) {
            (None, None) => Continuity::First,
            (None, Some(_)) => Continuity::Whole,
            (Some(said), Some(now)) if said.id == self.id => {
                let had = said.committed;
                if now < had { Continuity::RolledBack { had, now } } else { Continuity::Whole }
            }
            (Some(_), _) => Continuity::Lost,
        }
    }

    /// The commit that the last runs counted up to, of whatever database.
    pub(super) fn had(&self) -> i64 {
        self.found.as_ref().map_or(0, |said| said.committed)
    }

    /// Up to which commit `state.db` alone is whole.
    pub(super) fn whole(&self) -> i64 {
        self.whole
    }

    /// Notes that this many commits are durable. If that fails, the file stays behind, which is no fault.
    pub(super) fn committed(&self, generation: i64) {
        let text = format!("{} {generation:>19} {:>19}\n", self.id, self.whole);
        if let Err(error) = overwrite(&self.path, &text) {
            tracing::debug!("cannot write `{}`: {error}", self.path.shown());
        }
    }

    /// Notes that `state.db` alone is whole.
    pub(super) fn mark_whole(&mut self, generation: i64) {
        self.whole = generation;
        self.committed(generation);
    }
}

impl Said {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.lines().next()?.split_whitespace();
        Some(Self {
            id: words.next()?.to_owned(),
            committed: words.next()?.parse().ok()?,
            whole: words.next()?.parse().ok()?,
        })
    }
}

/// Writes the same number of bytes over the old ones: that needs no space on a full disk and is never half done.
fn overwrite(path: &Path, text: &str) -> io::Result<()> {
    let file = match open_private(path) {
        // Left by another user, in a folder that is ours.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            fs::remove_file(path)?;
            open_private(path)?
        }
        opened => opened?,
    };
    file.write_all_at(text.as_bytes(), 0)
}

/// What is in it; a line is all that counts.
fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    open_to_read(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}
