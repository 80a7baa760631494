//! What a person ends: a node that is gone for good, or all that is open under a key that is no longer used.

use std::collections::BTreeSet;

use crate::alert::NodeId;
use crate::config::Config;
use crate::delivery::ledger::Ledger;
use crate::delivery::plan::PlanInput;
use crate::payload::{ResolveReason, Subject};

/// The nodes that `--forget` means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Nodes that are forgotten.
    pub nodes: BTreeSet<NodeId>,
    /// Nodes of that name or GUID that were reachable when last seen: they are not forgotten.
    pub reachable: BTreeSet<NodeId>,
    /// The parents that do not answer, by their host names: what they alone showed of such a node stays open.
    pub away: Vec<String>,
}

/// Resolves what is open for a node that is gone for good, by host name or machine GUID. One that was reachable when
/// last seen is left alone: it would be told anew by the next run.
pub fn forget(ledger: &mut Ledger, name: &str, config: &Config, now: i64) -> Forgotten {
    let named = |node: &NodeId| node.host.eq_ignore_ascii_case(name) || node.guid.eq_ignore_ascii_case(name);
    let mut meant: BTreeSet<NodeId> = ledger.nodes.keys().filter(|node| named(node)).cloned().collect();
    meant.extend(ledger.entries.keys().map(Subject::node).filter(|node| named(node)).cloned());
    let (reachable, nodes): (BTreeSet<_>, BTreeSet<_>) =
        meant.into_iter().partition(|node| ledger.nodes.get(node).is_some_and(|record| !record.is_away()));
    let dropped = nodes.iter().map(|node| (node.clone(), ResolveReason::Forgotten)).collect();
    ledger.drop_nodes(&dropped, now / 1000);
    ledger.replan(&PlanInput::without_agent(config.notification.notify, now));
    let away = ledger.parents.iter().filter(|parent| parent.away);
    let away = away.map(|parent| parent.agent.node.to_string()).collect();
    Forgotten { nodes, reachable, away }
}

/// Resolves everything that is open under a key that is no longer used: another key, or another sender, tells what is
/// raised. What this key has not told yet, it does not tell any more.
pub fn resolve_under_old_key(ledger: &mut Ledger, config: &Config, now: i64) {
    ledger.end_all(now / 1000, |_| Some(ResolveReason::HandedOver));
    ledger.replan(&PlanInput::without_agent(config.notification.notify, now));
}
