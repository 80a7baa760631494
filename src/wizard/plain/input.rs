//! Lines of an input: a terminal, which hides secrets while they are typed, or a pipe.

use std::io::{self, BufRead, IsTerminal};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc;

/// Where answers come from.
pub trait Lines {
    /// The next line; `None` after the last one. `hidden`: not to be shown while it is typed.
    fn next(&mut self, hidden: bool) -> impl Future<Output = Option<String>>;
}

/// The lines of standard input.
///
/// A thread of its own reads them, so that ctrl-c ends the program while it waits for one.
pub struct Stdin {
    lines: mpsc::UnboundedReceiver<String>,
    terminal: bool,
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
        Ok(Self { lines, terminal: io::stdin().is_terminal() })
    }
}

impl Lines for Stdin {
    async fn next(&mut self, hidden: bool) -> Option<String> {
        let silence = (hidden && self.terminal).then(Silence::begin).flatten();
        let line = self.lines.recv().await;
        if silence.is_some() {
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
