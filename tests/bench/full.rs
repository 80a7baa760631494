//! A parent with 1 000 nodes: a quiet run, which costs the same whatever is raised, and a full look.

use netdata_ilert::alert::Api;

use super::bench::Bench;
use super::measure::{Cost, at_most_mib, line, ms, ratio};
use super::quiet::{beside_curl, print};
use super::told::tell_all;

const NODES: usize = 1000;

/// A row: how many are raised, what a full look may take, and how many MiB.
const SIZES: [(usize, &str, u64); 3] = [(10, "", 16), (10_000, "≤ 90 ms", 32), (100_000, "≤ 900 ms", 128)];

pub fn parent() {
    let mut before: Option<Cost> = None;
    for (raised, cpu, peak) in SIZES {
        let alerts = raised.div_ceil(NODES);
        let (bench, nodes) = Bench::with_alerts(Api::V3, NODES, alerts);
        let on = if raised < NODES { &nodes[..raised] } else { &nodes[..] };
        bench.raise(on, alerts, raised.min(100));
        bench.wait(600);
        tell_all(&bench);
        bench.settle();
        println!("  {NODES} nodes, {raised} raised, nothing changed");
        print(&beside_curl(&bench, 10));
        bench.services.world().hide_versions();
        println!("  {NODES} nodes, {raised} raised, a full look");
        let beside = beside_curl(&bench, if raised > 10_000 { 3 } else { 9 });
        line("  --send, CPU", ms(beside.ours.cpu), cpu);
        line("  --send, wall", ms(beside.ours.wall), "");
        at_most_mib("  --send, peak memory", beside.ours.peak, peak);
        line("  CPU, --send to curl", ratio(beside.ours.cpu, beside.curl.cpu), "");
        line("  CPU, --send to bash and curl", ratio(beside.ours.cpu, beside.bash.cpu), "");
        if let Some(before) = before.replace(beside.ours) {
            line("  CPU, to the size before", ratio(beside.ours.cpu, before.cpu), "");
        }
    }
}
