mod examples;
mod properties;
mod raises;

use std::collections::HashMap;
use std::sync::Arc;

use super::{Known, Merged, ParentView, Views, merge};
use crate::alert::{
    Agent, AlertDetails, AlertId, Api, AtRest, Health, Labels, Node, NodeId, Observation, Sighting, Status,
    Transition,
};

const NOW: i64 = 1_000;

fn node(host: &str) -> Arc<NodeId> {
    Arc::new(NodeId { guid: format!("guid-{host}"), host: host.to_owned() })
}

/// The alert that all of this is about.
fn alert() -> AlertId {
    AlertId { node: node("db"), chart: "c".to_owned(), name: "a".to_owned() }
}

/// A parent of this name that shows the node `db`.
fn parent(name: &str) -> Observation {
    Observation {
        agent: Agent { node: node(name), version: "v2".into(), api: Api::V3 },
        now: NOW,
        nodes: vec![shown(name), shown("db")],
        sightings: Vec::new(),
        transitions: Vec::new(),
        notes: Vec::new(),
        gaps: Vec::new(),
        left_out: Vec::new(),
        at_rest: AtRest::default(),
    }
}

fn shown(host: &str) -> Node {
    Node { id: node(host), reachable: true, health: Health::Online, ephemeral: false, labels: Labels::NONE }
}

fn facts(parent: &Observation, status: Status, when: i64) -> AlertDetails {
    let transition = format!("{}-{when}", parent.agent.node.host);
    AlertDetails { status, when, transition, ..AlertDetails::default() }
}

trait Shows: Sized {
    /// The alert is in this status since then, at once and for everyone.
    fn sees(self, status: Status, when: i64) -> Self;
    /// The log says this, due then.
    fn logs(self, status: Status, when: i64, due: i64) -> Self;
    /// The node has left this parent.
    fn without_node(self) -> Self;
}

impl Shows for Observation {
    fn sees(mut self, status: Status, when: i64) -> Self {
        let facts = facts(&self, status, when);
        let (due, silent) = (Some(when), Some(false));
        self.sightings.push(Sighting { alert: alert(), due, silent, pending: false, facts });
        self
    }

    fn logs(mut self, status: Status, when: i64, due: i64) -> Self {
        let facts = facts(&self, status, when);
        self.transitions.push(Transition { alert: alert(), due, silent: false, facts });
        self
    }

    fn without_node(mut self) -> Self {
        for node in self.nodes.iter_mut().filter(|node| node.id.host == "db") {
            (node.reachable, node.health) = (false, Health::Disabled);
        }
        self
    }
}

/// What is known of the alert: its last status, and what these parents showed.
fn known(last: Status, views: &[(&str, Status)]) -> HashMap<AlertId, Known> {
    let view = |(parent, status): &(&str, Status)| {
        let raised = status.level().is_some();
        let transition = format!("{parent}-known");
        let view = ParentView { transition, status: *status, raised, ..ParentView::default() };
        (format!("guid-{parent}"), view)
    };
    let views: Views = views.iter().map(view).collect();
    let raised = last.level().is_some();
    HashMap::from([(alert(), Known { last, raised, views, ..Known::default() })])
}

fn merged(shown: Vec<Observation>, known: &HashMap<AlertId, Known>) -> Merged {
    merge(shown, known).unwrap()
}

/// The status that all show together.
fn status(merged: &Merged) -> Option<Status> {
    merged.seen.sightings.iter().find(|one| one.alert == alert()).map(|one| one.facts.status)
}

/// What the log of all says: status, time and when it counts.
fn log(merged: &Merged) -> Vec<(Status, i64, i64)> {
    merged.seen.transitions.iter().map(|one| (one.facts.status, one.facts.when, one.due)).collect()
}
