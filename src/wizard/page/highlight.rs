//! Colours JSON, line by line. It checks nothing: a text that is no JSON is shown, too.

use ratatui::text::{Line, Span};

use crate::wizard::theme::{Theme, Token};

/// The lines of a JSON text, as they are, each part in its style.
#[must_use]
pub fn json(text: &str, theme: Theme) -> Vec<Line<'static>> {
    text.lines().map(|line| Line::from(spans(line, theme))).collect()
}

fn spans(line: &str, theme: Theme) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (length, token) = match first {
            '"' => text(rest),
            '{' | '}' | '[' | ']' | ',' | ':' => (first.len_utf8(), Some(Token::Punctuation)),
            c if c.is_whitespace() => (run(rest, char::is_whitespace), None),
            '-' | '0'..='9' => (run(rest, is_word), Some(Token::Number)),
            c if is_word(c) => (run(rest, is_word), Some(Token::Literal)),
            c => (c.len_utf8(), Some(Token::Literal)),
        };
        let Some((part, after)) = rest.split_at_checked(length) else { break };
        spans.push(match token {
            Some(token) => Span::styled(part.to_owned(), theme.syntax(token)),
            None => Span::raw(part.to_owned()),
        });
        rest = after;
    }
    spans
}

/// How long the text is that begins here, and whether it is a key.
fn text(rest: &str) -> (usize, Option<Token>) {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    let length = end.map_or(rest.len(), |(at, quote)| at + quote.len_utf8());
    let key = rest.get(length..).is_some_and(|after| after.trim_start().starts_with(':'));
    (length, Some(if key { Token::Key } else { Token::Text }))
}

/// How long the run of such characters is that begins here.
fn run(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !belongs(c)).unwrap_or(rest.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '+' | '.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::json;
    use crate::regressions::properties;
    use crate::wizard::theme::{Theme, Token};

    const THEME: Theme = Theme::of(true, true);

    /// Each part with a letter for what it is taken for.
    fn parts(text: &str) -> Vec<String> {
        let letter = |style| {
            let tokens = [
                (Token::Key, 'k'),
                (Token::Text, 't'),
                (Token::Number, 'n'),
                (Token::Literal, 'l'),
                (Token::Punctuation, 'p'),
            ];
            tokens
                .into_iter()
                .find(|(token, _)| THEME.syntax(*token) == style)
                .map_or(' ', |(_, letter)| letter)
        };
        let lines = json(text, THEME);
        let spans = lines.iter().flat_map(|line| line.spans.iter());
        spans
            .filter(|span| !span.content.trim().is_empty())
            .map(|span| format!("{}{}", letter(span.style), span.content))
            .collect()
    }

    #[test]
    fn tells_the_parts_apart() {
        assert_eq!(
            parts("{\n  \"a: \\\"b\\\\\": -1.5e+3,\n  \"ü\" : [true, null, \"x: {\"]\n}"),
            [
                "p{",
                "k\"a: \\\"b\\\\\"",
                "p:",
                "n-1.5e+3",
                "p,",
                "k\"ü\"",
                "p:",
                "p[",
                "ltrue",
                "p,",
                "lnull",
                "p,",
                "t\"x: {\"",
                "p]",
                "p}"
            ]
        );
    }

    proptest! {
        #![proptest_config(properties(256))]

        #[test]
        fn loses_nothing(text in "(\\PC|[\\n\"\\\\:{}\\[\\] 0-9a-z]){0,60}") {
            let shown: Vec<_> = json(&text, THEME).iter().map(ToString::to_string).collect();
            prop_assert_eq!(shown, text.lines().collect::<Vec<_>>());
        }
    }
}
