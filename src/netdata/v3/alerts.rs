//! `/api/v3/alerts`: the state that alerts are in now.

use std::collections::{HashMap, HashSet};

use super::Hashes;
use super::cut::may_be_cut;
use super::wire::{Alerts, Instance, ListedNode};
use crate::alert::{AlertDetails, AlertId, AtRest, Sighting, Status};
use crate::netdata::answer::Json;
use crate::netdata::connection::{Connection, LARGE};
use crate::netdata::error::Error;
use crate::netdata::node_index::{IndexedNode, NodeIndex};
use crate::netdata::odd::Odd;
use crate::netdata::uuid::Uuid;
use crate::netdata::wire::List;
use crate::netdata::{Following, ListedAlert, Resting};

/// What an answer listed, as far as it is of interest.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) sightings: Vec<Sighting>,
    /// Alerts in any status whose names the log would cut, with their last transitions.
    pub(super) long: Vec<(AlertId, String)>,
    /// Transitions that came with no value.
    pub(super) valueless: HashSet<String>,
    /// The configuration of raised alerts whose last transition is not known.
    pub(super) hashes: Hashes,
    /// What could not be read.
    pub(super) odd: Odd,
    /// What is followed and as it was.
    pub(super) at_rest: AtRest,
}

/// Where all alerts are listed.
pub(super) const ALL: &str = "/api/v3/alerts?options=instances,values,minify";

/// Lists every alert; `None` where one of them cannot be read.
pub(in crate::netdata) async fn list_alerts(
    connection: &Connection,
) -> Result<Option<Vec<ListedAlert>>, Error> {
    connection.get(ALL, LARGE).await?.read(listed).await
}

fn listed(answer: &Json) -> Result<Option<Vec<ListedAlert>>, Error> {
    let alerts: Alerts<'_> = answer.parse()?;
    let nodes = numbered(alerts.nodes.items, &mut NodeIndex::everywhere());
    let List { items, odd } = alerts.alert_instances;
    let read = |instance: Instance<'_>| {
        let node = nodes.get(&instance.ni.0?)?.id.clone();
        let alert = AlertId { node, chart: instance.ch.into_string(), name: instance.nm.into_string() };
        let context = Some(instance.ctx.into_string());
        Some(ListedAlert { alert, context, role: instance.to.into_string() })
    };
    Ok(if odd.is_empty() { items.into_iter().map(read).collect() } else { None })
}

impl Listing {
    pub(super) fn of(answer: &Json, index: &mut NodeIndex, followed: &Following) -> Result<Self, Error> {
        let alerts: Alerts<'_> = answer.parse()?;
        let nodes = numbered(alerts.nodes.items, index);
        let mut listing = Self::default();
        listing.odd.values = answer.odd_values();
        listing.odd.add_alerts(alerts.alert_instances.odd, None);
        for instance in alerts.alert_instances.items {
            listing.take(instance, &nodes, followed);
        }
        Ok(listing)
    }

    pub(super) fn take(
        &mut self,
        instance: Instance<'_>,
        nodes: &HashMap<i64, IndexedNode>,
        followed: &Following,
    ) {
        match instance.ni.0.and_then(|number| nodes.get(&number)) {
            Some(node) if node.covered => self.add(instance, node, followed),
            Some(_) => {}
            None => self.odd.add_alerts([instance.glimpse()], None),
        }
    }

    fn add(&mut self, mut instance: Instance<'_>, node: &IndexedNode, followed: &Following) {
        let (chart, name) = (instance.ch.as_str(), instance.nm.as_str());
        if !self.odd.is_whole(&node.id, chart, name, instance.st.as_str()) {
            return;
        }
        if may_be_cut(name) {
            let alert = AlertId { node: node.id.clone(), chart: chart.to_owned(), name: name.to_owned() };
            self.long.push((alert, instance.tr_i.as_str().to_owned()));
        }
        let is_valueless = instance.tr_v.0.is_none();
        let config = std::mem::take(&mut instance.cfg);
        if let Some(sighting) = sighting(instance, node, followed) {
            if is_valueless {
                self.valueless.insert(sighting.facts.transition.clone());
            }
            if is_news(&sighting, followed) {
                let ids = Uuid::parse(&sighting.facts.transition).zip(Uuid::parse(config.as_str()));
                self.hashes.extend(ids);
            }
            self.sightings.push(sighting);
        }
    }

    /// Shows what is at rest as it is known: something odd may concern it.
    pub(super) fn rouse(&mut self, followed: &Following) {
        let at_rest = std::mem::take(&mut self.at_rest);
        let roused = followed.iter().filter_map(|(alert, known)| {
            let Resting { status, .. } = known.resting.filter(|resting| at_rest.has(resting.place))?;
            let facts =
                AlertDetails { status, transition: known.transition.clone(), ..AlertDetails::default() };
            Some(Sighting { alert: alert.clone(), due: None, silent: None, pending: false, facts })
        });
        self.sightings.extend(roused);
    }
}

/// The nodes that instances refer to, by number: their place in the list where they have none.
pub(super) fn numbered(nodes: Vec<ListedNode<'_>>, index: &mut NodeIndex) -> HashMap<i64, IndexedNode> {
    nodes
        .into_iter()
        .zip(0..)
        .map(|(node, place)| (node.ni.0.unwrap_or(place), index.node(node.mg.as_str(), node.nm.as_str())))
        .collect()
}

/// Whether it is raised by a transition that no earlier observation had.
fn is_news(sighting: &Sighting, followed: &Following) -> bool {
    let known = followed.get(&sighting.alert);
    sighting.facts.status.level().is_some()
        && known.is_none_or(|known| known.transition != sighting.facts.transition)
}

/// An instance that is raised or followed; what its last transition says is filled in later.
fn sighting(instance: Instance<'_>, node: &IndexedNode, followed: &Following) -> Option<Sighting> {
    let status = Status::parse(instance.st.as_str());
    if status.level().is_none() && followed.is_empty() {
        return None;
    }
    let alert =
        AlertId { node: node.id.clone(), chart: instance.ch.into_string(), name: instance.nm.into_string() };
    if status.level().is_none() && !followed.contains_key(&alert) {
        return None;
    }
    let facts = AlertDetails {
        status,
        value: instance.v.0.or(instance.tr_v.0),
        units: instance.units.shown(),
        summary: instance.sum.shown(),
        info: instance.info.shown(),
        context: instance.ctx.into_string(),
        role: instance.to.into_string(),
        class: instance.cl.shown(),
        component: instance.cm.shown(),
        kind: instance.tp.shown(),
        source: instance.src.shown(),
        when: instance.tr_t.or_zero(),
        transition: instance.tr_i.into_string(),
        ..AlertDetails::default()
    };
    let silent = facts.silent_role().then_some(true);
    Some(Sighting { alert, due: None, silent, pending: false, facts })
}
