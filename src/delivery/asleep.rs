//! Alerts that are raised and told, and of which nothing is due: their entries are not read where Netdata shows what it
//! showed.
//!
//! A parent may show a hundred thousand of them. What must be known to tell that nothing has changed is kept beside each
//! entry, and that alone is read ([`Store::load_awake`](super::store::Store::load_awake)). An entry wakes, and is read,
//! when anything else is seen of it, or nothing. The outcome is the same as with all entries read.

use std::collections::HashSet;
use std::sync::Arc;

use super::coverage::Coverage;
use super::entry::{Entry, Standing};
use super::job::Job;
use super::key::{Since, Told};
use super::ledger::Ledger;
use super::lock::Lock;
use super::quiet::digest;
use super::store::{Continuity, Loaded, PLANNED_WITH, Store, StoreError};
use crate::alert::{AlertId, Health, NodeId, Observation, Sighting, Status};
use crate::config::Config;
use crate::netdata::{Followed, Following, Resting};
use crate::payload::{KeyKind, Subject};

impl Entry {
    /// What is to be known of it while it is asleep: its status, and whether nobody is to be told. `None` where it cannot
    /// be: it waits, a clock of its runs, or more than what Netdata shows of it decides.
    #[must_use]
    pub fn resting(&self) -> Option<(Status, bool)> {
        let level =
            self.standing.and_then(Standing::level).filter(|level| self.last.level() == Some(*level))?;
        let keys = [KeyKind::Warning, KeyKind::Critical].map(|kind| self.keys.get(kind));
        let is_settled = keys.iter().all(|key| match key.told {
            Told::Never => true,
            Told::Maybe => false,
            Told::Accepted => matches!(key.since, Since::Same | Since::Commented),
        });
        let is_plain = self.waiting.is_empty()
            && self.held.is_none()
            && self.clearing.is_none()
            && self.gone.is_none()
            && self.ended.is_none()
            && self.muted.is_none()
            && self.peak.is_none()
            && self.member.is_none()
            && self.left.is_none()
            && self.storm.is_none()
            && self.parents.is_empty()
            && !self.flapping.on
            && !self.transition.is_empty();
        // A silence of Netdata's may end without a word.
        let is_silent_by_role = !self.silent || self.facts.silent_role();
        let rests = is_settled && is_plain && is_silent_by_role;
        rests.then(|| (level.into(), self.silent))
    }
}

/// What a run starts from.
pub(super) struct Asleep<'a> {
    /// Where the entries are that are asleep.
    store: Option<(&'a Store, &'a str)>,
    /// What is followed, asleep or awake.
    following: Arc<Following>,
    error: Option<StoreError>,
}

impl<'a> Asleep<'a> {
    /// None is: all entries are read.
    pub(super) fn none() -> Self {
        Self { store: None, following: Arc::default(), error: None }
    }

    /// Reads what a run under this key starts from.
    pub(super) fn load(
        store: &'a Store,
        key: &'a str,
        job: &Job<'_>,
        lock: &Lock,
    ) -> Result<(Loaded, Self), StoreError> {
        if !job.netdata.are_several() && may_stay(job.config, store, lock)? {
            let (loaded, mut following) = store.load_awake(key)?;
            let ledger = &loaded.ledger;
            let was_one = ledger.entries.values().all(|entry| entry.parents.is_empty());
            // After an outage every node is looked at anew.
            if was_one && !ledger.away && ledger.clocks.back_for.is_none() {
                // Nothing is known by any parent: whoever answers, it is the same.
                following.extend(ledger.followed_at("", true));
                let following = Arc::new(following);
                return Ok((loaded, Self { store: Some((store, key)), following, error: None }));
            }
        }
        Ok((store.load(key)?, Self::none()))
    }

    /// What the agent with this machine GUID is to look for: what is awake, and what is not.
    pub(super) fn following(&self, ledger: &Ledger, guid: &str, is_alone: bool) -> Arc<Following> {
        match self.store {
            Some(_) => Arc::clone(&self.following),
            None => Arc::new(ledger.followed_at(guid, is_alone)),
        }
    }

    /// Takes out of an observation what is asleep and as it was, and reads the entries that wake.
    pub(super) fn part(&mut self, seen: &mut Observation, ledger: &mut Ledger, config: &Config) {
        let roused = part(seen, &self.following, ledger, config);
        self.wake(ledger, &roused);
    }

    /// Reads what is asleep on the nodes of what waits.
    pub(super) fn wake_beside(&mut self, ledger: &mut Ledger) {
        let beside = beside_what_waits(&self.following, ledger);
        self.wake(ledger, &beside);
    }

    /// Reads the entries that wake. Where they cannot be read, [`Self::end`] says so.
    fn wake(&mut self, ledger: &mut Ledger, alerts: &[AlertId]) {
        let Some((store, key)) = self.store.filter(|_| !alerts.is_empty()) else { return };
        match store.wake(key, alerts) {
            Ok(mut entries) => ledger.entries.append(&mut entries),
            Err(error) => self.error = Some(error),
        }
    }

    /// Whether all that woke could be read.
    pub(super) fn end(self) -> Result<(), StoreError> {
        self.error.map_or(Ok(()), Err)
    }
}

/// Whether entries may stay asleep in this run: they were planned with the same configuration, no silence and no label
/// decides, nothing is unclear, and nobody wants to be told the reasons.
fn may_stay(config: &Config, store: &Store, lock: &Lock) -> Result<bool, StoreError> {
    Ok(store.continuity() == Continuity::Whole
        && lock.unrecorded().is_none()
        && may_sleep(config)
        && !tracing::enabled!(tracing::Level::INFO)
        && store.note::<String>(PLANNED_WITH)?.as_ref() == Some(&digest(config))
        && store.silences()?.is_empty())
}

/// Whether nothing in a configuration decides of what is asleep but its status.
#[must_use]
pub fn may_sleep(config: &Config) -> bool {
    config.silences.is_empty() && config.label_names().is_empty()
}

/// Takes out of an observation what it shows of alerts that are asleep and as they were. Returns those that must wake.
#[must_use]
pub fn part(seen: &mut Observation, followed: &Following, ledger: &Ledger, config: &Config) -> Vec<AlertId> {
    let asleep = |alert: &AlertId| followed.get(alert).and_then(|known| Some((known, known.resting?)));
    let coverage = Coverage::of(config, ledger, &seen.nodes);
    let known: HashSet<&NodeId> = seen
        .nodes
        .iter()
        .filter(|node| node.reachable && node.health != Health::Disabled && coverage.covers(&node.id))
        .map(|node| &*node.id)
        .collect();
    let mentioned: HashSet<&AlertId> = seen.transitions.iter().map(|one| &one.alert).collect();
    let as_it_was = |one: &&Sighting| {
        !one.pending
            && known.contains(&*one.alert.node)
            && !mentioned.contains(&one.alert)
            && asleep(&one.alert).is_some_and(|(known, resting)| is_as_it_was(one, known, resting))
    };
    let strange: HashSet<&Arc<NodeId>> =
        seen.at_rest.nodes.iter().filter(|node| !known.contains(&***node)).collect();
    let rests = |alert: &AlertId, resting: Resting| {
        seen.at_rest.has(resting.place)
            && (strange.is_empty() || !strange.contains(&alert.node))
            && (mentioned.is_empty() || !mentioned.contains(alert))
    };
    let undisturbed: HashSet<&AlertId> = seen
        .sightings
        .iter()
        .filter(as_it_was)
        .filter_map(|one| followed.get_key_value(&one.alert))
        .map(|(alert, _)| alert)
        .collect();
    let is_roused = |(alert, known): &(&AlertId, &Followed)| {
        known.resting.is_some_and(|resting| !rests(alert, resting) && !undisturbed.contains(alert))
    };
    let roused = followed.iter().filter(is_roused).map(|(alert, _)| alert.clone()).collect();
    seen.sightings.retain(|one| !undisturbed.contains(&one.alert));
    roused
}

/// As [`Entry::knows`] has it.
fn is_as_it_was(sighting: &Sighting, known: &Followed, resting: Resting) -> bool {
    let facts = &sighting.facts;
    facts.status == resting.status
        && (facts.transition.is_empty() || facts.transition == known.transition)
        && sighting.silent.is_none_or(|silent| silent == resting.silent)
}

/// The alerts that are asleep on the nodes of what waits: an event says what else is raised there.
#[must_use]
pub fn beside_what_waits(followed: &Following, ledger: &Ledger) -> Vec<AlertId> {
    let nodes: HashSet<&NodeId> = ledger
        .entries
        .iter()
        .filter(|(_, entry)| !entry.waiting.is_empty())
        .filter_map(|(subject, _)| match subject {
            Subject::Alert(alert) => Some(&*alert.node),
            Subject::Node(_) | Subject::Storm(_) => None,
        })
        .collect();
    let asleep = followed.iter().filter(|(alert, known)| {
        known.resting.is_some()
            && nodes.contains(&*alert.node)
            && !ledger.entries.contains_key(&Subject::Alert((*alert).clone()))
    });
    asleep.map(|(alert, _)| alert.clone()).collect()
}
