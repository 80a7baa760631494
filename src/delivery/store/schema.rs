//! The database's shape, and how an older one becomes it.

use rusqlite::{Connection, TransactionBehavior};

/// Version of the shape that this program writes (`PRAGMA user_version`).
pub const VERSION: i64 = 1;

/// One step a version: `STEPS[n]` makes version n + 1 out of version n.
const STEPS: &[&str] = &["
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    -- What is remembered of an alert (or, with neither chart nor name, a node), for one API key.
    CREATE TABLE ledger (
        key TEXT NOT NULL, guid TEXT NOT NULL, host TEXT NOT NULL, chart TEXT NOT NULL, name TEXT NOT NULL,
        entry TEXT NOT NULL,
        PRIMARY KEY (key, guid, host, chart, name)
    ) WITHOUT ROWID;
    -- Recorded, not yet accepted; in order of position within a row of the ledger.
    CREATE TABLE outbox (
        key TEXT NOT NULL, guid TEXT NOT NULL, host TEXT NOT NULL, chart TEXT NOT NULL, name TEXT NOT NULL,
        position INTEGER NOT NULL, tried INTEGER NOT NULL, minimal INTEGER NOT NULL, since INTEGER NOT NULL,
        notice TEXT NOT NULL,
        PRIMARY KEY (key, guid, host, chart, name, position)
    ) WITHOUT ROWID;
    -- Refused for good: a person must look.
    CREATE TABLE failed (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER NOT NULL,
        reason TEXT NOT NULL, notice TEXT NOT NULL
    );
    -- Nodes that a run has seen reachable.
    CREATE TABLE node (
        guid TEXT NOT NULL, host TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (guid, host)
    ) WITHOUT ROWID;
    -- Requests of the last minute, and the pause after a 429.
    CREATE TABLE pace (key TEXT NOT NULL, over INTEGER NOT NULL, count INTEGER NOT NULL);
    CREATE TABLE hold (key TEXT PRIMARY KEY, until INTEGER NOT NULL, strikes INTEGER NOT NULL) WITHOUT ROWID;
"];

/// Brings a database of an older version (0: empty) to [`VERSION`], in one transaction.
pub fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let version =
        |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    if version(connection)? >= VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done so just now.
    let found = version(&transaction)?;
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or_default()) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
