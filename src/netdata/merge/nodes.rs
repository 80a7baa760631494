//! The nodes of several parents.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::alert::{Health, Node, NodeId, Observation};

/// Every node that any parent lists, and which parents show it reachable.
pub(super) fn union(parents: &[Observation]) -> (Vec<Node>, HashMap<Arc<NodeId>, BTreeSet<String>>) {
    let mut nodes: BTreeMap<Arc<NodeId>, Node> = BTreeMap::new();
    let mut shown_by: HashMap<Arc<NodeId>, BTreeSet<String>> = HashMap::new();
    for parent in parents {
        for node in &parent.nodes {
            if node.reachable {
                let by = shown_by.entry(Arc::clone(&node.id)).or_default();
                by.insert(parent.agent.node.guid.clone());
            }
            match nodes.get_mut(&node.id) {
                Some(known) => *known = both(known, node),
                None => drop(nodes.insert(Arc::clone(&node.id), node.clone())),
            }
        }
    }
    (nodes.into_values().collect(), shown_by)
}

/// What two parents say of a node. One to which it streams knows best.
fn both(one: &Node, other: &Node) -> Node {
    let (better, worse) = match (one.reachable, other.reachable) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        _ => {
            return Node {
                health: health(one.health, other.health),
                ephemeral: one.ephemeral || other.ephemeral,
                labels: one.labels.or_earlier(&other.labels),
                ..one.clone()
            };
        }
    };
    Node { labels: better.labels.or_earlier(&worse.labels), ..better.clone() }
}

/// Alerts are evaluated if they are anywhere; what is absent proves nothing while one parent begins to.
fn health(one: Health, other: Health) -> Health {
    match (one, other) {
        (Health::Initializing, _) | (_, Health::Initializing) => Health::Initializing,
        (Health::Online, _) | (_, Health::Online) => Health::Online,
        (Health::Disabled, Health::Disabled) => Health::Disabled,
    }
}
