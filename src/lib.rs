//! Netdata alerts, delivered to ilert: what Netdata shows is what ilert shows.
//!
//! This page is the map of the house.
//!
//! # Rooms
//!
//! A room imports only from rooms above it in this table. `tests/it/house.rs` holds every file to that.
//!
//! | floor | room | what lives there |
//! |---|---|---|
//! | 0 | [`alert`] | the vocabulary: node, alert, status, transition, observation |
//! | 0 | [`secret`] | the one type that holds a key |
//! | 0 | [`text`] | text from outside, made fit to be shown |
//! | 0 | [`files`] | files that only their owner may read, written whole or not at all |
//! | 0 | [`owner`] | who owns a file, by name |
//! | 0 | [`interrupt`] | signals, as a value to wait for |
//! | 0 | [`http`] | transport: TLS, proxy, time-outs, and what an answer is |
//! | 1 | [`config`] | the file: its settings, reading, checking, writing |
//! | 1 | [`ilert`] | events, verdicts, and the account's REST API |
//! | 1 | [`netdata`] | the agent's API, both versions: wire to observation |
//! | 1 | [`other_senders`] | what else on this machine tells ilert of Netdata's alerts |
//! | 2 | [`payload`] | alert and configuration to event; pure |
//! | 2 | [`delivery`] | reconcile, state, outbox, sending: one run of `--send` |
//! | 3 | [`preview`] | `--preview` |
//! | 3 | [`schedule`] | `--install-schedule`, `--remove-schedule` |
//! | 3 | [`simulator`] | Netdata and ilert inside the process, for `--demo` and the tests |
//! | 3 | [`status`] | `--status` |
//! | 3 | [`doctor`] | `--doctor` |
//! | 3 | [`wizard`] | the wizard, in a terminal or as plain prompts |
//! | 4 | [`cli`] | arguments to one mode to an exit code |

pub mod alert;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod doctor;
pub mod files;
pub mod http;
pub mod ilert;
pub mod interrupt;
pub mod netdata;
pub mod other_senders;
pub mod owner;
pub mod payload;
pub mod preview;
#[cfg(test)]
#[path = "../tests/regressions/properties.rs"]
mod regressions;
pub mod schedule;
pub mod secret;
pub mod simulator;
pub mod status;
pub mod text;
pub mod wizard;
