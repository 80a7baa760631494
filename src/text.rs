//! Text from elsewhere, made fit to be shown: no control characters, no more than was agreed, always cut
//! between characters.
//!
//! Alert descriptions, error bodies and templates' output come from files and programs that this one does
//! not control. What is sent to ilert and what is shown in a terminal goes through here first.

use std::borrow::Cow;

/// One line: control characters and runs of white space become one space, none at the ends; at most
/// `limit` characters.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::with_capacity(text.len().min(limit.saturating_mul(4)));
    let mut words = text.split(|c: char| c.is_whitespace() || is_control(c)).filter(|word| !word.is_empty());
    if let Some(first) = words.next() {
        line.push_str(first);
    }
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    cut(&mut line, limit);
    line
}

/// Lines: control characters other than newline become spaces (a tab four), empty lines stand alone and
/// never at the ends; at most `limit` characters.
#[must_use]
pub fn block(text: &str, limit: usize) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut gap = false;
    for line in text.lines() {
        let line = printable(line);
        if line.trim().is_empty() {
            gap = true;
            continue;
        }
        if !lines.is_empty() {
            lines.push_str(if gap { "\n\n" } else { "\n" });
        }
        gap = false;
        lines.push_str(&line);
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
    text.truncate(text.trim_end().len());
    if limit > 0 {
        text.push('…');
    }
}

/// What steers a terminal or a display rather than being shown: control characters, line and paragraph
/// separators, and the marks that turn the direction of the text after them.
#[must_use]
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// One line as it is, control characters replaced by spaces (a tab by four).
#[must_use]
pub fn printable(line: &str) -> Cow<'_, str> {
    if !line.contains(is_control) {
        return Cow::Borrowed(line);
    }
    let mut clean = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\t' => clean.push_str("    "),
            c if is_control(c) => clean.push(' '),
            c => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{block, cut, is_control, one_line};
    use crate::regressions::properties;

    #[test]
    fn makes_one_line() {
        assert_eq!(one_line(" a\r\n\tb\u{0}c\u{2028}d  ", 99), "a b c d");
        assert_eq!(one_line("\u{7f}\u{1b}", 99), "");
    }

    #[test]
    fn keeps_lines_but_no_clutter() {
        assert_eq!(block("\n\n a \n\n\n\nb\u{7}c\r\nd\te\n \n", 99), " a \n\nb c\nd    e");
        assert_eq!(block("", 9), "");
    }

    #[test]
    fn cuts_between_characters() {
        for (text, limit, expected) in [
            ("жжж", 3, "жжж"),
            ("жжжж", 3, "жж…"),
            ("ab cd", 4, "ab…"),
            ("ab", 1, "…"),
            ("ab", 0, ""),
            ("👩‍🚒👩‍🚒", 3, "👩‍…"),
        ] {
            let mut cut_text = text.to_owned();
            cut(&mut cut_text, limit);
            assert_eq!(cut_text, expected, "{text} {limit}");
        }
    }

    proptest! {
        #![proptest_config(properties(256))]

        #[test]
        fn fits_whatever_comes(text in "\\PC*|[ \\n\\t\\x00-\\x1f\\u{2028}é]*", limit in 0usize..40) {
            for shown in [one_line(&text, limit), block(&text, limit)] {
                prop_assert!(shown.chars().count() <= limit);
                prop_assert!(!shown.chars().any(|c| c != '\n' && is_control(c)));
            }
            prop_assert!(!one_line(&text, limit).contains('\n'));
        }
    }
}
