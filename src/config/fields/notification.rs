//! `[notification]`: Netdata's modal, "Notification settings".

use serde::{Deserialize, Serialize};
use toml_edit::{Array, Value};

use crate::alert::{Level, Status};
use crate::config::kind::{Kind, OneLine, Print, Switch, Word, Words, list};
use crate::config::reader::Item;
use crate::config::row::Shape;
use crate::config::table::table;

table! {
    /// `[notification]`: Netdata's modal, "Notification settings".
    #[derive(Clone, PartialEq, Eq)]
    pub struct Notification {
        /// Configuration name: a name for people.
        name: String => OneLine, like "Netdata";

        /// Enable or Disable, as in Netdata Cloud. With false nothing is sent, and what is open in ilert
        /// stays open.
        enabled: bool => Switch = true;

        /// Rooms: whose alerts to send, by the names under [[room]]. Empty: all nodes.
        rooms: Vec<String> => RoomNames = Vec::new();

        /// Notification: what to send. Without "clear", alerts stay open in ilert after they clear;
        /// without "reachable", nodes do after they are back.
        notify: Notify => NotifyTypes, like ["critical", "warning", "clear", "reachable", "unreachable"];

        /// Who delivers: "netdata-ilert" (this program, by `--send`) or "netdata-cloud" (Netdata Cloud, on a
        /// paid plan; then `--send` sends nothing, so that nobody is paged twice).
        delivered_by: DeliveredBy => Word<DeliveredBy> = DeliveredBy::NetdataIlert;
    }
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveredBy {
    /// `--send` does. Drafts of earlier versions say `here`.
    #[default]
    #[serde(alias = "here")]
    NetdataIlert,
    /// Netdata Cloud does; `--send` declines. Drafts of earlier versions say `cloud`.
    #[serde(alias = "cloud")]
    NetdataCloud,
}

impl Notification {
    /// Whether `--send` sends it: it is switched on, and Netdata Cloud does not deliver it.
    #[must_use]
    pub fn is_sent_here(&self) -> bool {
        self.enabled && self.delivered_by == DeliveredBy::NetdataIlert
    }
}

impl Words for DeliveredBy {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::NetdataIlert, "netdata-ilert"), (Self::NetdataCloud, "netdata-cloud")];
    const ALLOWED: &'static str = "`\"netdata-ilert\"` or `\"netdata-cloud\"`";

    #[cfg(test)]
    const GOOD: &'static [&'static str] = &[r#""netdata-ilert""#, r#""netdata-cloud""#];
}

/// Names of rooms; that there are such rooms is checked when all of them are known.
pub(in crate::config) struct RoomNames;

impl Kind for RoomNames {
    type Value = Vec<String>;
    const ALLOWED: &'static str = "a list of room names";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [&["[]"], &[r#"["nobody defined it"]"#, r#""x""#, "[1]"]];

    fn read(item: &Item<'_>) -> Option<Vec<String>> {
        list::<OneLine>(item, Self::ALLOWED)
    }

    fn shape(_: Option<&Vec<String>>) -> Shape {
        Shape::List(0, Box::new(OneLine::shape(None)))
    }
}

/// The notification types, by their words.
struct NotifyTypes;

impl Kind for NotifyTypes {
    type Value = Notify;
    const ALLOWED: &'static str =
        "a list of `\"critical\"`, `\"warning\"`, `\"clear\"`, `\"reachable\"` and `\"unreachable\"`";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[r#"["critical"]"#, r#"["unreachable", "reachable", "clear", "warning", "critical"]"#],
        &["[]", r#"["Critical"]"#, r#"["clear", "clear"]"#, r#""clear""#, "[1]"],
    ];

    fn read(item: &Item<'_>) -> Option<Notify> {
        let types = list::<NotifyType>(item, Self::ALLOWED)?;
        if item.elements().is_some_and(|elements| elements.is_empty()) {
            return item.refuse_as("an empty list, with which nothing would ever be sent", Self::ALLOWED);
        }
        Some(Notify::of(|word| types.iter().any(|found| found == word)))
    }

    fn shape(_: Option<&Notify>) -> Shape {
        Shape::List(1, Box::new(NotifyType::shape(None)))
    }
}

impl Print for Notify {
    fn print(&self) -> Option<Value> {
        Some(Value::Array(self.words().collect::<Array>()))
    }
}

/// One of them.
struct NotifyType;

impl Kind for NotifyType {
    type Value = String;
    const ALLOWED: &'static str = "`critical`, `warning`, `clear`, `reachable` or `unreachable`";

    fn read(item: &Item<'_>) -> Option<String> {
        let word = item.text().filter(|word| Notify::WORDS.contains(word));
        word.map(str::to_owned).or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&String>) -> Shape {
        Shape::Words { words: Notify::WORDS.to_vec(), in_any_case: false }
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

    /// What is never resolved with these types, if anything.
    #[must_use]
    pub fn unresolved(self) -> Option<&'static str> {
        let Self { critical, warning, clear, reachable, unreachable } = self;
        match ((critical || warning) && !clear, unreachable && !reachable) {
            (true, true) => Some("Without \"clear\" and \"reachable\", nothing is ever resolved in ilert."),
            (true, false) => Some("Without \"clear\", an alert stays open in ilert after it has cleared."),
            (false, true) => {
                Some("Without \"reachable\", a node's alert stays open in ilert after the node is back.")
            }
            (false, false) => None,
        }
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
