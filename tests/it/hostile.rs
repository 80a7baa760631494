//! What comes from outside, made as hostile as a generator or a person can: bounded, without a panic, without the key
//! in a word that is said, and never taken for what it is not. `PROPTEST_CASES` raises the number of cases.

mod answers;
mod configuration;
mod events;
mod files;
mod keys;
mod patterns;
mod proxies;
mod state;
mod templates;
mod threats;

use proptest::prelude::ProptestConfig;

use crate::stage;

/// A key as ilert makes them.
const KEY: &str = stage::KEY;

/// So many cases where nothing else is said; `PROPTEST_CASES`, of which 256 is the usual number, raises them alike.
fn cases(usual: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: usual * config.cases / 256, ..config }
}
