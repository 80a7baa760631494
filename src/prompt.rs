//! Reads lines from a person: from a terminal, which hides secrets while they are typed, or from a pipe.

use std::io::{self, BufRead, IsTerminal, Write as _};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc;
use zeroize::Zeroize as _;

use crate::output::stderr;

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
    lines: mpsc::UnboundedReceiver<Result<String, NotText>>,
    terminal: bool,
    silence: Option<Silence>,
}

impl Stdin {
    /// Begins to read.
    pub fn open() -> io::Result<Self> {
        let (lines_in, lines) = mpsc::unbounded_channel();
        thread::Builder::new().name("answers".to_owned()).spawn(move || {
            let mut input = io::stdin().lock();
            while let Ok(Some(line)) = line(&mut input) {
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
        let line = loop {
            match self.lines.recv().await {
                Some(Ok(line)) => break Some(line),
                Some(Err(NotText)) => {
                    let _ = writeln!(stderr(), "! this is not UTF-8 text: give the answer again");
                }
                None => break None,
            }
        };
        if self.silence.take().is_some() {
            // The line break was not shown either.
            let _ = writeln!(stderr());
        }
        line
    }
}

/// A line whose bytes are no text.
#[derive(Debug, PartialEq, Eq)]
struct NotText;

/// The next line without its end; `None` after the last one.
fn line(input: &mut impl BufRead) -> io::Result<Option<Result<String, NotText>>> {
    let mut bytes = Vec::new();
    if input.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let line = bytes.strip_suffix(b"\n").map_or(&*bytes, |line| line.strip_suffix(b"\r").unwrap_or(line));
    let line = std::str::from_utf8(line).map(str::to_owned).map_err(|_| NotText);
    // It may be a secret.
    bytes.zeroize();
    Ok(Some(line))
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

#[cfg(test)]
mod tests {
    use super::{NotText, line};

    #[test]
    fn a_line_that_is_no_text_does_not_end_the_input() {
        let mut input = &b"one\r\nJos\xe9\nlast"[..];
        let mut next = || line(&mut input).unwrap();
        assert_eq!(next(), Some(Ok("one".to_owned())));
        assert_eq!(next(), Some(Err(NotText)));
        assert_eq!(next(), Some(Ok("last".to_owned())));
        assert_eq!(next(), None);
    }
}
