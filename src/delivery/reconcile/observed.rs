//! The status of one alert as observed.

use crate::alert::{Sighting, Status};
use crate::delivery::reason::Unknown;

/// The status of an alert as observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Observed {
    /// Warning or critical.
    Raised,
    /// Seen clear.
    Clear,
    /// Raised or clear, and the agent's log does not have its last transition yet.
    Pending,
    /// Absent, or removed, on a node of which everything is known.
    Gone,
    /// Not clear: it changes nothing.
    Unknown(Unknown),
}

impl Observed {
    /// The status from a sighting, or from its absence, on a node of which everything is known.
    pub(super) fn of(sighting: Option<&Sighting>) -> Self {
        match sighting {
            None => Self::Gone,
            Some(sighting) => match sighting.facts.status {
                Status::Removed => Self::Gone,
                _ if sighting.pending => Self::Pending,
                Status::Warning | Status::Critical => Self::Raised,
                Status::Clear => Self::Clear,
                status => Self::Unknown(Unknown::Shown(status)),
            },
        }
    }
}
