//! All that comes from the terminal, in one order, and what ends the program.
//!
//! Nothing is read while the terminal is not ours: an editor has it then. Nothing wakes up while nothing happens.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Instant;

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use futures_util::stream::{Stream, unfold};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::Notify;
use tokio::time::timeout_at;

use super::decoder::Decoder;
use super::error::TerminalError;
use super::size;
use crate::interrupt::{Interrupt, Interrupts, Told};

/// Bytes that are read at once.
const CHUNK: usize = 4096;

/// The terminal is ours again.
static TAKEN_OVER: Notify = Notify::const_new();

/// Something that came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed, or is held down.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The terminal has another size: columns and rows.
    Resize(u16, u16),
    /// This process was stopped and goes on: take the terminal over again, and draw.
    Continued,
    /// It is over; nothing comes after it.
    End(End),
}

/// Why it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// SIGINT from outside: ctrl-c is a key here.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// SIGHUP, or the terminal is gone.
    HungUp,
    /// SIGQUIT from outside: ctrl-\ is a key here.
    Quit,
    /// The terminal cannot be read; why.
    Unreadable(String),
}

impl From<Interrupt> for End {
    fn from(interrupt: Interrupt) -> Self {
        match interrupt {
            Interrupt::CtrlC => Self::Interrupted,
            Interrupt::Terminate => Self::Terminated,
            Interrupt::HangUp => Self::HungUp,
            Interrupt::Quit => Self::Quit,
        }
    }
}

impl End {
    /// What the program was told by, where it was.
    #[must_use]
    pub fn interrupt(&self) -> Option<Interrupt> {
        match self {
            Self::Interrupted => Some(Interrupt::CtrlC),
            Self::Terminated => Some(Interrupt::Terminate),
            Self::HungUp => Some(Interrupt::HangUp),
            Self::Quit => Some(Interrupt::Quit),
            Self::Unreadable(_) => None,
        }
    }
}

/// What comes in.
#[derive(Debug)]
pub struct Inputs<'a> {
    terminal: AsyncFd<OwnedFd>,
    decoder: Decoder,
    events: VecDeque<Event>,
    interrupts: &'a mut Interrupts,
    continued: Told,
    resized: Told,
    /// Whether the terminal is ours to read.
    is_ours: fn() -> bool,
    over: bool,
}

impl<'a> Inputs<'a> {
    /// Starts to listen to standard input. Needs a tokio runtime.
    pub fn listen(interrupts: &'a mut Interrupts) -> Result<Self, TerminalError> {
        let stdin = io::stdin().as_fd().try_clone_to_owned().map_err(TerminalError::Listen)?;
        Self::of(stdin, super::is_ours, interrupts).map_err(TerminalError::Listen)
    }

    /// The other constructors want `unsafe`, for descriptors that may be closed meanwhile: an owned one is not.
    #[allow(deprecated)]
    fn of(terminal: OwnedFd, is_ours: fn() -> bool, interrupts: &'a mut Interrupts) -> io::Result<Self> {
        Ok(Self {
            terminal: AsyncFd::with_interest(terminal, Interest::READABLE)?,
            decoder: Decoder::default(),
            events: VecDeque::new(),
            interrupts,
            continued: Told::to_go_on()?,
            resized: Told::of_another_size()?,
            is_ours,
            over: false,
        })
    }

    /// Waits for the next input. After an [`Input::End`] only signals come: a second one means that the sender will not
    /// wait. `None` when no more can come. An end overtakes what was typed ahead. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Input> {
        if self.over {
            return self.interrupts.next().await.map(|interrupt| Input::End(interrupt.into()));
        }
        let input = loop {
            let input = tokio::select! {
                biased;
                Some(interrupt) = self.interrupts.next() => Input::End(interrupt.into()),
                () = self.continued.next() => Input::Continued,
                () = self.resized.next() => {
                    let (columns, rows) = size::size();
                    Input::Resize(columns, rows)
                }
                input = typed(&self.terminal, self.is_ours, &mut self.decoder, &mut self.events) => input,
            };
            // Ctrl-C, ctrl-\, a new size and going on after ctrl-z are for whoever has the terminal.
            let is_for_all =
                matches!(&input, Input::End(end) if !matches!(end, End::Interrupted | End::Quit));
            if is_for_all || (self.is_ours)() {
                break input;
            }
        };
        self.over = matches!(input, Input::End(_));
        Some(input)
    }

    /// The same as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Input> + Send {
        unfold(self, |mut inputs| async { inputs.next().await.map(|input| (input, inputs)) })
    }
}

/// The next key or paste. Dropping the future loses nothing: what was read is kept by the decoder and the queue.
async fn typed(
    terminal: &AsyncFd<OwnedFd>,
    is_ours: fn() -> bool,
    decoder: &mut Decoder,
    events: &mut VecDeque<Event>,
) -> Input {
    loop {
        while let Some(event) = events.pop_front() {
            if let Some(input) = input(event) {
                return input;
            }
        }
        let bytes = match decoder.due() {
            None => read(terminal, is_ours).await,
            Some(due) => {
                let Ok(bytes) = timeout_at(due.into(), read(terminal, is_ours)).await else {
                    events.extend(decoder.expire(Instant::now().max(due)));
                    continue;
                };
                bytes
            }
        };
        match bytes {
            Ok(bytes) if bytes.is_empty() => return Input::End(End::HungUp),
            Ok(bytes) => events.extend(decoder.feed(&bytes, Instant::now())),
            // What a terminal says that nobody holds any more.
            Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => {
                return Input::End(End::HungUp);
            }
            Err(error) => return Input::End(End::Unreadable(error.to_string())),
        }
    }
}

/// The bytes that there are, once there are some and the terminal is ours; none where it is gone.
async fn read(terminal: &AsyncFd<OwnedFd>, is_ours: fn() -> bool) -> io::Result<Vec<u8>> {
    loop {
        let mut ready = terminal.readable().await?;
        if !is_ours() {
            TAKEN_OVER.notified().await;
            continue;
        }
        // Others have the same terminal open, so it is not to be made non-blocking: it is asked first.
        if poll(&mut [PollFd::new(terminal, PollFlags::IN)], Some(&Timespec::default()))? == 0 {
            ready.clear_ready();
            continue;
        }
        let mut bytes = vec![0; CHUNK];
        match rustix::io::read(terminal, &mut bytes) {
            Ok(count) => {
                bytes.truncate(count);
                return Ok(bytes);
            }
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Says that the terminal is ours again: what comes from it may be read.
pub(super) fn taken_over() {
    TAKEN_OVER.notify_one();
}

/// What an event means to the wizard; `None` for nothing: key releases, the mouse, the focus.
fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Input::Key(key)),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Resize(columns, rows) => Some(Input::Resize(columns, rows)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::net::UnixStream;

    use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

    use super::{End, Input, Inputs, Interrupt, Interrupts, input};

    fn key(code: KeyCode) -> Input {
        Input::Key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[tokio::test]
    async fn hands_over_what_comes_in_order() {
        let (mut keyboard, terminal) = UnixStream::pair().unwrap();
        let (tell, mut interrupts) = Interrupts::channel();
        let mut inputs = Inputs::of(terminal.into(), || true, &mut interrupts).unwrap();
        keyboard.write_all(b"a\x1b[B\x1b[200~text\x1b[201~\x1b").unwrap();
        for expected in
            [key(KeyCode::Char('a')), key(KeyCode::Down), Input::Paste("text".into()), key(KeyCode::Esc)]
        {
            assert_eq!(inputs.next().await, Some(expected));
        }
        // An end overtakes what was typed before it, and nothing comes after it.
        keyboard.write_all(b"b").unwrap();
        tell.send(Interrupt::CtrlC).unwrap();
        assert_eq!(inputs.next().await, Some(Input::End(End::Interrupted)));
        // But for somebody who will not wait.
        tell.send(Interrupt::Terminate).unwrap();
        assert_eq!(inputs.next().await, Some(Input::End(End::Terminated)));
        drop(tell);
        assert_eq!(inputs.next().await, None);
    }

    #[tokio::test]
    async fn ends_when_the_terminal_is_gone() {
        let (mut keyboard, terminal) = UnixStream::pair().unwrap();
        let (_tell, mut interrupts) = Interrupts::channel();
        let mut inputs = Inputs::of(terminal.into(), || true, &mut interrupts).unwrap();
        keyboard.write_all(b"a").unwrap();
        drop(keyboard);
        assert_eq!(inputs.next().await, Some(key(KeyCode::Char('a'))));
        assert_eq!(inputs.next().await, Some(Input::End(End::HungUp)));
    }

    #[tokio::test]
    async fn reads_nothing_while_another_program_has_the_terminal() {
        let (mut keyboard, terminal) = UnixStream::pair().unwrap();
        let same = terminal.try_clone().unwrap();
        let (tell, mut interrupts) = Interrupts::channel();
        let mut inputs = Inputs::of(terminal.into(), || false, &mut interrupts).unwrap();
        keyboard.write_all(b"for the editor").unwrap();
        // Ctrl-C is the editor's, too.
        tell.send(Interrupt::CtrlC).unwrap();
        tell.send(Interrupt::Terminate).unwrap();
        assert_eq!(inputs.next().await, Some(Input::End(End::Terminated)));
        let mut read = [0; 14];
        std::io::Read::read_exact(&mut &same, &mut read).unwrap();
        assert_eq!(&read, b"for the editor");
    }

    #[test]
    fn releases_and_the_focus_are_nothing() {
        let release = KeyEvent::new_with_kind(KeyCode::Char('a'), KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(input(Event::Key(release)), None);
        assert_eq!(input(Event::FocusGained), None);
    }
}
