//! Several parents that watch the same nodes: what each of them shows, and what all show together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{CHECK, Line, clocks, no_answer, seen_lines, some, summary};
use crate::alert::{NodeId, Observation};
use crate::config::Config;
use crate::netdata::merge::merge;
use crate::netdata::parents::{ParentAnswer, doubled};

/// A line for each parent, and what is worth a word of all. `now` is this machine's clock, seconds.
pub(super) fn lines(
    config: &Config,
    answers: Vec<ParentAnswer>,
    now: i64,
    silences: &dyn Fn(&Observation) -> Vec<Line>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut shown: Vec<(String, Observation)> = Vec::new();
    for ParentAnswer { url, seen } in answers {
        let seen = match seen {
            Ok((seen, _)) => seen,
            Err(error) => {
                lines.push(no_answer(&error));
                continue;
            }
        };
        let node = &seen.agent.node;
        if let Some((first, _)) = shown.iter().find(|(_, other)| other.agent.node.guid == node.guid) {
            lines.push(Line::warning(
                CHECK,
                doubled(first, &url, node),
                "name each parent once in `netdata.url`",
            ));
            continue;
        }
        lines.push(Line::good(CHECK, format!("{} ({url})", summary(config, &seen))));
        lines.push(clocks(&format!("`{node}`'s"), seen.now - now));
        shown.push((url, seen));
    }
    lines.extend(listed_once(&shown));
    let shown = shown.into_iter().map(|(_, seen)| seen).collect();
    if let Some(merged) = merge(shown, &HashMap::new()) {
        lines.extend(seen_lines(config, &merged.seen));
        lines.extend(silences(&merged.seen));
    }
    lines
}

/// Nodes that only one of the parents lists: no fault, and worth knowing before that one is away.
fn listed_once(shown: &[(String, Observation)]) -> Vec<Line> {
    if shown.len() < 2 {
        return Vec::new();
    }
    let mut listed: BTreeMap<&NodeId, BTreeSet<&NodeId>> = BTreeMap::new();
    for (_, seen) in shown {
        for node in &seen.nodes {
            listed.entry(&node.id).or_default().insert(&seen.agent.node);
        }
    }
    let of = |parent: &NodeId| -> Vec<&NodeId> {
        let only = listed.iter().filter(|(_, parents)| parents.len() == 1 && parents.contains(parent));
        only.map(|(node, _)| *node).filter(|node| *node != parent).collect()
    };
    let lines = shown.iter().filter_map(|(_, seen)| {
        let parent = &seen.agent.node;
        let only = of(parent);
        let says = format!("only `{parent}` lists {}: nobody sees that while it is away", some(&only));
        (!only.is_empty()).then(|| Line::good("nodes", says))
    });
    lines.collect()
}
