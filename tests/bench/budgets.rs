//! How fast and how small: numbers beside their budgets, and ratios to `curl` doing the same errand. Programs that
//! print, never tests that fail: a machine may be busy.
//!
//! `cargo bench` measures all; `cargo bench -- quiet storm` only what is named (`reconcile`, `quiet`, `parent`,
//! `storm`, `storms`, `start`, `wizard`). The simulated Netdata and ilert live in this process, the sender is mostly the
//! built binary: its CPU and memory are its own.

// A measurement that cannot be set up is no measurement.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::print_stdout)] // that is where its figures go

mod bench;
mod delivery;
mod measure;
mod quiet;
mod reconcile;
#[allow(dead_code)] // the tests ask for more of it
#[path = "../it/stage/services.rs"]
mod services;
mod start;
mod storm;
mod storms;
mod wizard;

use std::env;

type Measurement = (&'static str, fn());

const MEASUREMENTS: [Measurement; 7] = [
    ("start", start::measure),
    ("reconcile", reconcile::measure),
    ("quiet", quiet::small),
    ("parent", quiet::parent),
    ("storm", storm::measure),
    ("storms", storms::print),
    ("wizard", wizard::measure),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some((measure::AGAIN, times_and_command)) =
        arguments.split_first().map(|(first, rest)| (first.as_str(), rest))
    {
        return measure::run(times_and_command);
    }
    for (name, measure) in MEASUREMENTS {
        if arguments.is_empty() || arguments.iter().any(|wanted| wanted == name) {
            println!("\n{name}");
            measure();
        }
    }
}
