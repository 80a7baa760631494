//! Whether the database is the one that the last run left.
//!
//! How many durable commits there were stands in the database and, written after each of them, in a small file
//! beside it. The file may be behind the database (a run was killed, the disk was full), never ahead of it: if
//! it is ahead, the database is an older copy. It also says up to which commit `state.db` alone is whole, so
//! that a run sees to what one that was killed left in SQLite's other files.

use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::folder::{open_private, open_to_read};

/// The second place within the state folder.
const FILE: &str = "generation";

/// Its line has fewer bytes.
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

/// The second place, and what it says.
#[derive(Debug)]
pub(super) struct Mark {
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

impl Mark {
    /// Reads what goes with a database. What is missing or cannot be read says nothing: it is made anew.
    pub(super) fn read(database: &Path) -> Self {
        let path = database.with_file_name(FILE);
        let found = read(&path).ok().and_then(|text| Said::parse(&text));
        Self { path, id: String::new(), found, whole: 0 }
    }

    /// Takes the database with this salt for the one that this is about.
    pub(super) fn adopt(&mut self, salt: &str) {
        let digest = Sha256::new().chain_update("generation").chain_update(salt).finalize();
        self.id = format!("{digest:x}").chars().take(16).collect();
        self.whole = self.found.as_ref().filter(|said| said.id == self.id).map_or(0, |said| said.whole);
    }

    /// What a database with so many commits is; `None`: there is none.
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

    /// Up to which commit the last runs counted, of whatever database.
    pub(super) fn had(&self) -> i64 {
        self.found.as_ref().map_or(0, |said| said.committed)
    }

    /// Up to which commit `state.db` alone is whole.
    pub(super) fn whole(&self) -> i64 {
        self.whole
    }

    /// Says that so many commits are durable. That this cannot be said is no failure: it stays behind.
    pub(super) fn committed(&self, generation: i64) {
        let text = format!("{} {generation:>19} {:>19}\n", self.id, self.whole);
        if let Err(error) = overwrite(&self.path, &text) {
            tracing::debug!("cannot write `{}`: {error}", self.path.display());
        }
    }

    /// Says that `state.db` alone is whole.
    pub(super) fn settled(&mut self, generation: i64) {
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

/// Writes over what is there, always as many bytes: that takes no room on a full disk and is never half done.
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
