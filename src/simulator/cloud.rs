//! A simulated Netdata Cloud: as much of its REST API as it takes to list the nodes of rooms, as strict as Cloud is.
//!
//! Paths, members and the error body are those of Netdata Cloud's REST API. Two things are inferred: the words in an
//! error body other than a 401's, and that a scope with nodes gives only those. Answers other than its own can be
//! scripted, as [`Ilert`](super::Ilert)'s can.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

use hyper::Method;
use hyper::http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};

use super::lock;
use super::request::{bearer, is_json, segments};
use super::script::{Answer, Script, play};
use super::server::{Response, Served, ServerReply};
use super::world::{format_uuid, uuid};
use crate::secret::Secret;

/// The room of every node.
const ALL_NODES: &str = "All nodes";

#[derive(Default)]
struct State {
    tokens: Vec<Secret>,
    spaces: Vec<Space>,
    /// Every node of any room: its host name, and how many of that name come before it in a room.
    nodes: Vec<(String, usize)>,
    script: Script,
}

struct Space {
    id: String,
    name: String,
    rooms: Vec<Room>,
}

struct Room {
    id: String,
    name: String,
    nodes: Vec<Node>,
}

struct Node {
    /// As Cloud knows it (`nd`).
    id: String,
    /// As agents know it (`mg`).
    guid: String,
    host: String,
}

/// A simulated Netdata Cloud. Clones are the same one.
#[derive(Clone, Default)]
pub struct Cloud(Arc<Mutex<State>>);

/// The body of a request for nodes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    scope: Scope,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scope {
    /// Ids (`nd`); none are all.
    nodes: BTreeSet<String>,
}

impl Cloud {
    /// Makes one without spaces and tokens.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a token. Its user is Jane Doe, jane@example.org, a member of every space.
    pub fn add_token(&self, token: &str) {
        lock(&self.0).tokens.push(Secret::new(token.to_owned()));
    }

    /// Adds a space.
    pub fn add_space(&self, id: &str, name: &str) {
        let space = Space { id: id.to_owned(), name: name.to_owned(), rooms: Vec::new() };
        lock(&self.0).spaces.push(space);
    }

    /// Adds a room, with nodes of these host names, to a space that is there (nothing is added to any other). A name in
    /// two rooms is one node in both, a name twice in a room are two nodes. A room called "All nodes" is Cloud's own.
    pub fn add_room(&self, space: &str, id: &str, name: &str, nodes: &[&str]) {
        let State { spaces, nodes: known, .. } = &mut *lock(&self.0);
        let Some(space) = spaces.iter_mut().find(|known| known.id == space) else { return };
        let nodes = nodes.iter().enumerate().map(|(at, host)| {
            let same = nodes.iter().take(at).filter(|earlier| *earlier == host).count();
            Node::of(known, ((*host).to_owned(), same))
        });
        space.rooms.push(Room { id: id.to_owned(), name: name.to_owned(), nodes: nodes.collect() });
    }

    /// Scripts the answer to the next request. Several are used one after the other, before everything else.
    pub fn answer_next(&self, answer: Answer) {
        lock(&self.0).script.push(answer);
    }

    /// Scripts the answer to every request; `None` ends it.
    pub fn answer_all(&self, answer: Option<Answer>) {
        lock(&self.0).script.repeat(answer);
    }

    /// Starts to serve on a port of this machine. Needs a tokio runtime.
    pub fn serve(&self) -> io::Result<Served> {
        let cloud = self.clone();
        Served::plain(move |request, body, waited| cloud.handle(request, body, waited))
    }

    fn handle(&self, request: &Parts, body: &[u8], waited: bool) -> ServerReply {
        let mut state = lock(&self.0);
        let scripted = if waited { None } else { state.script.take() };
        let own = || match state.answer(request, body) {
            Ok(answer) | Err(answer) => answer,
        };
        play(scripted, own, refusal).0
    }
}

/// What a path is about.
enum CloudRequest<'a> {
    User,
    Spaces,
    Rooms { space: &'a str },
    Nodes { space: &'a str, room: &'a str },
}

impl<'a> CloudRequest<'a> {
    fn of(path: &[&'a str]) -> Option<Self> {
        Some(match *path {
            ["api", "v2", "accounts", "me"] => Self::User,
            ["api", "v3", "spaces"] => Self::Spaces,
            ["api", "v2", "spaces", space, "rooms"] => Self::Rooms { space },
            ["api", "v3", "spaces", space, "rooms", room, "nodes"] => Self::Nodes { space, room },
            _ => return None,
        })
    }
}

impl State {
    fn answer(&self, request: &Parts, body: &[u8]) -> Result<Response, Response> {
        let path = segments(request.uri.path());
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let asked = CloudRequest::of(&path).ok_or_else(|| refusal(404, "No such path"))?;
        self.authorize(request)?;
        let method = if matches!(asked, CloudRequest::Nodes { .. }) { Method::POST } else { Method::GET };
        if request.method != method {
            return Err(refusal(405, "Method not allowed"));
        }
        let answer = match asked {
            CloudRequest::User => {
                json!({"id": format_uuid(uuid(u64::MAX)), "name": "Jane Doe", "email": "jane@example.org"})
            }
            CloudRequest::Spaces => self.spaces.iter().map(Space::shown).collect(),
            CloudRequest::Rooms { space } => self.space(space)?.rooms.iter().map(Room::shown).collect(),
            CloudRequest::Nodes { space, room } => {
                let room = self.space(space)?.room(room)?;
                json!({"nodes": room.nodes(&wanted(request, body)?.scope.nodes)})
            }
        };
        Ok(Response::json(answer.to_string()))
    }

    fn authorize(&self, request: &Parts) -> Result<(), Response> {
        let known =
            bearer(request).is_some_and(|token| self.tokens.iter().any(|known| known.expose() == token));
        if known { Ok(()) } else { Err(refusal(401, "Unauthorized")) }
    }

    fn space(&self, id: &str) -> Result<&Space, Response> {
        self.spaces.iter().find(|space| space.id == id).ok_or_else(|| refusal(404, "Space not found"))
    }
}

impl Space {
    fn room(&self, id: &str) -> Result<&Room, Response> {
        self.rooms.iter().find(|room| room.id == id).ok_or_else(|| refusal(404, "Room not found"))
    }

    fn shown(&self) -> Value {
        json!({"id": self.id, "slug": slug(&self.name), "name": self.name})
    }
}

impl Room {
    fn shown(&self) -> Value {
        json!({
            "id": self.id, "slug": slug(&self.name), "name": self.name,
            "node_count": self.nodes.len(), "untouchable": self.name == ALL_NODES,
        })
    }

    fn nodes(&self, wanted: &BTreeSet<String>) -> Vec<Value> {
        let nodes = self.nodes.iter().filter(|node| wanted.is_empty() || wanted.contains(&node.id));
        nodes.map(Node::shown).collect()
    }
}

impl Node {
    /// A known node keeps its ids.
    fn of(known: &mut Vec<(String, usize)>, name: (String, usize)) -> Self {
        let number = known.iter().position(|other| *other == name).unwrap_or(known.len());
        if number == known.len() {
            known.push(name.clone());
        }
        let id = |of: usize| format_uuid(uuid(u64::try_from(2 * number + of).unwrap_or_default()));
        Self { id: id(0), guid: id(1), host: name.0 }
    }

    fn shown(&self) -> Value {
        json!({"nd": self.id, "mg": self.guid, "nm": self.host, "state": "reachable"})
    }
}

fn wanted(request: &Parts, body: &[u8]) -> Result<Wanted, Response> {
    if !is_json(request) {
        return Err(refusal(415, "The body must be application/json"));
    }
    serde_json::from_slice(body).map_err(|error| refusal(400, &format!("The body is not valid: {error}")))
}

/// A name as it is written in a URL.
fn slug(name: &str) -> String {
    name.to_lowercase().replace(|character: char| !character.is_alphanumeric(), "-")
}

/// Cloud's error body.
fn refusal(status: u16, message: &str) -> Response {
    let (key, code) = match status {
        400 | 415 => ("ErrBadRequest", "badRequest"),
        401 => ("ErrUnauthorized", "unauthorized"),
        403 => ("ErrForbidden", "forbidden"),
        404 => ("ErrNotFound", "notFound"),
        405 => ("ErrMethodNotAllowed", "methodNotAllowed"),
        429 => ("ErrTooManyRequests", "tooManyRequests"),
        _ => ("ErrInternalServerError", "internalServerError"),
    };
    let body = json!({"errorMsgKey": key, "errorMessage": message, "errorCode": code});
    Response { status, ..Response::json(body.to_string()) }
}

#[cfg(test)]
mod tests;
