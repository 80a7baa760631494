//! Takes in the pages that left without a record, once there can be one again.

use super::ledger::Ledger;
use super::lock::Lock;
use super::store::{Store, StoreError};
use super::unrecorded::{Pages, Unrecorded};

/// Name of the note that holds those of other API keys and endpoints: nobody follows them before theirs is back.
pub const NOTE: &str = "left_for_others";

/// Takes those of this sender into the ledger. Returns the note of the others, to be written with the record, if it changes.
pub(super) fn recall(
    store: &Store,
    lock: &Lock,
    ledger: &mut Ledger,
    sender: &str,
) -> Result<Option<(&'static str, String)>, StoreError> {
    let kept = of_others(store)?;
    let mut pages = kept.clone();
    match lock.unrecorded() {
        Some(Unrecorded::Known(left)) => pages.extend(left),
        mark => ledger.recall(mark, sender),
    }
    let (own, others) = pages.part(sender);
    ledger.recall(Some(&Unrecorded::Known(own)), sender);
    if others == kept {
        return Ok(None);
    }
    let json = if others.is_empty() { None } else { serde_json::to_string(&others).ok() };
    Ok(Some((NOTE, json.unwrap_or_else(|| "null".to_owned()))))
}

/// Those of other API keys and endpoints, which the state keeps.
pub fn of_others(store: &Store) -> Result<Pages, StoreError> {
    Ok(store.note(NOTE)?.unwrap_or_default())
}
