//! The answers of *Notification*: Netdata's modal.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Drafted;
use super::options::Options;
use super::silences::SilenceAnswers;
use crate::config::{Config, Notify};
use crate::setup::{CHOSEN, only_room};
use crate::wizard::field::{Field, SecretField};

/// Notification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotificationAnswers {
    /// Configuration name.
    pub name: Field,
    /// Which nodes.
    pub mode: Rooms,
    /// Host names that are picked.
    pub picked: BTreeSet<String>,
    /// What the room of picked nodes, or of the pattern, is called.
    pub room_name: Field,
    /// Its pattern.
    pub pattern: Field,
    /// Narrows the list of nodes, or of Netdata Cloud's rooms, down.
    #[serde(skip)]
    pub find: Field,
    /// API token of Netdata Cloud's. Nothing of it is ever shown.
    #[serde(skip)]
    pub cloud_token: SecretField,
    /// Id of the chosen space of Netdata Cloud's.
    #[serde(skip)]
    pub space: Option<String>,
    /// Rooms of Netdata Cloud's that are picked, by their ids.
    pub cloud_rooms: BTreeMap<String, PickedRoom>,
    /// The five boxes.
    #[serde(serialize_with = "to_words", deserialize_with = "from_words")]
    pub notify: Notify,
    /// Which of the steps in Netdata Cloud are done, in their order.
    pub cloud_done: Vec<bool>,
    /// Silences.
    pub silences: SilenceAnswers,
}

/// Which nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rooms {
    /// Every node.
    #[default]
    All,
    /// Those that are picked from the list.
    Pick,
    /// Those that a pattern matches.
    Pattern,
    /// Rooms of Netdata Cloud's.
    Cloud,
    /// The several rooms that the configuration has.
    Configured,
}

/// A room of Netdata Cloud's that is picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickedRoom {
    /// What it is called.
    pub name: String,
    /// Host names of its nodes, once they are known.
    pub nodes: Option<Vec<String>>,
    /// It is the room of all nodes, whatever they are.
    pub everything: bool,
}

/// Presets of the modal, for the five boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// All five.
    AllAndUnreachable,
    /// All but nodes.
    All,
    /// Critical alone.
    Critical,
    /// Any other set of boxes.
    Own,
}

impl Options for Preset {
    const ALL: &'static [Self] = &[Self::AllAndUnreachable, Self::All, Self::Critical, Self::Own];

    fn label(self) -> &'static str {
        match self {
            Self::AllAndUnreachable => "All alerts and unreachable",
            Self::All => "All alerts",
            Self::Critical => "Critical only",
            Self::Own => "as ticked below",
        }
    }
}

impl Preset {
    /// The preset that these boxes are.
    #[must_use]
    pub fn of(notify: Notify) -> Self {
        Self::ALL.iter().copied().find(|preset| preset.notify() == Some(notify)).unwrap_or(Self::Own)
    }

    /// Its boxes; `None` for [`Preset::Own`].
    #[must_use]
    pub fn notify(self) -> Option<Notify> {
        match self {
            Self::AllAndUnreachable => Some(Notify::of(|_| true)),
            Self::All => Some(Notify::of(|word| !word.ends_with("reachable"))),
            Self::Critical => Some(Notify::of(|word| word == "critical")),
            Self::Own => None,
        }
    }
}

impl NotificationAnswers {
    /// With what a configuration says.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let one = only_room(config);
        let mode = match (config.notification.rooms.is_empty(), one) {
            (true, _) => Rooms::All,
            (false, Some(_)) => Rooms::Pattern,
            (false, None) => Rooms::Configured,
        };
        Self {
            name: Field::new(&config.notification.name),
            mode,
            room_name: Field::new(one.map_or(CHOSEN, |room| &room.name)),
            pattern: Field::new(one.map_or("", |room| room.nodes.as_str())),
            notify: config.notification.notify,
            ..Self::default()
        }
    }

    /// What is never resolved with these boxes, if anything.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        self.notify.unresolved()
    }
}

impl Drafted for NotificationAnswers {
    fn resume(self, mut draft: Self) -> Self {
        draft.find = self.find;
        draft.cloud_token = self.cloud_token;
        draft.space = self.space;
        draft
    }
}

impl Default for NotificationAnswers {
    fn default() -> Self {
        Self {
            name: Field::default(),
            mode: Rooms::default(),
            picked: BTreeSet::new(),
            room_name: Field::default(),
            pattern: Field::default(),
            find: Field::default(),
            cloud_token: SecretField::unseen(),
            space: None,
            cloud_rooms: BTreeMap::new(),
            notify: Notify::of(|_| true),
            cloud_done: Vec::new(),
            silences: SilenceAnswers::default(),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn to_words<S: Serializer>(notify: &Notify, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(notify.words())
}

fn from_words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Notify, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    Ok(Notify::of(|word| words.iter().any(|one| one == word)))
}
