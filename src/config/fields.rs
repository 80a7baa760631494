//! The settings, a file for each table. A new one is a row in its table.

mod delivery;
mod heartbeat;
mod ilert;
mod integration;
mod netdata;
mod notification;
mod room;
mod severity;
mod silence;
mod templates;
mod version;

use std::collections::{BTreeMap, BTreeSet};

use super::kind::{Label, SecretSource};
use super::row::home;
use super::table::{Many, Map, One, Table, table};
use crate::alert::{Labels, NodeId};

pub use delivery::Delivery;
pub use heartbeat::Heartbeat;
pub use ilert::Ilert;
pub use integration::Integration;
pub use netdata::Netdata;
pub use notification::{DeliveredBy, Notification, Notify};
pub use room::Room;
pub(super) use room::all_match;
pub use severity::{Priority, Severities, Severity};
pub use silence::Silence;
pub use templates::Templates;
pub use version::Version;

table! {
    /// A whole configuration, checked.
    #[derive(Clone, PartialEq)]
    pub struct Config {
        /// The version of this file's format.
        version: Version => Version, like 1;
        /// What to send: "Notification settings" in Netdata Cloud
        notification: Notification => One<Notification>;
        /// Where to send it: "Integration configuration" in Netdata Cloud
        integration: Integration => One<Integration>;
        /// Rooms: which nodes are in them, one [[room]] for each
        rooms as "room": Vec<Room> => Many<Room> = Vec::new();
        /// Silences: when to tell nothing, and of what, as many as you like
        silences as "silence": Vec<Silence> => Many<Silence> = Vec::new();
        /// Netdata: the agent or parent to watch
        netdata: Netdata => One<Netdata> = Netdata::default();
        /// ilert
        ilert: Ilert => One<Ilert> = Ilert::default();
        /// How much it matters
        severity: Severities => One<Severities> = Severities::default();
        /// Pace and delays
        delivery: Delivery => One<Delivery> = Delivery::default();
        /// Texts of alerts
        templates: Templates => One<Templates> = Templates::default();
        /// Labels for every event, as many as you like
        labels: BTreeMap<String, String> => Map<Label> = BTreeMap::new(), like { env = "prod" };
        /// Heartbeat: who watches the watcher
        heartbeat: Heartbeat => One<Heartbeat> = Heartbeat::default();
    }
}

impl Config {
    /// Whether a node is in one of the chosen rooms; `None` if that depends on labels that are not known.
    #[must_use]
    pub fn covers(&self, node: &NodeId, labels: &Labels) -> Option<bool> {
        if self.notification.rooms.is_empty() {
            return Some(true);
        }
        let mut covers = Some(false);
        for room in self.rooms.iter().filter(|room| self.notification.rooms.contains(&room.name)) {
            match room.holds(node, labels) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => covers = None,
            }
        }
        covers
    }

    /// The names of the host labels that rooms and silences ask for.
    #[must_use]
    pub fn label_names(&self) -> BTreeSet<String> {
        let of_rooms = self.rooms.iter().flat_map(|room| room.labels.keys());
        let of_silences = self.silences.iter().flat_map(|silence| silence.labels.keys());
        of_rooms.chain(of_silences).cloned().collect()
    }

    /// The same with every secret in it masked, to be shown.
    #[must_use]
    pub fn masked(&self) -> Self {
        Table::masked(self).unwrap_or_else(|| self.clone())
    }

    /// Every secret that it names.
    #[must_use]
    pub fn secrets(&self) -> Vec<&SecretSource> {
        let mut found = Vec::new();
        Table::secrets(self, &mut found);
        found
    }

    /// Whether the file itself holds a secret, so that only its owner may read it.
    #[must_use]
    pub fn holds_secret(&self) -> bool {
        Table::masked(self).is_some()
    }
}

/// The table that a key belongs to, if that is but one.
pub(super) fn belongs_to(key: &str) -> Option<String> {
    home(key, &Config::rows(None))
}
