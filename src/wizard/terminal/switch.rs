//! Takes the terminal over and gives it back: the escape sequences, and whether the terminal is ours now.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossterm::QueueableCommand;
use crossterm::cursor::{MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::ResetColor;
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};

/// On while the terminal is ours. All that is written to it goes through here, so that nothing is written
/// after it was given back.
#[derive(Debug)]
pub(super) struct Switch(Mutex<bool>);

impl Switch {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(false))
    }

    /// Takes the terminal over, unless it is ours already. `raw` sets raw mode or what was before it.
    pub(super) fn on(&self, out: &mut impl Write, raw: impl Fn(bool) -> io::Result<()>) -> io::Result<()> {
        let mut on = self.lock();
        if *on {
            return Ok(());
        }
        raw(true)?;
        if let Err(error) = enter(out) {
            let _ = leave(out);
            let _ = raw(false);
            return Err(error);
        }
        *on = true;
        Ok(())
    }

    /// Gives the terminal back, unless it was given back already. Each part is tried whatever becomes of the
    /// others.
    pub(super) fn off(&self, out: &mut impl Write, raw: impl Fn(bool) -> io::Result<()>) -> io::Result<()> {
        let mut on = self.lock();
        if !std::mem::take(&mut *on) {
            return Ok(());
        }
        let left = leave(out);
        raw(false).and(left)
    }

    /// Writes at once and as a whole while the terminal is ours, and nothing otherwise.
    pub(super) fn write(&self, out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
        let on = self.lock();
        if !*on {
            return Ok(());
        }
        out.write_all(bytes)?;
        out.flush()
    }

    /// Whether the terminal is ours.
    pub(super) fn is_on(&self) -> bool {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn enter(out: &mut impl Write) -> io::Result<()> {
    out.queue(EnterAlternateScreen)?;
    clear(out)?;
    out.queue(EnableBracketedPaste)?.flush()
}

/// Empties the screen and goes to its first place. Where there is no alternate screen, as in GNU screen by default, what
/// stood there before would show through, and what is written after the wizard would be mixed with its last page.
fn clear(out: &mut impl Write) -> io::Result<()> {
    out.queue(ResetColor)?.queue(MoveTo(0, 0))?.queue(Clear(ClearType::FromCursorDown))?;
    Ok(())
}

fn leave(out: &mut impl Write) -> io::Result<()> {
    clear(out)?;
    let queued = out
        .queue(DisableBracketedPaste)?
        .queue(LeaveAlternateScreen)?
        // ratatui hides it while it draws.
        .queue(Show)?;
    queued.flush()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{self, Write};

    use super::Switch;

    const ENTER: &str = "\u{1b}[?1049h\u{1b}[0m\u{1b}[1;1H\u{1b}[J\u{1b}[?2004h";
    const LEAVE: &str = "\u{1b}[0m\u{1b}[1;1H\u{1b}[J\u{1b}[?2004l\u{1b}[?1049l\u{1b}[?25h";

    /// Takes so many writes, then fails.
    struct Failing(usize, Vec<u8>);

    impl Write for Failing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or_else(|| io::Error::other("gone"))?;
            self.1.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn recorded(raw: &RefCell<Vec<bool>>) -> impl Fn(bool) -> io::Result<()> {
        |on| {
            raw.borrow_mut().push(on);
            Ok(())
        }
    }

    #[test]
    fn takes_over_and_gives_back_once() {
        let (switch, mut out, raw) = (Switch::new(), Vec::new(), RefCell::new(Vec::new()));
        switch.off(&mut out, recorded(&raw)).unwrap();
        switch.write(&mut out, b"unseen").unwrap();
        assert!(out.is_empty());
        switch.on(&mut out, recorded(&raw)).unwrap();
        switch.on(&mut out, recorded(&raw)).unwrap();
        switch.write(&mut out, b"frame").unwrap();
        switch.off(&mut out, recorded(&raw)).unwrap();
        switch.off(&mut out, recorded(&raw)).unwrap();
        switch.write(&mut out, b"unseen").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("{ENTER}frame{LEAVE}"));
        assert_eq!(raw.into_inner(), [true, false]);
    }

    #[test]
    fn can_be_taken_over_again() {
        let (switch, mut out, raw) = (Switch::new(), Vec::new(), RefCell::new(Vec::new()));
        for _ in 0..2 {
            switch.on(&mut out, recorded(&raw)).unwrap();
            switch.off(&mut out, recorded(&raw)).unwrap();
        }
        assert_eq!(String::from_utf8(out).unwrap(), format!("{ENTER}{LEAVE}").repeat(2));
        assert_eq!(raw.into_inner(), [true, false, true, false]);
    }

    #[test]
    fn undoes_what_it_did_when_entering_fails() {
        let (switch, raw) = (Switch::new(), RefCell::new(Vec::new()));
        let mut out = Failing(1, Vec::new());
        assert_eq!(switch.on(&mut out, recorded(&raw)).unwrap_err().to_string(), "gone");
        assert_eq!(raw.borrow().as_slice(), [true, false]);
        // And it is off: nothing more to give back.
        out.0 = 9;
        let before = out.1.len();
        switch.off(&mut out, recorded(&raw)).unwrap();
        assert_eq!((out.1.len(), raw.into_inner().len()), (before, 2));
    }

    #[test]
    fn writes_nothing_where_raw_mode_is_refused() {
        let (switch, mut out) = (Switch::new(), Vec::new());
        let refused = |_| Err(io::Error::other("no terminal"));
        assert_eq!(switch.on(&mut out, refused).unwrap_err().to_string(), "no terminal");
        assert!(out.is_empty());
    }

    #[test]
    fn leaves_raw_mode_even_if_nothing_can_be_written() {
        let (switch, raw) = (Switch::new(), RefCell::new(Vec::new()));
        switch.on(&mut Vec::new(), recorded(&raw)).unwrap();
        assert!(switch.off(&mut Failing(0, Vec::new()), recorded(&raw)).is_err());
        assert_eq!(raw.into_inner(), [true, false]);
    }
}
