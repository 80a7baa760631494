//! Netdata, ilert and Netdata Cloud, on loopback inside this process: what `--demo` shows and what the tests run
//! against.
//!
//! A [`World`] is what an agent or a parent would know: nodes, alerts, a log of transitions, and a clock of its own. It
//! does no I/O; [`netdata::answer`] computes from it what Netdata would answer to a path, field for field as recorded
//! agents did (v1.37 for [`Api::V1`](crate::alert::Api::V1), v2.11 for [`Api::V3`](crate::alert::Api::V3)), traps
//! included. An [`Ilert`] takes events as strictly as ilert does and opens and closes alerts by key. A [`Cloud`] lists
//! the nodes of rooms for a token. [`server`] serves each on a port, and makes that port fail when told to. [`Answer`]
//! is what ilert and Cloud can be told to answer.
//!
//! They do nothing that the real ones never do. What those rarely do can be asked for: refusals, resets, stalls,
//! restarts, a wiped database.

mod barrier;
mod clock;
pub mod cloud;
pub mod ilert;
pub mod netdata;
mod request;
pub mod scenario;
mod script;
pub mod server;
pub mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use barrier::Barrier;
pub use clock::Clock;
pub use cloud::Cloud;
pub use ilert::Ilert;
pub use netdata::serve_netdata;
pub use script::Answer;
pub use server::{Fault, Served};
pub use world::{Definition, LogTrouble, NodeHandle, World};

/// Locks a mutex even if a test panicked while it held it: the state is plain data, never half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
