//! Step 5, *Notification*: Netdata's modal. Who delivers by Netdata Cloud fills it in there, with the values
//! from here.

mod cloud;
pub mod cloud_rooms;
mod rooms;

use std::collections::BTreeSet;

pub use cloud::{CloudValue, cloud_todo, cloud_values};
use cloud_rooms::CloudRooms;
use rooms::words;
pub use rooms::{choose_rooms, node, nodes, pick_node, rooms};

use super::{Problem, invalid};
use crate::config::{Config, Notify, Pattern, Room};
use crate::wizard::control::{Control, Widget};
use crate::wizard::field::Field;
use crate::wizard::guide::Guide;
use crate::wizard::model::Model;

/// Which nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

impl Preset {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::AllAndUnreachable, Self::All, Self::Critical, Self::Own];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::AllAndUnreachable => "All alerts and unreachable",
            Self::All => "All alerts",
            Self::Critical => "Critical only",
            Self::Own => "as ticked below",
        }
    }

    /// The preset that these boxes are.
    #[must_use]
    pub fn of(notify: Notify) -> Self {
        Self::ALL.into_iter().find(|preset| preset.notify() == Some(notify)).unwrap_or(Self::Own)
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

/// State of the step.
#[derive(Clone, Debug)]
pub struct Notification {
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
    /// The rooms of Netdata Cloud's.
    pub cloud: CloudRooms,
    /// The five boxes.
    pub notify: Notify,
    /// Which of the steps in Netdata Cloud are done.
    pub cloud_done: Vec<bool>,
    /// The name of the room that the configuration has, if it is but one.
    original: Option<String>,
    /// Names of the rooms that the configuration chose.
    configured: Vec<String>,
}

impl Notification {
    /// With what a configuration says.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let chosen = &config.notification.rooms;
        let one = match chosen.as_slice() {
            [name] => config.rooms.iter().find(|room| room.name == *name),
            _ => None,
        };
        let mode = match (chosen.is_empty(), one) {
            (true, _) => Rooms::All,
            (false, Some(_)) => Rooms::Pattern,
            (false, None) => Rooms::Configured,
        };
        Self {
            name: Field::new(&config.notification.name),
            mode,
            picked: BTreeSet::new(),
            room_name: Field::new(one.map_or("Chosen nodes", |room| &room.name)),
            pattern: Field::new(one.map_or("", |room| room.nodes.as_str())),
            cloud: CloudRooms::default(),
            notify: config.notification.notify,
            cloud_done: vec![false; Guide::cloud().steps.len()],
            original: one.map(|room| room.name.clone()),
            configured: chosen.clone(),
        }
    }

    /// The rooms that a configuration has, and the names of the chosen ones.
    #[must_use]
    pub fn rooms(&self, base: &Config) -> (Vec<Room>, Vec<String>) {
        let nodes = match self.mode {
            Rooms::All => return (base.rooms.clone(), Vec::new()),
            Rooms::Configured => return (base.rooms.clone(), self.configured.clone()),
            Rooms::Cloud => return self.cloud.rooms(base),
            Rooms::Pick => Pattern::new(&words(&self.picked)),
            Rooms::Pattern => Pattern::new(self.pattern.value().trim()),
        };
        let name = self.room_name.value().trim().to_owned();
        let room = Room { name: name.clone(), nodes };
        let mut rooms = base.rooms.clone();
        let replaced = self.original.as_ref().unwrap_or(&name);
        match rooms.iter_mut().find(|old| old.name == name || old.name == *replaced) {
            Some(old) => *old = room,
            None => rooms.push(room),
        }
        (rooms, vec![name])
    }

    /// Whether the configuration that is edited chose several rooms, which cannot be told here but kept.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        !self.configured.is_empty() && self.original.is_none()
    }

    /// What is never resolved with these boxes, if anything.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        let Notify { critical, warning, clear, reachable, unreachable } = self.notify;
        match ((critical || warning) && !clear, unreachable && !reachable) {
            (true, true) => Some("Without clear and reachable nothing is ever resolved in ilert."),
            (true, false) => Some("Without clear no alert is ever resolved in ilert when it clears."),
            (false, true) => Some("Without reachable no unreachable node is ever resolved in ilert."),
            (false, false) => None,
        }
    }
}

/// One of the five boxes.
#[must_use]
pub fn notify(model: &Model, at: usize) -> Widget<'static> {
    let word = Notify::WORDS.get(at).copied().unwrap_or_default();
    let on = model.notification.notify.words().any(|ticked| ticked == word);
    Widget::Tick { label: word.to_owned(), on }
}

/// Ticks one of the five boxes, or not.
pub fn tick(model: &mut Model, at: usize, on: bool) {
    let changed = Notify::WORDS.get(at).copied();
    let old: Vec<_> = model.notification.notify.words().collect();
    model.notification.notify =
        Notify::of(|word| if Some(word) == changed { on } else { old.contains(&word) });
}

/// The modal's, from here or there.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let mut controls = vec![Control::Name, Control::Rooms];
    match model.notification.mode {
        Rooms::Cloud => controls.extend(cloud_rooms::controls(model)),
        Rooms::Pick if !model.is_cloud() => {
            controls.push(Control::RoomName);
            controls.extend((0..nodes(model).count()).map(Control::Node));
        }
        Rooms::Pattern if !model.is_cloud() => controls.extend([Control::RoomName, Control::Pattern]),
        Rooms::All | Rooms::Configured | Rooms::Pick | Rooms::Pattern => {}
    }
    controls.push(Control::Preset);
    controls.extend((0..Notify::WORDS.len()).map(Control::Notify));
    if model.is_cloud() {
        controls.extend((0..model.notification.cloud_done.len()).map(Control::CloudTodo));
        controls.extend((0..cloud_values(model).len()).map(Control::CloudValue));
    }
    controls
}

/// A name, nodes, and something to tell.
pub fn check(model: &Model) -> Result<(), Problem> {
    let notification = &model.notification;
    if let Some(message) = invalid(model, "notification.name") {
        return Err(Problem::new(Control::Name, message));
    }
    match notification.mode {
        Rooms::Cloud => cloud_rooms::check(model)?,
        _ if model.is_cloud() => {}
        _ => rooms::check(model)?,
    }
    if notification.notify.words().next().is_none() {
        return Err(Problem::new(Control::Preset, "tick at least one: with none, nothing is told"));
    }
    Ok(())
}
