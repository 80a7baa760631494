//! The lines as a person reads them.

use std::fmt::Write as _;

use super::diagnosis::{Diagnosis, Mark};

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether it has colours, and they are wanted.
    pub color: bool,
    /// Whether it shows more than ASCII.
    pub unicode: bool,
}

impl Style {
    /// By the locale, as libc chooses it: the first of these variables that is set and not empty. Without one, as
    /// in cron's mails, it is ASCII.
    #[must_use]
    pub fn new(color: bool, env: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| env(name).filter(|value| !value.is_empty()));
        let unicode = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.ends_with("utf-8") || locale.ends_with("utf8")
        });
        Self { color, unicode }
    }

    fn mark(self, mark: Mark) -> String {
        let (unicode, ascii, color) = match mark {
            Mark::Good => ("✓", "ok", "32"),
            Mark::Warning => ("!", "! ", "33"),
            Mark::Wrong => ("✗", "x ", "31"),
        };
        let glyph = if self.unicode { unicode } else { ascii };
        if self.color { format!("\u{1b}[{color}m{glyph}\u{1b}[0m") } else { glyph.to_owned() }
    }
}

impl Diagnosis {
    /// A line for each check, the fix under it.
    #[must_use]
    pub fn text(&self, style: Style) -> String {
        let wide = self.checks.iter().map(|line| line.check.len()).max().unwrap_or_default();
        let indent = wide + if style.unicode { 4 } else { 5 };
        let mut text = String::new();
        for line in &self.checks {
            let _ = writeln!(text, "{} {:wide$}  {}", style.mark(line.mark), line.check, line.says);
            for fix in line.fix.iter().flat_map(|fix| fix.lines()) {
                let _ = writeln!(text, "{:indent$}{fix}", "");
            }
        }
        if style.unicode {
            return text;
        }
        text.replace('…', "...").replace(['–', '—'], "-").replace('→', "->")
    }
}
