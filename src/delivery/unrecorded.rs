//! What left without a record.

use crate::payload::Scheme;

/// Pages that left since the last record, because the state could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unrecorded {
    /// How their keys were written.
    pub scheme: Scheme,
    /// Whether any told of an unreachable node: no log says later which it was.
    pub of_nodes: bool,
}

impl Unrecorded {
    /// By this version.
    #[must_use]
    pub fn now(of_nodes: bool) -> Self {
        Self { scheme: Scheme::default(), of_nodes }
    }
}
