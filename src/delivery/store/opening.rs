//! Finding, making and opening the database.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::continuity::{Continuity, GenerationFile};
use super::folder::{inspect, open_private, prepare};
use super::schema::{self, DatabaseKind};
use super::{DATABASE, Store, StoreError, reserve};

impl Store {
    /// Opens the state for writing, making the folder (0700) and the file (0600) where there is none. Hold the lock if
    /// the database may not exist yet: if two create it at once, SQLite fails.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        prepare(folder)?;
        let path = folder.join(DATABASE);
        // SQLite gives its other files the mode of this one, whatever the umask.
        open_private(&path).map_err(|error| StoreError::file(&path, error))?;
        let (mut store, kind) = Self::connect(&path)?;
        // The database remembers this, so readers need not set it.
        store.on(store.connection.pragma_update(None, "journal_mode", "wal"))?;
        let migrated = schema::migrate(&mut store.connection);
        store.on(migrated)?;
        store.look_back(kind != DatabaseKind::Empty)?;
        if matches!(store.continuity, Continuity::Lost | Continuity::RolledBack { .. }) {
            store.note_loss()?;
        }
        Ok(store)
    }

    /// Opens the state for reading, even on a disk that cannot be written. `None` if there is none: [`absent`] tells
    /// whether one was lost.
    pub fn open_existing(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(DATABASE);
        inspect(folder)?;
        match fs::metadata(&path) {
            Ok(found) if found.len() > 0 => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::file(&path, error)),
        }
        let (mut store, kind) = match Self::connect(&path) {
            Err(error) if error.is_unwritable() => return Self::connect_unwritable(&path),
            connected => connected?,
        };
        if kind == DatabaseKind::Empty {
            // A first run is just making it.
            return Ok(None);
        }
        let migrated = schema::migrate(&mut store.connection);
        match store.on(migrated) {
            Err(error) if error.is_unwritable() => return Self::connect_unwritable(&path),
            migrated => migrated?,
        }
        store.on(store.connection.pragma_update(None, "query_only", true))?;
        store.look_back(true)?;
        Ok(Some(store))
    }

    fn connect(path: &Path) -> Result<(Self, DatabaseKind), StoreError> {
        if !reserve::can_map(path) {
            return Err(StoreError::file(path, io::ErrorKind::StorageFull.into()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags);
        Self::on_connection(path, connection)
    }

    /// Opens `state.db` alone, when SQLite cannot make its other files. What a killed run left in them is not seen, so
    /// a loss is not reported. A database of an older version is read from a copy.
    fn connect_unwritable(path: &Path) -> Result<Option<Self>, StoreError> {
        let uri =
            format!("file:{}?immutable=1", percent_encode(path.as_os_str().as_bytes(), NON_ALPHANUMERIC));
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        match Self::on_connection(path, Connection::open_with_flags(&uri, flags))? {
            (_, DatabaseKind::Empty) => Ok(None),
            (store, DatabaseKind::Version(schema::VERSION)) => Ok(Some(store)),
            _ => Ok(Some(Self::on_connection(path, schema::migrated_copy(&uri))?.0)),
        }
    }

    fn on_connection(
        path: &Path,
        connection: rusqlite::Result<Connection>,
    ) -> Result<(Self, DatabaseKind), StoreError> {
        let connection = connection.map_err(|error| StoreError::database(path, error))?;
        let store = Self {
            path: path.to_owned(),
            connection,
            continuity: Continuity::Whole,
            generation: 0,
            generation_file: GenerationFile::read(path),
        };
        store.on(store.set_up())?;
        let kind = store.on(schema::look(&store.connection))?;
        match kind {
            DatabaseKind::Foreign => Err(StoreError::Foreign { path: store.path }),
            DatabaseKind::Version(found) if found > schema::VERSION => {
                Err(StoreError::Newer { path: store.path, found, known: schema::VERSION })
            }
            _ => Ok((store, kind)),
        }
    }

    fn set_up(&self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(Duration::from_secs(5))?;
        // No checkpoint at close: it would cost a quiet run an fsync.
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        self.connection.pragma_update(None, "wal_autocheckpoint", reserve::QUIET_PAGES)?;
        self.connection.pragma_update(None, "temp_store", "memory")
    }

    /// Compares what is here with what the last run left.
    fn look_back(&mut self, existed: bool) -> Result<(), StoreError> {
        self.generation = self.meta_json("generation")?.unwrap_or_default();
        self.generation_file.bind_to(&self.meta("salt")?.unwrap_or_default());
        self.continuity = self.generation_file.judge(existed.then_some(self.generation));
        Ok(())
    }
}

/// Whether a folder without a database never had one, or lost it.
#[must_use]
pub fn absent(folder: &Path) -> Continuity {
    GenerationFile::read(&folder.join(DATABASE)).judge(None)
}
