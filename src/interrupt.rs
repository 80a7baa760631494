//! Signals that end the program early: Ctrl-C, SIGTERM, SIGQUIT, and SIGHUP when its terminal goes away.
//!
//! One listener takes them for the whole process ([`Signals`]), on a thread that nothing blocks; no mode installs a
//! handler of its own. It tells the mode through its [`Interrupts`]:
//!
//! | mode | at the first | at the second, or 9 s later |
//! |---|---|---|
//! | `--test`, the wizard | resolves the alert of a live test, within 5 s | ends at once |
//! | `--watch` | ends after the run under way, within 8 s | ends at once |
//! | any other | ends where it is: what it has done is kept | |
//!
//! Each ends with 130 (Ctrl-C), 143 (SIGTERM), 131 (SIGQUIT) or 129 (SIGHUP); only `--watch` is meant to be ended by SIGTERM, with 0.
//! In the wizard's raw mode Ctrl-C is a key; leaving by it gives 130, too.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::task::Poll;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

/// Why the program is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// SIGINT: Ctrl-C on the terminal.
    CtrlC,
    /// SIGTERM: an init system, or a person from elsewhere.
    Terminate,
    /// SIGHUP: the terminal is gone.
    HangUp,
    /// SIGQUIT: Ctrl-\ on the terminal. By itself it would leave the terminal as the wizard had it.
    Quit,
}

impl Interrupt {
    const ALL: [Self; 4] = [Self::CtrlC, Self::Terminate, Self::HangUp, Self::Quit];

    /// The signal's number.
    const fn number(self) -> u8 {
        match self {
            Self::CtrlC => 2,
            Self::Terminate => 15,
            Self::HangUp => 1,
            Self::Quit => 3,
        }
    }

    /// The exit code of a program that it ended, as a shell would see it: 130, 143, 129 or 131.
    #[must_use]
    pub const fn code(self) -> u8 {
        128 + self.number()
    }
}

impl fmt::Display for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CtrlC => "Ctrl-C",
            Self::Terminate => "SIGTERM",
            Self::HangUp => "SIGHUP",
            Self::Quit => "SIGQUIT",
        })
    }
}

/// Where a mode hears that it is to end.
#[derive(Debug)]
pub struct Interrupts(mpsc::UnboundedReceiver<Interrupt>);

impl Interrupts {
    /// With the end at which they are told.
    #[must_use]
    pub fn channel() -> (mpsc::UnboundedSender<Interrupt>, Self) {
        let (tell, told) = mpsc::unbounded_channel();
        (tell, Self(told))
    }

    /// The next one; `None` where nobody can tell of one any more. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Interrupt> {
        self.0.recv().await
    }
}

/// The signals of this process. From [`Signals::listen`] on none of them ends it by itself.
#[derive(Debug)]
pub struct Signals(Vec<(Interrupt, Signal)>);

impl Signals {
    /// Begins to listen, except to what whoever started this process had it ignore: SIGHUP under `nohup`, Ctrl-C
    /// behind a script's `&`. Needs a tokio runtime.
    pub fn listen() -> io::Result<Self> {
        let ignored = ignored();
        let heard = Interrupt::ALL.into_iter().filter(|which| ignored & (1 << (which.number() - 1)) == 0);
        let kind = |which: Interrupt| SignalKind::from_raw(i32::from(which.number()));
        heard.map(|which| Ok((which, handle(kind(which))?))).collect::<io::Result<_>>().map(Self)
    }

    /// The next one. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Interrupt {
        poll_fn(|context| {
            for (which, signal) in &mut self.0 {
                if signal.poll_recv(context).is_ready() {
                    return Poll::Ready(*which);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// A signal that ends nothing.
#[derive(Debug)]
pub struct Told(Signal);

impl Told {
    /// SIGCONT: this process was stopped and goes on. The wizard takes the terminal over again. Needs a tokio runtime.
    pub fn to_go_on() -> io::Result<Self> {
        handle(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw())).map(Self)
    }

    /// SIGWINCH: the terminal has another size. Needs a tokio runtime.
    pub fn of_another_size() -> io::Result<Self> {
        handle(SignalKind::window_change()).map(Self)
    }

    /// The next time. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) {
        self.0.recv().await;
    }
}

/// The only place that installs a handler.
#[allow(clippy::disallowed_methods)]
fn handle(kind: SignalKind) -> io::Result<Signal> {
    signal(kind)
}

/// The signals that this process ignores, a bit each, the first one lowest (`/proc/self/status`, proc(5)).
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    mask(&status).unwrap_or_default()
}

fn mask(status: &str) -> Option<u64> {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{Interrupt, Interrupts, mask};

    #[test]
    fn knows_what_is_ignored() {
        assert_eq!(mask("SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n"), Some(0x1001));
        assert_eq!(mask("Name:\tx\n"), None);
    }

    #[tokio::test]
    async fn a_mode_hears_each_one() {
        let (tell, mut told) = Interrupts::channel();
        tell.send(Interrupt::CtrlC).unwrap();
        tell.send(Interrupt::HangUp).unwrap();
        drop(tell);
        assert_eq!(told.next().await, Some(Interrupt::CtrlC));
        assert_eq!(told.next().await, Some(Interrupt::HangUp));
        assert_eq!(told.next().await, None);
        assert_eq!(Interrupt::ALL.map(Interrupt::code), [130, 143, 129, 131]);
    }
}
