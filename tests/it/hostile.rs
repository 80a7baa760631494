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

use crate::stage;

/// A key as ilert makes them.
const KEY: &str = stage::KEY;
