//! What one of several parents shows.

use std::collections::{HashMap, HashSet};

use crate::alert::{AlertDetails, AlertId, Api, Health, NodeId, Observation, Sighting, Transition};

/// What one parent shows.
pub(super) struct Parent<'a> {
    pub(super) guid: &'a str,
    pub(super) api: Api,
    /// The nodes whose alerts it can tell of.
    pub(super) speaks_for: HashSet<&'a NodeId>,
    pub(super) sightings: HashMap<&'a AlertId, &'a Sighting>,
    /// Its log, oldest first for each alert.
    pub(super) log: HashMap<&'a AlertId, Vec<&'a Transition>>,
}

impl<'a> Parent<'a> {
    pub(super) fn new(seen: &'a Observation) -> Self {
        let mut log: HashMap<&AlertId, Vec<&Transition>> = HashMap::new();
        for one in &seen.transitions {
            log.entry(&one.alert).or_default().push(one);
        }
        let speaks = seen.nodes.iter().filter(|node| node.reachable && node.health != Health::Disabled);
        Self {
            guid: &seen.agent.node.guid,
            api: seen.agent.api,
            speaks_for: speaks.map(|node| &*node.id).collect(),
            sightings: seen.sightings.iter().map(|one| (&one.alert, one)).collect(),
            log,
        }
    }

    pub(super) fn speaks_for(&self, alert: &AlertId) -> bool {
        self.speaks_for.contains(&*alert.node)
    }

    /// What it shows of an alert for which it speaks.
    pub(super) fn sighting(&self, alert: &AlertId) -> Option<&'a Sighting> {
        self.sightings.get(alert).copied().filter(|_| self.speaks_for(alert))
    }

    pub(super) fn log(&self, alert: &AlertId) -> &[&'a Transition] {
        self.log.get(alert).map_or(&[], Vec::as_slice)
    }

    /// These details, with the transition's id as no other parent has it: v1's are small numbers.
    pub(super) fn own(&self, facts: &AlertDetails) -> AlertDetails {
        let transition = match self.api {
            Api::V1 if !facts.transition.is_empty() => format!("{}@{}", facts.transition, self.guid),
            _ => facts.transition.clone(),
        };
        AlertDetails { transition, ..facts.clone() }
    }
}
