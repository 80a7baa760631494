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
//! One alert or node:
//!
//! - [`entry`]: what is remembered of it, and how its log is read;
//! - [`key`]: what ilert was told under each of its keys;
//! - [`plan`]: what is due for it, given what ilert was (maybe) told;
//! - [`reason`]: why it is told, held or left alone; `explain` prints that;
//! - [`untold`]: what came and went and was never told.
//!
//! All of them:
//!
//! - [`ledger`]: what is remembered between runs; [`asleep`]: what of that need not be read;
//! - [`reconcile`]: what is due for all, nodes and rooms included;
//! - `observe`: asks Netdata, and reconciles with its answer;
//! - [`parents`]: the agent or the parents: who was asked, who answers, what each shows;
//! - `coverage`: which nodes the rooms cover;
//! - [`clocks`]: how much time this sender has seen pass, which `removed_after` and its like count;
//! - [`silences`]: what holds events back, by the configuration or by hand;
//! - [`storms`]: more raises than a person can read, told as one;
//! - `others`: how many other alerts are raised on a node;
//! - `outage`: a lasting problem, reported once, then every hour, and once when it is over.
//!
//! The state:
//!
//! - [`store`]: the ledger, the outbox and the pace, in one SQLite file;
//! - [`recorder`]: writes to the store, or, if it cannot be written, which pages leave;
//! - [`unrecorded`]: pages that were sent and could not be recorded; `note_outside`: the list of them where the
//!   state folder cannot be written; [`recall`]: takes them in later;
//! - `user`: which configuration a state belongs to;
//! - [`lock`]: one run at a time.
//!
//! Sending:
//!
//! - [`dispatch`]: the outbox, sent in order, within the pace;
//! - [`pace`]: so many events a minute, and the pause after a 429;
//! - `connections`: the connections to ilert, kept from run to run;
//! - `heartbeat`: pings ilert after a good run.
//!
//! What a person starts:
//!
//! - [`run`]: one `--send`, top to bottom; [`job`]: what it works with; `report`: how it went;
//! - [`quiet`]: the same where nothing has changed;
//! - [`watch`]: one run after the other, in one process;
//! - [`dry_run`](dry_run()): what a run would send;
//! - [`live_test`]: one event and its end, to prove the key; [`proof`]: that it did;
//! - [`by_hand`]: `--retry`, `--discard`, `--forget` and `--silence`;
//! - [`adopt`]: `--adopt`, which rebuilds a lost state from ilert's open alerts.

pub mod adopt;
pub mod asleep;
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
mod note_outside;
mod observe;
mod others;
mod outage;
pub mod pace;
pub mod parents;
pub mod plan;
pub mod proof;
pub mod quiet;
pub mod reason;
pub mod recall;
pub mod reconcile;
pub mod recorder;
mod report;
pub mod run;
pub mod silences;
pub mod store;
pub mod storms;
pub mod unrecorded;
pub mod untold;
mod user;
pub mod watch;

pub use connections::Connections;
pub use dry_run::{DryRun, dry_run, first_dry_run, raised};
pub use job::Job;
pub use live_test::LiveTest;
pub use outage::key_refused_since;
pub use proof::Proof;
pub use user::user_of;
