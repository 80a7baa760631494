//! The configuration file: its types, where it lives, how it is read, checked and written.
//!
//! Parse at the border, then trust the types: what [`load`] returns is valid.

mod defaults;
mod duration;
mod error;
mod load;
mod location;
mod paths;
mod pattern;
mod reader;
mod render;
mod schema;
mod secrets;
mod tables;
mod text;
mod trust;
mod values;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use error::{ConfigError, Problem};
pub use load::{LARGEST_FILE, load, parse};
pub use paths::{default_path, default_state_dir, is_root};
pub use pattern::Pattern;
pub use render::render;
pub use secrets::SecretError;
pub(crate) use text::quoted;
pub(crate) use trust::mend;
pub use write::{write, write_key};

use crate::alert::{Level, NodeId, Status};
use crate::secret::Secret;
use crate::url;

/// The annotated file that `--print-config` prints and that the wizard fills in: a comment on every key.
pub const TEMPLATE: &str = include_str!("../assets/config.toml");

/// A whole configuration, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Netdata's modal, "Notification settings".
    pub notification: Notification,
    /// Netdata's modal, "Integration configuration".
    pub integration: Integration,
    /// Rooms by name, in the file's order.
    pub rooms: Vec<Room>,
    /// The agent or parent to watch.
    pub netdata: Netdata,
    /// The service to tell.
    pub ilert: Ilert,
    /// How each kind of event is weighted.
    pub severity: Severities,
    /// Pace and delays.
    pub delivery: Delivery,
    /// Templates that replace the built-in ones.
    pub templates: Templates,
    /// Labels added to every event.
    pub labels: BTreeMap<String, String>,
    /// The heartbeat URL, where one is configured.
    pub heartbeat: Option<SecretSource>,
}

/// `[notification]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Configuration name.
    pub name: String,
    /// Names of the rooms to notify about; empty means all nodes.
    pub rooms: Vec<String>,
    /// Notification types.
    pub notify: Notify,
    /// Who delivers.
    pub delivered_by: DeliveredBy,
}

/// The five tick boxes of Netdata's modal.
#[allow(clippy::struct_excessive_bools)] // five independent boxes, as in the modal
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notify {
    /// Alerts that become critical.
    pub critical: bool,
    /// Alerts that become warning.
    pub warning: bool,
    /// Alerts that clear: without it nothing resolves.
    pub clear: bool,
    /// Nodes that come back: without it no unreachable alert resolves.
    pub reachable: bool,
    /// Nodes that go away.
    pub unreachable: bool,
}

/// Who sends the events to ilert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveredBy {
    /// `--send` does.
    NetdataIlert,
    /// Netdata Cloud does; `--send` declines.
    NetdataCloud,
}

/// `[integration]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Integration {
    /// The alert source's API key (ilert's `integrationKey`).
    pub api_key: SecretSource,
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretSource {
    /// In a file that only its owner can read.
    File(PathBuf),
    /// In an environment variable.
    Env(String),
    /// A systemd credential: a file of that name in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// In the configuration file itself.
    Literal(Secret),
}

/// `[[room]]`: a name and which nodes are in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// What `notification.rooms` calls it.
    pub name: String,
    /// Host names that belong to it.
    pub nodes: Pattern,
}

/// `[netdata]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Netdata {
    /// Base URL of the agent or parent, without a trailing slash.
    pub url: String,
    /// Basic authentication.
    pub username: Option<String>,
    /// Basic authentication.
    pub password: Option<SecretSource>,
    /// Bearer token of a protected agent.
    pub bearer_token: Option<SecretSource>,
    /// PEM file with certificate authorities to trust as well.
    pub ca_file: Option<PathBuf>,
    /// Base URL for links to the dashboard, without a trailing slash; the agent's own where absent.
    pub link_base: Option<String>,
}

/// `[ilert]`.
#[derive(Clone, PartialEq)]
pub struct Ilert {
    /// Base URL, without a trailing slash.
    pub endpoint: String,
    /// Proxy URL; the usual variables where absent.
    pub proxy: Option<String>,
    /// PEM file with certificate authorities to trust as well.
    pub ca_file: Option<PathBuf>,
}

impl fmt::Debug for Ilert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A proxy's URL may hold a password.
        let proxy = self.proxy.as_deref().map(url::shown);
        let Self { endpoint, ca_file, .. } = self;
        f.debug_struct("Ilert")
            .field("endpoint", endpoint)
            .field("proxy", &proxy)
            .field("ca_file", ca_file)
            .finish()
    }
}

/// ilert's two priorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Priority {
    /// Escalates: pages.
    High,
    /// Does not.
    Low,
}

impl Priority {
    /// ilert's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "HIGH",
            Self::Low => "LOW",
        }
    }
}

/// `[severity.…]`: one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Severity {
    /// ilert priority.
    pub priority: Priority,
    /// ilert severity, 1 (worst) to 5.
    pub severity: u8,
}

/// `[severity]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Severities {
    /// Critical alerts. HIGH 1 unless configured.
    pub critical: Severity,
    /// Warnings. LOW 3 unless configured.
    pub warning: Severity,
    /// Unreachable nodes. HIGH 2 unless configured.
    pub unreachable: Severity,
}

/// `[delivery]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Requests in any 60 s for a key, at most.
    pub events_per_minute: u32,
    /// How long an alert must be clear before its RESOLVE.
    pub resolve_after: Duration,
    /// How long a node must be away before it is told.
    pub unreachable_after: Duration,
    /// How long an alert must be gone from a healthy node before its RESOLVE.
    pub removed_after: Duration,
    /// How long a parent must not list a node before it is not expected any more.
    pub forget_after: Duration,
}

/// `[templates]`: minijinja; `None` is the built-in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates {
    /// The event's one-line summary.
    pub summary: Option<String>,
    /// The event's Markdown details.
    pub details: Option<String>,
}

impl Config {
    /// Whether a node is in one of the chosen rooms.
    #[must_use]
    pub fn covers(&self, node: &NodeId) -> bool {
        self.notification.rooms.is_empty()
            || self
                .rooms
                .iter()
                .filter(|room| self.notification.rooms.contains(&room.name))
                .any(|room| room.nodes.matches(&node.host))
    }
}

impl Notify {
    /// The file's words for the notification types, in the modal's order.
    pub const WORDS: [&'static str; 5] = ["critical", "warning", "clear", "reachable", "unreachable"];

    /// The types whose words are chosen.
    #[must_use]
    pub fn of(chosen: impl Fn(&str) -> bool) -> Self {
        Self {
            critical: chosen("critical"),
            warning: chosen("warning"),
            clear: chosen("clear"),
            reachable: chosen("reachable"),
            unreachable: chosen("unreachable"),
        }
    }

    /// The words of the types that are ticked, in the modal's order.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let ticked = [self.critical, self.warning, self.clear, self.reachable, self.unreachable];
        Self::WORDS.into_iter().zip(ticked).filter_map(|(word, ticked)| ticked.then_some(word))
    }

    /// Whether a raise to this level is a notification type that was ticked.
    #[must_use]
    pub fn level(&self, level: Level) -> bool {
        match level {
            Level::Warning => self.warning,
            Level::Critical => self.critical,
        }
    }

    /// Whether this status is told when it is reached.
    #[must_use]
    pub fn status(&self, status: Status) -> bool {
        match status.level() {
            Some(level) => self.level(level),
            None => status == Status::Clear && self.clear,
        }
    }
}
