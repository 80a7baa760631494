//! The reasons that a run notes.

use std::path::Path;
use std::sync::Arc;

use super::{reconcile, reconcile_away};
use crate::alert::{
    Agent, AlertDetails, AlertId, Api, AtRest, Health, Labels, Node, NodeId, Observation, Sighting, Status,
};
use crate::config::{self, Config};
use crate::delivery::ledger::Ledger;
use crate::delivery::reason::{Reason, Reasons, Unknown};
use crate::payload::Subject;

const NOW: i64 = 1_800_000_000;

fn config() -> Config {
    config::parse(&config::TEMPLATE, Path::new("test.toml")).unwrap()
}

fn node() -> Arc<NodeId> {
    Arc::new(NodeId { guid: "g".into(), host: "h".into() })
}

fn alert() -> AlertId {
    AlertId { node: node(), chart: "c".into(), name: "a".into() }
}

/// What is seen: the alert critical, on a node that is reachable or is not.
fn seen(status: Status, reachable: bool) -> Observation {
    let facts = AlertDetails { status, when: NOW, ..AlertDetails::default() };
    Observation {
        agent: Agent { node: node(), version: "v2".into(), api: Api::V3 },
        now: NOW,
        nodes: vec![Node {
            id: node(),
            reachable,
            health: Health::Online,
            ephemeral: true,
            labels: Labels::default(),
        }],
        sightings: vec![Sighting { alert: alert(), due: None, silent: None, pending: false, facts }],
        transitions: Vec::new(),
        notes: Vec::new(),
        gaps: Vec::new(),
        left_out: Vec::new(),
        at_rest: AtRest::default(),
    }
}

/// With nothing noted yet.
fn listening(ledger: Ledger) -> Ledger {
    Ledger { reasons: Some(Reasons::default()), ..ledger }
}

/// Why the alert is told, held or left alone.
fn reasons(ledger: &Ledger) -> Vec<Reason> {
    let reasons = ledger.reasons.as_ref().unwrap();
    reasons
        .iter()
        .filter(|(subject, _)| **subject == Subject::Alert(alert()))
        .map(|(_, why)| why.clone())
        .collect()
}

#[test]
fn what_is_due_is_not_unknown_in_the_same_run() {
    let raised =
        reconcile(listening(Ledger::default()), &seen(Status::Critical, true), &config(), NOW * 1000);
    let due = reasons(&raised);
    assert!(matches!(due[..], [Reason::Due(_)]), "{due:?}");
    // It was not sent, and the agent, or the node, is away now.
    let away = reconcile_away(listening(raised.clone()), "refused", &config(), NOW * 1000);
    assert_eq!(reasons(&away), due);
    let unreachable = reconcile(listening(raised), &seen(Status::Critical, false), &config(), NOW * 1000);
    assert_eq!(reasons(&unreachable), due);
}

#[test]
fn what_is_told_and_not_seen_is_unknown() {
    let mut told = reconcile(Ledger::default(), &seen(Status::Critical, true), &config(), NOW * 1000);
    for entry in told.entries.values_mut() {
        entry.waiting.clear();
        entry.keys.critical.told = crate::delivery::key::Told::Accepted;
    }
    let shown = |status, reachable| {
        reasons(&reconcile(listening(told.clone()), &seen(status, reachable), &config(), NOW * 1000))
    };
    assert_eq!(shown(Status::Critical, true), [Reason::Told]);
    let undefined = Unknown::Shown(Status::Undefined);
    assert_eq!(shown(Status::Undefined, true), [Reason::Unknown(undefined)]);
    let unreachable = Unknown::NotReachable("h".into());
    assert_eq!(shown(Status::Undefined, false), [Reason::Unknown(unreachable)]);
    let away = reconcile_away(listening(told.clone()), "refused", &config(), NOW * 1000);
    assert_eq!(reasons(&away), [Reason::Unknown(Unknown::AgentAway)]);
}
