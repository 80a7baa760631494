//! One mode, from its start to the exit code, whatever comes in between.
//!
//! The mode works on a thread of its own; the first thread waits for its end and for signals. So nothing that blocks
//! in the mode (the lock of another run, a pipe that nobody writes to, a name server that does not answer) keeps the
//! process from ending, on Ctrl-C or by itself.

use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr, eyre};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Arguments, modes};
use crate::exit::Exit;
use crate::interrupt::{Interrupt, Interrupts, Signals};

/// How long a mode has for putting things in order where it must end at once: files of its own, the terminal's modes.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Stack of the mode's thread, in bytes: what the first thread usually has.
const STACK: usize = 8 * 1024 * 1024;

/// How a mode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// In its own way.
    With(Exit),
    /// Because it was told to.
    By(Interrupt),
}

impl Ended {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::With(exit) => exit as u8,
            Self::By(interrupt) => interrupt.code(),
        }
    }
}

type Outcome = eyre::Result<Ended>;

/// Keeps what is in memory there, keys above all: no core file, and nothing for other processes of this user to read
/// in `/proc`. Called before any key is read. Where a sandbox does not let it, that sandbox is the guard.
pub fn seal() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Runs the mode that the arguments name.
pub fn run(arguments: Arguments) -> Outcome {
    let takes_its_time = arguments.has_last_words();
    let mode = move |interrupts| async move { modes::run(&arguments, interrupts).await };
    runtime()?.block_on(attend(mode, takes_its_time))
}

/// Waits for a mode's end. The first signal is the mode's to answer, in its own time if it has last words; at the second
/// one it ends at once.
async fn attend<F: Future<Output = Outcome>>(
    mode: impl FnOnce(Interrupts) -> F + Send + 'static,
    takes_its_time: bool,
) -> Outcome {
    let mut signals = Signals::listen().wrap_err("cannot listen for signals")?;
    let (tell, interrupts) = Interrupts::channel();
    let (end, mut ended) = oneshot::channel();
    let thread = thread::Builder::new().name("mode".to_owned()).stack_size(STACK);
    let mode = thread.spawn(move || work(mode, interrupts, end)).wrap_err("cannot start a thread")?;
    let mut last = !takes_its_time;
    loop {
        let interrupt = tokio::select! {
            biased;
            outcome = &mut ended => return outcome.unwrap_or_else(|_| lost(mode)),
            interrupt = signals.next() => interrupt,
        };
        // It may have ended just now.
        let _ = tell.send(interrupt);
        if last {
            return match timeout(AT_ONCE, ended).await {
                Ok(outcome) => outcome.unwrap_or_else(|_| lost(mode)),
                Err(_) => Ok(Ended::By(interrupt)),
            };
        }
        last = true;
    }
}

/// The mode, on its thread. What still blocks on threads of the runtime is not waited for.
fn work<F: Future<Output = Outcome>>(
    mode: impl FnOnce(Interrupts) -> F,
    interrupts: Interrupts,
    end: oneshot::Sender<Outcome>,
) {
    // Who waited for the outcome may be gone.
    match runtime() {
        Ok(runtime) => {
            let _ = end.send(runtime.block_on(mode(interrupts)));
            runtime.shutdown_background();
        }
        Err(error) => {
            let _ = end.send(Err(error));
        }
    }
}

/// The mode is gone without an outcome: it panicked, which is reported already.
fn lost(mode: thread::JoinHandle<()>) -> Outcome {
    match mode.join() {
        Err(panic) => resume_unwind(panic),
        Ok(()) => Err(eyre!("the mode ended without a word")),
    }
}

fn runtime() -> eyre::Result<Runtime> {
    Builder::new_current_thread().enable_all().build().wrap_err("cannot start the asynchronous runtime")
}

#[cfg(test)]
mod tests {
    use std::thread;

    use color_eyre::eyre::eyre;

    use super::{Ended, Exit, Interrupts, Outcome, attend};

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
        assert_eq!(attend(mode, false).await.unwrap(), Ended::With(Exit::Later));
    }

    #[tokio::test]
    async fn a_failure_and_a_panic_come_through() {
        let fails = |_: Interrupts| async { Outcome::Err(eyre!("no")) };
        assert_eq!(attend(fails, true).await.unwrap_err().to_string(), "no");
        let panics = |_: Interrupts| async { panic!("here") };
        let lost = tokio::spawn(attend(panics, true)).await.unwrap_err();
        assert_eq!(lost.into_panic().downcast_ref(), Some(&"here"));
    }
}
