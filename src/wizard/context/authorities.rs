//! Files of certificate authorities that the answers name, and whether they can be used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What is known of them.
#[derive(Clone, Debug, Default)]
pub struct Authorities {
    /// The files that were looked at last, or are now.
    pub asked: BTreeSet<PathBuf>,
    /// Why one of them cannot be used.
    pub refused: BTreeMap<PathBuf, String>,
}
