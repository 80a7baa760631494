//! A storm: many alerts of one kind that are told as one, with numbers and names.
//!
//! Its key is `netdata/{agent host}/{agent guid}/storm/{kind}/{when}`, so each storm pages anew: an ALERT on a key that
//! is open pages nobody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{KeyKind, quantity};
use crate::alert::{NodeId, Status};
use crate::text::Shown;

/// The most members that are told by name.
pub const MOST_MEMBERS: usize = 100;
/// The most kinds or nodes that one line names.
const IN_A_LINE: usize = 5;
/// At this number or less, those that are still raised are named.
const FEW: usize = 10;

/// What tells one storm from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StormId {
    /// The agent or parent that showed it.
    pub agent: NodeId,
    /// What kind of raises it gathers.
    #[serde(rename = "class")]
    pub kind: KeyKind,
    /// When it opened (agent's clock, seconds).
    pub at: i64,
}

impl StormId {
    /// When it opened, as its key says it.
    #[must_use]
    pub fn when(&self) -> String {
        quantity::utc(self.at).to_lowercase()
    }
}

/// What a storm's events say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Storm {
    /// How many raises it has gathered.
    pub total: usize,
    /// How many of them are still raised.
    pub standing: usize,
    /// How many more of its kind were told singly in the 15 minutes before it.
    pub singly: usize,
    /// Raises by alert name; empty where it gathers nodes.
    pub by_alert: BTreeMap<String, usize>,
    /// Raises by node.
    #[serde(with = "pairs")]
    pub by_node: BTreeMap<NodeId, usize>,
    /// The first [`MOST_MEMBERS`] that are still raised.
    pub members: Vec<Member>,
}

/// One alert or node of a storm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Member {
    /// Host name.
    pub node: String,
    /// Alert name; empty for a node.
    pub alert: String,
    /// Chart id; empty for a node.
    pub chart: String,
    /// Netdata's word for its status; empty for a node.
    pub status: String,
    /// Value with its unit.
    pub value: Shown,
}

/// A name, and how many raises bear it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Count {
    pub name: String,
    pub count: usize,
}

impl Storm {
    /// Takes in a raise on a node; `alert` is its name, none for a node.
    pub fn take(&mut self, node: &NodeId, alert: Option<&str>) {
        self.total += 1;
        *self.by_node.entry(node.clone()).or_default() += 1;
        if let Some(alert) = alert {
            *self.by_alert.entry(alert.to_owned()).or_default() += 1;
        }
    }

    /// Raises by alert name, most first.
    pub(super) fn alerts(&self) -> Vec<Count> {
        counts(self.by_alert.iter().map(|(name, count)| (name.as_str(), *count)))
    }

    /// Raises by node, most first.
    pub(super) fn nodes(&self) -> Vec<Count> {
        counts(self.by_node.iter().map(|(node, count)| (node.host.as_str(), *count)))
    }

    /// How many of what: `312 critical alerts on 47 nodes`, or `47 nodes unreachable`.
    #[must_use]
    pub fn size(&self, kind: KeyKind) -> String {
        let level = match kind {
            // After the state was lost, their number is not known.
            KeyKind::Unreachable if self.total == 0 => return "unreachable nodes".to_owned(),
            KeyKind::Critical if self.total == 0 => return "critical alerts".to_owned(),
            KeyKind::Warning if self.total == 0 => return "warning alerts".to_owned(),
            KeyKind::Unreachable => return format!("{} unreachable", many(self.total, "node")),
            KeyKind::Critical => Status::Critical,
            KeyKind::Warning => Status::Warning,
        };
        let alerts = many(self.total, &format!("{} alert", level.word().to_lowercase()));
        format!("{alerts} on {}", many(self.by_node.len(), "node"))
    }

    /// How many of what, and how many are still raised.
    #[must_use]
    pub fn state(&self, kind: KeyKind) -> String {
        let size = self.size(kind);
        if self.standing == self.total { size } else { format!("{size}, {} still raised", self.standing) }
    }

    /// In one line: `312 critical alerts on 47 nodes: disk_space_usage ×290, ram_in_use ×22`.
    pub(super) fn line(&self, kind: KeyKind) -> String {
        let named = if self.by_alert.is_empty() {
            named(&self.nodes(), |node| node.name.clone())
        } else {
            named(&self.alerts(), |alert| format!("{} ×{}", alert.name, alert.count))
        };
        format!("{}: {named}", self.size(kind))
    }

    /// How it goes on: `187 of 312 still raised`, by name when they are few.
    pub(super) fn progress(&self) -> String {
        let still = format!("{} of {} still raised", self.standing, self.total);
        if self.standing == 0 || self.standing > FEW {
            return still;
        }
        let names = self.members.iter().map(|member| match member.alert.as_str() {
            "" => member.node.clone(),
            alert => format!("{alert} on {}", member.node),
        });
        format!("{still}: {}", names.collect::<Vec<_>>().join(", "))
    }

    /// What its RESOLVE needs: no members.
    #[must_use]
    pub fn without_members(&self) -> Self {
        Self { members: Vec::new(), ..self.clone() }
    }
}

fn many(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn counts<'a>(named: impl Iterator<Item = (&'a str, usize)>) -> Vec<Count> {
    let mut counts: Vec<Count> = named.map(|(name, count)| Count { name: name.to_owned(), count }).collect();
    counts.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    counts
}

fn named(counts: &[Count], name: impl Fn(&Count) -> String) -> String {
    let mut names: Vec<String> = counts.iter().take(IN_A_LINE).map(name).collect();
    match counts.len().saturating_sub(IN_A_LINE) {
        0 => names.join(", "),
        more => {
            let last = names.pop().unwrap_or_default();
            format!("{}, {last} and {more} more", names.join(", "))
        }
    }
}

/// A map by node, written as a list: JSON has text alone for keys.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use crate::alert::NodeId;

    pub fn serialize<S: Serializer>(map: &BTreeMap<NodeId, usize>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<NodeId, usize>, D::Error> {
        Ok(Vec::<(NodeId, usize)>::deserialize(from)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Member, Storm};
    use crate::alert::NodeId;
    use crate::payload::KeyKind;

    fn node(host: &str) -> NodeId {
        NodeId { guid: format!("guid-{host}"), host: host.to_owned() }
    }

    #[test]
    fn says_how_many_of_what_most_first() {
        let mut storm = Storm::default();
        for (host, alert) in [("a", "ram"), ("a", "disk"), ("b", "disk")] {
            storm.take(&node(host), Some(alert));
        }
        assert_eq!(storm.line(KeyKind::Critical), "3 critical alerts on 2 nodes: disk ×2, ram ×1");
        let mut one = Storm::default();
        one.take(&node("a"), Some("ram"));
        assert_eq!(one.line(KeyKind::Warning), "1 warning alert on 1 node: ram ×1");
    }

    #[test]
    fn names_nodes_and_says_how_many_more() {
        let mut storm = Storm::default();
        for number in 0..8 {
            storm.take(&node(&format!("web-{number}")), None);
        }
        assert_eq!(
            storm.line(KeyKind::Unreachable),
            "8 nodes unreachable: web-0, web-1, web-2, web-3, web-4 and 3 more"
        );
        // Two machines of one name are two nodes.
        storm.take(&NodeId { guid: "other".into(), host: "web-0".into() }, None);
        assert_eq!(storm.size(KeyKind::Unreachable), "9 nodes unreachable");
        assert_eq!(storm.by_node.len(), 9);
        let kept: Storm = serde_json::from_str(&serde_json::to_string(&storm).unwrap()).unwrap();
        assert_eq!(kept, storm);
    }

    #[test]
    fn names_those_that_are_left_when_they_are_few() {
        let member =
            |node: &str, alert: &str| Member { node: node.into(), alert: alert.into(), ..Member::default() };
        let mut storm = Storm { total: 312, standing: 187, ..Storm::default() };
        assert_eq!(storm.progress(), "187 of 312 still raised");
        storm.standing = 2;
        storm.members = vec![member("a", "disk"), member("b", "")];
        assert_eq!(storm.progress(), "2 of 312 still raised: disk on a, b");
    }
}
