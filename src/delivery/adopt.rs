//! `--adopt`: after the state was lost, what is open in ilert under this program's keys is taken into the state again.
//! The ordinary runs after it resolve what Netdata does not show any more.
//!
//! A key names its alert in lower case, and a long or odd one only by a hash. An alert that Netdata lists now is found by
//! the key that it would have; what it does not list is read back from the key, if the same key comes of it again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::entry::Entry;
use super::ledger::{Ledger, NodeRecord};
use super::run::{Job, RunError};
use super::store::{self, Commit, Continuity, Store};
use crate::alert::{AlertId, Facts, NodeId, Observation, Status};
use crate::delivery::by_hand;
use crate::netdata::Interest;
use crate::payload::{Subject, TEST_ALERT, Tier, alert_key};

/// What this program's keys begin with.
const PREFIX: &str = "netdata/";

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Keys that are in the state from now on.
    pub taken: usize,
    /// Keys that it had already.
    pub known: usize,
    /// Keys that name nothing that this program could find again.
    pub not_understood: Vec<String>,
}

/// Takes these keys, which are open in ilert, into the state. Needs an agent that answers: what a key means is told by
/// what Netdata lists.
pub async fn adopt(
    job: &Job<'_>,
    keys: Vec<String>,
) -> Result<Result<Adopted, crate::netdata::Error>, RunError> {
    let now = (job.clock)();
    let _lock = by_hand::lock(job.state, now).await?;
    let mut store = Store::open(job.state)?;
    let key = store.fingerprint(job.key, &job.config.ilert.endpoint)?;
    let mut loaded = store.load(&key)?;
    let everything = Interest::everything();
    let seen = match job.netdata.observe(&everything).await {
        Ok((seen, _)) => seen,
        Err(error) => return Ok(Err(error)),
    };
    let adopted = take(&mut loaded.ledger, &seen, &keys);
    let commit = Commit { adopts: loaded.adopts.as_deref(), observed: true, ..Commit::default() };
    store.commit(&key, &mut loaded.ledger, &commit)?;
    store.acknowledge()?;
    store.close()?;
    Ok(Ok(adopted))
}

/// Nothing of this program's is open in ilert: a state that was lost is whole again.
pub async fn nothing_open(folder: &Path, now: i64) -> Result<(), RunError> {
    if Store::open_existing(folder)?.is_none() && store::absent(folder) == Continuity::First {
        return Ok(());
    }
    let _lock = by_hand::lock(folder, now).await?;
    let mut store = Store::open(folder)?;
    store.acknowledge()?;
    store.close()
}

/// Takes them on values.
#[must_use]
pub fn take(ledger: &mut Ledger, seen: &Observation, keys: &[String]) -> Adopted {
    let mut adopted = Adopted::default();
    let listed = listed(seen);
    for key in keys {
        let folded = key.trim().to_lowercase();
        let found = listed.get(&folded).cloned().or_else(|| read_back(&folded, seen));
        let Some((subject, tier, facts)) = found else {
            adopted.not_understood.push(key.trim().to_owned());
            continue;
        };
        if ledger.entries.get(&subject).is_some_and(|entry| entry.keys.get(tier).is_open()) {
            adopted.known += 1;
            continue;
        }
        adopted.taken += 1;
        ledger.change(&subject, |entry| entry.adopt(tier, facts));
    }
    // A node that is away at this moment, or gone, was seen reachable by whoever lost the state.
    let shown_by = seen.agent.node.guid.clone();
    let listed = seen.nodes.iter().map(|node| ((*node.id).clone(), node.ephemeral));
    let told: Vec<_> = ledger.entries.keys().map(|subject| (subject.node().clone(), false)).collect();
    for (node, ephemeral) in listed.chain(told) {
        if !ledger.nodes.contains_key(&node) {
            let record = NodeRecord { shown_by: shown_by.clone(), ephemeral, ..NodeRecord::default() };
            ledger.record(&node, record);
        }
    }
    adopted
}

type Found = (Subject, Tier, Facts);

/// What Netdata lists, by the keys that it would have.
fn listed(seen: &Observation) -> BTreeMap<String, Found> {
    let mut found = BTreeMap::new();
    for sighting in &seen.sightings {
        let subject = Subject::Alert(sighting.alert.clone());
        for (tier, status) in [(Tier::Warning, Status::Warning), (Tier::Critical, Status::Critical)] {
            let facts = Facts { status, ..sighting.facts.clone() };
            found.insert(alert_key(&subject, tier), (subject.clone(), tier, facts));
        }
    }
    for node in &seen.nodes {
        let subject = Subject::Node((*node.id).clone());
        let facts = Facts { status: Status::Critical, when: seen.now, ..Facts::default() };
        found.insert(alert_key(&subject, Tier::Unreachable), (subject, Tier::Unreachable, facts));
    }
    found
}

/// Reads a key back into what it names, if the same key comes of that.
fn read_back(key: &str, seen: &Observation) -> Option<Found> {
    let (host, rest) = key.strip_prefix(PREFIX)?.split_once('/')?;
    let (guid, rest) = rest.split_once('/')?;
    let node = seen
        .nodes
        .iter()
        .map(|node| node.id.clone())
        .find(|node| node.guid == guid && node.host.to_lowercase() == host)
        .unwrap_or_else(|| Arc::new(NodeId { guid: guid.to_owned(), host: host.to_owned() }));
    let facts = Facts { when: seen.now, ..Facts::default() };
    let (subject, tier, status) = if rest == "unreachable" {
        (Subject::Node((*node).clone()), Tier::Unreachable, Status::Critical)
    } else {
        let (alert, level) = rest.rsplit_once('/')?;
        let (chart, name) = alert.rsplit_once('/').filter(|(_, name)| *name != TEST_ALERT)?;
        let (tier, status) = match level {
            "warning" => (Tier::Warning, Status::Warning),
            "critical" => (Tier::Critical, Status::Critical),
            _ => return None,
        };
        let alert = AlertId { node, chart: chart.to_owned(), name: name.to_owned() };
        (Subject::Alert(alert), tier, status)
    };
    (alert_key(&subject, tier) == key).then_some((subject, tier, Facts { status, ..facts }))
}

impl Entry {
    /// ilert has it open: told, and as far as anybody knows raised, until Netdata says otherwise.
    fn adopt(&mut self, tier: Tier, facts: Facts) {
        let adopted = Self::adopted(tier, facts);
        let keys = self.keys;
        if self.standing.is_none() {
            *self = Self { keys, waiting: std::mem::take(&mut self.waiting), ..adopted };
        }
        *self.keys.get_mut(tier) = adopted.keys.get(tier);
    }
}
