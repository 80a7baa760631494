//! Raised alerts on nodes that `/api/v3/nodes` does not list. Their state is unknown, and so is the state of every
//! followed alert that may be one of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::alert::{AlertId, LeftOut, Node, NodeId, Sighting};
use crate::netdata::Interest;
use crate::netdata::odd::unknown;

/// How many nodes are named.
const NAMED: usize = 3;

/// Says which raised alerts are on nodes that are not listed. Adds each followed alert that may be one of them, with an
/// unknown status.
pub(super) fn set_apart(
    sightings: &mut Vec<Sighting>,
    nodes: &[Node],
    interest: &Interest<'_>,
) -> Vec<LeftOut> {
    let listed: HashSet<&NodeId> = nodes.iter().map(|node| &*node.id).collect();
    let is_apart =
        |seen: &&Sighting| seen.facts.status.level().is_some() && !listed.contains(&*seen.alert.node);
    let apart: Vec<AlertId> = sightings.iter().filter(is_apart).map(|seen| seen.alert.clone()).collect();
    if apart.is_empty() {
        return Vec::new();
    }
    add_unknown(sightings, &apart, interest);
    // Renamed between two answers: the next run knows it again.
    let guids: HashSet<&str> = nodes.iter().map(|node| node.id.guid.as_str()).collect();
    let (renamed, missing): (Vec<_>, Vec<_>) =
        apart.iter().partition(|alert| guids.contains(alert.node.guid.as_str()));
    let missing = words(&missing, "that Netdata does not list").map(|words| LeftOut { words, aloud: true });
    let renamed =
        words(&renamed, "that Netdata lists under another name").map(|words| LeftOut { words, aloud: false });
    missing.into_iter().chain(renamed).collect()
}

/// A followed alert may be one on a node of the same GUID or the same name.
fn add_unknown(sightings: &mut Vec<Sighting>, apart: &[AlertId], interest: &Interest<'_>) {
    let mut by_name: HashMap<(&str, &str), Vec<&NodeId>> = HashMap::new();
    for alert in apart {
        by_name.entry((&alert.chart, &alert.name)).or_default().push(&alert.node);
    }
    let may_be = |alert: &AlertId| {
        let nodes = by_name.get(&(alert.chart.as_str(), alert.name.as_str()));
        nodes.into_iter().flatten().any(|node| node.guid == alert.node.guid || node.host == alert.node.host)
    };
    let missing: Vec<Sighting> = {
        let seen: HashSet<&AlertId> = sightings.iter().map(|seen| &seen.alert).collect();
        let followed = interest.followed.iter();
        let missing = followed.filter(|(alert, _)| !seen.contains(alert) && may_be(alert));
        missing.map(|(alert, known)| unknown(alert, known)).collect()
    };
    sightings.extend(missing);
}

fn words(alerts: &[&AlertId], why: &str) -> Option<String> {
    let hosts: BTreeSet<&str> = alerts.iter().map(|alert| alert.node.host.as_str()).collect();
    let named: Vec<String> = hosts.iter().take(NAMED).map(|host| format!("`{host}`")).collect();
    let more = match hosts.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = alerts.len();
    let (alerts, is, its) = if count == 1 { ("alert", "is", "its") } else { ("alerts", "are", "their") };
    let nodes = if hosts.len() == 1 { "a node" } else { "nodes" };
    (count > 0).then(|| {
        format!(
            "{count} raised {alerts} {is} on {nodes} {why}, so {its} state is unknown: {}{more}",
            named.join(", ")
        )
    })
}
