//! The nodes of one observation: one shared [`NodeId`] for each, and whether the rooms cover it.

use std::collections::HashMap;
use std::sync::Arc;

use super::Covers;
use crate::alert::{Labels, NodeId};

/// Every node that any answer of this observation has named.
#[derive(Clone)]
pub(super) struct NodeIndex {
    covers: Covers,
    /// By machine GUID as the agent prints it; cloned machines share one.
    by_guid: HashMap<String, Vec<IndexedNode>>,
}

/// A node, known by name.
#[derive(Clone)]
pub(super) struct IndexedNode {
    pub(super) id: Arc<NodeId>,
    /// Whether its alerts are asked for, as far as that can be told without its labels.
    pub(super) covered: bool,
}

impl NodeIndex {
    pub(super) fn new(covers: &Covers) -> Self {
        Self { covers: covers.clone(), by_guid: HashMap::new() }
    }

    /// Nobody yet, and everybody is covered.
    pub(super) fn everywhere() -> Self {
        Self { covers: Arc::new(|_, _| true), by_guid: HashMap::new() }
    }

    /// Every node that was named so far.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Arc<NodeId>> {
        self.by_guid.values().flatten().map(|known| &known.id)
    }

    /// The node with this machine GUID and host name; the same `Arc` each time.
    pub(super) fn node(&mut self, guid: &str, host: &str) -> IndexedNode {
        if let Some(known) =
            self.by_guid.get(guid).and_then(|nodes| nodes.iter().find(|node| node.id.host == host))
        {
            return known.clone();
        }
        let id = Arc::new(NodeId { guid: guid.to_lowercase(), host: host.to_owned() });
        let known = IndexedNode { covered: (self.covers)(&id, &Labels::default()), id };
        self.by_guid.entry(guid.to_owned()).or_default().push(known.clone());
        known
    }
}
