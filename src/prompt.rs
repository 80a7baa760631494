//! Reads lines from a person: from a terminal, which hides secrets while they are typed, or from a pipe.

use std::io::{self, BufRead, IsTerminal, Read as _, Write as _};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::output::stderr;
use crate::secret::LARGEST;

/// So many lines are read ahead of the questions.
const AHEAD: usize = 64;

/// A line that has not ended after so many bytes never will.
const ENDLESS: u64 = 64 << 20;

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
    lines: mpsc::Receiver<Result<String, Unusable>>,
    terminal: bool,
    silence: Option<EchoOff>,
}

impl Stdin {
    /// Begins to read.
    pub fn open() -> io::Result<Self> {
        let (lines_in, lines) = mpsc::channel(AHEAD);
        thread::Builder::new().name("answers".to_owned()).spawn(move || {
            let mut input = io::stdin().lock();
            while let Ok(Some(line)) = line(&mut input) {
                let is_longer = line == Err(Unusable::TooLong);
                if lines_in.blocking_send(line).is_err() {
                    return;
                }
                if is_longer && !matches!(drop_rest(&mut input, ENDLESS), Ok(true)) {
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
            self.silence = EchoOff::begin();
        }
    }

    async fn next(&mut self) -> Option<String> {
        let line = loop {
            match self.lines.recv().await {
                Some(Ok(line)) => break Some(line),
                Some(Err(unusable)) => {
                    let _ = writeln!(stderr(), "! {unusable}: give the answer again");
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

/// Why a line is no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Unusable {
    /// Its bytes are no text.
    #[error("this is not UTF-8 text")]
    NotText,
    /// It goes on: see [`drop_rest`].
    #[error("that line is too long (over 64 KiB)")]
    TooLong,
}

/// The next line without its end; `None` after the last one. Of one that is too long, the rest is still to come.
fn line(input: &mut impl BufRead) -> io::Result<Option<Result<String, Unusable>>> {
    let mut bytes = Zeroizing::new(Vec::new()); // It may be a secret.
    if input.by_ref().take(LARGEST).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let line = match bytes.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None if bytes.len() as u64 == LARGEST => return Ok(Some(Err(Unusable::TooLong))),
        None => &bytes,
    };
    Ok(Some(std::str::from_utf8(line).map(str::to_owned).map_err(|_| Unusable::NotText)))
}

/// Reads on to the end of a line, and keeps nothing of it. False if there is no end within so many bytes.
fn drop_rest(input: &mut impl BufRead, most: u64) -> io::Result<bool> {
    let mut rest = input.take(most);
    rest.skip_until(b'\n')?;
    Ok(rest.limit() > 0)
}

/// The terminal does not show what is typed until this is dropped.
struct EchoOff(Termios);

impl EchoOff {
    fn begin() -> Option<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Flush, &silent).ok()?;
        Some(Self(before))
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, Unusable, drop_rest, line};

    #[test]
    fn a_line_that_is_no_text_does_not_end_the_input() {
        let mut input = &b"one\r\nJos\xe9\nlast"[..];
        let mut next = || line(&mut input).unwrap();
        assert_eq!(next(), Some(Ok("one".to_owned())));
        assert_eq!(next(), Some(Err(Unusable::NotText)));
        assert_eq!(next(), Some(Ok("last".to_owned())));
        assert_eq!(next(), None);
    }

    #[test]
    fn a_line_that_is_too_long_is_dropped_to_its_end() {
        let long = "x".repeat(3 * usize::try_from(LARGEST).unwrap());
        let text = format!("{long}\nlast\n");
        let mut input = text.as_bytes();
        assert_eq!(line(&mut input).unwrap(), Some(Err(Unusable::TooLong)));
        assert!(drop_rest(&mut input, 1 << 20).unwrap());
        assert_eq!(line(&mut input).unwrap(), Some(Ok("last".to_owned())));
        assert!(!drop_rest(&mut &[0; 2_000][..], 1 << 10).unwrap(), "it never ends");
    }
}
