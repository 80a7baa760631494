//! What came to the events API, and what became of it.

use std::sync::Arc;
use std::time::Instant;

use super::Event;
use crate::secret::Secret;
use crate::simulator::server::{Reply, Response};

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOutcome {
    /// Accepted and answered with this status.
    Accepted(u16),
    /// Accepted, but the connection was closed before the answer.
    AcceptedUnanswered,
    /// Answered with this status and not taken.
    Refused(u16),
    /// The connection was closed; not taken.
    Reset,
    /// Waiting at a barrier. If that opens, the event is received once more, with its outcome.
    Stalled,
}

impl EventOutcome {
    /// Whether ilert has the event.
    #[must_use]
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted(_) | Self::AcceptedUnanswered)
    }

    /// Derives it from the reply, and from the status of ilert's own answer if it made one.
    pub(super) fn of(reply: &Reply, own: Option<u16>) -> Self {
        match (reply, own) {
            (Reply::Respond(Response { status, .. }), Some(200..300)) => Self::Accepted(*status),
            (Reply::Respond(refused), _) => Self::Refused(refused.status),
            (Reply::HangUp, Some(200..300)) => Self::AcceptedUnanswered,
            (Reply::HangUp, Some(status)) => Self::Refused(status),
            (Reply::HangUp, None) => Self::Reset,
            (Reply::Stall(_), _) => Self::Stalled,
        }
    }
}

/// A request to the events API, in order of arrival.
#[derive(Clone, Debug)]
pub struct Received {
    /// When, on the monotonic clock.
    pub at: Instant,
    /// The integration key that came with it.
    pub key: Option<Secret>,
    /// The event, if it was a valid one.
    pub event: Option<Arc<Event>>,
    /// What became of it.
    pub outcome: EventOutcome,
}
