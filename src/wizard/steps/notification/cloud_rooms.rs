//! The rooms of a space in Netdata Cloud, listed with an API token, to be picked from.
//!
//! `--send` knows no rooms but patterns on host names: a room that is picked is written down as the nodes that it has
//! now. Nothing here asks; what is to be asked next is told from what is known ([`next`]).

use std::collections::BTreeMap;

use super::words;
use crate::cloud::{self, CloudUser, Space};
use crate::config::{Config, Pattern, Room};
use crate::secret::Secret;
use crate::wizard::control::{Control, Widget};
use crate::wizard::field::SecretField;
use crate::wizard::model::Model;
use crate::wizard::steps::Problem;

/// State of the list.
#[derive(Clone, Debug)]
pub struct CloudRooms {
    /// API token of Netdata Cloud's.
    pub token: SecretField,
    /// The question that is under way, and the token that it was asked with.
    pub asked: Option<(Secret, Question)>,
    /// What Cloud said to it.
    pub known: Option<Known>,
    /// Id of the chosen space.
    pub space: Option<String>,
    /// The rooms of a space.
    pub listed: Option<Listed>,
    /// The rooms that are picked, by their ids.
    pub picked: BTreeMap<String, Picked>,
    /// A question that was not answered: it is not asked again by itself.
    pub failed: Option<Question>,
    /// Enter was pressed while the nodes were fetched: go on once they are known.
    pub go_on: bool,
}

/// Whose token it is, and what it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The token.
    pub token: Secret,
    /// Whose it is.
    pub user: CloudUser,
    /// The spaces.
    pub spaces: Vec<Space>,
}

/// The rooms of a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The space's id.
    space: String,
    /// Its rooms in the order in which they are offered: all nodes first, then by name.
    rooms: Vec<cloud::Room>,
}

impl Listed {
    /// The rooms of this space.
    #[must_use]
    pub fn new(space: String, mut rooms: Vec<cloud::Room>) -> Self {
        rooms.sort_by(|a, b| b.everything.cmp(&a.everything).then_with(|| a.name.cmp(&b.name)));
        Self { space, rooms }
    }
}

/// A room that is picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// What it is called.
    pub name: String,
    /// Host names of its nodes, once they are known.
    pub nodes: Option<Vec<String>>,
    /// It is the room of all nodes, whatever they are.
    pub everything: bool,
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
    pub picked: Option<&'a Picked>,
}

/// What is asked of Netdata Cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whose token it is, and the spaces.
    Spaces,
    /// The rooms of this space.
    Rooms(String),
    /// The nodes of a room.
    Nodes {
        /// The space's id.
        space: String,
        /// The room's id.
        room: String,
    },
}

/// What Netdata Cloud answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Question::Spaces`].
    Spaces(CloudUser, Vec<Space>),
    /// To [`Question::Rooms`].
    Rooms(Vec<cloud::Room>),
    /// To [`Question::Nodes`].
    Nodes(Vec<String>),
}

impl Default for CloudRooms {
    fn default() -> Self {
        Self {
            token: SecretField::unseen(),
            asked: None,
            known: None,
            space: None,
            listed: None,
            picked: BTreeMap::new(),
            failed: None,
            go_on: false,
        }
    }
}

impl CloudRooms {
    /// The token, where one was given.
    #[must_use]
    pub fn secret(&self) -> Option<Secret> {
        (!self.token.is_empty()).then(|| self.token.secret())
    }

    /// What Cloud said to the token that is given now.
    #[must_use]
    pub fn known(&self) -> Option<&Known> {
        self.known.as_ref().filter(|known| self.token.holds(&known.token))
    }

    /// The space whose rooms are listed: the chosen one, or the first.
    #[must_use]
    pub fn space(&self) -> Option<&Space> {
        let spaces = &self.known()?.spaces;
        spaces.iter().find(|space| Some(&space.id) == self.space.as_ref()).or(spaces.first())
    }

    /// The rooms of the space.
    fn listed(&self) -> &[cloud::Room] {
        let listed = self.space().and_then(|space| {
            self.listed.as_ref().filter(|listed| listed.space == space.id).map(|listed| &listed.rooms)
        });
        listed.map_or(&[], Vec::as_slice)
    }

    /// The rooms that are picked and are not listed, as after an interrupted run.
    fn missing(&self) -> impl Iterator<Item = Offered<'_>> {
        let listed = self.listed();
        let missing = self.picked.iter().filter(|(id, _)| listed.iter().all(|room| room.id != **id));
        missing.map(|(id, picked)| {
            let (name, everything) = (picked.name.as_str(), picked.everything);
            Offered { id, name, everything, node_count: None, picked: Some(picked) }
        })
    }

    /// How many rooms there are to pick from: those of the space, then those that are picked and not listed.
    #[must_use]
    pub fn count(&self) -> usize {
        self.listed().len() + self.missing().count()
    }

    /// One of the rooms to pick from.
    #[must_use]
    pub fn offered(&self, at: usize) -> Option<Offered<'_>> {
        let listed = self.listed();
        let Some(room) = listed.get(at) else { return self.missing().nth(at - listed.len()) };
        let cloud::Room { id, name, node_count, everything } = room;
        let picked = self.picked.get(id);
        Some(Offered { id, name, everything: *everything, node_count: *node_count, picked })
    }

    /// The configuration's rooms with the picked ones among them, and the names of these. Rooms of one name are one.
    #[must_use]
    pub fn rooms(&self, base: &Config) -> (Vec<Room>, Vec<String>) {
        let mut nodes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for picked in self.picked.values() {
            let room = nodes.entry(picked.name.trim()).or_default();
            match &picked.nodes {
                _ if picked.everything => room.push("*".to_owned()),
                known => room.extend(known.iter().flatten().map(|host| words([host]))),
            }
        }
        let mut rooms = base.rooms.clone();
        for (name, hosts) in &nodes {
            let room = Room { name: (*name).to_owned(), nodes: Pattern::new(&hosts.join(" ")) };
            match rooms.iter_mut().find(|old| old.name == room.name) {
                Some(old) => *old = room,
                None => rooms.push(room),
            }
        }
        (rooms, nodes.into_keys().map(str::to_owned).collect())
    }

    /// The nodes of a picked room that are not known yet.
    fn unknown(&self) -> Option<&String> {
        let unknown = |(_, picked): &(&String, &Picked)| picked.nodes.is_none() && !picked.everything;
        self.picked.iter().find(unknown).map(|(id, _)| id)
    }
}

/// What is to be asked next, if anything: the token itself only when Enter is pressed.
#[must_use]
pub fn next(model: &Model) -> Option<Question> {
    let cloud = &model.notification.cloud;
    let space = cloud.space()?.id.clone();
    if cloud.listed.as_ref().is_none_or(|listed| listed.space != space) {
        return Some(Question::Rooms(space));
    }
    cloud.unknown().map(|room| Question::Nodes { space, room: room.clone() })
}

/// The spaces, as a choice.
#[must_use]
pub fn spaces(model: &Model) -> Widget<'static> {
    let cloud = &model.notification.cloud;
    let spaces = cloud.known().map_or(&[][..], |known| &known.spaces);
    let chosen = cloud.space().map(|space| &space.id);
    Widget::Choice {
        selected: spaces.iter().position(|space| Some(&space.id) == chosen).unwrap_or(0),
        options: spaces.iter().map(|space| space.name.clone()).collect(),
    }
}

/// Chooses a space. Rooms of another one are not picked any more: a node is in one space only.
pub fn choose_space(model: &mut Model, at: usize) {
    let cloud = &mut model.notification.cloud;
    let before = cloud.space().map(|space| space.id.clone());
    let Some(id) = cloud.known().and_then(|known| known.spaces.get(at)).map(|space| space.id.clone()) else {
        return;
    };
    if before.as_ref() != Some(&id) {
        cloud.picked.clear();
    }
    cloud.space = Some(id);
}

/// One of the rooms to pick.
#[must_use]
pub fn room(model: &Model, at: usize) -> Widget<'static> {
    let Some(room) = model.notification.cloud.offered(at) else {
        return Widget::Tick { label: String::new(), on: false };
    };
    let nodes = match room.node_count {
        Some(1) => " (1 node)".to_owned(),
        Some(count) => format!(" ({count} nodes)"),
        None => String::new(),
    };
    Widget::Tick { label: format!("{}{nodes}", room.name), on: room.picked.is_some() }
}

/// Picks a room, or drops it.
pub fn pick_room(model: &mut Model, at: usize, on: bool) {
    let cloud = &mut model.notification.cloud;
    let Some(Offered { id, name, everything, picked, .. }) = cloud.offered(at) else { return };
    let id = id.to_owned();
    match (on, picked) {
        (true, None) => {
            let picked = Picked { name: name.to_owned(), nodes: None, everything };
            cloud.picked.insert(id, picked);
        }
        (false, Some(_)) => {
            cloud.picked.remove(&id);
        }
        (true, Some(_)) | (false, None) => {}
    }
}

/// A token, the space where there are several, the rooms.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let cloud = &model.notification.cloud;
    let mut controls = vec![Control::CloudToken];
    if cloud.known().is_some_and(|known| known.spaces.len() > 1) {
        controls.push(Control::Space);
    }
    controls.extend((0..cloud.count()).map(Control::CloudRoom));
    controls
}

/// At least one room, whose nodes are known.
pub fn check(model: &Model) -> Result<(), Problem> {
    let cloud = &model.notification.cloud;
    if cloud.picked.is_empty() {
        return Err(match cloud.known() {
            None => Problem::new(Control::CloudToken, "paste an API token of Netdata Cloud and press enter"),
            Some(known) if known.spaces.is_empty() => {
                Problem::new(Control::CloudToken, "this token's user is in no space of Netdata Cloud's")
            }
            Some(_) if cloud.count() == 0 => {
                Problem::new(Control::CloudToken, "there is no list of rooms yet: enter asks for it")
            }
            Some(_) => Problem::new(Control::CloudRoom(0), "pick at least one room, or choose all nodes"),
        });
    }
    for at in 0..cloud.count() {
        let Some(picked) = cloud.offered(at).and_then(|room| room.picked).filter(|picked| !picked.everything)
        else {
            continue;
        };
        let message = match &picked.nodes {
            None => "the nodes of this room are not known yet: enter asks for them",
            Some(nodes) if nodes.is_empty() => "this room has no nodes: nothing would be told",
            Some(_) => continue,
        };
        return Err(Problem::new(Control::CloudRoom(at), message));
    }
    Ok(())
}
