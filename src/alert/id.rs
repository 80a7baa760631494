//! Finds an alert by names that are borrowed: a parent's answer names a hundred thousand, and few of them are kept.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};

use super::{AlertId, NodeId};

/// An [`AlertId`] whose parts are somebody else's. A map by `AlertId` is asked with `&AlertRef { … } as &dyn AlertKey`.
#[derive(Clone, Copy)]
pub struct AlertRef<'a> {
    /// Where it is watched.
    pub node: &'a NodeId,
    /// Chart (instance) id.
    pub chart: &'a str,
    /// Alert name.
    pub name: &'a str,
}

/// What an alert is recognised by.
pub trait AlertKey {
    /// Its parts.
    fn parts(&self) -> AlertRef<'_>;
}

impl AlertKey for AlertId {
    fn parts(&self) -> AlertRef<'_> {
        AlertRef { node: &self.node, chart: &self.chart, name: &self.name }
    }
}

impl AlertKey for AlertRef<'_> {
    fn parts(&self) -> AlertRef<'_> {
        *self
    }
}

impl<'a> Borrow<dyn AlertKey + 'a> for AlertId {
    fn borrow(&self) -> &(dyn AlertKey + 'a) {
        self
    }
}

/// As `AlertId` hashes: a map finds nothing otherwise.
impl Hash for dyn AlertKey + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let AlertRef { node, chart, name } = self.parts();
        node.hash(state);
        chart.hash(state);
        name.hash(state);
    }
}

impl PartialEq for dyn AlertKey + '_ {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.parts(), other.parts());
        one.name == other.name && one.chart == other.chart && one.node == other.node
    }
}

impl Eq for dyn AlertKey + '_ {}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use super::{AlertKey, AlertRef};
    use crate::alert::{AlertId, NodeId};

    #[test]
    fn a_map_is_asked_with_borrowed_names() {
        let node = NodeId { guid: "guid".into(), host: "db".into() };
        let alert =
            |name: &str| AlertId { node: Arc::new(node.clone()), chart: "cpu".into(), name: name.into() };
        let map = HashMap::from([(alert("one"), 1), (alert("two"), 2)]);
        let get = |chart, name| map.get(&AlertRef { node: &node, chart, name } as &dyn AlertKey).copied();
        assert_eq!((get("cpu", "two"), get("cpu", "three"), get("two", "cpu")), (Some(2), None, None));
    }
}
