//! Which nodes: all, those that are picked from the agent's list, or those that a pattern matches.

use super::Rooms;
use crate::config::Pattern;
use crate::wizard::control::{Control, Widget};
use crate::wizard::model::Model;
use crate::wizard::steps::Problem;

/// Host names as words of a simple pattern.
pub(super) fn words<'a>(hosts: impl IntoIterator<Item = &'a String>) -> String {
    let word = |host: &String| {
        let mut word = String::with_capacity(host.len());
        for (at, c) in host.chars().enumerate() {
            if c == '\\' || c.is_ascii_whitespace() || (at == 0 && c == '!') {
                word.push('\\');
            }
            word.push(c);
        }
        word
    };
    hosts.into_iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The nodes to pick from: those that the agent lists, then those that are picked and that it does not list.
pub fn nodes(model: &Model) -> impl Iterator<Item = &String> {
    let hosts = model.agent.hosts();
    let missing = model.notification.picked.iter().filter(|host| hosts.binary_search(host).is_err());
    hosts.iter().chain(missing)
}

fn choices(model: &Model) -> Vec<Rooms> {
    let mut choices = vec![Rooms::All];
    if !model.is_cloud() {
        choices.extend([Rooms::Pick, Rooms::Pattern]);
    }
    choices.push(Rooms::Cloud);
    if model.notification.is_configured() {
        choices.push(Rooms::Configured);
    }
    // What was chosen for the other way of delivery stays chosen until something else is.
    if !choices.contains(&model.notification.mode) {
        choices.push(model.notification.mode);
    }
    choices
}

/// Which nodes, as a choice.
#[must_use]
pub fn rooms(model: &Model) -> Widget<'static> {
    let choices = choices(model);
    let label = |mode: &Rooms| match mode {
        Rooms::All => "all nodes".to_owned(),
        Rooms::Pick => "nodes picked from the list".to_owned(),
        Rooms::Pattern => "nodes whose names match a pattern".to_owned(),
        Rooms::Cloud => "rooms of Netdata Cloud's".to_owned(),
        Rooms::Configured => format!("as configured: {}", model.notification.configured.join(", ")),
    };
    Widget::Choice {
        selected: choices.iter().position(|mode| *mode == model.notification.mode).unwrap_or(0),
        options: choices.iter().map(label).collect(),
    }
}

/// Chooses which nodes.
pub fn choose_rooms(model: &mut Model, at: usize) {
    if let Some(mode) = choices(model).get(at) {
        model.notification.mode = *mode;
    }
}

/// One of the nodes to pick.
#[must_use]
pub fn node(model: &Model, at: usize) -> Widget<'static> {
    let label = nodes(model).nth(at).cloned().unwrap_or_default();
    Widget::Tick { on: model.notification.picked.contains(&label), label }
}

/// Picks a node, or drops it.
pub fn pick_node(model: &mut Model, at: usize, on: bool) {
    let Some(host) = nodes(model).nth(at).cloned() else { return };
    if on {
        model.notification.picked.insert(host);
    } else {
        model.notification.picked.remove(&host);
    }
}

/// The room needs a name, and nodes.
pub(super) fn check(model: &Model) -> Result<(), Problem> {
    let notification = &model.notification;
    if matches!(notification.mode, Rooms::Pick | Rooms::Pattern) {
        let name = notification.room_name.value().trim();
        if name.is_empty() {
            return Err(Problem::new(Control::RoomName, "the room needs a name"));
        }
        let taken = model.base.rooms.iter().any(|room| room.name == name);
        if taken && notification.original.as_deref().is_some_and(|original| original != name) {
            return Err(Problem::new(Control::RoomName, "another room of the configuration has this name"));
        }
    }
    match notification.mode {
        Rooms::Pick if notification.picked.is_empty() => {
            let at = if nodes(model).next().is_none() { Control::Rooms } else { Control::Node(0) };
            Err(Problem::new(at, "pick at least one node, or choose all nodes"))
        }
        Rooms::Pattern if !Pattern::new(notification.pattern.value()).can_match() => {
            let message = "no name matches this: a pattern needs a word without `!`, such as `db-*`";
            Err(Problem::new(Control::Pattern, message))
        }
        _ => Ok(()),
    }
}
