//! The rooms of a space in Netdata Cloud, listed with an API token, to be picked from.
//!
//! `--send` knows no rooms but patterns on host names: a room that is picked is written down as the nodes that it has
//! now. [`next`] tells the question to ask next; asking it is an effect.

use std::collections::BTreeMap;

use super::find;
use super::words::words;
use crate::cloud::{self, Space};
use crate::config::{Config, Pattern, Room};
use crate::secret::Secret;
use crate::wizard::answers::{Answers, PickedRoom};
use crate::wizard::context::{CloudQuestion, Context, KnownSpaces};
use crate::wizard::form::{Access, Boxes, Choice, Control, Row, StepProblem, field};

impl Control {
    /// An API token of Netdata Cloud's.
    pub const CLOUD_TOKEN: Self = Self {
        row: &Row::new("cloud-token", "Cloud token", field!(Secret: notification.cloud_token))
            .introduced()
            .help(|answers, _| answers.notification.cloud_token.note())
            .demo(|demo| &demo.cloud_token),
        at: 0,
    };
    /// The space whose rooms are listed.
    pub const SPACE: Self =
        Self { row: &Row::new("space", "Space", Access::Choice(spaces, choose_space)), at: 0 };
    /// The rooms of the space.
    pub const CLOUD_ROOM: Self = Self {
        row: &Row::new("cloud-room", "", Access::Tick(room, pick_room))
            .boxes(Boxes::ByNumbers)
            .tick_all()
            .find(Self::FIND),
        at: 0,
    };
}

/// A room to pick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it is called.
    pub name: &'a str,
    /// It is the room of all nodes, whatever they are.
    pub everything: bool,
    /// How many nodes it has, where Cloud said so.
    pub node_count: Option<u64>,
    /// It is picked.
    pub picked: Option<&'a PickedRoom>,
}

/// The token, where one was given.
#[must_use]
pub fn token(answers: &Answers) -> Option<Secret> {
    let field = &answers.notification.cloud_token;
    (!field.is_empty()).then(|| field.secret())
}

/// What Cloud said to the token that is given now.
#[must_use]
pub fn known<'a>(answers: &Answers, context: &'a Context) -> Option<&'a KnownSpaces> {
    context.cloud.known.as_ref().filter(|known| answers.notification.cloud_token.holds(&known.token))
}

/// The space whose rooms are listed: the chosen one, or the first.
fn space<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Space> {
    let spaces = &known(answers, context)?.spaces;
    let chosen = answers.notification.space.as_ref();
    spaces.iter().find(|space| Some(&space.id) == chosen).or(spaces.first())
}

/// The rooms of the space.
fn listed<'a>(answers: &Answers, context: &'a Context) -> &'a [cloud::CloudRoom] {
    let listed = space(answers, context).and_then(|space| {
        context.cloud.listed.as_ref().filter(|listed| listed.space == space.id).map(|listed| &listed.rooms)
    });
    listed.map_or(&[], Vec::as_slice)
}

/// The rooms that are picked and are not listed, as after an interrupted run.
fn missing<'a>(answers: &'a Answers, context: &'a Context) -> impl Iterator<Item = Offered<'a>> {
    let listed = listed(answers, context);
    let picked = answers.notification.cloud_rooms.iter();
    picked.filter(|(id, _)| listed.iter().all(|room| room.id != **id)).map(|(id, picked)| {
        let (name, everything) = (picked.name.as_str(), picked.everything);
        Offered { id, name, everything, node_count: None, picked: Some(picked) }
    })
}

/// The rooms to pick from: those of the space, then those that are picked and not listed.
fn all<'a>(answers: &'a Answers, context: &'a Context) -> impl Iterator<Item = Offered<'a>> {
    let picked = &answers.notification.cloud_rooms;
    let listed = listed(answers, context).iter().map(|room| {
        let cloud::CloudRoom { id, name, node_count, everything } = room;
        Offered { id, name, everything: *everything, node_count: *node_count, picked: picked.get(id) }
    });
    listed.chain(missing(answers, context))
}

/// Those of them that are wanted.
fn wanted<'a>(answers: &'a Answers, context: &'a Context) -> impl Iterator<Item = Offered<'a>> {
    all(answers, context).filter(|room| find::is_wanted(answers, room.name))
}

/// One of the rooms to pick from.
#[must_use]
pub fn offered<'a>(answers: &'a Answers, context: &'a Context, at: usize) -> Option<Offered<'a>> {
    wanted(answers, context).nth(at)
}

/// The configuration's rooms with the picked ones among them, and the names of these. Rooms of one name are one.
pub(super) fn rooms_of(picked: &BTreeMap<String, PickedRoom>, base: &Config) -> (Vec<Room>, Vec<String>) {
    let mut nodes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for picked in picked.values() {
        let room = nodes.entry(picked.name.trim()).or_default();
        match &picked.nodes {
            _ if picked.everything => room.push("*".to_owned()),
            known => room.extend(known.iter().flatten().map(|host| words([host]))),
        }
    }
    let mut rooms = base.rooms.clone();
    for (name, hosts) in &nodes {
        let nodes = Pattern::new(&hosts.join(" "));
        let room = Room::of((*name).to_owned(), nodes);
        match rooms.iter_mut().find(|old| old.name == room.name) {
            Some(old) => *old = room,
            None => rooms.push(room),
        }
    }
    (rooms, nodes.into_keys().map(str::to_owned).collect())
}

/// The next question, if there is one. The first, whose token it is, is asked on Enter alone.
#[must_use]
pub fn next(answers: &Answers, context: &Context) -> Option<CloudQuestion> {
    let space = space(answers, context)?.id.clone();
    if context.cloud.listed.as_ref().is_none_or(|listed| listed.space != space) {
        return Some(CloudQuestion::Rooms(space));
    }
    let unknown = |(_, picked): &(&String, &PickedRoom)| picked.nodes.is_none() && !picked.everything;
    let room = answers.notification.cloud_rooms.iter().find(unknown)?.0;
    Some(CloudQuestion::Nodes { space, room: room.clone() })
}

fn spaces(answers: &Answers, context: &Context) -> Choice {
    let spaces = known(answers, context).map_or(&[][..], |known| &known.spaces);
    let chosen = space(answers, context).map(|space| &space.id);
    Choice::among(spaces, |space| Some(&space.id) == chosen, |space| space.name.to_string())
}

/// Chooses a space. Rooms of another one are not picked any more: a node is in one space only.
fn choose_space(answers: &mut Answers, context: &Context, at: usize) {
    let chosen = known(answers, context).and_then(|known| known.spaces.get(at)).map(|space| space.id.clone());
    let Some(chosen) = chosen else { return };
    if space(answers, context).map(|space| &space.id) != Some(&chosen) {
        answers.notification.cloud_rooms.clear();
    }
    answers.notification.space = Some(chosen);
}

fn room(answers: &Answers, context: &Context, at: usize) -> (String, bool) {
    offered(answers, context, at).map(labelled).unwrap_or_default()
}

/// The boxes of all rooms: a page draws thousands.
pub(super) fn boxes(answers: &Answers, context: &Context) -> Vec<(String, bool)> {
    wanted(answers, context).map(labelled).collect()
}

fn labelled(room: Offered<'_>) -> (String, bool) {
    let nodes = match room.node_count {
        Some(1) => " (1 node)".to_owned(),
        Some(count) => format!(" ({count} nodes)"),
        None => String::new(),
    };
    (format!("{}{nodes}", room.name), room.picked.is_some())
}

fn pick_room(answers: &mut Answers, context: &Context, at: usize, on: bool) {
    let Some(Offered { id, name, everything, picked, .. }) = offered(answers, context, at) else { return };
    let (id, name, is_picked) = (id.to_owned(), name.to_owned(), picked.is_some());
    let rooms = &mut answers.notification.cloud_rooms;
    if on && !is_picked {
        rooms.insert(id, PickedRoom { name, nodes: None, everything });
    } else if !on {
        rooms.remove(&id);
    }
}

/// A token, the space where there are several, the rooms.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = vec![Control::CLOUD_TOKEN];
    if known(answers, context).is_some_and(|known| known.spaces.len() > 1) {
        controls.push(Control::SPACE);
    }
    controls.extend(find::control(all(answers, context).count()));
    controls.extend(Control::CLOUD_ROOM.all(wanted(answers, context).count()));
    controls
}

/// At least one room, whose nodes are known.
pub fn check(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    if answers.notification.cloud_rooms.is_empty() {
        let (control, message) = match known(answers, context) {
            None => (Control::CLOUD_TOKEN, "paste a Netdata Cloud API token and press enter"),
            Some(known) if known.spaces.is_empty() => {
                (Control::CLOUD_TOKEN, "this token's user belongs to no space in Netdata Cloud")
            }
            Some(_) if all(answers, context).next().is_none() => {
                (Control::CLOUD_TOKEN, "the rooms are not listed yet: press enter")
            }
            Some(_) => (place(answers, context, None), "pick at least one room, or choose all nodes"),
        };
        return Err(StepProblem::new(control, message));
    }
    for room in all(answers, context) {
        let Some(picked) = room.picked.filter(|picked| !picked.everything) else { continue };
        let message = match &picked.nodes {
            None => "the nodes of this room are not listed yet: press enter",
            Some(nodes) if nodes.is_empty() => "this room has no nodes: nothing would be sent",
            Some(_) => continue,
        };
        return Err(StepProblem::new(place(answers, context, Some(room.id)), message));
    }
    Ok(())
}

/// Where a room is among the boxes, or the first of them; the text to find it with, where that hides it.
fn place(answers: &Answers, context: &Context, id: Option<&str>) -> Control {
    let is_it = |room: Offered<'_>| id.is_none_or(|id| id == room.id);
    wanted(answers, context).position(is_it).map_or(Control::FIND, |at| Control::CLOUD_ROOM.at(at))
}
