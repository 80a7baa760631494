//! A state in which ilert was told all that is raised, without telling it: a hundred thousand events take a while.

use std::process::Command;
use std::sync::Arc;

use netdata_ilert::alert::{
    Agent, AlertDetails, AlertId, Api, AtRest, Health, Labels, Node, NodeId, Observation, Sighting, Status,
};
use netdata_ilert::clock;
use netdata_ilert::config;
use netdata_ilert::delivery::entry::Standing;
use netdata_ilert::delivery::key::Told;
use netdata_ilert::delivery::ledger::Ledger;
use netdata_ilert::delivery::reconcile::reconcile;
use netdata_ilert::delivery::store::{Commit, Store};
use netdata_ilert::payload::KeyKind;
use serde::Deserialize;

use super::bench::Bench;

#[derive(Deserialize)]
struct Answer {
    nodes: Vec<Named>,
    alert_instances: Vec<Raised>,
}

#[derive(Deserialize)]
struct Named {
    mg: String,
    nm: String,
}

#[derive(Deserialize)]
struct Raised {
    ni: usize,
    nm: String,
    ch: String,
    st: String,
    sum: String,
    info: String,
    units: String,
    to: String,
    src: String,
    v: f64,
    tr_i: String,
    tr_t: i64,
}

/// Records what runs would have that had told all.
pub fn tell_all(bench: &Bench) {
    let config = config::load(&bench.path("config.toml")).unwrap();
    let seen = observation(bench);
    let mut ledger = reconcile(Ledger::default(), &seen, &config, clock::now());
    for entry in ledger.entries.values_mut() {
        let kind = entry.standing.and_then(Standing::level).map(KeyKind::from).unwrap();
        entry.keys.get_mut(kind).told = Told::Accepted;
        entry.waiting.clear();
        (entry.peak, entry.times) = (None, 0);
    }
    let mut store = Store::open(&bench.path("state")).unwrap();
    let key = store.fingerprint(&config.api_key().unwrap(), &config.ilert.endpoint).unwrap();
    store.commit(&key, &mut ledger, &Commit { observed: true, ..Commit::default() }).unwrap();
    store.close().unwrap();
}

fn observation(bench: &Bench) -> Observation {
    let url = format!(
        "{}/api/v3/alerts?options=instances,values,minify&status=raised",
        bench.services.netdata.url()
    );
    let answer = Command::new("curl").args(["--silent", &url]).output().unwrap();
    let Answer { nodes, alert_instances } = serde_json::from_slice(&answer.stdout).unwrap();
    let nodes: Vec<Arc<NodeId>> =
        nodes.into_iter().map(|node| Arc::new(NodeId { guid: node.mg, host: node.nm })).collect();
    let sightings = alert_instances.into_iter().map(|one| Sighting {
        alert: AlertId { node: nodes[one.ni].clone(), chart: one.ch, name: one.nm },
        due: Some(one.tr_t),
        silent: Some(false),
        pending: false,
        facts: AlertDetails {
            status: Status::parse(&one.st),
            value: Some(one.v),
            units: one.units.into(),
            summary: one.sum.into(),
            info: one.info.into(),
            role: one.to,
            source: one.src.into(),
            when: one.tr_t,
            transition: one.tr_i,
            ..AlertDetails::default()
        },
    });
    Observation {
        agent: Agent { node: nodes[0].clone(), version: "v2.11.0".into(), api: Api::V3 },
        now: bench.services.world().now(),
        sightings: sightings.collect(),
        nodes: nodes
            .iter()
            .map(|id| Node {
                id: id.clone(),
                reachable: true,
                health: Health::Online,
                ephemeral: false,
                labels: Labels::default(),
            })
            .collect(),
        transitions: Vec::new(),
        notes: Vec::new(),
        gaps: Vec::new(),
        left_out: Vec::new(),
        at_rest: AtRest::default(),
    }
}
