//! The ledger, the outbox, the failed, the cursor and the pace, in one SQLite file (`state.db`).
//!
//! What was decided is durable before anything is sent: commits that change it are `synchronous=FULL`. A quiet run
//! writes only its own record, the cursor and notes, with `synchronous=NORMAL`, which costs no fsync in WAL mode. A run
//! that wrote ends with a checkpoint, so that `state.db` alone is the whole state ([`Store::close`]). A second file
//! counts the commits, too, so that a lost or older state is noticed ([`Continuity`]). The API key is not in here: rows
//! carry a salted fingerprint of it and of the endpoint.

mod asleep;
mod continuity;
mod error;
mod fingerprint;
mod folder;
mod hint;
mod load;
mod open_keys;
mod opening;
mod quiet;
mod reserve;
mod schema;
mod silences;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::ledger::{Changes, Ledger};
use super::pace::Pace;
use crate::alert::Agent;
use crate::netdata::Cursor;

pub use asleep::PLANNED_WITH;
pub use continuity::Continuity;
use continuity::GenerationFile;
pub use error::{StoreError, is_unwritable};
pub use folder::{ajar, check_writable, holds_state, inspect, prepare};
pub(super) use folder::{open_own, open_private, open_to_read};
pub use load::Loaded;
pub use open_keys::{OpenKey, SetAside};
pub use opening::absent;
pub use silences::{MOST_SILENCES, Made};

/// The database within the state folder.
const DATABASE: &str = "state.db";

/// What a row of the ledger or the outbox is about.
const ALERT: &str = "alert";
const NODE: &str = "node";
const STORM: &str = "storm";

/// A prefix keeps notes apart from the store's own names.
fn note_row(name: &str) -> String {
    format!("note/{name}")
}

/// At most this many failed events are kept. The oldest go first.
pub const MOST_FAILED: u32 = 1000;

/// How a run went: what `--status` shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunRecord {
    /// When it started (this machine's clock, milliseconds).
    pub started: i64,
    /// A person started it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// How long it took, milliseconds.
    pub took: u64,
    /// Its exit code.
    pub exit: u8,
    /// Who answered; absent if no agent did.
    pub agent: Option<Agent>,
    /// Nodes listed.
    pub nodes: usize,
    /// Alerts raised on covered nodes: warnings.
    pub warnings: usize,
    /// Alerts raised on covered nodes: criticals.
    pub criticals: usize,
    /// Events that ilert accepted.
    pub accepted: usize,
    /// Events that ilert refused for good.
    pub refused: usize,
    /// What came and went, too long ago to be told.
    pub untold: usize,
    /// Alerts that changed and are held, for Netdata's log does not have their transition yet.
    pub pending: usize,
    /// What went wrong, in words.
    pub problems: Vec<String>,
    /// URLs that lead to the same agent as an earlier one, each with that one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub doubled: BTreeMap<String, String>,
}

impl RunRecord {
    /// Something that runs every minute, at the least, ran within this (milliseconds).
    pub const LATELY: i64 = 5 * 60_000;

    /// Whether something runs the sender by itself, as far as this run shows at this time (milliseconds).
    #[must_use]
    pub fn shows_a_schedule(&self, now: i64) -> bool {
        !self.by_hand && now - self.started <= Self::LATELY
    }
}

/// What one transaction writes besides the ledger's changes.
#[derive(Debug, Default)]
pub struct Commit<'a> {
    /// Where the next observation goes on.
    pub cursor: Option<&'a Cursor>,
    /// The pace of the key.
    pub pace: Option<&'a Pace>,
    /// How the run went.
    pub run: Option<&'a RunRecord>,
    /// When the next heartbeat is due (this machine's clock, milliseconds).
    pub heartbeat: Option<i64>,
    /// The agent and when it answered, as the ledger has them.
    pub observed: bool,
    /// Failed events that wait again.
    pub retried: &'a [i64],
    /// The fingerprint of the key before this one, whose ledger is set aside.
    pub previous_key: Option<&'a str>,
    /// Other values to keep, by name, as JSON; `null` removes one.
    pub notes: &'a [(&'a str, String)],
}

/// The state folder's database.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
    continuity: Continuity,
    /// How many durable commits there were.
    generation: i64,
    /// The second file, which counts them too.
    generation_file: GenerationFile,
}

impl Store {
    /// Whether this is the state that the last run left, as found when it was opened. Only the first opening for
    /// writing reports a loss; [`Store::lost_at`] remembers it.
    #[must_use]
    pub fn continuity(&self) -> Continuity {
        self.continuity
    }

    /// When a state was found lost or rolled back (this machine's clock, milliseconds), until acknowledged.
    pub fn lost_at(&self) -> Result<Option<i64>, StoreError> {
        self.meta_json("lost_at")
    }

    /// Forgets that a state was lost: what is open in ilert is known again.
    pub fn acknowledge(&mut self) -> Result<(), StoreError> {
        self.durably(|transaction| {
            transaction.execute("DELETE FROM meta WHERE name = 'lost_at'", []).map(drop)
        })
    }

    /// Writes the ledger's changes and the rest in one transaction. It is durable if it holds more than a quiet run
    /// writes. The ledger's changes are empty afterwards.
    pub fn commit(&mut self, key: &str, ledger: &mut Ledger, commit: &Commit<'_>) -> Result<(), StoreError> {
        self.write(key, ledger, commit)?;
        ledger.changes = Changes::default();
        ledger.failed.clear();
        Ok(())
    }

    /// Drops failed events. Returns the ids that were found.
    pub fn discard(&mut self, ids: &[i64]) -> Result<Vec<i64>, StoreError> {
        self.durably(|transaction| write::delete_failed(transaction, ids))
    }

    /// Drops all failed events, and the count of those no longer kept. Returns how many it dropped.
    pub fn discard_all(&mut self) -> Result<usize, StoreError> {
        self.durably(|transaction| {
            transaction.execute("DELETE FROM meta WHERE name = 'failed_dropped'", [])?;
            transaction.execute("DELETE FROM failed", [])
        })
    }

    /// Forgets what is open in ilert under other keys than this one. Returns how many alerts and nodes that were.
    pub fn forget_set_aside(&mut self, key: &str) -> Result<usize, StoreError> {
        self.durably(|transaction| {
            transaction.execute("DELETE FROM outbox WHERE key <> ?1", params![key])?;
            transaction.execute("DELETE FROM ledger WHERE key <> ?1", params![key])
        })
    }

    /// Drops a note.
    pub fn drop_note(&mut self, name: &str) -> Result<(), StoreError> {
        let row = note_row(name);
        self.durably(|transaction| transaction.execute("DELETE FROM meta WHERE name = ?1", params![row]))
            .map(drop)
    }

    fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let found = self
            .connection
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")
            .and_then(|mut statement| statement.query_row(params![name], |row| row.get(0)).optional());
        self.on(found)
    }

    fn row(&self, what: String) -> StoreError {
        StoreError::Row { path: self.path.clone(), what }
    }

    fn on<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.map_err(|error| StoreError::database(&self.path, error))
    }
}
