//! The parts of Netdata Cloud's answers that are used. Lists and ids are required, so that an answer without its list
//! is not read as "no rooms"; everything else may be missing, `null` or new.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::json::{Flag, Text, Whole, null_as_default};
use crate::text::Shown;

/// Longest name that is kept, in characters.
const LONGEST_NAME: usize = 100;

/// Whose token it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CloudUser {
    /// Full name; may be empty.
    #[serde(default, deserialize_with = "shown")]
    pub name: Shown,
    /// Address; may be empty.
    #[serde(default, deserialize_with = "shown")]
    pub email: Shown,
}

/// A space: what a team has in Netdata Cloud.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Space {
    /// Unique.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// What people call it; not unique.
    #[serde(default, deserialize_with = "shown")]
    pub name: Shown,
}

/// A room of a space: some of its nodes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CloudRoom {
    /// Unique.
    #[serde(deserialize_with = "id")]
    pub id: String,
    /// What people call it.
    #[serde(default, deserialize_with = "shown")]
    pub name: Shown,
    /// How many nodes are in it, where Cloud says so.
    #[serde(default, deserialize_with = "count")]
    pub node_count: Option<u64>,
    /// Cloud's own room of every node, "All nodes", which nobody may change (`untouchable`).
    #[serde(rename = "untouchable", default, deserialize_with = "flag")]
    pub everything: bool,
}

/// A list; `null` is an empty one.
#[derive(Deserialize)]
pub(super) struct List<T>(
    #[serde(deserialize_with = "null_as_default", bound(deserialize = "T: Deserialize<'de>"))]
    pub(super)  Vec<T>,
);

/// A room's nodes.
#[derive(Deserialize)]
pub(super) struct Nodes {
    #[serde(deserialize_with = "null_as_default")]
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    /// Host name.
    #[serde(default, deserialize_with = "text")]
    nm: String,
}

impl Nodes {
    /// Host names, sorted, each once.
    pub(super) fn into_names(self) -> Vec<String> {
        let mut names: Vec<String> =
            self.nodes.into_iter().map(|node| node.nm).filter(|name| !name.trim().is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// An id is bounded as any text, and is there.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let id = text(deserializer)?;
    if id.is_empty() { Err(D::Error::custom("no id")) } else { Ok(id) }
}

fn shown<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Shown, D::Error> {
    Text::deserialize(deserializer).map(|text| Shown::line(text.as_str(), LONGEST_NAME))
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Text::deserialize(deserializer).map(Text::into_string)
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(Whole::deserialize(deserializer)?.0.and_then(|count| u64::try_from(count).ok()))
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Flag::deserialize(deserializer)?.0.unwrap_or(false))
}
