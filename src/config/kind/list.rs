//! Lists.

use super::Kind;
use crate::config::reader::Item;

/// Reads a list without repetitions. Each element that is wrong is told by itself, one that comes twice too.
pub(in crate::config) fn list<K: Kind>(item: &Item<'_>, allowed: &str) -> Option<Vec<K::Value>> {
    let Some(elements) = item.elements() else { return item.refuse(allowed) };
    let mut values = Vec::with_capacity(elements.len());
    for element in elements {
        match K::read(&element) {
            Some(value) if values.contains(&value) => {
                element.refuse_as::<()>(&format!("{} twice", element.shown()), "once");
            }
            value => values.extend(value),
        }
    }
    Some(values)
}
