//! How the wizard looks: styles by what they mean, and the glyphs that mean it where there is no colour.
//!
//! Sixteen ANSI colours only, so that a terminal's own palette decides. Without colour the same meanings are
//! told by bold, reversed, underlined and dim, always with `Color::Reset` as the colour: an unset one would
//! let crossterm write an empty sequence under `NO_COLOR`, which cancels bold and reverse, too.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// Whether there are colours, and which characters there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Colours may be used.
    pub color: bool,
    /// The characters that may be used.
    pub glyphs: Glyphs,
}

/// The characters that a terminal can draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyphs {
    /// Whatever Unicode has.
    Unicode,
    /// A Linux console's: lines to draw frames with, and Latin letters. Its fonts have no marks and no Braille.
    Console,
    /// ASCII.
    Ascii,
}

/// The parts of a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A text before a colon.
    Key,
    /// Any other text.
    Text,
    /// A number.
    Number,
    /// `true`, `false` or `null`; or what is none of all this.
    Literal,
    /// Brackets, commas and colons.
    Punctuation,
}

impl Default for Theme {
    fn default() -> Self {
        Self::of(true, true)
    }
}

impl Theme {
    /// A theme with colours or without, of Unicode's characters or of ASCII's.
    #[must_use]
    pub const fn of(color: bool, unicode: bool) -> Self {
        Self { color, glyphs: if unicode { Glyphs::Unicode } else { Glyphs::Ascii } }
    }

    /// A Linux console's theme.
    #[must_use]
    pub const fn console(color: bool) -> Self {
        Self { color, glyphs: Glyphs::Console }
    }

    /// The theme for a terminal as `TERM` names it, where colours are wanted or not and the locale is UTF-8 or not.
    #[must_use]
    pub fn for_terminal(term: &str, color: bool, unicode: bool) -> Self {
        let begins = |names: &[&str]| names.iter().any(|name| term.starts_with(name));
        if term.is_empty() || begins(&["vt1", "vt2", "vt3", "vt4", "vt5"]) {
            // One that draws ASCII and knows no colours, or one that says nothing of itself.
            return Self::of(false, false);
        }
        let color = color && !term.ends_with("-m") && !term.ends_with("-mono");
        if unicode && begins(&["linux"]) { Self::console(color) } else { Self::of(color, unicode) }
    }

    /// A screen's or a box's title.
    #[must_use]
    pub fn title(self) -> Style {
        self.style(Color::Cyan, Modifier::BOLD)
    }

    /// What a value is called.
    #[must_use]
    pub fn label(self) -> Style {
        self.style(Color::Reset, Modifier::BOLD)
    }

    /// What is there to be found, not to be noticed. Dim rather than grey: bright black is the background of
    /// some palettes.
    #[must_use]
    pub fn dim(self) -> Style {
        self.style(Color::Reset, Modifier::DIM)
    }

    /// What the keys act on.
    #[must_use]
    pub fn focus(self) -> Style {
        let mono = if self.color { Modifier::empty() } else { Modifier::UNDERLINED };
        self.style(Color::Cyan, Modifier::BOLD | mono)
    }

    /// The line of a list that the keys act on.
    #[must_use]
    pub fn selected(self) -> Style {
        self.style(Color::Reset, Modifier::REVERSED)
    }

    /// It worked; it is done.
    #[must_use]
    pub fn good(self) -> Style {
        self.style(Color::Green, Modifier::empty())
    }

    /// It works, but.
    #[must_use]
    pub fn warn(self) -> Style {
        let mono = if self.color { Modifier::empty() } else { Modifier::BOLD };
        self.style(Color::Yellow, mono)
    }

    /// It does not work.
    #[must_use]
    pub fn bad(self) -> Style {
        let mono = if self.color { Modifier::empty() } else { Modifier::REVERSED };
        self.style(Color::Red, Modifier::BOLD | mono)
    }

    /// A key on the keyboard.
    #[must_use]
    pub fn key(self) -> Style {
        self.style(Color::Cyan, Modifier::BOLD)
    }

    /// The frame of a box.
    #[must_use]
    pub fn border(self, focused: bool) -> Style {
        if focused { self.style(Color::Cyan, Modifier::empty()) } else { self.dim() }
    }

    /// A part of a JSON text.
    #[must_use]
    pub fn syntax(self, token: Token) -> Style {
        match token {
            Token::Key => {
                self.style(Color::Cyan, if self.color { Modifier::empty() } else { Modifier::BOLD })
            }
            Token::Text => self.style(Color::Green, Modifier::empty()),
            Token::Number => self.style(Color::Yellow, Modifier::empty()),
            Token::Literal => self.style(Color::Magenta, Modifier::empty()),
            Token::Punctuation => self.dim(),
        }
    }

    /// The characters of a frame.
    #[must_use]
    pub fn border_set(self) -> border::Set<'static> {
        match self.glyphs {
            Glyphs::Unicode => border::ROUNDED,
            Glyphs::Console => border::PLAIN,
            Glyphs::Ascii => ASCII_BORDER,
        }
    }

    /// What is proven.
    #[must_use]
    pub const fn tick(self) -> &'static str {
        self.glyph("✓", "+")
    }

    /// What was not tried, or not looked at.
    #[must_use]
    pub const fn untried(self) -> &'static str {
        self.glyph("○", "o")
    }

    /// What could not be done.
    #[must_use]
    pub const fn cross(self) -> &'static str {
        self.glyph("✗", "x")
    }

    /// The step, field or line where one is.
    #[must_use]
    pub const fn current(self) -> &'static str {
        self.glyph("▶", ">")
    }

    /// A step that is still to come.
    #[must_use]
    pub const fn pending(self) -> &'static str {
        self.dot(".")
    }

    /// Between two parts of a title.
    #[must_use]
    pub const fn between(self) -> &'static str {
        self.dot("-")
    }

    /// In each column of a field that nothing stands in.
    #[must_use]
    pub const fn blank(self) -> &'static str {
        // A full stop looks like something that was typed.
        self.glyph("·", "_")
    }

    /// The one of several that is chosen.
    #[must_use]
    pub const fn on(self) -> &'static str {
        self.glyph("●", "(*)")
    }

    /// One of several that is not chosen.
    #[must_use]
    pub const fn off(self) -> &'static str {
        self.glyph("○", "( )")
    }

    /// A box, ticked or not.
    #[must_use]
    pub const fn check(self, ticked: bool) -> &'static str {
        if ticked { self.glyph("[✓]", "[x]") } else { "[ ]" }
    }

    /// What can be unfolded, or is. No tick: nothing is proven by it.
    #[must_use]
    pub const fn fold(self, unfolded: bool) -> &'static str {
        if unfolded { "[-]" } else { "[+]" }
    }

    /// A picture of something going on; any number is a frame.
    #[must_use]
    pub fn spinner(self, frame: usize) -> &'static str {
        let frames: &[&str] = if self.glyphs == Glyphs::Unicode { &BRAILLE } else { &STROKES };
        frames.get(frame % frames.len()).copied().unwrap_or_default()
    }

    /// Where a text was cut.
    #[must_use]
    pub const fn ellipsis(self) -> &'static str {
        self.glyph("…", "...")
    }

    /// Where a line goes on beyond the edge: one column.
    #[must_use]
    pub const fn more(self) -> &'static str {
        self.glyph("…", ">")
    }

    /// Before an item of a list.
    #[must_use]
    pub const fn bullet(self) -> &'static str {
        self.glyph("•", "-")
    }

    /// In the place of a secret's character.
    #[must_use]
    pub const fn mask(self) -> &'static str {
        self.glyph("•", "*")
    }

    const fn glyph(self, unicode: &'static str, other: &'static str) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => unicode,
            Glyphs::Console | Glyphs::Ascii => other,
        }
    }

    /// Latin 1 has it.
    const fn dot(self, ascii: &'static str) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode | Glyphs::Console => "·",
            Glyphs::Ascii => ascii,
        }
    }

    fn style(self, color: Color, modifier: Modifier) -> Style {
        let color = if self.color { color } else { Color::Reset };
        Style::new().fg(color).add_modifier(modifier)
    }
}

const BRAILLE: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const STROKES: [&str; 4] = ["|", "/", "-", "\\"];

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

#[cfg(test)]
mod tests;
