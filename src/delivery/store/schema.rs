//! The database's schema, and the migrations to it.

use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

/// Version of the schema that this program writes (`PRAGMA user_version`).
pub const VERSION: i64 = 5;

/// Marks the file as this program's (`PRAGMA application_id`), from version 2 on: `nIlt`.
const APPLICATION: i64 = 0x6e49_6c74;

/// The migrations: `STEPS[n]` turns version n into version n + 1.
pub const STEPS: &[&str] = &[
    "
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
",
    "
    -- An event of the outbox is one value.
    ALTER TABLE outbox RENAME TO former;
    CREATE TABLE outbox (
        key TEXT NOT NULL, guid TEXT NOT NULL, host TEXT NOT NULL, chart TEXT NOT NULL, name TEXT NOT NULL,
        position INTEGER NOT NULL, waiting TEXT NOT NULL,
        PRIMARY KEY (key, guid, host, chart, name, position)
    ) WITHOUT ROWID;
    INSERT INTO outbox SELECT key, guid, host, chart, name, position,
        '{\"notice\":' || notice || ',\"tried\":' || iif(tried, 'true', 'false')
        || ',\"minimal\":' || iif(minimal, 'true', 'false') || ',\"since\":' || since || '}'
        FROM former;
    DROP TABLE former;
    -- What fingerprints are salted with, and how many durable commits there were.
    INSERT OR IGNORE INTO meta VALUES ('salt', lower(hex(randomblob(16))));
    INSERT INTO meta VALUES ('generation', '1');
    PRAGMA application_id = 0x6e496c74;
",
    "
    -- A row says whether it is about an alert or a node. Before, one without a name was about a node.
    ALTER TABLE ledger RENAME TO former;
    CREATE TABLE ledger (
        key TEXT NOT NULL, kind TEXT NOT NULL, guid TEXT NOT NULL, host TEXT NOT NULL, chart TEXT NOT NULL,
        name TEXT NOT NULL, entry TEXT NOT NULL,
        PRIMARY KEY (key, kind, guid, host, chart, name)
    ) WITHOUT ROWID;
    INSERT INTO ledger SELECT key, iif(chart = '' AND name = '', 'node', 'alert'), guid, host, chart, name, entry
        FROM former;
    DROP TABLE former;
    ALTER TABLE outbox RENAME TO former;
    CREATE TABLE outbox (
        key TEXT NOT NULL, kind TEXT NOT NULL, guid TEXT NOT NULL, host TEXT NOT NULL, chart TEXT NOT NULL,
        name TEXT NOT NULL, position INTEGER NOT NULL, waiting TEXT NOT NULL,
        PRIMARY KEY (key, kind, guid, host, chart, name, position)
    ) WITHOUT ROWID;
    INSERT INTO outbox SELECT key, iif(chart = '' AND name = '', 'node', 'alert'), guid, host, chart, name, position,
        waiting FROM former;
    DROP TABLE former;
",
    "
    -- Silences made by hand, for all keys. Times are milliseconds since the epoch.
    CREATE TABLE silences (
        id INTEGER PRIMARY KEY AUTOINCREMENT, nodes TEXT NOT NULL, alerts TEXT, \"from\" INTEGER NOT NULL,
        until INTEGER NOT NULL, reason TEXT, made_at INTEGER NOT NULL
    );
",
    "
    -- What must be known of an entry of which nothing is due, so that the rest need not be read: status, `silent` or
    -- `told`, and the last transition. Each index holds all that is read by it.
    ALTER TABLE ledger ADD COLUMN asleep TEXT;
    CREATE INDEX awake ON ledger (key) WHERE asleep IS NULL;
    CREATE INDEX asleep ON ledger (key, guid, host, chart, name, asleep) WHERE asleep IS NOT NULL;
",
];

/// What a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// Nothing is in it.
    Empty,
    /// This program's, of some version.
    Version(i64),
    /// Another program's.
    Foreign,
}

/// Looks at what a database is.
pub fn look(connection: &Connection) -> rusqlite::Result<DatabaseKind> {
    let (tables, own, version, application) = connection.query_row(
        "SELECT count(*), total(name IN ('meta', 'ledger')), \
         (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id) \
         FROM sqlite_schema",
        [],
        |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, f64>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?))
        },
    )?;
    Ok(match application {
        _ if tables == 0 => DatabaseKind::Empty,
        APPLICATION => DatabaseKind::Version(version),
        // Version 1 left no mark.
        0 if own >= 2.0 => DatabaseKind::Version(version),
        _ => DatabaseKind::Foreign,
    })
}

/// Brings a database of an older version, or an empty one, to [`VERSION`], in one durable transaction.
pub fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    if look(connection)? == DatabaseKind::Version(VERSION) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done so just now.
    let done = match look(&transaction)? {
        DatabaseKind::Version(found) => usize::try_from(found).unwrap_or_default(),
        DatabaseKind::Empty | DatabaseKind::Foreign => 0,
    };
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// A copy in memory of a database of an older version, brought to [`VERSION`]: for a disk that cannot be written. `uri`
/// is SQLite's name of it.
pub fn migrated_copy(uri: &str) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
    let mut copy = Connection::open_with_flags(":memory:", flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    copy.execute("ATTACH ?1 AS disk", params![uri])?;
    let tables: Vec<(String, String)> = copy
        .prepare(
            "SELECT name, sql FROM disk.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (name, sql) in tables {
        copy.execute_batch(&format!("{sql}; INSERT INTO main.\"{name}\" SELECT * FROM disk.\"{name}\""))?;
    }
    for number in ["user_version", "application_id"] {
        let found: i64 = copy.query_row(&format!("PRAGMA disk.{number}"), [], |row| row.get(0))?;
        copy.pragma_update(Some("main"), number, found)?;
    }
    copy.execute_batch("DETACH disk")?;
    migrate(&mut copy)?;
    Ok(copy)
}
