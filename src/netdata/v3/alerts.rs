//! `/api/v3/alerts`: the state that alerts are in now.

use std::collections::HashMap;

use super::wire::{Alerts, Instance};
use crate::alert::{AlertId, Facts, Sighting, Status};
use crate::netdata::Interest;
use crate::netdata::connection::{Connection, LARGE};
use crate::netdata::error::Error;
use crate::netdata::roster::{Known, Roster};

/// Which alerts are asked for.
#[derive(Clone, Copy)]
pub(super) enum Which {
    /// Those that are raised; the answer may hold others, too.
    Raised,
    /// All that exist: for a followed alert that is not raised any more.
    All,
}

/// What an answer listed, as far as anybody is interested.
pub(super) struct Listing {
    pub(super) sightings: Vec<Sighting>,
}

/// Asks, and keeps the raised and the followed alerts of covered nodes.
pub(super) async fn ask(
    connection: &Connection,
    which: Which,
    roster: &mut Roster<'_>,
    interest: &Interest<'_>,
) -> Result<Listing, Error> {
    let path = match which {
        Which::Raised => "/api/v3/alerts?options=instances,values&status=raised",
        Which::All => "/api/v3/alerts?options=instances,values",
    };
    let answer = connection.get(path, LARGE).await?;
    let alerts: Alerts<'_> = answer.parse()?;
    let nodes: HashMap<i64, Known> = alerts
        .nodes
        .iter()
        .zip(0..)
        .map(|(node, place)| (node.ni.0.unwrap_or(place), roster.node(node.mg.as_str(), node.nm.as_str())))
        .collect();
    let sightings = alerts
        .alert_instances
        .into_iter()
        .filter_map(|instance| {
            let node = nodes.get(&instance.ni.0?).filter(|node| node.covered)?;
            sighting(instance, node, interest)
        })
        .collect();
    Ok(Listing { sightings })
}

/// An instance that is raised or followed; what its last transition says is filled in later.
fn sighting(instance: Instance<'_>, node: &Known, interest: &Interest<'_>) -> Option<Sighting> {
    let status = Status::parse(instance.st.as_str());
    if status.level().is_none() && interest.followed.is_empty() {
        return None;
    }
    let alert =
        AlertId { node: node.id.clone(), chart: instance.ch.into_string(), name: instance.nm.into_string() };
    if status.level().is_none() && !interest.followed.contains_key(&alert) {
        return None;
    }
    let facts = Facts {
        status,
        value: instance.v.0.or(instance.tr_v.0),
        units: instance.units.into_string(),
        summary: instance.sum.into_string(),
        info: instance.info.into_string(),
        context: instance.ctx.into_string(),
        role: instance.to.into_string(),
        class: instance.cl.into_string(),
        component: instance.cm.into_string(),
        kind: instance.tp.into_string(),
        source: instance.src.into_string(),
        when: instance.tr_t.or_zero(),
        transition: instance.tr_i.into_string(),
        ..Facts::default()
    };
    let silent = facts.silent_role().then_some(true);
    Some(Sighting { alert, due: None, silent, pending: false, facts })
}
