//! What came to the events API, and what became of it.

use std::sync::Arc;
use std::time::Instant;

use super::Event;
use crate::secret::Secret;
use crate::simulator::server::{Response, ServerReply};

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
    pub(super) fn of(reply: &ServerReply, own: Option<u16>) -> Self {
        match (reply, own) {
            (ServerReply::Respond(Response { status, .. }), Some(200..300)) => Self::Accepted(*status),
            (ServerReply::Respond(refused), _) => Self::Refused(refused.status),
            (ServerReply::HangUp, Some(200..300)) => Self::AcceptedUnanswered,
            (ServerReply::HangUp, Some(status)) => Self::Refused(status),
            (ServerReply::HangUp, None) => Self::Reset,
            (ServerReply::Stall(_), _) => Self::Stalled,
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
