//! The vocabulary: what Netdata watches, what state it is in, and what one look at an agent shows.
//!
//! Everything above speaks in these words and in no service's wire format. An [`Alert`](AlertId) is one
//! thing that Netdata watches on one node; a [`Transition`] is one change in its log; a [`Sighting`] is the
//! state it is in now; an [`Observation`] is all of that, as one run saw it.
//!
//! Times are whole seconds since the Unix epoch on the **agent's** clock, unless a name says otherwise.

mod config;
mod labels;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use config::AlertConfig;
pub use labels::Labels;

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

/// How bad a raised alert is. `Critical` is greater than `Warning`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Netdata's WARNING.
    Warning,
    /// Netdata's CRITICAL.
    Critical,
}

/// A status as Netdata gives it, before anything is made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// CLEAR.
    Clear,
    /// WARNING.
    Warning,
    /// CRITICAL.
    Critical,
    /// UNDEFINED: the alert could not be computed.
    Undefined,
    /// UNINITIALIZED: not computed yet, as after a restart.
    #[default]
    Uninitialized,
    /// REMOVED: the chart went away, or the agent is stopping. Proves nothing alone.
    Removed,
    /// A word that this version does not know.
    Other,
}

impl Status {
    /// Reads Netdata's word for a status, in any case. Unknown words are [`Status::Other`].
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word.to_ascii_uppercase().as_str() {
            "CLEAR" => Self::Clear,
            "WARNING" => Self::Warning,
            "CRITICAL" => Self::Critical,
            "UNDEFINED" => Self::Undefined,
            "UNINITIALIZED" => Self::Uninitialized,
            "REMOVED" => Self::Removed,
            _ => Self::Other,
        }
    }

    /// The level of a raised status, `None` for any other.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Warning => Some(Level::Warning),
            Self::Critical => Some(Level::Critical),
            _ => None,
        }
    }

    /// Whether it is raised, or a word that is not known and may mean that.
    #[must_use]
    pub fn may_be_raised(self) -> bool {
        matches!(self, Self::Warning | Self::Critical | Self::Other)
    }

    /// Netdata's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Undefined => "UNDEFINED",
            Self::Uninitialized => "UNINITIALIZED",
            Self::Removed => "REMOVED",
            Self::Other => "UNKNOWN",
        }
    }
}

impl From<Level> for Status {
    fn from(level: Level) -> Self {
        match level {
            Level::Warning => Self::Warning,
            Level::Critical => Self::Critical,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Status::from(*self).fmt(f)
    }
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
/// Text that the agent does not give is empty; numbers that it does not give (`null`, `nan`) are `None`. What is read by
/// people alone is [`Shown`]; what something is recognised or decided by is as it came.
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
        let mut roles = self.role.split_whitespace().peekable();
        roles.peek().is_some() && roles.all(|role| matches!(role, "silent" | "disabled"))
    }
}

/// How many other alerts of a node are raised, as Netdata's own notifications count them: alerts that nobody is told
/// of are among them, the one that is told is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Others {
    /// How many are warnings.
    pub warnings: usize,
    /// How many are critical.
    pub criticals: usize,
}

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
}

/// Alerts whose state is not known because of what the agent says of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// In words, with how many there are.
    pub words: String,
    /// They may be raised: a run says so, and is not good. Otherwise it is for `-v`, `--status` and `--doctor`.
    pub aloud: bool,
}
