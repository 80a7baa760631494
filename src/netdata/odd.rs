//! Parts of an answer that cannot be read: each is left out, counted, and reported once.
//!
//! Unknown is not gone: a followed alert that is not listed may be one that could not be read. It is unknown as long as
//! there is such a one.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::node_index::NodeIndex;
use super::wire::Glimpse;
use super::{Followed, Interest};
use crate::alert::{AlertDetails, AlertId, Health, Labels, LeftOut, Node, NodeId, Sighting, Status};
use crate::text::Shown;

/// Longest name of an alert in a message, in characters.
const LONGEST_NAME: usize = 100;

/// Counts of one observation.
#[derive(Default)]
pub(super) struct Odd {
    /// Values that are not valid in JSON.
    pub(super) values: usize,
    /// Alerts without a name, a chart, a status or a node, with a member twice, or of another shape.
    pub(super) alerts: Vec<Unread>,
    /// Alerts in a status that this version does not know, as they are called in messages.
    pub(super) statuses: Vec<String>,
    /// Nodes without a GUID, a name or a state, or of another shape.
    pub(super) nodes: usize,
    /// Entries of the log, likewise.
    pub(super) transitions: usize,
    /// Alerts that were listed more than once, with different statuses.
    pub(super) twice: usize,
}

/// What is known of an alert that could not be read; empty parts are unknown.
pub(super) struct Unread {
    node: Option<Arc<NodeId>>,
    chart: String,
    name: String,
    /// What it is called in messages; empty where that is not known.
    called: String,
    /// It is certain that it is not raised.
    is_not_raised: bool,
}

impl Unread {
    fn may_be(&self, alert: &AlertId) -> bool {
        self.node.as_ref().is_none_or(|node| *node == alert.node)
            && (self.chart.is_empty() || self.chart == alert.chart)
            && (self.name.is_empty() || self.name == alert.name)
    }
}

impl Odd {
    /// Adds what was found elsewhere.
    pub(super) fn merge(&mut self, mut other: Self) {
        self.values += other.values;
        self.alerts.append(&mut other.alerts);
        self.statuses.append(&mut other.statuses);
        self.nodes += other.nodes;
        self.transitions += other.transitions;
        self.twice += other.twice;
    }

    /// Adds alerts of which at most the node is certain.
    pub(super) fn add_alerts(
        &mut self,
        alerts: impl IntoIterator<Item = Glimpse>,
        node: Option<&Arc<NodeId>>,
    ) {
        self.alerts.extend(alerts.into_iter().map(|seen| Unread {
            node: node.cloned(),
            chart: String::new(),
            name: String::new(),
            called: called(&seen.name, &seen.chart, node),
            is_not_raised: seen.is_not_raised,
        }));
    }

    /// Whether an alert has a name, a chart and a status. Counts it if not, or if the status is not known.
    pub(super) fn is_whole(&mut self, node: &Arc<NodeId>, chart: &str, name: &str, status: &str) -> bool {
        let is_whole = [chart, name, status].iter().all(|text| !text.trim().is_empty());
        if !is_whole {
            self.alerts.push(Unread {
                node: Some(node.clone()),
                chart: chart.to_owned(),
                name: name.to_owned(),
                called: called(name, chart, Some(node)),
                is_not_raised: !Status::parse(status).may_be_raised(),
            });
        } else if Status::parse(status) == Status::Other {
            self.statuses.push(called(name, chart, Some(node)));
        }
        is_whole
    }

    /// Merges alerts that are listed twice. The higher status counts; of two equal ones the later, else the first.
    pub(super) fn once_each(&mut self, sightings: &mut Vec<Sighting>) {
        let alerts: HashSet<&AlertId> = sightings.iter().map(|seen| &seen.alert).collect();
        if alerts.len() == sightings.len() {
            return;
        }
        let weight = |seen: &Sighting| (seen.facts.status.level(), seen.facts.when);
        let mut kept: Vec<Sighting> = Vec::with_capacity(sightings.len());
        let mut places: HashMap<AlertId, usize> = HashMap::with_capacity(sightings.len());
        for seen in sightings.drain(..) {
            let known = places.get(&seen.alert).and_then(|place| kept.get_mut(*place));
            let Some(known) = known else {
                places.insert(seen.alert.clone(), kept.len());
                kept.push(seen);
                continue;
            };
            self.twice += usize::from(known.facts.status != seen.facts.status);
            if weight(&seen) > weight(known) {
                *known = seen;
            }
        }
        *sightings = kept;
    }

    /// Adds each followed alert that is not listed and may be one that could not be read, with an unknown status.
    pub(super) fn show_unknown(&self, sightings: &mut Vec<Sighting>, interest: &Interest<'_>) {
        if self.alerts.is_empty() {
            return;
        }
        let missing: Vec<Sighting> = {
            let listed: HashSet<&AlertId> = sightings.iter().map(|seen| &seen.alert).collect();
            let followed = interest.followed.iter();
            followed
                .filter(|(alert, _)| {
                    !listed.contains(alert) && (interest.covers)(&alert.node, &Labels::default())
                })
                .filter(|(alert, _)| self.alerts.iter().any(|unread| unread.may_be(alert)))
                .map(|(alert, known)| unknown(alert, known))
                .collect()
        };
        sightings.extend(missing);
    }

    /// Adds nodes that an answer or a followed alert names but the list lacks, if some of the list could not be read.
    /// They count as neither up nor down.
    pub(super) fn show_nodes(&self, nodes: &mut Vec<Node>, interest: &Interest<'_>, index: &NodeIndex) {
        if self.nodes == 0 {
            return;
        }
        let listed: HashSet<NodeId> = nodes.iter().map(|node| (*node.id).clone()).collect();
        let named = index.nodes().chain(interest.followed.keys().map(|alert| &alert.node));
        let missing: BTreeSet<&Arc<NodeId>> = named.filter(|id| !listed.contains(&***id)).collect();
        nodes.extend(missing.into_iter().map(|id| Node {
            id: id.clone(),
            reachable: true,
            health: Health::Disabled,
            ephemeral: false,
            labels: Labels::default(),
        }));
    }

    /// The alerts that are left out, in words, each kind once.
    pub(super) fn left_out(&self) -> Vec<LeftOut> {
        let (quiet, raised): (Vec<_>, Vec<_>) = self.alerts.iter().partition(|unread| unread.is_not_raised);
        let raised: Vec<&str> = raised.into_iter().map(|unread| unread.called.as_str()).collect();
        let statuses: Vec<&str> = self.statuses.iter().map(String::as_str).collect();
        let aloud = counted([
            (
                raised.len(),
                "raised alert of Netdata's answer cannot be read and is left out",
                "raised alerts of Netdata's answer cannot be read and are left out",
            ),
            (
                statuses.len(),
                "alert of Netdata's answer has a status that is not known and is left out",
                "alerts of Netdata's answer have a status that is not known and are left out",
            ),
        ]);
        let names = [raised, statuses].into_iter().filter(|names| !names.is_empty());
        let aloud = aloud.zip(names).map(|(words, names)| format!("{words}{}", first(&names)));
        let quiet = counted([(
            quiet.len(),
            "alert that is not raised cannot be read and is left out",
            "alerts that are not raised cannot be read and are left out",
        )]);
        let aloud = aloud.map(|words| LeftOut { words, aloud: true });
        aloud.chain(quiet.map(|words| LeftOut { words, aloud: false })).collect()
    }

    /// Everything else in words, each kind once.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        counted([
            (
                self.values,
                "value that cannot be read is taken as none",
                "values that cannot be read are taken as none",
            ),
            (
                self.nodes,
                "node without a GUID, a name or a state is taken as unknown",
                "nodes without a GUID, a name or a state are taken as unknown",
            ),
            (
                self.transitions,
                "entry of the log that cannot be read is left out",
                "entries of the log that cannot be read are left out",
            ),
            (
                self.twice,
                "alert is listed twice with two statuses: the higher counts",
                "alerts are listed twice with two statuses: the higher counts",
            ),
        ])
    }
}

/// What an alert is called in messages: by its name, else by its chart; empty where it has neither.
fn called(name: &str, chart: &str, node: Option<&Arc<NodeId>>) -> String {
    let names = [name, chart].map(|name| Shown::line(name.trim(), LONGEST_NAME));
    let Some(name) = names.iter().find(|name| !name.as_str().is_empty()) else { return String::new() };
    match node {
        Some(node) => format!("`{name}` on `{}`", node.host),
        None => format!("`{name}`"),
    }
}

/// The first of these names by the alphabet: it is the same at the next run, whatever the order of the answer.
fn first(names: &[&str]) -> String {
    let first = names.iter().filter(|name| !name.is_empty()).min();
    match (first, names.len()) {
        (None, _) => String::new(),
        (Some(first), 1) => format!(": {first}"),
        (Some(first), count) => format!(": {first} and {} more", count - 1),
    }
}

/// A followed alert of which nothing is known.
pub(super) fn unknown(alert: &AlertId, known: &Followed) -> Sighting {
    let (status, transition) = (Status::Other, known.transition.clone());
    let facts = AlertDetails { status, transition, ..AlertDetails::default() };
    Sighting { alert: alert.clone(), due: None, silent: None, pending: false, facts }
}

/// Counts in words, without those that are 0.
fn counted<const KINDS: usize>(
    kinds: [(usize, &'static str, &'static str); KINDS],
) -> impl Iterator<Item = String> {
    let found = kinds.into_iter().filter(|(count, ..)| *count > 0);
    found.map(|(count, one, several)| format!("{count} {}", if count == 1 { one } else { several }))
}
