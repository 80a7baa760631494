//! A host as a v1 agent lists it.

use std::sync::Arc;

use super::host_path;
use crate::alert::{Labels, NodeId};
use crate::netdata::wire::HostLabels;

/// A host as the agent lists it: its own, or a child.
#[derive(Clone)]
pub(super) struct Host {
    pub(super) id: Arc<NodeId>,
    pub(super) reachable: bool,
    /// Whether the rooms cover it.
    pub(super) covered: bool,
    pub(super) ephemeral: bool,
    /// All that it says of itself, where it was asked.
    pub(super) said: HostLabels<'static>,
    /// Those of its labels that are wanted.
    pub(super) labels: Labels,
    /// Before `/api/v1`: empty for the agent's own node.
    pub(super) path: String,
}

impl Host {
    pub(super) fn own(guid: &str, name: &str, said: HostLabels<'static>) -> Self {
        Self { path: String::new(), ..Self::child(guid, name, true) }.saying(said)
    }

    /// The same with its own labels.
    pub(super) fn saying(self, said: HostLabels<'static>) -> Self {
        Self { ephemeral: said.ephemeral(), said, ..self }
    }

    pub(super) fn child(guid: &str, name: &str, reachable: bool) -> Self {
        let id = Arc::new(NodeId { guid: guid.to_lowercase(), host: name.to_owned() });
        let (said, labels) = (HostLabels::default(), Labels::default());
        Self { id, reachable, covered: true, ephemeral: false, said, labels, path: host_path(guid) }
    }

    /// The agent's own node, or a child.
    pub(super) fn is_own(&self) -> bool {
        self.path.is_empty()
    }
}
