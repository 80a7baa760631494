//! The terminal: taken over by one guard, given back whatever happens, and everything that comes from it.
//!
//! [`Screen`] holds raw mode, the alternate screen and bracketed paste from [`Screen::enter`] until it is
//! dropped. A panic on any thread gives the terminal back first; then it is reported, which ends the program. [`Inputs`] is all that comes in, in one order: keys, pastes,
//! sizes, and what ends the program. Written by hand because ratatui's own `init` and `restore` leave
//! bracketed paste on, and raw mode where entering fails half-way.

mod canvas;
mod colors;
mod decoder;
mod editor;
mod error;
mod inputs;
mod size;
mod switch;

use std::io::{self, Stdout};
use std::panic;
use std::sync::Once;
use std::time::Duration;

use ratatui::Terminal;
use rustix::process::{Signal, kill_current_process_group};

pub use canvas::Canvas;
pub use error::TerminalError;
pub use inputs::{End, Input, Inputs};
use switch::Switch;

/// The one terminal of this process.
static SWITCH: Switch = Switch::new();

/// What ratatui draws to.
pub type Tui = Terminal<Canvas>;

/// The terminal, while it is ours. Dropping it gives it back.
#[derive(Debug)]
pub struct Screen {
    tui: Tui,
}

impl Screen {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste. What fails half-way is undone.
    pub fn enter() -> Result<Self, TerminalError> {
        give_back_on_panic();
        // Colours are the theme's business: under `NO_COLOR` crossterm would write empty sequences, which
        // cancel bold and reverse, too.
        crossterm::style::force_color_output(true);
        SWITCH.on(&mut stdout(), raw_mode).map_err(TerminalError::Enter)?;
        Terminal::new(Canvas::new()).map(|tui| Self { tui }).map_err(|error| {
            give_back();
            TerminalError::Enter(error)
        })
    }

    /// What to draw on. Not to be asked for the cursor's position (as `Terminal::clear` does): the answer
    /// would go to [`Inputs`].
    pub fn tui(&mut self) -> &mut Tui {
        &mut self.tui
    }

    /// Writes a sequence that draws nothing, such as the one that fills the clipboard.
    pub fn send(&mut self, sequence: &str) -> Result<(), TerminalError> {
        SWITCH.write(&mut stdout(), sequence.as_bytes()).map_err(TerminalError::Write)
    }

    /// Gives the terminal to an editor for a text, and takes it over again. The error says why the text is as it was.
    pub async fn edit(&mut self, text: &str) -> Result<String, String> {
        let editor = editor::chosen(|name| std::env::var(name).ok())?;
        SWITCH.off(&mut stdout(), raw_mode).map_err(|error| error.to_string())?;
        let edited = editor::run(&editor, text).await;
        self.resume().map_err(|error| error.to_string())?;
        edited
    }

    /// Gives the terminal back and stops this process with all of its job, as ctrl-z does outside of raw
    /// mode. Returns when the shell lets it go on, with the terminal taken over again and empty.
    pub fn suspend(&mut self) -> Result<(), TerminalError> {
        SWITCH.off(&mut stdout(), raw_mode).map_err(TerminalError::Write)?;
        // Ignored where no shell could let it go on again (an orphaned job); then it just goes on.
        let _ = kill_current_process_group(Signal::TSTP);
        // With several threads the signal may be taken by another one, a moment later: not to be stopped
        // with the terminal taken over again.
        std::thread::sleep(Duration::from_millis(50));
        self.resume()
    }

    /// Takes the terminal over again after this process was stopped, by whatever signal.
    pub fn resume(&mut self) -> Result<(), TerminalError> {
        let out = &mut stdout();
        // The shell has set its own modes meanwhile, and crossterm keeps those that it thinks are set.
        SWITCH.off(out, raw_mode).and_then(|()| SWITCH.on(out, raw_mode)).map_err(TerminalError::Enter)?;
        inputs::taken_over();
        // Not `Terminal::clear`: it asks the terminal where the cursor is, and the answer would go to whoever
        // reads the keys. `resize` clears and redraws just as well, for whatever size it is now.
        let size = self.tui.size().map_err(TerminalError::Write)?;
        self.tui.resize(size.into()).map_err(TerminalError::Write)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Whether the terminal is taken over now.
fn is_ours() -> bool {
    SWITCH.is_on()
}

/// The terminal itself, without [`output`](crate::output): it is all sequences. The cells are clean, see `view`.
#[allow(clippy::disallowed_methods)]
fn stdout() -> Stdout {
    io::stdout()
}

/// Gives the terminal back; does nothing where it is not ours.
fn give_back() {
    // Nothing is left to do for a terminal that cannot be written to.
    let _ = SWITCH.off(&mut stdout(), raw_mode);
}

fn give_back_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            give_back();
            report(panic);
        }));
    });
}

fn raw_mode(on: bool) -> io::Result<()> {
    if on { crossterm::terminal::enable_raw_mode() } else { crossterm::terminal::disable_raw_mode() }
}
