//! `--adopt`: rebuilds a lost state from the alerts that are open in ilert under this program's keys. The runs after it
//! resolve what Netdata no longer shows.
//!
//! A key names its alert in lower case; a long or odd name is in it only as a hash. First it is compared with the keys
//! of all alerts that Netdata lists now. If none matches, the alert is parsed from the key, and taken only if it makes
//! the same key again. Both are tried with today's way of writing keys, then with the former one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::entry::{Entry, StormState};
use super::job::Job;
use super::ledger::{Ledger, NodeRecord};
use super::store::{self, Commit, Continuity, Store, StoreError};
use crate::alert::{AlertDetails, AlertId, NodeId, Observation, Status};
use crate::delivery::by_hand;
use crate::netdata::{self, Interest};
use crate::payload::{KeyKind, Scheme, StormId, Subject, TEST_ALERT};

/// The beginning of all of this program's keys.
const PREFIX: &str = "netdata/";

/// The ways in which a key may be written.
const SCHEMES: [Scheme; 2] = [Scheme::V2, Scheme::V1];

/// What adopting did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Keys that were added to the state.
    pub taken: usize,
    /// Keys that were in the state already.
    pub known: usize,
    /// Keys whose alert cannot be found, or is open under another key already.
    pub not_understood: Vec<String>,
}

/// Adds these keys, which are open in ilert, to the state. Needs an agent that answers: only the alerts that it lists
/// show what a key means.
pub async fn adopt(job: &Job<'_>, keys: Vec<String>) -> Result<Result<Adopted, netdata::Error>, StoreError> {
    let now = (job.clock)();
    let _lock = by_hand::lock(job.state, now).await?;
    let mut store = Store::open(job.state)?;
    let key = store.fingerprint(job.key, &job.config.ilert.endpoint)?;
    let mut loaded = store.load(&key)?;
    let seen = match job.netdata.observe(&|_| Interest::everything()).await {
        Ok(seen) => seen,
        Err(error) => return Ok(Err(error)),
    };
    let adopted = take(&mut loaded.ledger, &seen, &keys);
    let commit = Commit { previous_key: loaded.previous_key.as_deref(), observed: true, ..Commit::default() };
    store.commit(&key, &mut loaded.ledger, &commit)?;
    store.acknowledge()?;
    store.close()?;
    Ok(Ok(adopted))
}

/// Marks a lost state as whole again: nothing of this program's is open in ilert.
pub async fn nothing_open(folder: &Path, now: i64) -> Result<(), StoreError> {
    if Store::open_existing(folder)?.is_none() && store::absent(folder) == Continuity::First {
        return Ok(());
    }
    let _lock = by_hand::lock(folder, now).await?;
    let mut store = Store::open(folder)?;
    store.acknowledge()?;
    store.close()
}

/// Adds the keys to a ledger. Does no I/O.
#[must_use]
pub fn take(ledger: &mut Ledger, seen: &Observation, keys: &[String]) -> Adopted {
    let mut adopted = Adopted::default();
    let listed = listed(seen);
    for key in keys {
        let folded = key.trim().to_lowercase();
        let found = listed.get(&folded).cloned().or_else(|| read_back(&folded, seen));
        let Some(KeyOwner { subject, kind, scheme, facts }) = found else {
            adopted.not_understood.push(key.trim().to_owned());
            continue;
        };
        let told = ledger.entries.get(&subject).map(|entry| entry.keys.get(kind)).filter(|key| key.is_open());
        match told {
            Some(told) if told.scheme.key(&subject, kind) == folded => adopted.known += 1,
            Some(_) => adopted.not_understood.push(key.trim().to_owned()),
            None => {
                adopted.taken += 1;
                ledger.change(&subject, |entry| {
                    entry.adopt(kind, scheme, facts);
                    entry.storm = subject.is_storm().then(|| Box::new(adopted_storm(seen.now)));
                });
            }
        }
    }
    // A node that is away at this moment, or gone, was seen reachable by whoever lost the state.
    let shown_by = seen.agent.node.guid.clone();
    let listed = seen.nodes.iter().map(|node| ((*node.id).clone(), node.ephemeral));
    let told = ledger.entries.keys().filter(|subject| !subject.is_storm());
    let told: Vec<_> = told.map(|subject| (subject.node().clone(), false)).collect();
    for (node, ephemeral) in listed.chain(told) {
        if !ledger.nodes.contains_key(&node) {
            let record = NodeRecord { shown_by: shown_by.clone(), ephemeral, ..NodeRecord::default() };
            ledger.record(&node, record);
        }
    }
    adopted
}

/// The alert or node that a key belongs to.
#[derive(Clone)]
struct KeyOwner {
    subject: Subject,
    kind: KeyKind,
    scheme: Scheme,
    facts: AlertDetails,
}

/// Everything that Netdata lists, by its keys. A former key may belong to two alerts: the first one counts.
fn listed(seen: &Observation) -> BTreeMap<String, KeyOwner> {
    let mut found = BTreeMap::new();
    let mut add = |subject: &Subject, kind, scheme: Scheme, facts| {
        let subject = subject.clone();
        found.entry(scheme.key(&subject, kind)).or_insert(KeyOwner { subject, kind, scheme, facts });
    };
    for scheme in SCHEMES {
        for sighting in &seen.sightings {
            let subject = Subject::Alert(sighting.alert.clone());
            for kind in [KeyKind::Warning, KeyKind::Critical] {
                let status = kind.level().into();
                add(&subject, kind, scheme, AlertDetails { status, ..sighting.facts.clone() });
            }
        }
        for node in &seen.nodes {
            let subject = Subject::Node((*node.id).clone());
            let facts = AlertDetails { status: Status::Critical, when: seen.now, ..AlertDetails::default() };
            add(&subject, KeyKind::Unreachable, scheme, facts);
        }
    }
    found
}

/// Parses a key, and checks that the result makes the same key again. Prefers a node that Netdata lists, however the
/// key is written: any other would be reported unreachable.
fn read_back(key: &str, seen: &Observation) -> Option<KeyOwner> {
    let read = |scheme: Scheme, (node, rest)| {
        let found = on_node(node, rest, scheme, seen.now)?;
        (scheme.key(&found.subject, found.kind) == key).then_some(found)
    };
    let listed = SCHEMES.into_iter().find_map(|scheme| read(scheme, of_listed_node(key, scheme, seen)?));
    listed.or_else(|| SCHEMES.into_iter().find_map(|scheme| read(scheme, of_other_node(key, scheme)?)))
}

/// Finds the listed node that a key begins with; returns it with the rest of the key.
fn of_listed_node<'a>(key: &'a str, scheme: Scheme, seen: &Observation) -> Option<(Arc<NodeId>, &'a str)> {
    let rest = |node: &NodeId| key.strip_prefix(&scheme.node(node))?.strip_prefix('/');
    seen.nodes.iter().find_map(|node| Some((node.id.clone(), rest(&node.id)?)))
}

fn of_other_node(key: &str, scheme: Scheme) -> Option<(Arc<NodeId>, &str)> {
    let (host, rest) = key.strip_prefix(PREFIX)?.split_once('/')?;
    let (guid, rest) = rest.split_once('/')?;
    Some((Arc::new(NodeId { guid: scheme.name(guid), host: scheme.name(host) }), rest))
}

fn on_node(node: Arc<NodeId>, rest: &str, scheme: Scheme, when: i64) -> Option<KeyOwner> {
    let (subject, kind) = if let Some(storm) = storm(&node, rest) {
        let kind = storm.kind;
        (Subject::Storm(storm), kind)
    } else if rest == KeyKind::Unreachable.word() {
        (Subject::Node((*node).clone()), KeyKind::Unreachable)
    } else {
        let (alert, level) = rest.rsplit_once('/')?;
        let (chart, name) = alert.rsplit_once('/').filter(|(_, name)| *name != TEST_ALERT)?;
        let kind = KeyKind::named(level).filter(|kind| *kind != KeyKind::Unreachable)?;
        let alert = AlertId { node, chart: scheme.name(chart), name: scheme.name(name) };
        (Subject::Alert(alert), kind)
    };
    let facts = AlertDetails { status: kind.level().into(), when, ..AlertDetails::default() };
    Some(KeyOwner { subject, kind, scheme, facts })
}

/// A storm, from the rest of its key: `storm/{kind}/{when}`.
fn storm(agent: &NodeId, rest: &str) -> Option<StormId> {
    let (kind, when) = rest.strip_prefix("storm/")?.split_once('/')?;
    let kind = KeyKind::named(kind)?;
    let at = when.to_uppercase().parse::<jiff::Timestamp>().ok()?.as_second();
    Some(StormId { agent: agent.clone(), kind, at })
}

/// The entry of a storm whose members are not known, from this time on (seconds).
fn adopted_storm(now: i64) -> StormState {
    StormState { adopted: true, opened: now.saturating_mul(1000), ..StormState::default() }
}

impl Entry {
    /// Marks a key as open in ilert, and the alert as raised until Netdata says otherwise.
    fn adopt(&mut self, kind: KeyKind, scheme: Scheme, facts: AlertDetails) {
        let adopted = Self::adopted(kind, scheme, facts);
        let keys = self.keys;
        if self.standing.is_none() {
            *self = Self { keys, waiting: std::mem::take(&mut self.waiting), ..adopted };
        }
        *self.keys.get_mut(kind) = adopted.keys.get(kind);
    }
}
