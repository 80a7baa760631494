//! Bytes from a terminal as keys and pastes.
//!
//! Written by hand because crossterm takes an ESC that comes alone for the key Esc: on a slow line, where the rest of a
//! sequence comes a moment later, an arrow would go back a step and a paste would be typed. Here an ESC waits
//! [`PATIENCE`] for its rest. The clock is the caller's.

mod sequence;

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use sequence::{ESC, Read, read};

/// How long an ESC waits for the rest of its sequence.
pub(super) const PATIENCE: Duration = Duration::from_millis(50);

/// What ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";
/// Of a paste that never ends, or is no text for a wizard, no more is kept (bytes).
const LONGEST_PASTE: usize = 1 << 20;

/// What has come and is no event yet.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    pending: Vec<u8>,
    paste: Option<Vec<u8>>,
    /// When the last byte came.
    last: Option<Instant>,
}

impl Decoder {
    /// Takes bytes that came now, and gives the events that they complete.
    pub(super) fn feed(&mut self, bytes: &[u8], now: Instant) -> Vec<Event> {
        let mut events = Vec::new();
        for byte in bytes {
            if let Some(paste) = &mut self.paste {
                paste.push(*byte);
                events.extend(self.pasted());
            } else {
                self.pending.push(*byte);
                self.take(&mut events);
            }
        }
        self.last = Some(now);
        events
    }

    /// When an ESC that stands alone is the key Esc, unless more comes before.
    pub(super) fn due(&self) -> Option<Instant> {
        (self.pending == [ESC]).then_some(self.last? + PATIENCE)
    }

    /// The key Esc, where it is due by now.
    pub(super) fn expire(&mut self, now: Instant) -> Option<Event> {
        self.due().filter(|due| *due <= now)?;
        self.pending.clear();
        Some(esc())
    }

    fn take(&mut self, events: &mut Vec<Event>) {
        loop {
            match read(&self.pending) {
                Read::More => return,
                Read::Done(event) => {
                    self.pending.clear();
                    events.extend(event);
                    return;
                }
                Read::Paste => {
                    self.pending.clear();
                    self.paste = Some(Vec::new());
                    return;
                }
                Read::Broken => {
                    // What came last is none of it, and may begin something else.
                    let last = self.pending.pop();
                    events.extend((self.pending == [ESC]).then(esc));
                    self.pending.clear();
                    self.pending.extend(last);
                }
            }
        }
    }

    /// The paste, once it has ended.
    fn pasted(&mut self) -> Option<Event> {
        let paste = self.paste.as_mut()?;
        if let Some(text) = paste.strip_suffix(PASTE_END) {
            let text = String::from_utf8_lossy(text).into_owned();
            self.paste = None;
            return Some(Event::Paste(text));
        }
        if paste.len() > LONGEST_PASTE {
            let end = paste.len() - PASTE_END.len();
            paste.drain(..end);
        }
        None
    }
}

fn esc() -> Event {
    Event::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE))
}

#[cfg(test)]
mod tests;
