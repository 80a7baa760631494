//! Checks of settings against each other, such as a password without a user name. They are reported together with what
//! is wrong with single settings.

mod silence;

use super::kind::{HostPattern, Kind as _, OneLine};
use super::reader::Item;
use crate::words;

/// Checks the whole file.
pub(super) fn across(root: &Item<'_>) {
    credentials(&root.child("netdata"));
    let rooms = names(&root.child("room"));
    for room in root.child("room").elements().unwrap_or_default() {
        has_nodes(&room);
    }
    defined(&root.child("notification").child("rooms"), &rooms);
    names(&root.child("silence"));
    for silence in root.child("silence").elements().unwrap_or_default().iter().filter(|one| one.is_table()) {
        defined(&silence.child("rooms"), &rooms);
        silence::times(silence);
    }
}

/// A room says by their names or by their labels which nodes are in it.
fn has_nodes(room: &Item<'_>) {
    let (nodes, labels) = (room.child("nodes"), room.child("labels"));
    let says_labels = if labels.is_table() { labels.names().next().is_some() } else { labels.is_there() };
    if room.is_table() && !nodes.is_there() && !says_labels {
        nodes.missing::<()>(format!("{} or `labels`", HostPattern::ALLOWED));
    }
}

/// A user name and a password go together, and with no token.
fn credentials(netdata: &Item<'_>) {
    for (one, other) in [("username", "password"), ("password", "username")] {
        let other = netdata.child(other);
        if netdata.child(one).is_there() && !other.is_there() {
            other.missing::<()>(format!("a value beside `{one}`"));
        }
    }
    let token = netdata.child("bearer_token");
    if token.is_there() && netdata.child("username").is_there() {
        token.refuse_as::<()>("beside `username`", "one of the two");
    }
}

/// The names of rooms, or of silences, each of which is given once.
fn names(tables: &Item<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for table in tables.elements().unwrap_or_default() {
        let name = table.child("name");
        match name.text().and_then(OneLine::parse) {
            Some(known) if names.contains(&known) => {
                name.refuse_as::<()>(&format!("{} a second time", name.shown()), "a name of its own");
            }
            found => names.extend(found),
        }
    }
    names
}

/// Rooms that are chosen are defined.
fn defined(chosen: &Item<'_>, rooms: &[String]) {
    for name in chosen.elements().unwrap_or_default() {
        if name.text().and_then(OneLine::parse).is_none_or(|name| rooms.contains(&name)) {
            continue;
        }
        let known = if rooms.is_empty() {
            "there is none yet".to_owned()
        } else {
            words::either(rooms.iter().map(String::as_str))
        };
        name.refuse::<()>(format!("the name of a `[[room]]` of this file ({known})"));
    }
}
