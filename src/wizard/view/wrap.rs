//! Text broken into lines of so many columns, between words where that is possible.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The lines of a text, each `width` columns wide at most; one at least. Its own line breaks are kept.
#[must_use]
pub fn wrap(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width.max(1));
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut current = String::new();
        for word in line.split_inclusive(' ') {
            if !current.is_empty() && current.width() + word.trim_end().width() > width {
                lines.push(take(&mut current));
            }
            for c in word.chars() {
                if current.width() + c.width().unwrap_or(0) > width && c != ' ' {
                    lines.push(take(&mut current));
                }
                current.push(c);
            }
        }
        lines.push(take(&mut current));
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// The line without the blanks at its end.
fn take(line: &mut String) -> String {
    let taken = line.trim_end().to_owned();
    line.clear();
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::wrap;

    #[test]
    fn breaks_between_words() {
        for (text, width, expected) in [
            ("a bc def", 4, vec!["a bc", "def"]),
            ("abcdef", 4, vec!["abcd", "ef"]),
            ("ab\ncd", 9, vec!["ab", "cd"]),
            ("日本語", 4, vec!["日本", "語"]),
            ("", 4, vec![""]),
        ] {
            assert_eq!(wrap(text, width), expected, "{text} {width}");
        }
    }

    proptest! {
        #[test]
        fn never_is_wider(text in "[a-z 日é\n]{0,80}", width in 2u16..40) {
            for line in wrap(&text, width) {
                prop_assert!(line.width() <= usize::from(width), "{line}");
            }
        }
    }
}
