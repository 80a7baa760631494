//! 10 000 alerts at once, 100 of them critical, each told singly.

use std::time::{Duration, Instant};

use netdata_ilert::alert::Api;
use netdata_ilert::simulator::ilert::Received;

use super::bench::{Bench, UNPACED};
use super::measure::{line, mib, ms};

const NODES: usize = 1000;
const ALERTS: usize = 10;
const CRITICALS: usize = 100;

pub fn measure() {
    recorded();
    unpaced();
    paced();
}

/// A parent that the sender knows, all clear, and then the storm.
fn storm() -> Bench {
    let (bench, nodes) = Bench::with_alerts(Api::V3, NODES, ALERTS);
    bench.cost(1);
    bench.raise(&nodes, ALERTS, CRITICALS);
    bench
}

/// With ilert away: observe, reconcile and record, and a few tries that are refused at once.
fn recorded() {
    let bench = storm();
    bench.configure(UNPACED, "https://localhost:1");
    let cost = bench.cost(1);
    line("all recorded (ilert away), CPU", ms(cost.cpu), "≤ 2 s");
    line("all recorded (ilert away), peak memory", mib(cost.peak), "");
}

fn unpaced() {
    let bench = storm();
    let cost = bench.cost(1);
    let received = bench.services.ilert.received();
    let took = received.last().unwrap().at - received[0].at;
    #[allow(clippy::cast_precision_loss)] // four digits are shown
    let rate = received.len() as f64 / took.as_secs_f64();
    line("unpaced over TLS on loopback, events", received.len(), "10000");
    line("unpaced over TLS on loopback, events/s", format!("{rate:.0}"), "≥ 2000");
    // On a busy machine the sender waits for its turn: what it could do with a processor of its own.
    #[allow(clippy::cast_precision_loss)] // four digits are shown
    let alone = received.len() as f64 / cost.cpu.as_secs_f64();
    line("unpaced, events for each second of the sender's CPU", format!("{alone:.0}"), "≥ 2000");
    line("unpaced, the sender's peak memory", mib(cost.peak), "");
    let is_critical =
        |one: &Received| one.event.as_ref().is_some_and(|event| event.alert_key.ends_with("critical"));
    let first_warning = received.iter().position(|one| !is_critical(one)).unwrap();
    line("criticals before the first warning", first_warning, "all 100");
}

fn paced() {
    let bench = storm();
    bench.configure(45, &bench.url());
    let start = Instant::now();
    let cost = bench.cost(1);
    let received = bench.services.ilert.received();
    let first: Duration = received[0].at - start;
    line("paced: first critical accepted after", ms(first), "≤ 1 s");
    line("paced: the sender's CPU in the whole run", ms(cost.cpu), "≤ 1 s");
    line("paced: events of the first run", received.len(), "45");
}
