//! A program in a pseudo-terminal: typed at, resized, signalled, and read as the screen that it draws.
//!
//! Nothing here sleeps: one waits until the screen is as it should be, or the program has ended. The
//! deadline is there for a program that hangs, and it is an error.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use netdata_ilert::wizard::Step;
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// For a program that hangs; far more than one on a busy machine needs.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// Columns and rows of most terminals.
pub const USUAL: (u16, u16) = (80, 24);

/// A program under way. It is killed when this is dropped.
pub struct Session {
    child: Option<Box<dyn Child + Send + Sync>>,
    pid: Pid,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    seen: Arc<Seen>,
}

struct Seen {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    terminal: vt100::Parser,
    bytes: Vec<u8>,
    over: bool,
}

impl Session {
    /// Starts a stage's command in the usual terminal.
    pub fn of(command: &Command) -> Self {
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_str().unwrap()).collect();
        Self::start(command.get_program(), &arguments, &[], USUAL)
    }

    /// Starts a program in a terminal of so many columns and rows, with this environment and no other.
    pub fn start(
        program: impl AsRef<Path>,
        arguments: &[&str],
        environment: &[(&str, &str)],
        size: (u16, u16),
    ) -> Self {
        let mut command = CommandBuilder::new(program.as_ref());
        command.args(arguments);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in environment {
            command.env(name, value);
        }
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        // Or the terminal would never close.
        drop(pair.slave);
        let pid = Pid::from_raw(child.process_id().unwrap().try_into().unwrap()).unwrap();
        // A terminal that says that it has none has some all the same.
        let (columns, rows) = if size == (0, 0) { USUAL } else { size };
        let (columns, rows) = (columns.try_into().unwrap(), rows.try_into().unwrap());
        let state =
            State { terminal: vt100::Parser::new(rows, columns, 1000), bytes: Vec::new(), over: false };
        let seen = Arc::new(Seen { state: Mutex::new(state), changed: Condvar::new() });
        let screen = pair.master.try_clone_reader().unwrap();
        thread::spawn({
            let seen = Arc::clone(&seen);
            move || seen.read(screen)
        });
        let keyboard = pair.master.take_writer().unwrap();
        Self { child: Some(child), pid, master: pair.master, keyboard, seen }
    }

    /// The program's process id.
    pub fn id(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Types.
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.keyboard.write_all(bytes.as_ref()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Pastes, as a terminal in bracketed paste mode does.
    pub fn paste(&mut self, text: &str) {
        self.write(format!("\u{1b}[200~{text}\u{1b}[201~"));
    }

    /// Gives the terminal another size, columns and rows; the program gets SIGWINCH.
    pub fn resize(&self, size: (u16, u16)) {
        let (columns, rows) = (size.0.try_into().unwrap(), size.1.try_into().unwrap());
        self.seen.state().terminal.set_size(rows, columns);
        self.master.resize(pty_size(size)).unwrap();
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Waits until the screen is as it should be.
    pub fn until(&self, what: &str, is: impl Fn(&vt100::Screen) -> bool) {
        self.wait(what, |state| is(state.terminal.screen()));
    }

    /// Waits until this text stands on the screen.
    pub fn until_text(&self, text: &str) {
        self.until(&format!("{text:?}"), |screen| screen.contents().contains(text));
    }

    /// Waits for a screen of this step of the wizard.
    pub fn until_at(&self, step: Step) {
        self.until_text(&step.counted().unwrap());
    }

    /// Waits until this was written, wherever it stands.
    pub fn until_bytes(&self, text: &str) {
        let is_written = |state: &State| state.bytes.windows(text.len()).any(|part| part == text.as_bytes());
        self.wait(&format!("{text:?} to be written"), is_written);
    }

    /// Waits until more was written than so many bytes.
    pub fn until_written(&self, before: usize) {
        self.wait("something to be drawn", |state| state.bytes.len() > before);
    }

    /// Waits until nothing has the terminal open any more.
    pub fn until_closed(&self) {
        self.wait("the terminal to be closed", |state| state.over);
    }

    /// Waits until the program has ended and all that it wrote is seen.
    pub fn finish(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("a session that is not finished");
        let (ended, status) = mpsc::channel();
        thread::spawn(move || ended.send(child.wait()));
        let status = status.recv_timeout(DEADLINE);
        let status = status.unwrap_or_else(|_| panic!("it does not end:\n{}", self.text())).unwrap();
        self.until_closed();
        status
    }

    /// What stands on the screen.
    pub fn text(&self) -> String {
        self.seen.state().terminal.screen().contents()
    }

    /// Everything that was written to the terminal.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.state().bytes.clone()
    }

    /// The terminal hands over whole lines and echoes them: the program has not, or not any more, put it
    /// into raw mode.
    pub fn cooked(&self) -> bool {
        let flags = self.master.get_termios().unwrap().local_flags;
        ["ICANON", "ECHO", "ISIG"].iter().all(|flag| flags.iter_names().any(|(name, _)| name == *flag))
    }

    /// The terminal is as a shell expects it: what a program changes of it is changed back.
    pub fn assert_restored(&self) {
        let state = self.seen.state();
        let screen = state.terminal.screen();
        let left = [
            (screen.alternate_screen(), "the alternate screen"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.hide_cursor(), "a hidden cursor"),
            (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "mouse reports"),
            (screen.fgcolor() != vt100::Color::Default || screen.bold() || screen.inverse(), "a style"),
        ];
        let left: Vec<_> = left.iter().filter(|(on, _)| *on).map(|(_, what)| *what).collect();
        assert!(left.is_empty(), "left behind: {left:?}\n{}", screen.contents());
        drop(state);
        assert!(self.cooked(), "left behind: raw mode");
    }

    fn wait(&self, what: &str, is: impl Fn(&State) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut state = self.seen.state();
        while !is(&state) {
            let left = until.saturating_duration_since(Instant::now());
            let why = if state.over { "it ended" } else { "nothing came" };
            assert!(
                !state.over && !left.is_zero(),
                "{why}, waiting for {what}:\n{}",
                state.terminal.screen().contents()
            );
            let waited = self.seen.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Seen {
    /// Also after a failed assertion: there is more to say, and to read.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, mut screen: Box<dyn Read + Send>) {
        let mut bytes = [0; 4096];
        loop {
            // A terminal that nothing has open any more reads as an error on Linux.
            let read = screen.read(&mut bytes).unwrap_or(0);
            let mut state = self.state();
            state.terminal.process(&bytes[..read]);
            state.bytes.extend_from_slice(&bytes[..read]);
            state.over = read == 0;
            self.changed.notify_all();
            if read == 0 {
                return;
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn pty_size((columns, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}
