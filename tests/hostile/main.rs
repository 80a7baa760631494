//! What comes from outside, made as hostile as a generator or a person can: bounded, without a panic, without the key
//! in a word that is said, and never taken for what it is not. `PROPTEST_CASES` raises the number of cases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod configuration;
mod events;
mod files;
mod keys;
mod patterns;
mod proxies;
#[allow(dead_code)] // each target uses its part of it
#[path = "../stage/stage.rs"]
mod stage;
mod state;
mod templates;
mod threats;

use proptest::prelude::ProptestConfig;

/// A key as ilert makes them.
const KEY: &str = stage::KEY;

/// So many cases where nothing else is said; `PROPTEST_CASES`, of which 256 is the usual number, raises them alike.
fn cases(usual: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: usual * config.cases / 256, ..config }
}
