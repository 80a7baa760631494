//! Text broken into lines of so many columns, between words where that is possible.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The lines of a text, each `width` columns wide at most; one at least. Its own line breaks are kept.
#[must_use]
pub fn wrap(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width.max(1));
    // No character has more columns than bytes, and most labels of a list of thousands are short.
    if text.len() <= width && !text.contains('\n') {
        return vec![text.trim_end().to_owned()];
    }
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut current = String::new();
        let mut columns = 0;
        for word in line.split_inclusive(' ') {
            let needed = word.trim_end().width();
            if !current.is_empty() && columns + needed > width {
                lines.push(take(&mut current));
                columns = 0;
            }
            if columns + needed <= width {
                current.push_str(word);
                columns += word.width();
                continue;
            }
            // A word that is too long for any line: a path goes on after one of its slashes.
            for c in word.chars() {
                if current.width() + c.width().unwrap_or(0) > width && c != ' ' {
                    let slash = current.rfind('/').filter(|at| *at > 0);
                    let rest = slash.map(|at| current.split_off(at + 1)).unwrap_or_default();
                    lines.push(take(&mut current));
                    current = rest;
                }
                current.push(c);
            }
            columns = current.width();
        }
        lines.push(take(&mut current));
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// A line of several styles, broken into lines of so many columns; where it goes on, it stands so many columns further
/// in than where it begins.
#[must_use]
pub fn hanging(line: Line<'static>, width: u16, further: u16) -> Vec<Line<'static>> {
    let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
    let inner = text.trim_start();
    let indent = u16::try_from(text.len() - inner.len()).unwrap_or(u16::MAX);
    if text.width() <= usize::from(width) {
        return vec![line];
    }
    let mut characters = line.spans.iter().flat_map(|span| span.content.chars().map(|c| (c, span.style)));
    let mut lines = Vec::new();
    for (at, piece) in wrap(inner, width.saturating_sub(indent + further)).into_iter().enumerate() {
        let indent = usize::from(if at == 0 { indent } else { indent + further });
        let mut spans = vec![Span::raw(" ".repeat(indent))];
        for wanted in piece.chars() {
            // What is not in the piece are the blanks before it.
            let found = characters.by_ref().find(|(c, _)| *c == wanted);
            let style = found.map_or(Style::default(), |(_, style)| style);
            match spans.last_mut() {
                Some(last) if last.style == style => last.content.to_mut().push(wanted),
                _ => spans.push(Span::styled(wanted.to_string(), style)),
            }
        }
        lines.push(Line::from(spans));
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
    use ratatui::style::Style;
    use ratatui::text::{Line, Span};
    use unicode_width::UnicodeWidthStr;

    use super::{hanging, wrap};
    use crate::regressions::properties;

    #[test]
    fn breaks_between_words() {
        for (text, width, expected) in [
            ("a bc def", 4, vec!["a bc", "def"]),
            ("abcdef", 4, vec!["abcd", "ef"]),
            ("~/ab/cd, ef", 7, vec!["~/ab/", "cd, ef"]),
            ("/abcdef", 4, vec!["/abc", "def"]),
            ("ab\ncd", 9, vec!["ab", "cd"]),
            ("日本語", 4, vec!["日本", "語"]),
            ("", 4, vec![""]),
        ] {
            assert_eq!(wrap(text, width), expected, "{text} {width}");
        }
    }

    #[test]
    fn goes_on_further_in_and_in_its_styles() {
        let bold = Style::new().bold();
        let line = Line::from(vec![Span::raw("  "), Span::styled("ab:", bold), Span::raw(" cd ef gh")]);
        let lines = hanging(line.clone(), 9, 2);
        let texts: Vec<String> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["  ab:", "    cd ef", "    gh"]);
        assert_eq!(lines[0].spans[1], Span::styled("ab:", bold));
        assert!(lines[1].spans.iter().all(|span| span.style == Style::default()));
        assert_eq!(hanging(line.clone(), 30, 2), [line]);
    }

    proptest! {
        #![proptest_config(properties(256))]

        #[test]
        fn never_is_wider(text in "[a-z 日é\n]{0,80}", width in 2u16..40) {
            for line in wrap(&text, width) {
                prop_assert!(line.width() <= usize::from(width), "{line}");
            }
        }
    }
}
