//! Silences made by hand: a row each. They are written beside a run that is under way, which has read them already.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::de::IgnoredAny;

use super::{Store, StoreError};
use crate::alert::NodeId;
use crate::delivery::silences::ByHand;

/// At most this many are kept at a time.
pub const MOST_SILENCES: i64 = 100;

const COLUMNS: &str = "id, nodes, alerts, \"from\", until, reason, made_at";

/// What became of a silence that was to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is new.
    New(ByHand),
    /// The same nodes and alerts were silenced already: that one ends then instead.
    Renewed(ByHand),
    /// There are [`MOST_SILENCES`].
    TooMany,
}

impl Store {
    /// Those that are kept, in the order in which they were made; some may be over.
    pub fn silences(&self) -> Result<Vec<ByHand>, StoreError> {
        self.rows(&format!("SELECT {COLUMNS} FROM silences ORDER BY id"), params![], read)
    }

    /// The nodes that runs have seen.
    pub fn known_nodes(&self) -> Result<Vec<NodeId>, StoreError> {
        Ok(self.nodes::<IgnoredAny>()?.into_keys().collect())
    }

    /// Makes a silence; its `id` is not looked at. Those that are over at `made_at` do not count.
    pub fn make_silence(&mut self, wanted: &ByHand) -> Result<Made, StoreError> {
        self.durably(|transaction| make(transaction, wanted))
    }

    /// Ends a silence that is not over at this time, and returns it.
    pub fn end_silence(&mut self, id: i64, now: i64) -> Result<Option<ByHand>, StoreError> {
        self.durably(|transaction| {
            let sql = format!("DELETE FROM silences WHERE id = ?1 AND until > ?2 RETURNING {COLUMNS}");
            transaction.query_row(&sql, params![id, now], read).optional()
        })
    }

    /// Drops those that are over at this time.
    pub fn drop_silences_over(&mut self, now: i64) -> Result<usize, StoreError> {
        self.durably(|transaction| {
            transaction.execute("DELETE FROM silences WHERE until <= ?1", params![now])
        })
    }
}

fn make(transaction: &Transaction<'_>, wanted: &ByHand) -> rusqlite::Result<Made> {
    let ByHand { nodes, alerts, from, until, reason, made_at, .. } = wanted;
    let renewed = transaction
        .query_row(
            &format!(
                "UPDATE silences SET until = ?3, reason = coalesce(?4, reason) \
                 WHERE nodes = ?1 AND alerts IS ?2 AND until > ?5 RETURNING {COLUMNS}"
            ),
            params![nodes, alerts, until, reason, made_at],
            read,
        )
        .optional()?;
    if let Some(renewed) = renewed {
        return Ok(Made::Renewed(renewed));
    }
    let count: i64 =
        transaction.query_row("SELECT count(*) FROM silences WHERE until > ?1", params![made_at], |row| {
            row.get(0)
        })?;
    if count >= MOST_SILENCES {
        return Ok(Made::TooMany);
    }
    let sql = format!(
        "INSERT INTO silences (nodes, alerts, \"from\", until, reason, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         RETURNING {COLUMNS}"
    );
    transaction.query_row(&sql, params![nodes, alerts, from, until, reason, made_at], read).map(Made::New)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ByHand> {
    Ok(ByHand {
        id: row.get(0)?,
        nodes: row.get(1)?,
        alerts: row.get(2)?,
        from: row.get(3)?,
        until: row.get(4)?,
        reason: row.get(5)?,
        made_at: row.get(6)?,
    })
}
