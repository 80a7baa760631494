//! The ledger, the outbox, the failed, the cursor and the pace, in one SQLite file (`state.db`).
//!
//! What was decided is durable before anything is sent: commits that change it are `synchronous=FULL`. A
//! quiet run writes only its own record and the cursor, with `synchronous=NORMAL`, which costs no fsync in
//! WAL mode. The API key is not in here: rows carry a salted fingerprint of it.

mod load;
mod schema;

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::pace::Pace;
use super::reconcile::Ledger;
use crate::alert::Agent;
use crate::netdata::Cursor;
use crate::payload::{Notice, Subject};
use crate::secret::Secret;

pub use load::{Loaded, SetAside};

/// Why the state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or entered.
    #[error("cannot use the state folder `{}`: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
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
    /// SQLite says no.
    #[error("cannot use the state in `{}`: {source}{}", path.display(), advice(source))]
    Database {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
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

fn advice(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseCorrupt, DiskFull, NotADatabase, ReadOnly};
    match error.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase) => {
            ": the file is damaged: move it away; what is raised will be told anew"
        }
        Some(DiskFull) => {
            ": make room on the disk; nothing was sent, and the next run starts where this one did"
        }
        Some(ReadOnly | CannotOpen) => ": the user that runs this must be able to write there",
        Some(DatabaseBusy) => ": another program holds it",
        _ => "",
    }
}

/// An event that ilert refused for good.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// What `--retry` and `--discard` call it.
    pub id: i64,
    /// When (this machine's clock, milliseconds).
    pub at: i64,
    /// HTTP status.
    pub status: u16,
    /// What ilert said.
    pub reason: String,
    /// What it was to tell.
    pub notice: Notice,
}

/// How a run went: what `--status` shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunRecord {
    /// When it started (this machine's clock, milliseconds).
    pub started: i64,
    /// How long it took, milliseconds.
    pub took: u64,
    /// Its exit code.
    pub exit: u8,
    /// Who answered; absent when nobody did.
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
    /// What went wrong, in words.
    pub problems: Vec<String>,
}

/// What one transaction writes beside the ledger's changes.
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
    pub adopts: Option<&'a str>,
}

/// The state folder's database.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
}

impl Store {
    /// Opens the state for writing, making the folder (0700) and the file (0600) where there is none.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        prepare(folder).map_err(|source| StoreError::Folder { path: folder.to_owned(), source })?;
        let path = folder.join("state.db");
        // SQLite gives its other files the mode of this one, whatever the umask.
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .and_then(|file| file.set_permissions(fs::Permissions::from_mode(0o600)))
            .map_err(|source| StoreError::Folder { path: path.clone(), source })?;
        Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens the state for reading; `None` where there is none yet.
    pub fn open_existing(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join("state.db");
        match fs::metadata(&path) {
            Ok(found) if found.len() > 0 => {
                let store = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                store.on(store.connection.pragma_update(None, "query_only", true))?;
                Ok(Some(store))
            }
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Folder { path, source }),
        }
    }

    fn connect(path: PathBuf, flags: OpenFlags) -> Result<Self, StoreError> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags)
            .map_err(|source| StoreError::Database { path: path.clone(), source })?;
        let mut store = Self { path, connection };
        let set_up = store.set_up();
        let version = store.on(set_up)?;
        if version > schema::VERSION {
            return Err(StoreError::Newer { path: store.path, found: version, known: schema::VERSION });
        }
        let migrated = schema::migrate(&mut store.connection, version);
        store.on(migrated)?;
        Ok(store)
    }

    fn set_up(&self) -> rusqlite::Result<i64> {
        self.connection.busy_timeout(Duration::from_secs(5))?;
        // A checkpoint at each close would cost a quiet run the fsync that it was spared.
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        self.connection.pragma_update(None, "journal_mode", "wal")?;
        self.connection.pragma_update(None, "temp_store", "memory")?;
        self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))
    }

    /// The salted fingerprint of a key. Makes the salt where there is none yet.
    pub fn fingerprint(&mut self, key: &Secret) -> Result<String, StoreError> {
        let known = self.meta("salt")?;
        let salt = match known {
            Some(salt) => salt,
            None => {
                let salt = random_hex()
                    .map_err(|source| StoreError::Folder { path: "/dev/urandom".into(), source })?;
                let saved = self
                    .connection
                    .execute("INSERT INTO meta (name, value) VALUES ('salt', ?1)", params![salt]);
                self.on(saved)?;
                salt
            }
        };
        Ok(fingerprint(&salt, key))
    }

    /// The salted fingerprint of a key, where anything was ever stored.
    pub fn known_fingerprint(&self, key: &Secret) -> Result<Option<String>, StoreError> {
        Ok(self.meta("salt")?.map(|salt| fingerprint(&salt, key)))
    }

    /// Writes the ledger's changes and the rest in one transaction, durably if anything but the record of a
    /// quiet run is in it. The ledger's changes are empty afterwards.
    pub fn commit(&mut self, key: &str, ledger: &mut Ledger, commit: &Commit<'_>) -> Result<(), StoreError> {
        let quiet = ledger.changes.is_empty()
            && ledger.failed.is_empty()
            && commit.pace.is_none()
            && commit.retried.is_empty()
            && commit.adopts.is_none();
        let written = self.write(key, ledger, commit, if quiet { "NORMAL" } else { "FULL" });
        self.on(written)?;
        ledger.changes = super::reconcile::Changes::default();
        ledger.failed.clear();
        Ok(())
    }

    fn write(&mut self, key: &str, ledger: &Ledger, commit: &Commit<'_>, sync: &str) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "synchronous", sync)?;
        let transaction = self.connection.transaction()?;
        if let Some(old) = commit.adopts {
            set_aside(&transaction, old, key)?;
        }
        write_ledger(&transaction, key, ledger)?;
        if let Some(cursor) = commit.cursor {
            put(&transaction, "cursor", cursor)?;
        }
        if commit.observed {
            put(&transaction, "key", &key)?;
            put(&transaction, "agent", &ledger.agent)?;
            put(&transaction, "observed_at", &ledger.observed_at)?;
            put(&transaction, "away", &ledger.away)?;
        }
        if let Some(run) = commit.run {
            put(&transaction, "run", run)?;
        }
        if let Some(next) = commit.heartbeat {
            put(&transaction, "heartbeat", &next)?;
        }
        if let Some(pace) = commit.pace {
            write_pace(&transaction, key, pace)?;
        }
        for (at, status, reason, notice) in &ledger.failed {
            transaction
                .prepare_cached(
                    "INSERT INTO failed (key, at, status, reason, notice) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![key, at, status, reason, json(notice)?])?;
        }
        delete_failed(&transaction, commit.retried)?;
        transaction.commit()
    }

    /// Drops failed events. Returns those that there were.
    pub fn discard(&mut self, ids: &[i64]) -> Result<Vec<i64>, StoreError> {
        let dropped = self.drop_failed(ids);
        self.on(dropped)
    }

    fn drop_failed(&mut self, ids: &[i64]) -> rusqlite::Result<Vec<i64>> {
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let transaction = self.connection.transaction()?;
        let dropped = delete_failed(&transaction, ids)?;
        transaction.commit()?;
        Ok(dropped)
    }

    fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let found = self
            .connection
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")
            .and_then(|mut statement| statement.query_row(params![name], |row| row.get(0)).optional());
        self.on(found)
    }

    fn on<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.map_err(|source| StoreError::Database { path: self.path.clone(), source })
    }
}

fn prepare(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mode = fs::metadata(folder)?.permissions().mode();
    if mode & 0o777 != 0o700 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn write_ledger(transaction: &Transaction<'_>, key: &str, ledger: &Ledger) -> rusqlite::Result<()> {
    for subject in &ledger.changes.entries {
        let (guid, host, chart, name) = columns(subject);
        transaction
            .prepare_cached(
                "DELETE FROM outbox WHERE key = ?1 AND guid = ?2 AND host = ?3 AND chart = ?4 AND name = ?5",
            )?
            .execute(params![key, guid, host, chart, name])?;
        let Some(entry) = ledger.entries.get(subject) else {
            transaction
                .prepare_cached(
                    "DELETE FROM ledger WHERE key = ?1 AND guid = ?2 AND host = ?3 AND chart = ?4 AND name = ?5",
                )?
                .execute(params![key, guid, host, chart, name])?;
            continue;
        };
        transaction
            .prepare_cached("INSERT OR REPLACE INTO ledger VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![key, guid, host, chart, name, json(entry)?])?;
        for (position, waiting) in (0_i64..).zip(&entry.waiting) {
            transaction
                .prepare_cached("INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
                .execute(params![
                    key,
                    guid,
                    host,
                    chart,
                    name,
                    position,
                    waiting.tried,
                    waiting.minimal,
                    waiting.since,
                    json(&waiting.notice)?
                ])?;
        }
    }
    for node in &ledger.changes.nodes {
        match ledger.nodes.get(node) {
            Some(record) => transaction
                .prepare_cached("INSERT OR REPLACE INTO node VALUES (?1, ?2, ?3)")?
                .execute(params![node.guid, node.host, json(record)?])?,
            None => transaction
                .prepare_cached("DELETE FROM node WHERE guid = ?1 AND host = ?2")?
                .execute(params![node.guid, node.host])?,
        };
    }
    Ok(())
}

fn delete_failed(transaction: &Transaction<'_>, ids: &[i64]) -> rusqlite::Result<Vec<i64>> {
    let mut deleted = Vec::new();
    for id in ids {
        if transaction.execute("DELETE FROM failed WHERE id = ?1", params![id])? > 0 {
            deleted.push(*id);
        }
    }
    Ok(deleted)
}

fn write_pace(transaction: &Transaction<'_>, key: &str, pace: &Pace) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM pace WHERE key = ?1", params![key])?;
    for slots in &pace.slots {
        transaction.prepare_cached("INSERT INTO pace VALUES (?1, ?2, ?3)")?.execute(params![
            key,
            slots.over,
            slots.count
        ])?;
    }
    transaction.prepare_cached("INSERT OR REPLACE INTO hold VALUES (?1, ?2, ?3)")?.execute(params![
        key,
        pace.held_until,
        pace.strikes
    ])?;
    Ok(())
}

/// The ledger of the key before: what is open under it can only be shown; what waited under it will be told
/// under the new one.
fn set_aside(transaction: &Transaction<'_>, old: &str, new: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM outbox WHERE key = ?1", params![old])?;
    transaction.execute(
        "DELETE FROM ledger WHERE key = ?1 AND NOT (json_extract(entry, '$.keys.warning.open') \
         OR json_extract(entry, '$.keys.critical.open') OR json_extract(entry, '$.keys.unreachable.open'))",
        params![old],
    )?;
    put(transaction, "key", &new)
}

fn put<T: Serialize>(transaction: &Transaction<'_>, name: &str, value: &T) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")?
        .execute(params![name, json(value)?])?;
    Ok(())
}

fn json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// A node's row has neither chart nor alert name.
fn columns(subject: &Subject) -> (&str, &str, &str, &str) {
    match subject {
        Subject::Alert(alert) => (&alert.node.guid, &alert.node.host, &alert.chart, &alert.name),
        Subject::Node(node) => (&node.guid, &node.host, "", ""),
    }
}

fn fingerprint(salt: &str, key: &Secret) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update(key.expose()).finalize();
    format!("{digest:x}").chars().take(16).collect()
}

fn random_hex() -> io::Result<String> {
    use std::io::Read;
    let mut bytes = [0_u8; 16];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
