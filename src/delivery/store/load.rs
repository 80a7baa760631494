//! Reading the state back.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rusqlite::{OptionalExtension, Row, params};
use serde::de::DeserializeOwned;

use super::{ALERT, NODE, RunRecord, STORM, Store, StoreError, note_row};
use crate::alert::{AlertId, NodeId};
use crate::delivery::entry::{Entry, Waiting};
use crate::delivery::ledger::{Changes, Ledger, RefusedEvent};
use crate::delivery::pace::{Pace, Slots};
use crate::netdata::Cursor;
use crate::payload::{KeyKind, StormId, Subject};

/// All that a run starts from.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What is remembered, for the present key.
    pub ledger: Ledger,
    /// Where the last observation ended.
    pub cursor: Option<Cursor>,
    /// The present key's pace.
    pub pace: Pace,
    /// The key has changed: the fingerprint of the one before.
    pub previous_key: Option<String>,
}

impl Store {
    /// Reads all that a run starts from. Under a changed key that is what was observed, all of it untold.
    pub fn load(&self, key: &str) -> Result<Loaded, StoreError> {
        self.load_with(key, self.entries(key)?)
    }

    /// The same with these entries of the key.
    pub(super) fn load_with(
        &self,
        key: &str,
        mut entries: BTreeMap<Subject, Entry>,
    ) -> Result<Loaded, StoreError> {
        let before: Option<String> = self.meta_json("key")?;
        let mut changes = Changes::default();
        let previous_key = before.filter(|before| before != key);
        if let Some(old) = &previous_key {
            let seen = self.entries(old)?;
            // What the key before has forgotten was seen to be over while that was configured.
            let forgotten = |subject: &Subject| !subject.is_storm() && !seen.contains_key(subject);
            for (_, entry) in entries.iter_mut().filter(|(subject, _)| forgotten(subject)) {
                entry.over_meanwhile();
            }
            // The storms of the key before stay there: what stands is gathered anew.
            for (subject, entry) in seen.into_iter().filter(|(subject, _)| !subject.is_storm()) {
                let entry = entry.as_told(entries.get(&subject));
                entries.insert(subject, entry);
            }
            changes.entries = entries.keys().cloned().collect();
        }
        let ledger = Ledger {
            entries,
            nodes: self.nodes()?,
            agent: self.meta_json::<Option<_>>("agent")?.flatten(),
            parents: self.meta_json("parents")?.unwrap_or_default(),
            observed_at: self.meta_json::<Option<_>>("observed_at")?.flatten(),
            away: self.meta_json("away")?.unwrap_or_default(),
            clocks: self.meta_json("clocks")?.unwrap_or_default(),
            recent: self.meta_json("recent_raises")?.unwrap_or_default(),
            silences: self.silences()?,
            changes,
            ..Ledger::default()
        };
        let pace = self.pace(key);
        Ok(Loaded { ledger, cursor: self.meta_json("cursor")?, pace: self.on(pace)?, previous_key })
    }

    /// Reads one key's ledger and pace, whether or not it is the present key.
    pub fn of_key(&self, key: &str) -> Result<(Ledger, Pace), StoreError> {
        let ledger = Ledger { entries: self.entries(key)?, ..Ledger::default() };
        let pace = self.pace(key);
        Ok((ledger, self.on(pace)?))
    }

    /// Events that were refused for good, oldest first, by their ids: what `--retry` and `--discard` call them.
    pub fn failed(&self) -> Result<BTreeMap<i64, RefusedEvent>, StoreError> {
        self.failed_of(None)
    }

    /// The same for one key, if it is given.
    pub fn failed_of(&self, key: Option<&str>) -> Result<BTreeMap<i64, RefusedEvent>, StoreError> {
        let rows = self.rows(
            "SELECT id, at, status, reason, notice FROM failed WHERE ?1 IS NULL OR key = ?1 ORDER BY id",
            params![key],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get::<_, String>(4)?)),
        )?;
        rows.into_iter()
            .map(|(id, at, status, reason, notice)| {
                let notice = self.read(&notice, || format!("failed event {id}"))?;
                Ok((id, RefusedEvent { at, status, reason, notice }))
            })
            .collect()
    }

    /// How many of the oldest refused events were dropped because there were too many.
    pub fn failed_dropped(&self) -> Result<i64, StoreError> {
        Ok(self.meta_json("failed_dropped")?.unwrap_or_default())
    }

    /// What a commit noted under this name.
    pub fn note<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        self.meta_json(&note_row(name))
    }

    /// How the last run went.
    pub fn last_run(&self) -> Result<Option<RunRecord>, StoreError> {
        self.meta_json("run")
    }

    /// When the next heartbeat is due (this machine's clock, milliseconds), if there was one.
    pub fn next_heartbeat(&self) -> Result<Option<i64>, StoreError> {
        self.meta_json("heartbeat")
    }

    /// The fingerprint of the key of the last run.
    pub fn last_key(&self) -> Result<Option<String>, StoreError> {
        self.meta_json("key")
    }

    /// Whether no run has recorded anything: a silence made by hand may have made the state.
    pub fn is_unused(&self) -> Result<bool, StoreError> {
        Ok(self.last_key()?.is_none() && self.lost_at()?.is_none())
    }

    pub(super) fn entries(&self, key: &str) -> Result<BTreeMap<Subject, Entry>, StoreError> {
        self.entries_where(key, "")
    }

    /// The entries of a key that meet a condition, with all that waits.
    pub(super) fn entries_where(
        &self,
        key: &str,
        condition: &str,
    ) -> Result<BTreeMap<Subject, Entry>, StoreError> {
        let mut nodes = HashSet::new();
        let mut entries = BTreeMap::new();
        let sql =
            format!("SELECT kind, guid, host, chart, name, entry FROM ledger WHERE key = ?1{condition}");
        self.of_subjects(&sql, key, &mut nodes, |subject, text| {
            let entry: Entry = self.read(text, || format!("ledger: {}", words(&subject)))?;
            entries.insert(subject, entry);
            Ok(())
        })?;
        let sql = "SELECT kind, guid, host, chart, name, waiting FROM outbox WHERE key = ?1 \
                   ORDER BY guid, host, chart, name, position";
        self.of_subjects(sql, key, &mut nodes, |subject, text| {
            let waiting: Waiting = self.read(text, || format!("outbox: {}", words(&subject)))?;
            entries.entry(subject).or_insert_with(Entry::default).waiting.push(waiting);
            Ok(())
        })?;
        Ok(entries)
    }

    /// Reads a key's rows in the ledger or the outbox, one at a time, each with its subject.
    fn of_subjects(
        &self,
        sql: &str,
        key: &str,
        nodes: &mut HashSet<Arc<NodeId>>,
        mut take: impl FnMut(Subject, &str) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.on(self.connection.prepare(sql))?;
        let mut rows = self.on(statement.query(params![key]))?;
        while let Some(row) = self.on(rows.next())? {
            let node = NodeId { guid: self.on(row.get(1))?, host: self.on(row.get(2))? };
            let (chart, name) = (self.on(row.get::<_, String>(3))?, self.on(row.get::<_, String>(4))?);
            let subject = match self.on(text(row, 0))? {
                NODE => Subject::Node(node),
                ALERT => Subject::Alert(AlertId { node: shared(nodes, node), chart, name }),
                STORM => match (KeyKind::named(&chart), name.parse()) {
                    (Some(kind), Ok(at)) => Subject::Storm(StormId { agent: node, kind, at }),
                    _ => return Err(self.row(format!("no storm is called `{chart}` `{name}`"))),
                },
                other => {
                    return Err(self.row(format!("`{other}` is none of `{ALERT}`, `{NODE}` and `{STORM}`")));
                }
            };
            take(subject, self.on(text(row, 5))?)?;
        }
        Ok(())
    }

    pub(super) fn nodes<T: DeserializeOwned>(&self) -> Result<BTreeMap<NodeId, T>, StoreError> {
        let rows = self.rows("SELECT guid, host, record FROM node", params![], |row| {
            Ok((NodeId { guid: row.get(0)?, host: row.get(1)? }, row.get::<_, String>(2)?))
        })?;
        rows.into_iter()
            .map(|(node, text)| {
                let record = self.read(&text, || format!("node {}", node.host))?;
                Ok((node, record))
            })
            .collect()
    }

    fn pace(&self, key: &str) -> rusqlite::Result<Pace> {
        let hold = self
            .connection
            .query_row("SELECT until, strikes FROM hold WHERE key = ?1", params![key], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let (held_until, strikes) = hold.unwrap_or_default();
        let mut statement = self.connection.prepare("SELECT over, count FROM pace WHERE key = ?1")?;
        let slots = statement
            .query_map(params![key], |row| Ok(Slots { over: row.get(0)?, count: row.get(1)? }))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Pace { slots, held_until, strikes })
    }

    pub(super) fn meta_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        self.meta(name)?.map(|text| self.read(&text, || name.to_owned())).transpose()
    }

    pub(super) fn read<T: DeserializeOwned>(
        &self,
        text: &str,
        what: impl Fn() -> String,
    ) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|error| self.row(format!("{}: {error}", what())))
    }

    pub(super) fn rows<T>(
        &self,
        sql: &str,
        parameters: &[&dyn rusqlite::ToSql],
        map: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.connection.prepare(sql).and_then(|mut statement| {
            statement.query_map(parameters, map)?.collect::<rusqlite::Result<Vec<T>>>()
        });
        self.on(rows)
    }
}

/// A column's text, as long as the row is at hand.
pub(super) fn text<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<&'r str> {
    Ok(row.get_ref(column)?.as_str()?)
}

/// One `Arc` for each node.
pub(super) fn shared(nodes: &mut HashSet<Arc<NodeId>>, node: NodeId) -> Arc<NodeId> {
    if let Some(known) = nodes.get(&node) {
        return Arc::clone(known);
    }
    let node = Arc::new(node);
    nodes.insert(Arc::clone(&node));
    node
}

fn words(subject: &Subject) -> String {
    match subject {
        Subject::Alert(alert) => alert.to_string(),
        Subject::Node(node) => format!("node {}", node.host),
        Subject::Storm(storm) => format!("storm of {}", storm.when()),
    }
}
