//! Checks of settings against each other, such as a password without a user name. They are reported together with what
//! is wrong with single settings.

use super::kind::Line;
use super::reader::Node;
use crate::words;

/// Checks the whole file.
pub(super) fn across(root: &Node<'_>) {
    credentials(&root.child("netdata"));
    let rooms = rooms(&root.child("room"));
    defined(&root.child("notification").child("rooms"), &rooms);
}

/// A user name and a password go together, and with no token.
fn credentials(netdata: &Node<'_>) {
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

/// The names of the rooms, each of which is one room's.
fn rooms(rooms: &Node<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for room in rooms.elements().unwrap_or_default() {
        let name = room.child("name");
        match name.text().and_then(Line::parse) {
            Some(known) if names.contains(&known) => {
                name.refuse_as::<()>(&format!("{} a second time", name.shown()), "a name of its own");
            }
            found => names.extend(found),
        }
    }
    names
}

/// Rooms that are chosen are defined.
fn defined(chosen: &Node<'_>, rooms: &[String]) {
    for name in chosen.elements().unwrap_or_default() {
        if name.text().and_then(Line::parse).is_none_or(|name| rooms.contains(&name)) {
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
