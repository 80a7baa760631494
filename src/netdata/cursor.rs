//! How far an agent's log has been read. The caller keeps it between two runs.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// How far the log was read, and of which agent. Opaque: store it as JSON, give it back at the next run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// Machine GUID of the agent or parent, in lower case. Another agent has another log.
    pub(super) agent: String,
    /// The agent's clock at the last observation, seconds.
    pub(super) now: i64,
    /// Where its log was left.
    pub(super) log: Position,
}

/// Where a log was left, in the terms of the API that gave it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Position {
    /// All nodes have one log, asked by time.
    V3 {
        /// Older transitions are history from before the first run (agent's clock, seconds).
        since: i64,
        /// Transition ids that the next answer may repeat, and when they were.
        seen: BTreeMap<String, i64>,
        /// Transition ids that were seen of alerts before the log had them.
        #[serde(default)]
        awaited: BTreeSet<String>,
    },
    /// Each node has its own log, asked by id; by machine GUID and host name.
    V1 {
        /// The nodes whose log was read.
        hosts: Vec<HostPosition>,
    },
}

/// How far the log of one node was read (v1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct HostPosition {
    /// Machine GUID, in lower case.
    pub(super) guid: String,
    /// Host name: cloned machines share a GUID.
    pub(super) host: String,
    /// The last `unique_id` that was read.
    pub(super) id: i64,
    /// When the node was last asked (agent's clock, seconds).
    pub(super) asked: i64,
}

impl Cursor {
    /// Machine GUID of the agent or parent whose log it is about.
    #[must_use]
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// The cursor as far as it is about this agent.
    pub(super) fn of<'a>(cursor: Option<&'a Self>, agent: &str) -> Option<&'a Self> {
        cursor.filter(|cursor| cursor.agent == agent)
    }
}
