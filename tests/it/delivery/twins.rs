//! Two parents that show the same world, each with a log of its own.

use std::sync::Arc;

use netdata_ilert::alert::{Health, Labels, Node, NodeId, Observation};
use netdata_ilert::config::Config;
use netdata_ilert::delivery::ledger::Ledger;
use netdata_ilert::delivery::parents::AskedParent;
use netdata_ilert::delivery::reconcile::{reconcile_parents, reconcile_parents_away};
use netdata_ilert::netdata::merge::merge;
use netdata_ilert::netdata::{Cursor, Fingerprint};

/// The URLs that lead to them.
const URLS: [&str; 2] = ["http://first:19999", "http://second:19999"];

/// What both show, or why neither answers, reconciled; and their clock.
pub fn reconciled(
    ledger: Ledger,
    seen: Result<Observation, String>,
    config: &Config,
    now: i64,
) -> (Ledger, i64) {
    let seen = match seen {
        Ok(seen) => seen,
        Err(reason) => {
            let asked = URLS.map(|url| AskedParent { url: url.to_owned(), answer: Err(reason.clone()) });
            return (reconcile_parents_away(ledger, &asked, config, now), now / 1000);
        }
    };
    let shown = shown(seen);
    let asked = [0, 1].map(|place| answered(URLS[place], &shown[place]));
    let merged = merge(shown.into(), &ledger.known()).unwrap();
    let seconds = merged.seen.now;
    (reconcile_parents(ledger, &merged, &asked, config, now), seconds)
}

/// What each of them shows.
pub fn shown(seen: Observation) -> [Observation; 2] {
    [seen.clone(), mirrored(seen)]
}

/// An answer from this URL.
pub fn answered(url: &str, seen: &Observation) -> AskedParent {
    let cursor = serde_json::json!({
        "agent": seen.agent.node.guid, "now": seen.now, "log": { "v1": { "hosts": [] } }
    });
    let cursor: Cursor = serde_json::from_value(cursor).unwrap();
    AskedParent { url: url.to_owned(), answer: Ok((seen.agent.clone(), cursor)) }
}

/// What the other parent tells of itself.
pub fn mirrored_fingerprint(own: &Fingerprint) -> Fingerprint {
    let guid = format!("{}-second", own.agent.guid);
    Fingerprint { agent: NodeId { guid, host: "second".to_owned() }, ..own.clone() }
}

/// The same as another parent shows it, which has a node of its own.
fn mirrored(mut seen: Observation) -> Observation {
    // Where one URL leads to another agent, so does the other.
    let guid = format!("{}-second", seen.agent.node.guid);
    let id = Arc::new(NodeId { guid, host: "second".to_owned() });
    seen.nodes.push(Node {
        id: Arc::clone(&id),
        reachable: true,
        health: Health::Online,
        ephemeral: false,
        labels: Labels::default(),
    });
    seen.agent.node = id;
    let transitions = seen.transitions.iter_mut().map(|one| &mut one.facts);
    for facts in transitions.chain(seen.sightings.iter_mut().map(|one| &mut one.facts)) {
        facts.transition.insert_str(0, "second-");
    }
    seen
}
