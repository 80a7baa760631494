//! Makes one observation of what several parents show of the same nodes. Values in, values out; the order of the
//! parents decides nothing but whose clock counts.
//!
//! A node is reachable where any parent shows it so. A parent speaks for a node that it shows reachable and with health
//! on; one that does not says nothing of its alerts. Of all parents that speak for an alert the highest status counts;
//! clear and gone need every one of them. The logs become one: an alert changes where its highest status does. So two
//! parents that raise and clear one after the other are one raise and one clear. `raise` says when what one logs is what
//! another has logged before.

mod alerts;
mod clock;
mod nodes;
mod parent;
mod raise;
mod view;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::alert::{AlertId, AtRest, NodeId, Observation, Status};
use alerts::{Merge, Together};
pub use raise::LoggedRaise;
pub use view::ParentView;

/// What each parent last showed of an alert, by the parent's machine GUID.
pub type Views = BTreeMap<String, ParentView>;

/// What is remembered of each alert.
pub type Remembered = HashMap<AlertId, Known>;

/// What is remembered of an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its last status, as all parents together had it.
    pub last: Status,
    /// It is raised, or about to be.
    pub raised: bool,
    /// When its status counts, if it does not yet (seconds).
    pub held_until: Option<i64>,
    /// Nobody is to be told of it.
    pub silent: bool,
    /// What each parent showed of it.
    pub views: Views,
}

/// What the parents show together.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// As one agent would show it. Agent and clock are those of the first parent.
    pub seen: Observation,
    /// What each parent shows of each alert of which something is known.
    pub views: HashMap<AlertId, Views>,
    /// Alerts that only parents which do not answer know: they were raised there.
    pub elsewhere: HashSet<AlertId>,
    /// The parents that show a node reachable, by their machine GUIDs.
    pub shown_by: HashMap<Arc<NodeId>, BTreeSet<String>>,
}

/// Merges what the parents that answered show; `None` if none did. A parent that is there twice counts once.
#[must_use]
pub fn merge(shown: Vec<Observation>, known: &Remembered) -> Option<Merged> {
    let mut parents: Vec<Observation> = Vec::with_capacity(shown.len());
    for mut one in shown {
        if parents.iter().any(|other| other.agent.node.guid == one.agent.node.guid) {
            continue;
        }
        if let Some(first) = parents.first() {
            clock::set(&mut one, first.now);
        }
        parents.push(one);
    }
    let first = parents.first()?;
    let (agent, now) = (first.agent.clone(), first.now);
    let (nodes, shown_by) = nodes::union(&parents);
    let mut together = Together::default();
    Merge::new(&parents, known, now).add_to(&mut together);
    let Together { sightings, transitions, views, elsewhere } = together;
    let mut seen = Observation {
        agent,
        now,
        nodes,
        sightings,
        transitions,
        notes: Vec::new(),
        gaps: Vec::new(),
        left_out: Vec::new(),
        at_rest: AtRest::default(),
    };
    for mut parent in parents {
        let whose = parent.agent.node.to_string();
        let named = |words: &String| format!("{whose}: {words}");
        seen.notes.extend(parent.notes.iter().map(named));
        seen.gaps.extend(parent.gaps.iter().map(named));
        for left in &mut parent.left_out {
            left.words = named(&left.words);
        }
        seen.left_out.append(&mut parent.left_out);
    }
    Some(Merged { seen, views, elsewhere, shown_by })
}

#[cfg(test)]
mod tests;
