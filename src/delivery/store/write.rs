//! Writing the state, one transaction at a time.

use rusqlite::{Transaction, params};
use serde::Serialize;

use super::{Commit, Store};
use crate::delivery::ledger::Ledger;
use crate::delivery::pace::Pace;
use crate::payload::Subject;

impl Store {
    pub(super) fn write(
        &mut self,
        key: &str,
        ledger: &Ledger,
        commit: &Commit<'_>,
        sync: &str,
    ) -> rusqlite::Result<()> {
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
            put(&transaction, "clocks", &ledger.clocks)?;
        }
        if let Some(run) = commit.run {
            put(&transaction, "run", run)?;
        }
        if let Some(next) = commit.heartbeat {
            put(&transaction, "heartbeat", &next)?;
        }
        for (name, json) in commit.notes {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")?
                .execute(params![name, json])?;
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

    pub(super) fn drop_failed(&mut self, ids: &[i64]) -> rusqlite::Result<Vec<i64>> {
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let transaction = self.connection.transaction()?;
        let dropped = delete_failed(&transaction, ids)?;
        transaction.commit()?;
        Ok(dropped)
    }
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
                    json(waiting)?
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
        "DELETE FROM ledger WHERE key = ?1 AND NOT (json_extract(entry, '$.keys.warning.told') <> 'never' \
         OR json_extract(entry, '$.keys.critical.told') <> 'never' OR json_extract(entry, '$.keys.unreachable.told') <> 'never')",
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
