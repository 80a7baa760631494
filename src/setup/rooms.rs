//! Which nodes are meant: all, or those of one room, by a pattern for their names and by their labels; and what is said
//! where that is nobody.

use std::collections::BTreeMap;

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

/// What is said of a room; what is not said of it stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomAnswer {
    /// What it is called; `None` for the only one that is chosen, whatever that is called.
    pub name: Option<String>,
    /// Which host names are in it.
    pub nodes: Option<Pattern>,
    /// Which host labels nodes in it have; all must match.
    pub labels: Option<BTreeMap<String, Pattern>>,
}

impl RoomAnswer {
    /// Whether anything is said.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.name.is_some() || self.nodes.is_some() || self.labels.is_some()
    }

    /// Whether all nodes are meant: then there is no need of a room.
    #[must_use]
    pub fn means_all(&self) -> bool {
        let all = self.nodes.as_ref().is_some_and(Pattern::matches_all);
        all && self.name.is_none() && self.labels.as_ref().is_none_or(BTreeMap::is_empty)
    }

    /// Chooses this room alone: one that there is by its name, else the only one that is chosen, which is called so from
    /// now on unless a silence names it, else a new one. `None` where nothing says which nodes are in it.
    #[must_use]
    pub fn chosen(self, base: &Config) -> Option<(Vec<Room>, Vec<String>)> {
        let only = match base.notification.rooms.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        let name = self.name.or_else(|| only.cloned()).unwrap_or_else(|| CHOSEN.to_owned());
        let mut rooms = base.rooms.clone();
        let at = |rooms: &[Room], name: &String| rooms.iter().position(|room| room.name == *name);
        let silenced = || base.silences.iter().flat_map(|silence| silence.rooms.iter().flatten());
        let is_free = |name: &&String| !silenced().any(|room| room == *name);
        let says_nodes = self.nodes.is_some() || self.labels.is_some();
        let found = at(&rooms, &name).or_else(|| at(&rooms, only.filter(|_| says_nodes).filter(is_free)?));
        let mut room = match found.and_then(|at| rooms.get(at)) {
            Some(room) => Room { name: name.clone(), ..room.clone() },
            None if says_nodes => Room::of(name.clone(), Pattern::new("*")),
            None => return None,
        };
        room.nodes = self.nodes.unwrap_or(room.nodes);
        room.labels = self.labels.unwrap_or(room.labels);
        match found.and_then(|at| rooms.get_mut(at)) {
            Some(old) => *old = room,
            None => rooms.push(room),
        }
        Some((rooms, vec![name]))
    }
}

/// What is said where none of so many nodes is in one of the chosen rooms.
#[must_use]
pub fn none_meant(all: usize, chosen: &[String]) -> String {
    let none =
        if all == 1 { "The only node is not".to_owned() } else { format!("None of the {all} nodes is") };
    format!("{none} in {}: nothing is sent", chosen.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::{CHOSEN, RoomAnswer, none_meant};
    use crate::config::{self, Config, Pattern};

    fn config(rooms: &str) -> Config {
        let text = format!(
            "version = 1\n[notification]\nname = \"a\"\nnotify = [\"clear\"]\n{rooms}\n[integration]\napi_key = \"abcd\"\n\
             [[room]]\nname = \"A\"\nnodes = \"a-*\"\nlabels = {{ env = \"prod\" }}\n[[room]]\nname = \"B\"\nnodes = \"b-*\"\n"
        );
        config::parse(&text, Path::new("test.toml")).unwrap()
    }

    #[test]
    fn one_node_is_not_counted() {
        let chosen = ["A".to_owned(), "B".to_owned()];
        assert_eq!(none_meant(1, &chosen), "The only node is not in A, B: nothing is sent");
        assert_eq!(none_meant(2, &chosen), "None of the 2 nodes is in A, B: nothing is sent");
    }

    /// The rooms as `name:nodes:labels`, and which is chosen.
    fn chosen(config: &Config, [name, nodes, label]: [&str; 3]) -> Option<String> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let answer = RoomAnswer {
            name: some(name),
            nodes: some(nodes).map(|nodes| Pattern::new(&nodes)),
            labels: some(label).map(|value| BTreeMap::from([("env".to_owned(), Pattern::new(&value))])),
        };
        let (rooms, chosen) = answer.chosen(config)?;
        let shown = rooms.iter().map(|room| {
            let labels: Vec<_> = room.labels.values().map(Pattern::as_str).collect();
            format!("{}:{}:{}", room.name, room.nodes, labels.join(","))
        });
        Some(format!("{} -> {}", shown.collect::<Vec<_>>().join(" "), chosen.join(",")))
    }

    #[test]
    fn says_which_room_is_meant_and_leaves_the_rest() {
        let (all, of_a, both) = (config(""), config("rooms = [\"A\"]"), config("rooms = [\"A\", \"B\"]"));
        for (config, answer, expected) in [
            (&all, ["", "c-*", ""], "A:a-*:prod B:b-*: Chosen nodes:c-*: -> Chosen nodes"),
            (&all, ["", "", "test"], "A:a-*:prod B:b-*: Chosen nodes:*:test -> Chosen nodes"),
            (&all, ["C", "c-*", "test"], "A:a-*:prod B:b-*: C:c-*:test -> C"),
            (&all, ["B", "", ""], "A:a-*:prod B:b-*: -> B"),
            (&of_a, ["", "c-*", ""], "A:c-*:prod B:b-*: -> A"),
            (&of_a, ["", "", "test"], "A:a-*:test B:b-*: -> A"),
            (&of_a, ["C", "c-*", ""], "C:c-*:prod B:b-*: -> C"),
            (&of_a, ["B", "c-*", ""], "A:a-*:prod B:c-*: -> B"),
            (&both, ["", "c-*", ""], "A:a-*:prod B:b-*: Chosen nodes:c-*: -> Chosen nodes"),
        ] {
            assert_eq!(chosen(config, answer).as_deref(), Some(expected), "{answer:?}");
        }
        assert_eq!(chosen(&all, ["C", "", ""]), None);
        assert_eq!(chosen(&of_a, ["C", "", ""]), None);
        let silenced = "rooms = [\"A\"]\n[[silence]]\nname = \"s\"\nrooms = [\"A\"]\nfrom = \"2026-01-01T00:00\"\n\
                        until = \"2026-01-02T00:00\"";
        assert_eq!(
            chosen(&config(silenced), ["C", "c-*", ""]).as_deref(),
            Some("A:a-*:prod B:b-*: C:c-*: -> C")
        );
        assert_eq!(CHOSEN, "Chosen nodes");
    }
}
