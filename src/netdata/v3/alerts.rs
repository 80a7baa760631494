//! `/api/v3/alerts`: the state that alerts are in now.

use std::collections::{HashMap, HashSet};

use super::cut::may_be_cut;
use super::wire::{Alerts, Instance};
use super::{Hashes, Round};
use crate::alert::{AlertDetails, AlertId, Sighting, Status};
use crate::netdata::answer::Json;
use crate::netdata::connection::{Connection, LARGE};
use crate::netdata::error::Error;
use crate::netdata::node_index::{IndexedNode, NodeIndex};
use crate::netdata::odd::Odd;
use crate::netdata::uuid::Uuid;
use crate::netdata::wire::List;
use crate::netdata::{Followed, ListedAlert};

/// The alerts to report in whatever state they are.
type Following = HashMap<AlertId, Followed>;

/// Which alerts are asked for.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    /// Those that are raised; the answer may hold others, too.
    Raised,
    /// All that exist: for a followed alert that is not raised any more, or a name that the log has cut.
    All,
}

/// What an answer listed, as far as it is of interest.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) sightings: Vec<Sighting>,
    /// Alerts in any status whose names the log would cut, with their last transitions.
    pub(super) long: Vec<(AlertId, String)>,
    /// Transitions that came with no value.
    pub(super) valueless: HashSet<String>,
    /// The configuration of raised alerts whose last transition is not known.
    hashes: Hashes,
    /// What could not be read.
    pub(super) odd: Odd,
}

const ALL: &str = "/api/v3/alerts?options=instances,values";

/// Lists every alert; `None` where one of them cannot be read.
pub(in crate::netdata) async fn list_alerts(
    connection: &Connection,
) -> Result<Option<Vec<ListedAlert>>, Error> {
    connection.get(ALL, LARGE).await?.read(listed).await
}

fn listed(answer: &Json) -> Result<Option<Vec<ListedAlert>>, Error> {
    let alerts: Alerts<'_> = answer.parse()?;
    let nodes = nodes(&alerts, &mut NodeIndex::everywhere());
    let List { items, odd } = alerts.alert_instances;
    let read = |instance: Instance<'_>| {
        let node = nodes.get(&instance.ni.0?)?.id.clone();
        let alert = AlertId { node, chart: instance.ch.into_string(), name: instance.nm.into_string() };
        let context = Some(instance.ctx.into_string());
        Some(ListedAlert { alert, context, role: instance.to.into_string() })
    };
    Ok(if odd.is_empty() { items.into_iter().map(read).collect() } else { None })
}

/// The nodes that instances refer to, by number.
fn nodes(alerts: &Alerts<'_>, index: &mut NodeIndex) -> HashMap<i64, IndexedNode> {
    let places = alerts.nodes.items.iter().zip(0..);
    places
        .map(|(node, place)| (node.ni.0.unwrap_or(place), index.node(node.mg.as_str(), node.nm.as_str())))
        .collect()
}

/// Asks for the alerts, and keeps the raised and the followed ones of covered nodes.
pub(super) async fn ask(round: &mut Round<'_>, scope: Scope) -> Result<Listing, Error> {
    let path = match scope {
        Scope::Raised => "/api/v3/alerts?options=instances,values&status=raised",
        Scope::All => ALL,
    };
    let followed = round.interest.followed.clone();
    let answer = round.connection.get(path, LARGE).await?;
    let read = move |answer: &Json, index: &mut NodeIndex| Listing::of(answer, index, &followed);
    let mut listing = answer.read_with(&mut round.index, read).await?;
    round.hashes.extend(std::mem::take(&mut listing.hashes));
    Ok(listing)
}

impl Listing {
    fn of(answer: &Json, index: &mut NodeIndex, followed: &Following) -> Result<Self, Error> {
        let alerts: Alerts<'_> = answer.parse()?;
        let nodes = nodes(&alerts, index);
        let mut listing = Self::default();
        listing.odd.values = answer.odd_values();
        listing.odd.add_alerts(alerts.alert_instances.odd, None);
        for instance in alerts.alert_instances.items {
            match instance.ni.0.and_then(|number| nodes.get(&number)) {
                Some(node) if node.covered => listing.add(instance, node, followed),
                Some(_) => {}
                None => listing.odd.add_alerts([instance.glimpse()], None),
            }
        }
        listing.odd.once_each(&mut listing.sightings);
        Ok(listing)
    }

    fn add(&mut self, mut instance: Instance<'_>, node: &IndexedNode, followed: &Following) {
        let (chart, name) = (instance.ch.as_str(), instance.nm.as_str());
        if !self.odd.is_whole(&node.id, chart, name, instance.st.as_str()) {
            return;
        }
        if may_be_cut(instance.nm.as_str()) {
            let (chart, name) = (instance.ch.as_str().to_owned(), instance.nm.as_str().to_owned());
            let alert = AlertId { node: node.id.clone(), chart, name };
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
