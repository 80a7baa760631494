//! Which nodes are meant: all, or those of one room that a pattern tells.

use crate::config::{Config, Pattern, Room};

/// What the room of chosen nodes is called where nobody gave it a name.
pub const CHOSEN: &str = "Chosen nodes";

/// The room that a configuration has chosen, where it is but one and is told by names of nodes alone.
#[must_use]
pub fn only_room(config: &Config) -> Option<&Room> {
    match config.notification.rooms.as_slice() {
        [name] => config.rooms.iter().find(|room| room.name == *name && room.labels.is_empty()),
        _ => None,
    }
}

/// The rooms of a configuration with one of this name for these nodes, in place of the only one that it has chosen; and
/// the names of those that are chosen then.
#[must_use]
pub fn choose(base: &Config, name: String, nodes: Pattern) -> (Vec<Room>, Vec<String>) {
    let room = Room::of(name.clone(), nodes);
    let mut rooms = base.rooms.clone();
    let replaced = only_room(base).map_or(name.clone(), |room| room.name.clone());
    match rooms.iter_mut().find(|old| old.name == name || old.name == replaced) {
        Some(old) => *old = room,
        None => rooms.push(room),
    }
    (rooms, vec![name])
}
