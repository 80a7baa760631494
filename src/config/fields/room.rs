//! `[[room]]`: which nodes are in a room.

use std::collections::BTreeMap;

use crate::alert::{Labels, NodeId};
use crate::config::kind::{HostPattern, LabelPattern, OneLine};
use crate::config::pattern::Pattern;
use crate::config::table::{Map, table};

table! {
    /// `[[room]]`: a name and which nodes are in it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Room {
        /// The name that `rooms` under `[notification]` and `[[silence]]` uses.
        name: String => OneLine, like "Databases";

        /// A Netdata simple pattern for host names: words separated by spaces; the first that
        /// matches decides. `!` excludes, `*` stands for anything. Without it, `labels` decide.
        nodes: Pattern => HostPattern = Pattern::new("*"), like "!db-test* db-*";

        /// Host labels of the nodes, each with a pattern for its value; all must match.
        labels: BTreeMap<String, Pattern> => Map<LabelPattern> = BTreeMap::new(), like { env = "prod*" };
    }
}

impl Room {
    /// A room by name, of nodes by a pattern for their host names alone.
    #[must_use]
    pub fn of(name: String, nodes: Pattern) -> Self {
        Self { name, nodes, labels: BTreeMap::new() }
    }

    /// Whether a node is in the room; `None` if that depends on labels that are not known.
    #[must_use]
    pub fn holds(&self, node: &NodeId, labels: &Labels) -> Option<bool> {
        if self.nodes.matches(&node.host) { all_match(&self.labels, labels) } else { Some(false) }
    }
}

/// Whether every label of a node has a value that its pattern matches; `None` where one that decides is not known.
pub(in crate::config) fn all_match(patterns: &BTreeMap<String, Pattern>, labels: &Labels) -> Option<bool> {
    let mut all = Some(true);
    for (name, pattern) in patterns {
        match labels.get(name) {
            Some(value) if value.is_some_and(|value| pattern.matches(value)) => {}
            Some(_) => return Some(false),
            None => all = None,
        }
    }
    all
}
