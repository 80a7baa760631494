//! All that comes from the terminal, in one order, and what ends the program.
//!
//! A thread of its own reads, because crossterm's reader never returns from a terminal that is gone: it
//! spins, and on the wizard's own thread it would take the wizard with it. A second one sleeps until the
//! terminal hangs up. Neither wakes up while nothing happens; both end with the process.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;

use crossterm::event::{self, Event, KeyEvent, KeyEventKind};
use futures_util::stream::{Stream, unfold};
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::{Notify, mpsc};

use super::error::TerminalError;
use crate::interrupt::{Continued, Interrupt, Interrupts};

/// Events that wait to be taken; the reader waits when it is full.
const QUEUE: usize = 64;

/// A panic somewhere in this process.
static PANIC: Notify = Notify::const_new();

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
    /// The terminal cannot be read; why.
    Unreadable(String),
    /// A panic on another thread, reported already.
    Panicked,
}

impl From<Interrupt> for End {
    fn from(interrupt: Interrupt) -> Self {
        match interrupt {
            Interrupt::CtrlC => Self::Interrupted,
            Interrupt::Terminate => Self::Terminated,
            Interrupt::HangUp => Self::HungUp,
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
            Self::Unreadable(_) | Self::Panicked => None,
        }
    }
}

/// What comes in.
#[derive(Debug)]
pub struct Inputs<'a> {
    events: mpsc::Receiver<Event>,
    ends: mpsc::UnboundedReceiver<End>,
    interrupts: &'a mut Interrupts,
    continued: Continued,
    over: bool,
}

impl<'a> Inputs<'a> {
    /// Starts to listen. Once in a process: there is one terminal. Needs a tokio runtime.
    pub fn listen(interrupts: &'a mut Interrupts) -> Result<Self, TerminalError> {
        let (events_in, events) = mpsc::channel(QUEUE);
        let (ends_in, ends) = mpsc::unbounded_channel();
        let inputs = Self::of(events, ends, interrupts).map_err(TerminalError::Listen)?;
        let gone = ends_in.clone();
        let start = |name: &str| thread::Builder::new().name(name.to_owned());
        start("terminal-gone")
            .spawn(move || {
                wait_until_gone(io::stdin().as_fd());
                let _ = gone.send(End::HungUp);
            })
            .map_err(TerminalError::Listen)?;
        start("terminal-input").spawn(move || read(&events_in, &ends_in)).map_err(TerminalError::Listen)?;
        Ok(inputs)
    }

    /// Waits for the next input. After an [`Input::End`] only signals come: a second one means that the sender will not
    /// wait. `None` when no more can come. An end overtakes what was typed ahead. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Input> {
        if self.over {
            return self.interrupts.next().await.map(|interrupt| Input::End(interrupt.into()));
        }
        loop {
            let input = tokio::select! {
                biased;
                () = PANIC.notified() => Input::End(End::Panicked),
                Some(interrupt) = self.interrupts.next() => Input::End(interrupt.into()),
                Some(end) = self.ends.recv() => Input::End(end),
                () = self.continued.next() => Input::Continued,
                event = self.events.recv() => match event.map(input) {
                    Some(Some(input)) => input,
                    Some(None) => continue,
                    None => Input::End(End::HungUp),
                },
            };
            self.over = matches!(input, Input::End(_));
            return Some(input);
        }
    }

    /// The same as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Input> + Send {
        unfold(self, |mut inputs| async { inputs.next().await.map(|input| (input, inputs)) })
    }

    fn of(
        events: mpsc::Receiver<Event>,
        ends: mpsc::UnboundedReceiver<End>,
        interrupts: &'a mut Interrupts,
    ) -> io::Result<Self> {
        Ok(Self { events, ends, interrupts, continued: Continued::listen()?, over: false })
    }
}

/// Says that there was a panic; the wizard's inputs end.
pub(super) fn panicked() {
    PANIC.notify_one();
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

fn read(events: &mpsc::Sender<Event>, ends: &mpsc::UnboundedSender<End>) {
    loop {
        match event::read() {
            Ok(event) => {
                if events.blocking_send(event).is_err() {
                    return;
                }
            }
            Err(error) => {
                let _ = ends.send(End::Unreadable(error.to_string()));
                return;
            }
        }
    }
}

/// Returns when the other side is closed. It asks for no event, so that only a hang-up or an error, which
/// are always told, wakes it up.
fn wait_until_gone(terminal: BorrowedFd<'_>) {
    loop {
        match poll(&mut [PollFd::from_borrowed_fd(terminal, PollFlags::empty())], None) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;

    use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
    use tokio::sync::mpsc;

    use super::{End, Input, Inputs, Interrupt, Interrupts, wait_until_gone};

    fn key(kind: KeyEventKind) -> KeyEvent {
        KeyEvent::new_with_kind(KeyCode::Char('a'), KeyModifiers::NONE, kind)
    }

    #[tokio::test]
    async fn hands_over_what_matters_in_order() {
        let (events, receiver) = mpsc::channel(9);
        let (ends, ended) = mpsc::unbounded_channel();
        let (tell, mut interrupts) = Interrupts::channel();
        let mut inputs = Inputs::of(receiver, ended, &mut interrupts).unwrap();
        for event in [
            Event::FocusGained,
            Event::Key(key(KeyEventKind::Release)),
            Event::Key(key(KeyEventKind::Press)),
            Event::Key(key(KeyEventKind::Repeat)),
            Event::Paste("text".into()),
            Event::Resize(80, 24),
        ] {
            events.send(event).await.unwrap();
        }
        for expected in [
            Input::Key(key(KeyEventKind::Press)),
            Input::Key(key(KeyEventKind::Repeat)),
            Input::Paste("text".into()),
            Input::Resize(80, 24),
        ] {
            assert_eq!(inputs.next().await, Some(expected));
        }
        // An end overtakes what was typed before it, and nothing comes after it.
        events.send(Event::Key(key(KeyEventKind::Press))).await.unwrap();
        ends.send(End::Unreadable("why".into())).unwrap();
        assert_eq!(inputs.next().await, Some(Input::End(End::Unreadable("why".into()))));
        // But for somebody who will not wait.
        tell.send(Interrupt::Terminate).unwrap();
        assert_eq!(inputs.next().await, Some(Input::End(End::Terminated)));
        drop(tell);
        assert_eq!(inputs.next().await, None);
    }

    #[tokio::test]
    async fn ends_when_the_reader_is_gone() {
        let (events, receiver) = mpsc::channel(9);
        let (_ends, ended) = mpsc::unbounded_channel();
        let (_, mut interrupts) = Interrupts::channel();
        let mut inputs = Inputs::of(receiver, ended, &mut interrupts).unwrap();
        events.send(Event::Key(key(KeyEventKind::Press))).await.unwrap();
        drop(events);
        assert_eq!(inputs.next().await, Some(Input::Key(key(KeyEventKind::Press))));
        assert_eq!(inputs.next().await, Some(Input::End(End::HungUp)));
        assert_eq!(inputs.next().await, None);
    }

    #[test]
    fn sleeps_until_the_other_side_is_closed() {
        let (mut far, near) = UnixStream::pair().unwrap();
        let (gone, told) = std::sync::mpsc::channel();
        let watcher = std::thread::spawn(move || {
            wait_until_gone(near.as_fd());
            gone.send(()).unwrap();
        });
        // Something to read is no reason to wake up.
        std::io::Write::write_all(&mut far, b"x").unwrap();
        assert!(told.try_recv().is_err());
        drop(far);
        told.recv().unwrap();
        watcher.join().unwrap();
    }
}
