//! The way out: every word of this program to a terminal, a pipe or a file is written through [`stdout`] or [`stderr`],
//! which clean it with [`clean`] even if that was forgotten before. Clippy refuses any other way.
//!
//! Colours are put in here, after the words were cleaned: an escape sequence in the words themselves never gets
//! through. The wizard's screen is written by itself, since it is all sequences: its cells are cleaned where they are
//! drawn. What goes to the journal is cleaned where it is logged.

use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, BorrowedFd};

use serde::Serialize;

use crate::text::{clean, escaped};

/// For data.
#[allow(clippy::disallowed_methods)] // this is the way out
#[must_use]
pub fn stdout() -> Clean<io::Stdout> {
    Clean(io::stdout())
}

/// For words.
#[allow(clippy::disallowed_methods)] // this is the way out
#[must_use]
pub fn stderr() -> Clean<io::Stderr> {
    Clean(io::stderr())
}

/// A value as JSON for people and programs, with a line break at its end.
pub fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = escaped(&serde_json::to_string_pretty(value)?).into_owned();
    text.push('\n');
    Ok(text)
}

/// Whether a terminal of this environment shows UTF-8. The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not
/// empty decides, as POSIX has it. With none of them, as in cron's mails, the locale is `C`: ASCII.
#[must_use]
pub fn shows_unicode(env: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env(name).filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// The colours that words may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// It does not work.
    Red = 31,
    /// It works.
    Green = 32,
    /// Warning.
    Yellow = 33,
    /// For the curious.
    Blue = 34,
    /// For the very curious.
    Magenta = 35,
}

/// Writes what is clean of what it is given, each piece of formatted words at once.
#[derive(Debug)]
pub struct Clean<W>(W);

impl<W> Clean<W> {
    /// Before this.
    pub fn new(inner: W) -> Self {
        Self(inner)
    }

    /// What it writes to.
    pub fn into_inner(self) -> W {
        self.0
    }
}

impl<W: Write> Clean<W> {
    /// Writes words at once, each in its colour, if it has one.
    pub fn paint(&mut self, words: &[(Option<Color>, &str)]) -> io::Result<()> {
        let mut text = String::new();
        for (color, words) in words {
            let words = clean(words);
            match color {
                Some(color) => _ = write!(text, "\u{1b}[{}m{words}\u{1b}[0m", *color as u8),
                None => text.push_str(&words),
            }
        }
        self.0.write_all(text.as_bytes())
    }
}

impl<W: IsTerminal> Clean<W> {
    /// Whether a person reads it.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.0.is_terminal()
    }
}

/// To ask the terminal behind it something, such as its size.
impl<W: AsFd> AsFd for Clean<W> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl<W: Write> Write for Clean<W> {
    /// Bytes that are no text are replaced.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.paint(&[(None, &String::from_utf8_lossy(bytes))]).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    fn write_fmt(&mut self, words: fmt::Arguments<'_>) -> io::Result<()> {
        self.paint(&[(None, &words.to_string())])
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::{Clean, Color, json, shows_unicode};
    use crate::text::is_clean;

    fn written(write: impl FnOnce(&mut Clean<Vec<u8>>)) -> String {
        let mut out = Clean::new(Vec::new());
        write(&mut out);
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn reads_the_locale_as_posix_does() {
        for (all, ctype, lang, expected) in [
            ("", "", "", false),
            ("", "", "C", false),
            ("", "", "C.UTF-8", true),
            ("", "", "de_DE.utf8", true),
            ("", "", "de_DE.UTF-8@euro", true),
            ("", "", "de_DE@euro", false),
            ("", "", "de_DE", false),
            ("C", "en_US.UTF-8", "en_US.UTF-8", false),
            ("", "en_US.UTF-8", "C", true),
            ("", "POSIX", "en_US.UTF-8", false),
        ] {
            let set = [("LC_ALL", all), ("LC_CTYPE", ctype), ("LANG", lang)];
            let env =
                |name: &str| set.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
            assert_eq!(shows_unicode(env), expected, "{all:?} {ctype:?} {lang:?}");
        }
        assert!(!shows_unicode(|_| None));
    }

    #[test]
    fn words_bring_no_sequence_and_colours_do() {
        let title = "\u{1b}]0;title\u{7}\u{9b}31mx\u{202e}";
        let text = written(|out| {
            out.paint(&[(Some(Color::Red), title), (None, title)]).unwrap();
            writeln!(out, "{title}").unwrap();
            out.write_all(b"\xff\x1b[m\n").unwrap();
        });
        assert_eq!(text, "\u{1b}[31m ]0;title  31mx\u{1b}[0m ]0;title  31mx ]0;title  31mx\n\u{fffd} [m\n");
    }

    #[test]
    fn json_is_clean_and_loses_nothing() {
        let name = "\u{9b}31m\u{202e}\u{200b}\u{e0041}\u{7f}";
        let text = json(&[name]).unwrap();
        assert_eq!(text, "[\n  \"\\u009b31m\\u202e\\u200b\\udb40\\udc41\\u007f\"\n]\n");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), [name]);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_clean(pieces in prop::collection::vec(".*|[\\x00-\\x1f\\u{80}-\\u{9f}\\u{202e}]*", 0..5)) {
            let text = written(|out| pieces.iter().for_each(|piece| write!(out, "{piece}").unwrap()));
            prop_assert!(text.lines().all(is_clean), "{text:?}");
        }
    }
}
