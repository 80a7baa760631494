//! What one look at an agent shows: its nodes, the state of its alerts, and what came into its log.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{AlertDetails, AlertId, Labels, Level, NodeId};
use crate::text::Shown;

/// One change in an alert's log. Which one it follows is told by the order, not by `old_status`:
/// a repeating alert says `old = CLEAR` at each repeat.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// Whose it is.
    pub alert: AlertId,
    /// When Netdata's own delay ends (`delay_up_to_time`); before that it is not due.
    pub due: i64,
    /// Silenced through the health API, or with recipients that mean nobody.
    pub silent: bool,
    /// New status, value, time and the rest.
    pub facts: AlertDetails,
}

/// The state that an alert is in now, as the agent lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// What is in that state.
    pub alert: AlertId,
    /// When Netdata's own delay ends, where the agent was asked; `None` adds nothing to what the log said.
    pub due: Option<i64>,
    /// Silenced now, or with recipients that mean nobody; `None` where it was not asked and the last
    /// known answer holds.
    pub silent: Option<bool>,
    /// Its last transition is so young that the agent's log does not have it yet: whether it is delayed or
    /// silenced is not known. The alert is there; nothing else is concluded from it until a later observation.
    pub pending: bool,
    /// Status, value and the rest. `facts.when` and `facts.transition` are of the last transition.
    pub facts: AlertDetails,
}

/// Whether the alerts of a node are evaluated (2.x: `health.status`; v1: `status` of `alarms`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Health {
    /// They are.
    Online,
    /// Some are about to be: 2.11 says so from each new chart until the next health pass, on a healthy node too.
    /// What is listed counts; what is not listed proves nothing.
    Initializing,
    /// They are not, or the node could not be asked. Everything on it is unknown.
    Disabled,
}

/// A node as the agent or parent lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which.
    pub id: Arc<NodeId>,
    /// Its data arrives (a child that stopped streaming is listed, but not reachable).
    pub reachable: bool,
    /// Whether its alerts are evaluated.
    pub health: Health,
    /// Labelled `_is_ephemeral=true`: comes and goes by design.
    pub ephemeral: bool,
    /// Its host labels, those that were asked for.
    pub labels: Labels,
}

/// Which of the agent's HTTP APIs answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// `/api/v1`: any agent, one host an answer.
    V1,
    /// `/api/v3`: Netdata 2.x, all nodes in one answer.
    V3,
}

/// The agent or parent that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Its own node.
    pub node: Arc<NodeId>,
    /// Its version, such as `v2.11.0`.
    pub version: Shown,
    /// The API that it answers.
    pub api: Api,
}

/// All that one run saw of an agent or parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Who answered.
    pub agent: Agent,
    /// The agent's clock.
    pub now: i64,
    /// Every node that it lists, its own among them.
    pub nodes: Vec<Node>,
    /// Every alert that is raised now, and every followed one that exists, whatever its status. A followed
    /// alert that is not here is not there any more.
    pub sightings: Vec<Sighting>,
    /// What came into the log since the last observation, oldest first for each alert, none twice.
    pub transitions: Vec<Transition>,
    /// What was seen but could not be had whole, in words for `-v` (a log that was cut, a database wiped).
    pub notes: Vec<String>,
    /// What could not be had and may hide something, in words for a person, said once: the log did not come
    /// in time, so what came and went since the last observation is not known.
    pub gaps: Vec<String>,
    /// The alerts whose state is not known because of what the agent says of them.
    pub left_out: Vec<LeftOut>,
    /// Followed alerts that are as they were, and of which nothing is due then: they are not among the sightings.
    pub at_rest: AtRest,
}

/// Followed alerts that are as they were, by their places among what is followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtRest {
    /// For each place whether the alert was seen.
    pub seen: Vec<bool>,
    /// The nodes of those that were.
    pub nodes: HashSet<Arc<NodeId>>,
    /// How many of them are warnings.
    pub warnings: usize,
    /// How many of them are critical.
    pub criticals: usize,
}

impl AtRest {
    /// Notes that the alert at this place was seen. Returns whether that is new.
    pub fn note(&mut self, place: usize, node: &Arc<NodeId>, level: Option<Level>) -> bool {
        if self.seen.len() <= place {
            self.seen.resize(place + 1, false);
        }
        if let Some(seen) = self.seen.get_mut(place).filter(|seen| !**seen) {
            *seen = true;
            self.warnings += usize::from(level == Some(Level::Warning));
            self.criticals += usize::from(level == Some(Level::Critical));
            if !self.nodes.contains(node) {
                self.nodes.insert(Arc::clone(node));
            }
            return true;
        }
        false
    }

    /// Whether the alert at this place was seen.
    #[must_use]
    pub fn has(&self, place: usize) -> bool {
        self.seen.get(place).copied().unwrap_or_default()
    }
}

/// Alerts whose state is not known because of what the agent says of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// In words, with how many there are.
    pub words: String,
    /// They may be raised: a run says so, and is not good. Otherwise it is for `-v`, `--status` and `--doctor`.
    pub aloud: bool,
}
