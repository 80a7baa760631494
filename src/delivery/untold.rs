//! Counts what came and went and was too old to be told, so that a person may know.

use serde::{Deserialize, Serialize};

use super::store::{Store, StoreError};

/// The name under which the state keeps the count.
pub(super) const NOTE: &str = "untold";

/// The count of such raises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untold {
    /// How many raises.
    pub count: usize,
    /// Since when they are counted: the first of them (this machine's clock, milliseconds).
    pub since: i64,
}

impl Untold {
    /// Reads the count from the state, if there is one.
    pub fn of(store: &Store) -> Result<Option<Self>, StoreError> {
        store.note(NOTE)
    }

    /// The count after a run that began at `now` and added this many.
    pub(super) fn after(before: Option<Self>, more: usize, now: i64) -> Self {
        let before = before.unwrap_or(Self { count: 0, since: now });
        Self { count: before.count.saturating_add(more), ..before }
    }
}
