//! Writing the state, one transaction at a time.

use std::borrow::Cow;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::Serialize;

use super::asleep::{self, PLANNED_WITH};
use super::{ALERT, Commit, MOST_FAILED, NODE, STORM, Store, StoreError, note_row};
use crate::delivery::ledger::{Ledger, RefusedEvent};
use crate::delivery::pace::Pace;
use crate::payload::Subject;

/// So many entries do not fit into SQLite's own cache, which would write its pages out before the end, and then again.
const MANY: usize = 500;
/// Pages that it holds then: a storm of ten thousand.
const MANY_PAGES: u32 = 8192;

impl Store {
    pub(super) fn write(
        &mut self,
        key: &str,
        ledger: &Ledger,
        commit: &Commit<'_>,
    ) -> Result<(), StoreError> {
        let quiet = ledger.changes.is_empty()
            && ledger.failed.is_empty()
            && commit.pace.is_none()
            && commit.retried.is_empty()
            && commit.previous_key.is_none();
        // Of the key before, only what is open is kept.
        let over = commit.previous_key.map(|old| self.closed_under(old)).transpose()?.unwrap_or_default();
        let change = |transaction: &Transaction<'_>| {
            if !quiet {
                // Whoever wrote entries says anew with what they were planned, or all are read.
                let planned = note_row(PLANNED_WITH);
                transaction.execute("DELETE FROM meta WHERE name = ?1", params![planned])?;
            }
            if let Some(old) = commit.previous_key {
                set_aside(transaction, old, key, &over)?;
            }
            write_ledger(transaction, key, ledger)?;
            write_meta(transaction, key, ledger, commit)?;
            if let Some(pace) = commit.pace {
                write_pace(transaction, key, pace)?;
            }
            delete_failed(transaction, commit.retried)?;
            write_failed(transaction, key, &ledger.failed)
        };
        if quiet {
            let written = transact(&mut self.connection, "NORMAL", change);
            return self.on(written);
        }
        if ledger.changes.entries.len() > MANY {
            self.on(self.connection.pragma_update(None, "cache_size", MANY_PAGES))?;
        }
        self.durably(change)
    }

    /// Runs one transaction that is on the disk when this returns, and counts it in both files.
    pub(super) fn durably<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let done = transact(&mut self.connection, "FULL", |transaction| {
            let value = change(transaction)?;
            let generation = transaction
                .prepare_cached(
                    "UPDATE meta SET value = value + 1 WHERE name = 'generation' \
                     RETURNING CAST(value AS INTEGER)",
                )?
                .query_row([], |row| row.get(0))?;
            Ok((value, generation))
        });
        let (value, generation) = self.on(done)?;
        self.generation = generation;
        self.generation_file.committed(generation);
        Ok(value)
    }

    /// Keeps a value under this name, also beside a run that is under way.
    pub fn keep_note<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        self.durably(|transaction| put(transaction, &note_row(name), value))
    }

    /// Notes that the former state is lost, and starts a new count.
    pub(super) fn note_loss(&mut self) -> Result<(), StoreError> {
        let had = self.generation_file.had();
        self.durably(|transaction| {
            transaction
                .execute("UPDATE meta SET value = ?1 WHERE name = 'generation'", params![had.to_string()])?;
            transaction.execute(
                "INSERT OR REPLACE INTO meta \
                 VALUES ('lost_at', CAST(CAST(unixepoch('subsec') * 1000 AS INTEGER) AS TEXT))",
                [],
            )?;
            Ok(())
        })
    }
}

pub(super) fn transact<T>(
    connection: &mut Connection,
    synchronous: &str,
    change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.pragma_update(None, "synchronous", synchronous)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = change(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

fn write_meta(
    transaction: &Transaction<'_>,
    key: &str,
    ledger: &Ledger,
    commit: &Commit<'_>,
) -> rusqlite::Result<()> {
    if let Some(cursor) = commit.cursor {
        put(transaction, "cursor", cursor)?;
    }
    if commit.observed {
        put(transaction, "key", &key)?;
        put(transaction, "agent", &ledger.agent)?;
        put(transaction, "parents", &ledger.parents)?;
        put(transaction, "observed_at", &ledger.observed_at)?;
        put(transaction, "away", &ledger.away)?;
        put(transaction, "clocks", &ledger.clocks)?;
        put(transaction, "recent_raises", &ledger.recent)?;
    }
    if let Some(run) = commit.run {
        put(transaction, "run", run)?;
    }
    if let Some(next) = commit.heartbeat {
        put(transaction, "heartbeat", &next)?;
    }
    for (name, json) in commit.notes {
        if json == "null" {
            transaction.execute("DELETE FROM meta WHERE name = ?1", params![note_row(name)])?;
        } else {
            put_text(transaction, &note_row(name), json)?;
        }
    }
    Ok(())
}

fn write_ledger(transaction: &Transaction<'_>, key: &str, ledger: &Ledger) -> rusqlite::Result<()> {
    for subject in &ledger.changes.entries {
        let [kind, guid, host, chart, name] = columns(subject);
        delete_row(transaction, "outbox", key, subject)?;
        let Some(entry) = ledger.entries.get(subject) else {
            delete_row(transaction, "ledger", key, subject)?;
            continue;
        };
        transaction
            .prepare_cached("INSERT OR REPLACE INTO ledger VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
            .execute(params![
                key,
                kind,
                guid,
                host,
                chart,
                name,
                json(entry)?,
                asleep::column(subject, entry)
            ])?;
        for (position, waiting) in (0_i64..).zip(&entry.waiting) {
            transaction
                .prepare_cached("INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
                .execute(params![key, kind, guid, host, chart, name, position, json(waiting)?])?;
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

/// Stores refused events. Drops the oldest beyond [`MOST_FAILED`], and counts them.
fn write_failed(transaction: &Transaction<'_>, key: &str, refusals: &[RefusedEvent]) -> rusqlite::Result<()> {
    if refusals.is_empty() {
        return Ok(());
    }
    for RefusedEvent { at, status, reason, notice } in refusals {
        transaction
            .prepare_cached(
                "INSERT INTO failed (key, at, status, reason, notice) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![key, at, status, reason, json(notice)?])?;
    }
    let dropped = transaction.execute(
        "DELETE FROM failed WHERE id NOT IN (SELECT id FROM failed ORDER BY id DESC LIMIT ?1)",
        params![MOST_FAILED],
    )?;
    if dropped > 0 {
        transaction.execute(
            "INSERT INTO meta VALUES ('failed_dropped', ?1) \
             ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            params![dropped.to_string()],
        )?;
    }
    Ok(())
}

pub(super) fn delete_failed(transaction: &Transaction<'_>, ids: &[i64]) -> rusqlite::Result<Vec<i64>> {
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

/// Sets aside the ledger of the key before: what is open under it can only be shown, and what waited will be told under
/// the new one.
fn set_aside(transaction: &Transaction<'_>, old: &str, new: &str, over: &[Subject]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM outbox WHERE key = ?1", params![old])?;
    for subject in over {
        delete_row(transaction, "ledger", old, subject)?;
    }
    put(transaction, "key", &new)
}

fn delete_row(
    transaction: &Transaction<'_>,
    table: &str,
    key: &str,
    subject: &Subject,
) -> rusqlite::Result<()> {
    let [kind, guid, host, chart, name] = columns(subject);
    transaction
        .prepare_cached(&format!(
            "DELETE FROM {table} \
             WHERE key = ?1 AND kind = ?2 AND guid = ?3 AND host = ?4 AND chart = ?5 AND name = ?6"
        ))?
        .execute(params![key, kind, guid, host, chart, name])?;
    Ok(())
}

pub(super) fn put<T: Serialize>(
    transaction: &Transaction<'_>,
    name: &str,
    value: &T,
) -> rusqlite::Result<()> {
    put_text(transaction, name, &json(value)?)
}

fn put_text(transaction: &Transaction<'_>, name: &str, text: &str) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")?
        .execute(params![name, text])?;
    Ok(())
}

fn json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// The columns that identify a subject: kind, GUID, host, chart and name. A node has neither of the last two; a storm
/// has its kind and its time there.
fn columns(subject: &Subject) -> [Cow<'_, str>; 5] {
    let (kind, node, chart, name) = match subject {
        Subject::Alert(alert) => (ALERT, &*alert.node, alert.chart.as_str(), Cow::from(&alert.name)),
        Subject::Node(node) => (NODE, node, "", Cow::default()),
        Subject::Storm(storm) => (STORM, &storm.agent, storm.kind.word(), Cow::from(storm.at.to_string())),
    };
    [kind.into(), Cow::from(&node.guid), Cow::from(&node.host), chart.into(), name]
}
