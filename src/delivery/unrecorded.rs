//! What left without a record.

use crate::payload::Scheme;

/// How each is written.
const MARKS: [(char, Unrecorded); 3] = [
    ('!', Unrecorded { scheme: Scheme::V1, of_nodes: true }),
    ('2', Unrecorded { scheme: Scheme::V2, of_nodes: false }),
    ('n', Unrecorded { scheme: Scheme::V2, of_nodes: true }),
];

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

    /// Both.
    pub(super) fn and(self, other: Self) -> Self {
        Self { scheme: self.scheme.min(other.scheme), of_nodes: self.of_nodes || other.of_nodes }
    }

    /// How it is written.
    pub(super) fn mark(self) -> char {
        MARKS.iter().find(|(_, left)| *left == self).map_or('!', |(mark, _)| *mark)
    }

    /// What was written.
    pub(super) fn of(mark: u8) -> Option<Self> {
        MARKS.iter().find(|(known, _)| *known == char::from(mark)).map(|(_, left)| *left)
    }
}
