//! The vocabulary: what Netdata watches, what state it is in, and what one look at an agent shows.
//!
//! Everything above speaks in these words and in no service's wire format. An [`Alert`](AlertId) is one
//! thing that Netdata watches on one node; a [`Transition`] is one change in its log; a [`Sighting`] is the
//! state it is in now; an [`Observation`] is all of that, as one run saw it.
//!
//! Times are whole seconds since the Unix epoch on the **agent's** clock, unless a name says otherwise.

mod config;
mod id;
mod labels;
mod observation;
mod status;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use config::AlertConfig;
pub use id::{AlertKey, AlertRef};
pub use labels::Labels;
pub use observation::{Agent, Api, AtRest, Health, LeftOut, Node, Observation, Sighting, Transition};
pub use status::{Level, Status};

use crate::text::{Shown, one_line};

/// Longest part of a name that is shown, in characters.
const LONGEST_NAME: usize = 255;

/// One machine that Netdata watches: its machine GUID and its host name.
///
/// Host names need not be unique and cloned machines share a GUID, so neither is enough alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId {
    /// Machine GUID, in lower case.
    pub guid: String,
    /// Host name, as the agent gives it.
    pub host: String,
}

/// One alert on one node: machine GUID, host name, chart id and alert name.
///
/// It is the same on a child and on each of its parents; Netdata's own `alarm_id` and `unique_id` are not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlertId {
    /// Where it is watched.
    pub node: Arc<NodeId>,
    /// Chart (instance) id, such as `disk_space._var`.
    pub chart: String,
    /// Alert name, such as `disk_space_usage`.
    pub name: String,
}

/// For people, its host name on one line: a node is recognised by its parts.
impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&one_line(&self.host, LONGEST_NAME))
    }
}

/// For people: an alert is recognised by its parts.
impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [name, chart] = [&self.name, &self.chart].map(|part| one_line(part, LONGEST_NAME));
        write!(f, "{name} on {} ({chart})", self.node)
    }
}

/// What Netdata says about an alert at one moment: all that someone on call would want to read.
///
/// Text that the agent does not give is empty; numbers that it does not give (`null`, `nan`) are `None`. What is read
/// by people alone is [`Shown`]; what something is recognised or decided by is as it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertDetails {
    /// The status that these facts belong to.
    pub status: Status,
    /// The status before it, where a transition told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_status: Option<Status>,
    /// Value, in `units`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Value before, in `units`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_value: Option<f64>,
    /// The value as the agent prints it, with its unit (v1 only).
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub value_text: Shown,
    /// Unit of the value, such as `%` or `C`.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub units: Shown,
    /// The alert's one-line summary (v2.x agents).
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub summary: Shown,
    /// The alert's description.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub info: Shown,
    /// Context of the chart, such as `disk.space`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub context: String,
    /// Recipient roles, as configured (`sysadmin`, `webmaster dba`, `silent`).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// Classification, such as `Utilization`.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub class: Shown,
    /// Component, such as `Disk`.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub component: Shown,
    /// Type, such as `System`.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub kind: Shown,
    /// Where the alert is configured: the agent's `source`.
    #[serde(skip_serializing_if = "Shown::is_empty")]
    pub source: Shown,
    /// How it is configured, where the agent was asked and said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Arc<AlertConfig>>,
    /// What else is raised on its node. The sender counts that anew for each event, so the state never has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<Others>,
    /// When the status was reached.
    pub when: i64,
    /// Seconds spent in the status before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    /// The transition's UUID (v3), or its unique id (v1).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub transition: String,
}

impl AlertDetails {
    /// Whether the recipients say that nobody is to be told: every role is `silent` or `disabled`.
    #[must_use]
    pub fn silent_role(&self) -> bool {
        is_silent_role(&self.role)
    }
}

/// Whether recipients say that nobody is to be told: every role is `silent` or `disabled`.
#[must_use]
pub fn is_silent_role(roles: &str) -> bool {
    let mut roles = roles.split_whitespace().peekable();
    roles.peek().is_some() && roles.all(|role| matches!(role, "silent" | "disabled"))
}

/// How many other alerts of a node are raised, as Netdata's own notifications count them. Includes silenced alerts,
/// excludes this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Others {
    /// How many are warnings.
    pub warnings: usize,
    /// How many are critical.
    pub criticals: usize,
}
