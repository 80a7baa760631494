//! Which nodes: all, those that are picked from the agent's list, or those that a pattern matches.

use super::words::words;
use super::{cloud_rooms, find};
use crate::config::{Config, Pattern, Room};
use crate::setup::{choose, only_room};
use crate::wizard::answers::{Answers, Rooms};
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Boxes, Choice, Control, Row, StepProblem, field};
use crate::wizard::steps::agent;
use crate::wizard::steps::reader::fits;

impl Control {
    /// All nodes, picked ones, a pattern, or rooms of Netdata Cloud's.
    pub const ROOMS: Self = Self {
        row: &Row::new("rooms", "Rooms", Access::Choice(rooms, choose_rooms)).check(is_picked),
        at: 0,
    };
    /// What the room of picked nodes, or of the pattern, is called.
    pub const ROOM_NAME: Self = Self {
        row: &Row::new("room-name", "Room name", field!(Text: notification.room_name)).check(is_free),
        at: 0,
    };
    /// The nodes to pick from.
    pub const NODE: Self = Self {
        row: &Row::new("node", "", Access::Tick(node, pick_node))
            .boxes(Boxes::ByNumbers)
            .tick_all()
            .find(Self::FIND),
        at: 0,
    };
    /// The pattern.
    pub const PATTERN: Self = Self {
        row: &Row::new("pattern", "Pattern", field!(Text: notification.pattern))
            .help(|_, _| {
                Some("`*` is any text, `!` leaves out, the first match decides: `!db-test db-*`".to_owned())
            })
            .check(can_match),
        at: 0,
    };
}

/// The rooms of the configuration, and the names of those that are chosen.
#[must_use]
pub fn rooms_of(answers: &Answers, base: &Config) -> (Vec<Room>, Vec<String>) {
    let notification = &answers.notification;
    let nodes = match notification.mode {
        Rooms::All => return (base.rooms.clone(), Vec::new()),
        Rooms::Configured => return (base.rooms.clone(), base.notification.rooms.clone()),
        Rooms::Cloud => return cloud_rooms::rooms_of(&notification.cloud_rooms, base),
        Rooms::Pick => Pattern::new(&words(&notification.picked)),
        Rooms::Pattern => Pattern::new(notification.pattern.given()),
    };
    let name = notification.room_name.given().to_owned();
    choose(base, name, nodes)
}

/// Whether the configuration that is edited chose several rooms, which cannot be told here but kept.
#[must_use]
pub fn is_configured(answers: &Answers, context: &Context) -> bool {
    let base = context.base(answers.start.existing);
    !base.notification.rooms.is_empty() && only_room(base).is_none()
}

/// The nodes to pick from that are wanted: see `all_nodes`.
pub fn nodes<'a>(answers: &'a Answers, context: &'a Context) -> impl Iterator<Item = &'a String> {
    all_nodes(answers, context).filter(|host| find::is_wanted(answers, host))
}

/// The nodes to pick from: those that the agent lists, then those that are picked and that it does not list.
pub(super) fn all_nodes<'a>(answers: &'a Answers, context: &'a Context) -> impl Iterator<Item = &'a String> {
    let hosts = agent::hosts(answers, context);
    let missing = answers.notification.picked.iter().filter(|host| hosts.binary_search(host).is_err());
    hosts.iter().chain(missing)
}

/// The chosen rooms, where it can be told which of the nodes that there are they mean.
pub(super) fn chosen_rooms(answers: &Answers, context: &Context) -> Option<Vec<Room>> {
    let (rooms, chosen) = rooms_of(answers, context.base(answers.start.existing));
    let rooms: Vec<Room> = rooms.into_iter().filter(|room| chosen.contains(&room.name)).collect();
    let unknown = rooms.is_empty() || rooms.iter().any(|room| !room.labels.is_empty());
    (!unknown && !agent::hosts(answers, context).is_empty()).then_some(rooms)
}

/// Whether a node of this name is in one of the rooms.
pub(super) fn is_in(host: &str, rooms: &[Room]) -> bool {
    rooms.iter().any(|room| room.nodes.matches(host))
}

fn choices(answers: &Answers, context: &Context) -> Vec<Rooms> {
    let mut choices = vec![Rooms::All];
    if !answers.is_cloud() {
        choices.extend([Rooms::Pick, Rooms::Pattern]);
    }
    choices.push(Rooms::Cloud);
    if is_configured(answers, context) {
        choices.push(Rooms::Configured);
    }
    // What was chosen for the other way of delivery stays chosen until something else is.
    if !choices.contains(&answers.notification.mode) {
        choices.push(answers.notification.mode);
    }
    choices
}

fn rooms(answers: &Answers, context: &Context) -> Choice {
    let label = |mode: &Rooms| match mode {
        Rooms::All => "all nodes".to_owned(),
        Rooms::Pick => "nodes picked from the list".to_owned(),
        Rooms::Pattern => "nodes whose names match a pattern".to_owned(),
        Rooms::Cloud => "rooms in Netdata Cloud".to_owned(),
        Rooms::Configured => {
            format!("as configured: {}", context.base(answers.start.existing).notification.rooms.join(", "))
        }
    };
    Choice::among(&choices(answers, context), |mode| *mode == answers.notification.mode, label)
}

fn choose_rooms(answers: &mut Answers, context: &Context, at: usize) {
    if let Some(mode) = choices(answers, context).get(at) {
        // Those that are meant now are ticked, to be added to and taken from.
        if *mode == Rooms::Pick && answers.notification.picked.is_empty() {
            let rooms = chosen_rooms(answers, context).unwrap_or_default();
            let hosts = agent::hosts(answers, context).iter();
            answers.notification.picked = hosts.filter(|host| is_in(host, &rooms)).cloned().collect();
        }
        answers.notification.mode = *mode;
        answers.notification.find.set("");
    }
}

fn node(answers: &Answers, context: &Context, at: usize) -> (String, bool) {
    nodes(answers, context).nth(at).map(|host| labelled(answers, host)).unwrap_or_default()
}

/// The boxes of all nodes: a page draws thousands.
pub(super) fn boxes(answers: &Answers, context: &Context) -> Vec<(String, bool)> {
    nodes(answers, context).map(|host| labelled(answers, host)).collect()
}

fn labelled(answers: &Answers, host: &String) -> (String, bool) {
    (host.clone(), answers.notification.picked.contains(host))
}

fn pick_node(answers: &mut Answers, context: &Context, at: usize, on: bool) {
    let Some(host) = nodes(answers, context).nth(at).cloned() else { return };
    if on {
        answers.notification.picked.insert(host);
    } else {
        answers.notification.picked.remove(&host);
    }
}

/// Another room of the configuration may have the name.
fn is_free(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let name = answers.notification.room_name.given();
    if name.trim().is_empty() {
        return Err(StepProblem::new(Control::ROOM_NAME, "the room needs a name"));
    }
    fits(Control::ROOM_NAME, name)?;
    let base = context.base(answers.start.existing);
    let taken = base.rooms.iter().any(|room| room.name == name);
    if taken && only_room(base).is_some_and(|original| original.name != name) {
        return Err(StepProblem::new(Control::ROOM_NAME, "another room of the configuration has this name"));
    }
    Ok(())
}

/// What is picked must be picked from something.
fn is_picked(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let notification = &answers.notification;
    match notification.mode {
        Rooms::Cloud => cloud_rooms::check(answers, context),
        Rooms::Pick if !answers.is_cloud() && notification.picked.is_empty() => {
            // The room's name stands above the nodes.
            is_free(answers, context)?;
            let control = match (all_nodes(answers, context).next(), nodes(answers, context).next()) {
                (None, _) => Control::ROOMS,
                (Some(_), None) => Control::FIND,
                (Some(_), Some(_)) => Control::NODE,
            };
            Err(StepProblem::new(control, "pick at least one node, or choose all nodes"))
        }
        _ => Ok(()),
    }
}

fn can_match(answers: &Answers, _: &Context) -> Result<(), StepProblem> {
    if Pattern::new(answers.notification.pattern.given()).can_match() {
        return Ok(());
    }
    let message = "no name matches this: a pattern needs a word without `!`, such as `db-*`";
    Err(StepProblem::new(Control::PATTERN, message))
}
