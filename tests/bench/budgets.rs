//! How fast and how small: numbers beside their budgets, and ratios to `curl` doing the same errand, and to a sender in
//! bash. Times are shown, for a machine may be busy; a ratio, memory or size that is over its budget is a failure.
//!
//! `cargo bench --bench budgets` measures all, `… -- quiet storm` only what is named (`start`, `reconcile`, `repair`,
//! `quiet`, `several`, `parent`, `storm`, `wizard`); `storms`, which measures nothing, runs only where it is named. The
//! simulated Netdata and ilert live in this process, the sender is mostly the built binary: its CPU and memory are its
//! own.

// A measurement that cannot be set up is no measurement.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::print_stdout)] // that is where its figures go

mod bench;
mod delivery;
mod full;
mod measure;
mod peer;
mod quiet;
mod reconcile;
mod repair;
#[allow(dead_code)] // the tests ask for more of it
#[path = "../it/stage/services.rs"]
mod services;
mod several;
mod start;
mod storm;
mod storms;
mod told;
mod wizard;

use std::env;

/// The table of storms.
const STORMS: &str = "storms";

type Measurement = (&'static str, fn());

const MEASUREMENTS: [Measurement; 9] = [
    ("start", start::measure),
    ("reconcile", reconcile::measure),
    ("repair", repair::measure),
    ("quiet", quiet::small),
    ("several", several::measure),
    ("parent", full::parent),
    ("storm", storm::measure),
    (STORMS, storms::print),
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
        if (arguments.is_empty() && name != STORMS) || arguments.iter().any(|wanted| wanted == name) {
            println!("\n{name}");
            measure();
        }
    }
    let missed = measure::missed();
    if missed > 0 {
        println!("\n{missed} budgets were missed");
        std::process::exit(1);
    }
}
