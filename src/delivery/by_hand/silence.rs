//! Silences made by hand. They do not wait for a run that is under way: the next one heeds them.

use std::path::Path;

use super::open;
use crate::alert::NodeId;
use crate::delivery::silences::ByHand;
use crate::delivery::store::{Made, Store, StoreError};

/// What became of a silence, and the nodes that runs have seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silenced {
    /// What became of it.
    pub made: Made,
    /// The nodes that runs have seen.
    pub nodes: Vec<NodeId>,
}

/// What became of a silence that was to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsilenced {
    /// It has ended.
    Ended(ByHand),
    /// There is none with this id; these are there.
    Unknown(Vec<ByHand>),
}

/// Makes a silence. Its id is given by the state.
pub async fn silence(folder: &Path, wanted: &ByHand) -> Result<Silenced, StoreError> {
    let mut store = open(folder, wanted.made_at).await?;
    Ok(Silenced { made: store.make_silence(wanted)?, nodes: store.known_nodes()? })
}

/// Ends a silence. `now` is this machine's clock, milliseconds.
pub async fn unsilence(folder: &Path, id: i64, now: i64) -> Result<Unsilenced, StoreError> {
    if Store::open_existing(folder)?.is_none() {
        return Ok(Unsilenced::Unknown(Vec::new()));
    }
    let mut store = open(folder, now).await?;
    if let Some(ended) = store.end_silence(id, now)? {
        return Ok(Unsilenced::Ended(ended));
    }
    let mut others = store.silences()?;
    others.retain(|silence| silence.until > now);
    Ok(Unsilenced::Unknown(others))
}
