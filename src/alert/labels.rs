//! Host labels of a node, as far as the configuration asks for them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Host labels of a node: those that the configuration asks for, and whether the node has them. A label that is not
/// in here is not known, which is not the same as a node without it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, Option<String>>);

impl Labels {
    /// Nothing is known.
    pub const NONE: Self = Self(BTreeMap::new());

    /// The labels with these names, of a node all of whose labels are known.
    pub fn pick<'a>(names: &BTreeSet<String>, value: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self(names.iter().map(|name| (name.clone(), value(name).map(str::to_owned))).collect())
    }

    /// The value of a label: `Some(None)` where the node does not have it, `None` where that is not known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Option<&str>> {
        self.0.get(name).map(Option::as_deref)
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known now, and of the rest what an earlier look has shown.
    #[must_use]
    pub fn or_earlier(&self, earlier: &Self) -> Self {
        let mut labels = earlier.clone();
        labels.0.extend(self.0.clone());
        labels
    }
}
