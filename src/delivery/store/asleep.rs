//! Entries that need not be read: of each, what tells whether it must be.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rusqlite::params;

use super::load::{shared, text};
use super::{ALERT, Loaded, Store, StoreError};
use crate::alert::{AlertId, NodeId, Status};
use crate::delivery::entry::Entry;
use crate::netdata::{Followed, Following, Resting};
use crate::payload::Subject;

/// Name of the note that says with which program and configuration all entries were planned, and put to sleep.
pub const PLANNED_WITH: &str = "planned_with";

const SILENT: &str = "silent";
const TOLD: &str = "told";

/// The column `asleep` of an entry's row.
pub(super) fn column(subject: &Subject, entry: &Entry) -> Option<String> {
    let Subject::Alert(_) = subject else { return None };
    let (status, silent) = entry.resting()?;
    Some(format!("{status} {} {}", if silent { SILENT } else { TOLD }, entry.transition))
}

fn parse(column: &str, place: usize) -> Option<Followed> {
    let mut words = column.splitn(3, ' ');
    let status = Status::parse(words.next()?);
    let silent = words.next()? == SILENT;
    let transition = words.next()?.to_owned();
    Some(Followed {
        transition,
        silenced: false,
        raised: true,
        resting: Some(Resting { status, silent, place }),
    })
}

impl Store {
    /// As [`Store::load`], without the entries of which nothing is due; and those. An entry that could be asleep and is
    /// not is written anew.
    pub fn load_awake(&self, key: &str) -> Result<(Loaded, Following), StoreError> {
        if self.last_key()?.as_deref() != Some(key) {
            return Ok((self.load(key)?, Following::new()));
        }
        let mut loaded = self.load_with(key, self.entries_where(key, " AND asleep IS NULL")?)?;
        let drowsy = loaded.ledger.entries.iter().filter(|(subject, entry)| column(subject, entry).is_some());
        let drowsy: Vec<Subject> = drowsy.map(|(subject, _)| subject.clone()).collect();
        loaded.ledger.changes.entries.extend(drowsy);
        Ok((loaded, self.asleep(key)?))
    }

    fn asleep(&self, key: &str) -> Result<Following, StoreError> {
        let mut nodes: HashSet<_> = HashSet::new();
        let mut asleep = HashMap::new();
        let sql = "SELECT guid, host, chart, name, asleep FROM ledger WHERE key = ?1 AND asleep IS NOT NULL";
        let mut statement = self.on(self.connection.prepare(sql))?;
        let mut rows = self.on(statement.query(params![key]))?;
        let mut node: Option<Arc<NodeId>> = None;
        while let Some(row) = self.on(rows.next())? {
            let (guid, host) = (self.on(text(row, 0))?, self.on(text(row, 1))?);
            let same = node.filter(|node| node.guid == guid && node.host == host);
            let own = same.unwrap_or_else(|| {
                shared(&mut nodes, NodeId { guid: guid.to_owned(), host: host.to_owned() })
            });
            node = Some(own.clone());
            let (chart, name) = (self.on(row.get(2))?, self.on(row.get(3))?);
            let known = parse(self.on(text(row, 4))?, asleep.len());
            let known = known.ok_or_else(|| self.row("the column `asleep` cannot be read".to_owned()))?;
            asleep.insert(AlertId { node: own, chart, name }, known);
        }
        Ok(asleep)
    }

    /// Reads the entries of these alerts.
    pub fn wake(&self, key: &str, alerts: &[AlertId]) -> Result<BTreeMap<Subject, Entry>, StoreError> {
        let mut entries = BTreeMap::new();
        let sql = "SELECT entry FROM ledger \
                   WHERE key = ?1 AND kind = ?2 AND guid = ?3 AND host = ?4 AND chart = ?5 AND name = ?6";
        let mut statement = self.on(self.connection.prepare(sql))?;
        for alert in alerts {
            let AlertId { node, chart, name } = alert;
            let mut rows = self.on(statement.query(params![key, ALERT, node.guid, node.host, chart, name]))?;
            if let Some(row) = self.on(rows.next())? {
                let entry = self.read(self.on(text(row, 0))?, || format!("ledger: {alert}"))?;
                entries.insert(Subject::Alert(alert.clone()), entry);
            }
        }
        Ok(entries)
    }
}
