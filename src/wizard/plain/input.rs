//! Lines of an input: a terminal, which hides secrets while they are typed, or a pipe.

use std::io::{self, BufRead, IsTerminal};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc;

/// Where answers come from.
pub trait Lines {
    /// The next line is not to be shown while it is typed: called before it is asked for, so that nothing of it is
    /// seen however soon it comes.
    fn hide(&mut self);
    /// The next line; `None` after the last one.
    fn next(&mut self) -> impl Future<Output = Option<String>>;
}

/// The lines of standard input.
///
/// A thread of its own reads them, so that ctrl-c ends the program while it waits for one.
pub struct Stdin {
    lines: mpsc::UnboundedReceiver<String>,
    terminal: bool,
    silence: Option<Silence>,
}

impl Stdin {
    /// Begins to read.
    pub fn open() -> io::Result<Self> {
        let (lines_in, lines) = mpsc::unbounded_channel();
        thread::Builder::new().name("answers".to_owned()).spawn(move || {
            for line in io::stdin().lock().lines() {
                let Ok(line) = line else { return };
                if lines_in.send(line).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { lines, terminal: io::stdin().is_terminal(), silence: None })
    }
}

impl Lines for Stdin {
    fn hide(&mut self) {
        if self.terminal && self.silence.is_none() {
            self.silence = Silence::begin();
        }
    }

    async fn next(&mut self) -> Option<String> {
        let line = self.lines.recv().await;
        if self.silence.take().is_some() {
            // The line break was not shown either.
            eprintln!();
        }
        line
    }
}

/// The terminal does not show what is typed until this is dropped.
struct Silence(Termios);

impl Silence {
    fn begin() -> Option<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Flush, &silent).ok()?;
        Some(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
