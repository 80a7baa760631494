//! Ends a run: makes the state one file again, and keeps space on the disk for the next records.
//!
//! On a full disk SQLite still writes where it has space already. Two places need some: the log (`state.db-wal`), which
//! keeps its size when it starts anew after a checkpoint, and `state.db`, whose free pages take new rows. Both get it
//! by writing a filler and dropping it. The log then has space for what quiet runs leave in it between checkpoints and
//! for 256 KiB of records (some twenty commits) besides, `state.db` for as much. A process that finds a log believes
//! that it must still be moved to `state.db`. So the log is begun anew at once. (A file system that copies on write,
//! such as btrfs, needs space to write over what is there: nothing helps.)

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::statvfs;

use super::{Store, StoreError, schema};

/// SQLite's pages, in bytes, and what the log adds to each.
const PAGE: u32 = 4096;
const FRAME: u32 = PAGE + 24;

/// A quiet run leaves one to three pages in the log. They are moved to `state.db` when there are so many: each
/// tenth run or so pays three fsyncs, and what is read of `state.db` alone is older by no more than that. Within
/// a run that writes much, SQLite does so by itself.
pub(super) const QUIET_PAGES: u32 = 32;
/// Pages kept for what the next runs record.
const RESERVED_PAGES: u32 = 64;
/// Pages of the filler.
const FILLER_PAGES: u32 = QUIET_PAGES + RESERVED_PAGES;

/// With less free space (bytes) no filler is written: it would take the space that it is to keep.
const LEAST: u64 = 1 << 20;

/// SQLite maps this many bytes of `state.db-shm`, and some more for a long log.
const INDEX: u64 = 64 << 10;

/// Whether SQLite can map its index of the log. It writes one byte a page to have space for the page; where the
/// disk's blocks are smaller that is not enough, and on a full disk the first use would end this process (SIGBUS).
pub(super) fn can_map(database: &Path) -> bool {
    let Ok(disk) = statvfs(database) else { return true };
    // SQLite first frees what it has.
    let held = fs::metadata(database.with_extension("db-shm")).map_or(0, |found| found.blocks() * 512);
    disk.f_frsize >= u64::from(PAGE) || disk.f_bavail.saturating_mul(disk.f_frsize) + held >= INDEX
}

impl Store {
    /// Ends a run. If it, or one before it that was killed, wrote anything but a quiet run's record, `state.db`
    /// alone is the whole state afterwards; a quiet run pays nothing.
    ///
    /// All that was committed is safe whatever this returns. An error says that the next records may not find
    /// space, or that the disk fails.
    pub fn close(mut self) -> Result<(), StoreError> {
        let has_space = self.has_space()?;
        let (in_log, _) = self.checkpoint("NOOP")?;
        if has_space && self.generation_file.whole() >= self.generation && in_log < i64::from(QUIET_PAGES) {
            return Ok(());
        }
        let made = if has_space { Ok(()) } else { self.make_space() };
        let (in_log, moved) = self.checkpoint("PASSIVE")?;
        // A reader may block it; then the next run does it.
        if in_log == moved {
            self.generation_file.mark_whole(self.generation);
            self.begin_log_anew()?;
        }
        made
    }

    /// Checkpoints the log, or only looks. Returns how many pages are in the log, and how many of them are in
    /// `state.db`.
    fn checkpoint(&self, mode: &str) -> Result<(i64, i64), StoreError> {
        let done = self
            .connection
            .query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| Ok((row.get(1)?, row.get(2)?)));
        self.on(done)
    }

    /// The next commit after a checkpoint goes to the beginning of the log: one that writes the first page as
    /// it is. (An update of a row to what it was would write nothing.)
    fn begin_log_anew(&self) -> Result<(), StoreError> {
        self.on(self.connection.pragma_update(None, "synchronous", "NORMAL"))?;
        self.on(self.connection.pragma_update(None, "user_version", schema::VERSION))
    }

    fn has_space(&self) -> Result<bool, StoreError> {
        let log = fs::metadata(self.path.with_extension("db-wal")).map_or(0, |found| found.len());
        let free = self.connection.query_row("PRAGMA freelist_count", [], |row| row.get::<_, u32>(0));
        Ok(log >= u64::from(FILLER_PAGES * FRAME) && self.on(free)? >= RESERVED_PAGES)
    }

    fn make_space(&self) -> Result<(), StoreError> {
        let disk = statvfs(&self.path).map_err(|error| StoreError::file(&self.path, error.into()))?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < LEAST {
            return Err(StoreError::file(&self.path, io::ErrorKind::StorageFull.into()));
        }
        self.on(self.connection.execute_batch(&format!(
            "DROP TABLE IF EXISTS filler; \
             CREATE TABLE filler AS SELECT zeroblob({}) AS space; \
             DROP TABLE filler;",
            FILLER_PAGES * PAGE
        )))
    }
}
