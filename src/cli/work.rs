//! Work on a thread of its own, and how long it may take: a mode's, or that on one of several configurations.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{process, thread};

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

/// Whether runs of several configurations are under way.
static SIDE_BY_SIDE: AtomicBool = AtomicBool::new(false);

/// Says that runs of several configurations begin, or that all have ended.
pub fn side_by_side(several: bool) {
    SIDE_BY_SIDE.store(several, Ordering::Relaxed);
}

/// Ends the process after a panic that was reported. While several configurations run side by side only this thread
/// stops, for ever: its run is given up at its deadline, and the others go on.
pub fn end_after_panic() {
    if SIDE_BY_SIDE.load(Ordering::Relaxed) {
        loop {
            thread::park();
        }
    }
    process::exit(Exit::Failure as i32);
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

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::mpsc;
    use std::{env, panic, process, thread};

    use super::{end_after_panic, side_by_side};

    /// In a process of its own, which is this test again: a thread panics, and the first one goes on if it can.
    #[test]
    fn a_panic_ends_the_process_or_one_of_several() {
        const SEVERAL: &str = "NETDATA_ILERT_TEST_PANICS_AMONG_SEVERAL";
        if let Ok(several) = env::var(SEVERAL) {
            let (tell, told) = mpsc::channel();
            side_by_side(several == "yes");
            panic::set_hook(Box::new(move |_| {
                tell.send(()).unwrap();
                end_after_panic();
            }));
            thread::spawn(|| panic!("here"));
            told.recv().unwrap();
            if several == "yes" {
                process::exit(0);
            }
            loop {
                thread::park();
            }
        }
        for (several, code) in [("no", 1), ("yes", 0)] {
            let mut again = Command::new(env::current_exe().unwrap());
            again.args(["--exact", "cli::work::tests::a_panic_ends_the_process_or_one_of_several"]);
            let ended = again.env(SEVERAL, several).output().unwrap();
            assert_eq!(ended.status.code(), Some(code), "{several}: {ended:?}");
        }
    }
}
