//! Makes text from outside fit to be shown: no control characters, nothing invisible, of bounded length, cut between
//! characters.
//!
//! Alert descriptions, host names, error bodies, headers, certificates' names, file names and the environment are
//! written by others. [`clean`] alone defines what may be shown. [`Shown`] is the type of a cleaned and bounded text.
//! [`output`](crate::output) is the only way to a terminal, a pipe or the journal; it cleans once more, in case that
//! was forgotten.
//!
//! Never shown, newline aside:
//! - control characters (C0, DEL, C1) and line and paragraph separators. A terminal obeys them: they move the cursor,
//!   set its title, fill its clipboard, or forge a line of their own. A space takes their place.
//! - the blank of Braille (U+2800), which looks like a space and counts as none. A space takes its place.
//! - what has no look of its own: bidirectional controls, zero-width characters, soft hyphens, byte order marks,
//!   variation selectors, tags, fillers (Unicode's `Default_Ignorable_Code_Point`) and interlinear annotations. They
//!   turn the order of the text after them, or make two names look alike, or hide words from the reader. They are left
//!   out.
//! - what looks like anything or nothing, as a font has it: private characters, and code points that are none. They are
//!   left out.
//!
//! In a file name what may not be shown is escaped, line breaks too, so that the name still identifies the file
//! ([`ShownPath`]).
//!
//! Emoji keep their joiners and U+FE0F, since pictures would fall apart. JSON loses nothing: there they are escaped
//! ([`escaped`]).
//!
//! This is for eyes alone. What names an alert in keys, patterns and the state stays as it came.

mod path;
mod shown;

pub mod ago;
pub mod table;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::iter;

pub use path::{ShownPath, quoted};
pub use shown::Shown;

/// A text as it may be shown, its line breaks kept. A tab becomes four spaces.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    for (c, fate) in fates(text) {
        match fate {
            Fate::Shown => clean.push(c),
            Fate::Blank if c == '\t' => clean.push_str("    "),
            Fate::Blank => clean.push(' '),
            Fate::Dropped => {}
        }
    }
    Cow::Owned(clean)
}

/// Whether all of a text may be shown as it is.
#[must_use]
pub fn is_clean(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n'))
        || fates(text).all(|(_, fate)| fate == Fate::Shown)
}

/// JSON, with what may not be shown of its texts escaped (`\u009b`): the same value, fit to be shown.
#[must_use]
pub fn escaped(json: &str) -> Cow<'_, str> {
    if is_clean(json) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len());
    for (c, fate) in fates(json) {
        if fate == Fate::Shown {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    Cow::Owned(escaped)
}

/// What becomes of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Shown,
    /// A space takes its place.
    Blank,
    Dropped,
}

/// Each character, and what becomes of it.
fn fates(text: &str) -> impl Iterator<Item = (char, Fate)> + '_ {
    const JOINER: char = '\u{200d}';
    const AS_PICTURE: char = '\u{fe0f}';
    const BRAILLE_BLANK: char = '\u{2800}';
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    iter::from_fn(move || {
        let c = characters.next()?;
        let mut next_is = |wanted: fn(char) -> bool| characters.peek().is_some_and(|next| wanted(*next));
        let fate = match c {
            '\n' => Fate::Shown,
            AS_PICTURE if is_picture(before) => Fate::Shown,
            JOINER if (is_picture(before) || before == AS_PICTURE) && next_is(is_picture) => Fate::Shown,
            '\r' if next_is(|next| next == '\n') => Fate::Dropped,
            '\u{2028}' | '\u{2029}' | BRAILLE_BLANK => Fate::Blank,
            c if c.is_control() => Fate::Blank,
            c if has_no_look(c) => Fate::Dropped,
            _ => Fate::Shown,
        };
        before = if fate == Fate::Shown { c } else { ' ' };
        Some((c, fate))
    })
}

/// Arrows, symbols and emoji: what a joiner may join.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{27ff}' | '\u{2801}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Unicode 16's `Default_Ignorable_Code_Point`, interlinear annotations, private characters and those that are none.
#[must_use]
pub fn has_no_look(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
            | '\u{f0000}'..
    )
}

/// One line: runs of white space become one space, none at the ends; at most `limit` characters. Clean.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let text = clean(text);
    let mut line = String::with_capacity(text.len().min(limit.saturating_mul(4)));
    for word in text.split_whitespace() {
        // What is cut off need not be read.
        if line.len() > limit.saturating_mul(4) {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    cut(&mut line, limit);
    line
}

/// Lines: empty ones stand alone and never at the ends; at most `limit` characters. Clean.
#[must_use]
pub fn block(text: &str, limit: usize) -> String {
    let text = clean(text);
    let mut lines = String::with_capacity(text.len());
    let mut gap = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            gap = true;
            continue;
        }
        if !lines.is_empty() {
            lines.push_str(if gap { "\n\n" } else { "\n" });
        }
        gap = false;
        lines.push_str(line);
    }
    lines.truncate(lines.trim_end().len());
    cut(&mut lines, limit);
    lines
}

/// Shortens to `limit` characters, the last of which is then an ellipsis.
pub fn cut(text: &mut String, limit: usize) {
    if text.len() <= limit || text.chars().nth(limit).is_none() {
        return;
    }
    let keep = text.char_indices().nth(limit.saturating_sub(1)).map_or(0, |(at, _)| at);
    text.truncate(keep);
    // Nothing is left for a joiner to join.
    text.truncate(text.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{200d}').len());
    if limit > 0 {
        text.push('…');
    }
}

/// What no typed answer holds: control characters, line and paragraph separators, byte order marks, and some of what
/// turns the direction of a text. What may be shown is [`clean`]'s to say.
#[must_use]
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
