//! Turns a notice into an event, with one function: the preview, the test event and the sender all call
//! [`Renderer::event`], so what the preview shows is what is sent.
//!
//! - `render`: makes the event; the built-in form if a template fails; the limits of its texts;
//! - `template`: checks and runs templates; `bounds`: how large one may be; `filters`;
//! - `variables`: what a template can use;
//! - `key`: the alert key, and keys as earlier versions wrote them;
//! - `storm`: what a storm's event says;
//! - `link`, `defined_at`, [`quantity`]: links to the dashboard, where an alert is defined, values and times;
//! - `sample`: notices for the preview and the live test.

mod defined_at;
mod key;
mod link;
pub mod quantity;
mod render;
mod sample;
mod storm;
mod template;
mod variables;

use serde::{Deserialize, Serialize};

pub use key::{LONGEST_KEY, Scheme, alert_key};
pub use render::{LONGEST_DETAILS, LONGEST_SUMMARY, Rendered, Renderer};
pub use sample::{samples, test_notices};
pub use storm::{MOST_MEMBERS, Member, Storm, StormId};
pub use template::{NAMES as TEMPLATE_NAMES, TemplateError, Which};

use crate::alert::{AlertDetails, AlertId, Level, NodeId};
use crate::config::Priority;

/// Name of the alert that the live test opens. No alert of Netdata has this name.
pub const TEST_ALERT: &str = "netdata_ilert_test";

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// An alert on a node.
    Alert(AlertId),
    /// A node as a whole: whether it is reachable.
    Node(NodeId),
    /// Many alerts or nodes, told as one.
    Storm(StormId),
}

/// The kind of a subject's key. Each key is an ilert alert of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// `…/warning`.
    Warning,
    /// `…/critical`.
    Critical,
    /// `…/unreachable`.
    Unreachable,
}

impl KeyKind {
    /// All of them, most urgent first.
    pub const ALL: [Self; 3] = [Self::Critical, Self::Unreachable, Self::Warning];

    /// What keys, the state and people call it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
            Self::Unreachable => "unreachable",
        }
    }

    /// The level that its key stands for: an unreachable node is critical.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Warning => Level::Warning,
            Self::Critical | Self::Unreachable => Level::Critical,
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What is to be told. Rendered with the present configuration at each try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub subject: Subject,
    /// Which key it concerns.
    #[serde(rename = "tier")]
    pub kind: KeyKind,
    /// How that key is written.
    #[serde(default = "Scheme::unsaid")]
    pub scheme: Scheme,
    /// What is to happen to that key.
    pub action: Action,
    /// What Netdata says. For a node, `info` is why it counts as unreachable and `when` since when.
    pub facts: AlertDetails,
    /// Replaces the configured priority (for a late ALERT, or a test).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// What a storm's event says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storm: Option<Box<Storm>>,
}

/// What is to happen to a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Open it.
    Alert(Raise),
    /// Close it.
    Resolve(ResolveReason),
    /// Say something about it.
    Comment,
}

/// What an ALERT says about its raise, besides the facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Raise {
    /// How often it was raised since ilert was last told; 0 and 1 are not mentioned.
    pub times: u32,
    /// When it was over (agent's clock, seconds): it cleared before it could be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleared: Option<i64>,
    /// It is over; since when is not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub over: bool,
    /// It is a warning now and was critical from … to … (agent's clock, seconds), and nobody was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was_critical: Option<(i64, i64)>,
}

impl Raise {
    /// A raise that stands, told at once.
    pub const PLAIN: Self = Self { times: 1, cleared: None, over: false, was_critical: None };

    /// Whether it is over before it is told: late news.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.over || self.cleared.is_some()
    }
}

/// Why a key is resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResolveReason {
    /// It cleared.
    Cleared,
    /// The warning became critical, which has a key of its own.
    Grown,
    /// It is gone from a healthy node.
    Removed,
    /// The configuration no longer covers it.
    Filtered,
    /// The node came back.
    Reachable,
    /// An ephemeral node is gone.
    NodeGone,
    /// The node has another name now.
    Renamed(String),
    /// Another machine answers under the node's name: it was rebuilt.
    Replaced,
    /// Another agent is asked now, and it does not watch the node.
    NotWatched,
    /// The parent has not listed the node for `forget_after`.
    Unlisted,
    /// The node counts as ephemeral now: it may come and go.
    Ephemeral,
    /// A person said `--forget`.
    Forgotten,
    /// It is told with another key, or by another sender, from now on.
    HandedOver,
    /// A test is over.
    Tested,
}

impl ResolveReason {
    /// Whether what ended so is told though it is over: Netdata ended it. What the configuration or a person took out is
    /// not told any more.
    #[must_use]
    pub fn leaves_news(&self) -> bool {
        match self {
            Self::Cleared
            | Self::Grown
            | Self::Removed
            | Self::Reachable
            | Self::NodeGone
            | Self::Replaced
            | Self::Unlisted => true,
            Self::Filtered
            | Self::Renamed(_)
            | Self::NotWatched
            | Self::Ephemeral
            | Self::Forgotten
            | Self::HandedOver
            | Self::Tested => false,
        }
    }
}

impl Notice {
    /// The key that it concerns.
    #[must_use]
    pub fn alert_key(&self) -> String {
        self.scheme.key(&self.subject, self.kind)
    }

    /// In a few words, for logs and messages: `ALERT` and its key in ilert.
    #[must_use]
    pub fn name(&self) -> String {
        let event_type = match self.action {
            Action::Alert(_) => "ALERT",
            Action::Resolve(_) => "RESOLVE",
            Action::Comment => "COMMENT",
        };
        format!("{event_type} {}", self.alert_key())
    }
}

impl Subject {
    /// The node that it is on, or is; of a storm, the agent's own.
    #[must_use]
    pub fn node(&self) -> &NodeId {
        match self {
            Self::Alert(alert) => &alert.node,
            Self::Node(node) => node,
            Self::Storm(storm) => &storm.agent,
        }
    }

    /// Whether it is a storm.
    #[must_use]
    pub fn is_storm(&self) -> bool {
        matches!(self, Self::Storm(_))
    }
}

impl From<Level> for KeyKind {
    fn from(level: Level) -> Self {
        match level {
            Level::Warning => Self::Warning,
            Level::Critical => Self::Critical,
        }
    }
}
