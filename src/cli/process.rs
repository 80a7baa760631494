//! One mode, from its start to the exit code, whatever comes in between.
//!
//! The mode works on a thread of its own; the first thread waits for its end, for signals and for its deadline, and
//! does nothing else. So nothing that blocks in the mode (a disk that stalls under SQLite or `flock`, a network mount,
//! a pipe that nobody writes to, a name server or a user directory that does not answer) keeps the process from ending.
//!
//! A run uses its state on the mode's thread: it does one thing after the other, and nothing else there waits for it.
//! What may wait for ever (the lock of another run, standard input) goes to a thread of its own by `spawn_blocking`;
//! the end of the program does not wait for that.

use std::future::pending;
use std::thread;
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr, eyre};
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::arguments::Arguments;
use super::modes;
use super::work::{OVERDUE, STACK, block_on, overdue, runtime};
use crate::delivery::job::DEADLINE;
use crate::exit::Ended;
use crate::interrupt::{Interrupts, Signals};

/// How long a mode has for putting things in order where it must end at once: files of its own, the terminal's modes.
const AT_ONCE: Duration = Duration::from_millis(500);

/// How long a mode has that puts things in order in its own time: who sent SIGTERM sends SIGKILL 10 s later.
const LAST_WORDS: Duration = Duration::from_secs(9);

type ModeResult = eyre::Result<Ended>;

/// Keeps what is in memory there, keys above all: no core file, and nothing for other processes of this user to read
/// in `/proc`. Called before any key is read. Where a sandbox does not let it, that sandbox is the guard.
pub fn seal() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Files that a mode needs at the least, all at once: its state, connections, and what it is told by. With fewer, the
/// asynchronous runtime panics.
const FILES: u64 = 32;

/// Refuses to begin where too few files may be open.
fn check_limits() -> eyre::Result<()> {
    match getrlimit(Resource::Nofile).current {
        Some(most) if most < FILES => Err(eyre!(
            "only {most} files may be open at once, and this needs {FILES}: allow more (`ulimit -n`, or `LimitNOFILE` of a \
             systemd service)"
        )),
        _ => Ok(()),
    }
}

/// Runs the mode that the arguments name.
pub fn run(arguments: Arguments) -> ModeResult {
    check_limits()?;
    let limits = Limits {
        last_words: arguments.has_last_words(),
        // Where there are several configurations, each is given up by itself, a moment before.
        longest: (arguments.send && !arguments.demo).then_some(DEADLINE + OVERDUE + AT_ONCE),
    };
    let mode = move |interrupts| async move { Box::pin(modes::run(&arguments, interrupts)).await };
    runtime()?.block_on(attend(mode, limits))
}

/// What a mode may take.
#[derive(Clone, Copy, Default)]
struct Limits {
    /// It has something to put in order when it is told to end.
    last_words: bool,
    /// How long it may take, where there is a limit.
    longest: Option<Duration>,
}

/// Waits for a mode's end. The first signal is the mode's to answer, in its own time if it has last words; at the
/// second one it ends at once. A mode that does not end by itself is left behind.
async fn attend<F: Future<Output = ModeResult>>(
    mode: impl FnOnce(Interrupts) -> F + Send + 'static,
    limits: Limits,
) -> ModeResult {
    let mut signals = Signals::listen().wrap_err("cannot listen for signals")?;
    let (tell, interrupts) = Interrupts::channel();
    let (end, mut ended) = oneshot::channel();
    let thread = thread::Builder::new().name("mode".to_owned()).stack_size(STACK);
    let mut until = limits.longest.map(|longest| Instant::now() + longest);
    thread.spawn(move || work(mode, interrupts, end)).wrap_err("cannot start a thread")?;
    let mut told = None;
    loop {
        let interrupt = tokio::select! {
            biased;
            outcome = &mut ended => return outcome.wrap_err("the mode ended without a word")?,
            interrupt = signals.next() => interrupt,
            () = passed(until) => return told.map_or_else(|| Err(overdue()), |by| Ok(Ended::By(by))),
        };
        // It may have ended just now.
        let _ = tell.send(interrupt);
        let patience = if limits.last_words && told.is_none() { LAST_WORDS } else { AT_ONCE };
        until = Some(Instant::now() + patience);
        told = Some(interrupt);
    }
}

async fn passed(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => pending().await,
    }
}

/// The mode, on its thread. What still blocks on threads of the runtime is not waited for.
fn work<F: Future<Output = ModeResult>>(
    mode: impl FnOnce(Interrupts) -> F,
    interrupts: Interrupts,
    end: oneshot::Sender<ModeResult>,
) {
    // Who waited for the outcome may be gone.
    let _ = end.send(block_on(mode(interrupts)));
}

#[cfg(test)]
mod tests {
    use std::thread;

    use color_eyre::eyre::eyre;

    use super::{DEADLINE, Ended, Interrupts, Limits, ModeResult, OVERDUE, attend};
    use crate::exit::{Exit, Stopped};

    #[tokio::test]
    async fn what_blocks_for_ever_is_not_waited_for() {
        let mode = |_: Interrupts| async {
            // As a name server does that never answers.
            drop(tokio::task::spawn_blocking(|| {
                loop {
                    thread::park();
                }
            }));
            Ok(Ended::With(Exit::Later))
        };
        assert_eq!(attend(mode, Limits::default()).await.unwrap(), Ended::With(Exit::Later));
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_that_stalls_is_given_up_at_its_deadline() {
        let stalls = |_: Interrupts| async {
            // As a disk does: not a future that could be dropped.
            loop {
                thread::park();
            }
        };
        let limits = Limits { longest: Some(DEADLINE + OVERDUE), ..Limits::default() };
        let error = attend(stalls, limits).await.unwrap_err();
        assert_eq!(error.downcast_ref::<Stopped>().unwrap().exit, Exit::Later);
    }

    #[tokio::test]
    async fn a_failure_comes_through() {
        let fails = |_: Interrupts| async { ModeResult::Err(eyre!("no")) };
        assert_eq!(attend(fails, Limits::default()).await.unwrap_err().to_string(), "no");
    }
}
