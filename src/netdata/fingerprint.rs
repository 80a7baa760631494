//! What an agent tells of itself for next to nothing, whatever it watches: if all of it is as it was, so are the alerts.
//!
//! `/api/v3/versions` counts what changes: `alerts_hard_hash` alerts that were added or removed, `alerts_soft_hash`
//! transitions, both on all nodes, both from the agent's start on. Neither tells of silences, of host labels, or of a node
//! without alerts that went stale. `/api/v3/info` counts the nodes that stream to it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Json;
use super::connection::{Connection, SMALL};
use super::error::Error;
use super::time::Share;
use super::wire::Whole;
use crate::alert::NodeId;

/// All that an agent tells for next to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Its own node.
    pub agent: NodeId,
    /// Its version.
    pub version: String,
    /// Since when it has been connected to Netdata Cloud, or not: its start, mostly (seconds). The counts below begin
    /// anew with it.
    pub since: i64,
    /// How many nodes it knows.
    pub nodes: i64,
    /// How many of them stream to it.
    pub receiving: i64,
    /// `alerts_hard_hash`.
    pub alerts: u64,
    /// `alerts_soft_hash`.
    pub transitions: u64,
    /// Its clock, seconds.
    pub now: i64,
}

impl Fingerprint {
    /// Whether nothing has changed by a later one, and the agent's clock has not gone back.
    #[must_use]
    pub fn holds(&self, later: &Self) -> bool {
        later.now >= self.now && *self == Self { now: self.now, ..later.clone() }
    }
}

/// What `/api/v3/info` tells of it.
pub(super) struct Counts {
    pub(super) since: Whole,
    pub(super) nodes: Whole,
    pub(super) receiving: Whole,
}

/// `/api/v3/versions`.
#[derive(Deserialize)]
struct Answer {
    versions: Versions,
}

/// Read strictly: two numbers that this program cannot hold must not look like one.
#[derive(Deserialize)]
struct Versions {
    alerts_hard_hash: Value,
    alerts_soft_hash: Value,
}

/// Asks for the hashes: of the alerts there are, and of their transitions. `None` where the agent does not tell: its
/// alerts are asked for then.
pub(super) async fn hashes(connection: &Connection, share: Share) -> Option<(u64, u64)> {
    let read = |answer: &Json| -> Result<_, Error> {
        let Answer { versions } = answer.parse()?;
        Ok(versions.alerts_hard_hash.as_u64().zip(versions.alerts_soft_hash.as_u64()))
    };
    let asked = async { share.get(connection, "/api/v3/versions", SMALL).await?.read(read).await };
    asked.await.unwrap_or_else(|error| {
        tracing::debug!("it is not known whether anything has changed: {error}");
        None
    })
}
