//! The ledger, the outbox, the failed, the cursor and the pace, in one SQLite file (`state.db`).
//!
//! What was decided is durable before anything is sent: commits that change it are `synchronous=FULL`. A
//! quiet run writes only its own record and the cursor, with `synchronous=NORMAL`, which costs no fsync in
//! WAL mode. The API key is not in here: rows carry a salted fingerprint of it.

mod error;
mod load;
mod schema;
mod write;

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ledger::Ledger;
use super::pace::Pace;
use crate::alert::Agent;
use crate::netdata::Cursor;
use crate::payload::Notice;
use crate::secret::Secret;

pub use error::StoreError;
pub use load::{Loaded, SetAside};

const RANDOM: &str = "/dev/urandom";

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
    /// What came and went, too long ago to be told.
    pub untold: usize,
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
    /// Small things that a run keeps: name and JSON.
    pub notes: &'a [(&'a str, String)],
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
    /// Opens the state for writing, making the folder (0700) and the file (0600) where there is none. Whoever may
    /// be the first to do so holds the lock: SQLite lets two that make one database at once fail.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        prepare(folder)?;
        let path = folder.join("state.db");
        // SQLite gives its other files the mode of this one, whatever the umask.
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .and_then(|file| file.set_permissions(fs::Permissions::from_mode(0o600)))
            .map_err(|error| StoreError::Folder { path: path.clone(), error })?;
        let mut store = Self::connect(path)?;
        // It stays what it is once set, so that a reader need not ask.
        store.on(store.connection.pragma_update(None, "journal_mode", "wal"))?;
        let migrated = schema::migrate(&mut store.connection);
        store.on(migrated)?;
        Ok(store)
    }

    /// Opens the state for reading; `None` where there is none yet.
    pub fn open_existing(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join("state.db");
        match fs::metadata(&path) {
            Ok(found) if found.len() > 0 => {
                let mut store = Self::connect(path)?;
                if store.version()? == 0 {
                    // A first run is just making it.
                    return Ok(None);
                }
                let migrated = schema::migrate(&mut store.connection);
                store.on(migrated)?;
                store.on(store.connection.pragma_update(None, "query_only", true))?;
                Ok(Some(store))
            }
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::Folder { path, error }),
        }
    }

    fn connect(path: PathBuf) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags)
            .map_err(|error| StoreError::Database { path: path.clone(), error })?;
        let store = Self { path, connection };
        store.on(store.set_up())?;
        let found = store.version()?;
        if found > schema::VERSION {
            return Err(StoreError::Newer { path: store.path, found, known: schema::VERSION });
        }
        Ok(store)
    }

    fn set_up(&self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(Duration::from_secs(5))?;
        // A checkpoint at each close would cost a quiet run the fsync that it was spared.
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        self.connection.pragma_update(None, "temp_store", "memory")
    }

    fn version(&self) -> Result<i64, StoreError> {
        self.on(self.connection.query_row("PRAGMA user_version", [], |row| row.get(0)))
    }

    /// The salted fingerprint of a key. Makes the salt where there is none yet.
    pub fn fingerprint(&mut self, key: &Secret, endpoint: &str) -> Result<String, StoreError> {
        if let Some(known) = self.known_fingerprint(key, endpoint)? {
            return Ok(known);
        }
        let salt = random_hex().map_err(|error| StoreError::Folder { path: RANDOM.into(), error })?;
        let saved =
            self.connection.execute("INSERT INTO meta (name, value) VALUES ('salt', ?1)", params![salt]);
        self.on(saved)?;
        Ok(fingerprint(&salt, key))
    }

    /// The salted fingerprint of a key, where anything was ever stored.
    pub fn known_fingerprint(&self, key: &Secret, _endpoint: &str) -> Result<Option<String>, StoreError> {
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
        ledger.changes = super::ledger::Changes::default();
        ledger.failed.clear();
        Ok(())
    }

    /// Drops failed events. Returns those that there were.
    pub fn discard(&mut self, ids: &[i64]) -> Result<Vec<i64>, StoreError> {
        let dropped = self.drop_failed(ids);
        self.on(dropped)
    }

    /// Ends a run.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let found = self
            .connection
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")
            .and_then(|mut statement| statement.query_row(params![name], |row| row.get(0)).optional());
        self.on(found)
    }

    fn on<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.map_err(|error| StoreError::Database { path: self.path.clone(), error })
    }
}

/// Makes the state folder where there is none, and sees to its mode (0700).
pub fn prepare(folder: &Path) -> Result<(), StoreError> {
    let made = || {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let mode = fs::metadata(folder)?.permissions().mode();
        if mode & 0o777 != 0o700 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    };
    made().map_err(|error| StoreError::Folder { path: folder.to_owned(), error })
}

fn fingerprint(salt: &str, key: &Secret) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update(key.expose()).finalize();
    format!("{digest:x}").chars().take(16).collect()
}

fn random_hex() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    fs::File::open(RANDOM)?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}
