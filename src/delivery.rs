//! How `--send` makes ilert show what Netdata shows.
//!
//! Level-triggered, like a controller: each run compares what Netdata shows with what ilert has been told
//! and sends the difference. The transition log only adds what came and went in between, so an edge that
//! is lost heals on the next run.
//!
//! ```text
//! observe ──► reconcile ──► record ──► dispatch
//! Netdata     pure          SQLite     ilert, paced, in order
//! ```
//!
//! - [`entry`]: what is remembered of one alert or node, and how its log is read;
//! - [`key`]: what ilert was told under each of its keys;
//! - [`plan`]: what is due for it, given what ilert has (maybe) been told;
//! - [`reconcile`]: the same for all of them, nodes and rooms included;
//! - [`reason`]: why something is told, held or left alone;
//! - [`clocks`]: how much time this sender has seen pass, by which `removed_after` and its like run;
//! - `coverage`: which nodes the rooms cover;
//! - [`silences`]: what holds back what would be told;
//! - [`ledger`]: what is remembered between runs;
//! - [`silences`]: what this program's own silences hold back;
//! - [`storms`]: more raises than a person can read, told as one;
//! - [`store`]: the ledger, the outbox and the pace, in one SQLite file;
//! - [`untold`]: what came and went and was never told;
//! - [`recorder`]: the store, or memory where it cannot be written;
//! - [`dispatch`]: the outbox, sent in order, within the pace;
//! - [`pace`]: so many events a minute, and the pause after a 429;
//! - [`job`]: what a run works with;
//! - [`run`]: one `--send`, top to bottom;
//! - [`dry_run`](dry_run()): what it would send;
//! - [`live_test`]: one event and its end, to prove the key;
//! - [`watch`]: one after the other, in one process.

pub mod adopt;
pub mod by_hand;
pub mod clocks;
mod connections;
mod coverage;
pub mod dispatch;
mod dry_run;
pub mod entry;
mod explain;
mod heartbeat;
pub mod job;
pub mod key;
pub mod ledger;
pub mod live_test;
pub mod lock;
mod others;
mod outage;
pub mod pace;
pub mod plan;
pub mod reason;
pub mod reconcile;
pub mod recorder;
mod report;
pub mod run;
pub mod silences;
pub mod store;
pub mod storms;
pub mod unrecorded;
pub mod untold;
pub mod watch;

pub use connections::Connections;
pub use dry_run::{DryRun, dry_run, first_dry_run};
pub use job::Job;
pub use live_test::LiveTest;
