//! Which nodes the rooms cover, by what is known of their labels now and was known before.

use std::collections::HashMap;

use super::ledger::Ledger;
use crate::alert::{Labels, Node, NodeId};
use crate::config::Config;

/// Which nodes the configuration covers.
pub(super) struct Coverage<'a> {
    config: &'a Config,
    /// The labels of every node that is listed or remembered; nothing where the configuration asks for none.
    labels: HashMap<NodeId, Known>,
}

/// What is known of a node.
#[derive(Default)]
struct Known {
    labels: Labels,
    /// It was covered before.
    remembered: bool,
}

impl<'a> Coverage<'a> {
    /// With the nodes that are listed now; of the others, and of labels that are not known now, the ledger tells.
    pub(super) fn of(config: &'a Config, ledger: &Ledger, listed: &[Node]) -> Self {
        let mut labels: HashMap<NodeId, Known> = HashMap::new();
        if !config.label_names().is_empty() {
            for (node, record) in &ledger.nodes {
                labels.insert(node.clone(), Known { labels: record.labels.clone(), remembered: true });
            }
            for node in listed {
                let known = labels.entry((*node.id).clone()).or_default();
                known.labels = node.labels.or_earlier(&known.labels);
            }
        }
        Self { config, labels }
    }

    /// Whether a node is in one of the chosen rooms. Unknown is not clear: where labels decide that are not known, it
    /// is covered if it was before.
    pub(super) fn covers(&self, node: &NodeId) -> bool {
        let remembered = || self.labels.get(node).is_some_and(|known| known.remembered);
        self.config.covers(node, self.labels(node)).unwrap_or_else(remembered)
    }

    /// The labels of a node, as far as they are known.
    pub(super) fn labels(&self, node: &NodeId) -> &Labels {
        static NONE: Labels = Labels::NONE;
        self.labels.get(node).map_or(&NONE, |known| &known.labels)
    }
}
