//! The lines as a person reads them.

use std::borrow::Cow;
use std::io::{self, Write};

use super::diagnosis::{Diagnosis, Mark};
use crate::output::{Clean, Color};

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether it has colours, and they are wanted.
    pub color: bool,
    /// Whether it shows more than ASCII.
    pub unicode: bool,
}

impl Style {
    fn mark(self, mark: Mark) -> (Option<Color>, &'static str) {
        let (unicode, ascii, color) = match mark {
            Mark::Good => ("✓", "ok", Color::Green),
            Mark::Warning => ("!", "! ", Color::Yellow),
            Mark::Wrong => ("✗", "x ", Color::Red),
        };
        (self.color.then_some(color), if self.unicode { unicode } else { ascii })
    }

    /// Words as the terminal can show them.
    fn plain(self, words: &str) -> Cow<'_, str> {
        if self.unicode {
            return words.into();
        }
        words.replace('…', "...").replace(['–', '—'], "-").replace('→', "->").into()
    }
}

impl Diagnosis {
    /// What [`Self::write`] writes.
    #[must_use]
    pub fn text(&self, style: Style) -> String {
        let mut out = Clean::new(Vec::new());
        // Memory takes everything.
        let _ = self.write(&mut out, style);
        String::from_utf8_lossy(&out.into_inner()).into_owned()
    }

    /// Writes a line for each check, the fix under it.
    pub fn write(&self, out: &mut Clean<impl Write>, style: Style) -> io::Result<()> {
        let wide = self.checks.iter().map(|line| line.check.len()).max().unwrap_or_default();
        let indent = wide + if style.unicode { 4 } else { 5 };
        for line in &self.checks {
            let says = format!(" {:wide$}  {}\n", line.check, line.says);
            out.paint(&[style.mark(line.mark), (None, &style.plain(&says))])?;
            for fix in line.fix.iter().flat_map(|fix| fix.lines()) {
                writeln!(out, "{:indent$}{}", "", style.plain(fix))?;
            }
        }
        Ok(())
    }
}
