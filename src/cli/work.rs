//! Work on a thread of its own, and how long it may take: a mode's, or that on one of several configurations.

use std::time::Duration;

use color_eyre::eyre::{self, WrapErr};
use tokio::runtime::{Builder, Runtime};

use crate::exit::{Exit, Stopped};

/// A run ends by its deadline, then records how it went: only one that stalls takes so much longer.
pub const OVERDUE: Duration = Duration::from_secs(10);

/// Stack of such a thread, in bytes: what the first thread usually has.
pub const STACK: usize = 8 * 1024 * 1024;

/// The error of a run that stalls, for example on a disk. It is stopped so that the next run need not wait for it.
pub fn overdue() -> eyre::Report {
    let words = "error: the run missed its deadline and was stopped: something stalls, perhaps the disk of the state \
                 folder (see `dmesg`). What was recorded is kept; the next run goes on from there";
    Stopped { words: words.to_owned(), exit: Exit::Later }.into()
}

/// Does something on this thread, from its start to its end.
pub fn block_on<T>(work: impl Future<Output = eyre::Result<T>>) -> eyre::Result<T> {
    let runtime = runtime()?;
    let ended = runtime.block_on(work);
    runtime.shutdown_background();
    ended
}

/// What asynchronous work runs on.
pub fn runtime() -> eyre::Result<Runtime> {
    Builder::new_current_thread().enable_all().build().wrap_err("cannot start the asynchronous runtime")
}
