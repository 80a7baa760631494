//! The pure part: what Netdata shows against what ilert was told, nothing new.

use std::sync::Arc;

use netdata_ilert::alert::{
    Agent, AlertDetails, AlertId, Api, AtRest, Health, Labels, Node, NodeId, Observation, Sighting, Status,
};
use netdata_ilert::config::{self, Config};
use netdata_ilert::delivery::key::Told;
use netdata_ilert::delivery::ledger::{Changes, Ledger};
use netdata_ilert::delivery::reconcile::reconcile;
use netdata_ilert::payload::KeyKind;

use super::measure::{cpu_here, line, ms, ratio};

const NOW: i64 = 1_900_000_000;
const NODES: usize = 1000;

pub fn measure() {
    let text = "version = 1\n[notification]\nname = \"benchmark\"\n\
                notify = [\"critical\", \"warning\", \"clear\", \"reachable\", \"unreachable\"]\n\
                [integration]\napi_key = \"il1api-of-the-benchmark-0000\"\n[delivery]\nstorm_after = 0\n";
    let config = config::parse(text, "config.toml".as_ref()).unwrap();
    let mut before = None;
    for (raised, times) in [(10_000, 20), (100_000, 4)] {
        let seen = observation(raised);
        let ledger = told(&seen, &config);
        let mut copies = vec![ledger; times as usize];
        let cpu = cpu_here(times, || {
            let after = reconcile(copies.pop().unwrap(), &seen, &config, NOW * 1000);
            assert!(
                after.changes.is_empty() && after.entries.len() == raised,
                "not quiet: {:?}",
                after.changes
            );
            after
        });
        line(&format!("{raised} raised and told, {NODES} nodes, CPU"), ms(cpu), "");
        if let Some(before) = before.replace(cpu) {
            line("ten times the alerts, CPU", ratio(cpu, before), "linear: 10 ×");
        }
    }
}

fn observation(raised: usize) -> Observation {
    let nodes: Vec<Node> = (0..NODES)
        .map(|number| {
            let id = NodeId { guid: format!("{number:08x}-1111-2222"), host: format!("node-{number:04}") };
            Node {
                id: Arc::new(id),
                reachable: true,
                health: Health::Online,
                ephemeral: false,
                labels: Labels::default(),
            }
        })
        .collect();
    let sightings = (0..raised)
        .map(|number| Sighting {
            alert: AlertId {
                node: nodes[number % NODES].id.clone(),
                chart: format!("disk_space./srv/data-{:03}", number / NODES),
                name: "disk_space_usage".into(),
            },
            due: Some(NOW - 600),
            silent: Some(false),
            pending: false,
            facts: AlertDetails {
                status: Status::Warning,
                value: Some(91.5),
                units: "%".into(),
                info: "Total space utilization of the disk".into(),
                role: "sysadmin".into(),
                when: NOW - 600,
                transition: format!("{number:08x}-aaaa-bbbb"),
                ..AlertDetails::default()
            },
        })
        .collect();
    let agent = Agent { node: nodes[0].id.clone(), version: "v2.11.0".into(), api: Api::V3 };
    Observation {
        agent,
        now: NOW,
        nodes,
        sightings,
        transitions: Vec::new(),
        notes: Vec::new(),
        gaps: Vec::new(),
        left_out: Vec::new(),
        at_rest: AtRest::default(),
    }
}

/// The ledger after ilert accepted what was due.
fn told(seen: &Observation, config: &Config) -> Ledger {
    let mut ledger = reconcile(Ledger::default(), seen, config, NOW * 1000 - 60_000);
    for entry in ledger.entries.values_mut() {
        assert_eq!(entry.waiting.len(), 1);
        entry.waiting.clear();
        entry.keys.get_mut(KeyKind::Warning).told = Told::Accepted;
        entry.peak = None;
        entry.times = 0;
    }
    ledger.changes = Changes::default();
    ledger
}
