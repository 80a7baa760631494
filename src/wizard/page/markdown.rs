//! Markdown as a person reads it: paragraphs, lists, headings, bold text, code and links. What is none of these is shown
//! as it is written.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::wrap::hanging;
use crate::wizard::theme::{Theme, Token};

/// The lines of a Markdown text, none wider than so many columns.
#[must_use]
pub fn lines(text: &str, width: u16, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut paragraph = String::new();
    for line in text.lines().chain([""]) {
        let trimmed = line.trim();
        let item = ["- ", "* ", "+ "].iter().find_map(|mark| trimmed.strip_prefix(mark));
        let heading = trimmed.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim_start());
        if (trimmed.is_empty() || item.is_some() || heading.is_some()) && !paragraph.is_empty() {
            lines.extend(hanging(Line::from(inline(&std::mem::take(&mut paragraph), theme)), width, 0));
        }
        match (item, heading) {
            (Some(item), _) => {
                let mut spans = vec![Span::raw(format!("{} ", theme.bullet()))];
                spans.extend(inline(item, theme));
                lines.extend(hanging(Line::from(spans), width, 2));
            }
            (None, Some(heading)) => {
                let spans = inline(heading, theme).into_iter().map(|span| span.patch_style(theme.label()));
                lines.extend(hanging(spans.collect::<Line<'static>>(), width, 0));
            }
            (None, None) if trimmed.is_empty() => {
                if lines.last().is_some_and(|line: &Line<'_>| line.width() > 0) {
                    lines.push(Line::default());
                }
            }
            (None, None) => {
                let blank = if paragraph.is_empty() { "" } else { " " };
                paragraph.extend([blank, trimmed]);
            }
        }
    }
    while lines.last().is_some_and(|line| line.width() == 0) {
        lines.pop();
    }
    lines
}

/// One line's parts, each in its style.
fn inline(text: &str, theme: Theme) -> Vec<Span<'static>> {
    let mut parts = Parts { spans: Vec::new(), style: Style::default() };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        if first == '\\' && after.starts_with(|c: char| c.is_ascii_punctuation()) {
            let (sign, after) = after.split_at_checked(1).unwrap_or(("", after));
            parts.push(sign);
            rest = after;
        } else if let Some((code, after)) = code(rest) {
            parts.spans.push(Span::styled(code.to_owned(), theme.syntax(Token::Text)));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("**") {
            parts.toggle(theme.label().add_modifier);
            rest = after;
        } else if first == '*' && (after.starts_with(|c: char| !c.is_whitespace()) || parts.is_italic()) {
            parts.toggle(Modifier::ITALIC);
            rest = after;
        } else if let Some((label, address, after)) = link(rest) {
            parts.push(label);
            parts.push(&format!(" ({address})"));
            rest = after;
        } else {
            parts.push(first.encode_utf8(&mut [0; 4]));
            rest = after;
        }
    }
    parts.spans
}

struct Parts {
    spans: Vec<Span<'static>>,
    style: Style,
}

impl Parts {
    fn push(&mut self, text: &str) {
        match self.spans.last_mut() {
            Some(last) if last.style == self.style => last.content.to_mut().push_str(text),
            _ => self.spans.push(Span::styled(text.to_owned(), self.style)),
        }
    }

    fn toggle(&mut self, modifier: Modifier) {
        self.style = if self.style.add_modifier.contains(modifier) {
            Style { add_modifier: self.style.add_modifier - modifier, ..self.style }
        } else {
            self.style.add_modifier(modifier)
        };
    }

    fn is_italic(&self) -> bool {
        self.style.add_modifier.contains(Modifier::ITALIC)
    }
}

/// A code span that begins here, and what follows it. As many backticks end it as begin it.
fn code(text: &str) -> Option<(&str, &str)> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let (fence, rest) = text.split_at_checked(ticks).filter(|_| ticks > 0)?;
    let (code, after) = rest.split_once(fence)?;
    // Blanks inside are there for a backtick at an end.
    let inner = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' ')).unwrap_or(code);
    Some((inner, after))
}

/// `[text](address)` that begins here, and what follows it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, after) = rest.split_once(')')?;
    (!label.contains(['[', ']'])).then_some((label, address, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Modifier;

    use super::lines;
    use crate::regressions::properties;
    use crate::wizard::theme::Theme;

    const THEME: Theme = Theme::of(false, true);

    fn shown(text: &str, width: u16) -> Vec<String> {
        lines(text, width, THEME).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn reads_as_it_is_meant() {
        for (text, expected) in [
            ("**bold** and *so*", vec!["bold and so"]),
            ("a\nb\n\n\nc", vec!["a b", "", "c"]),
            ("- **Value:** 96.2 % (was 84.1 %)", vec!["• Value: 96.2 % (was", "  84.1 %)"]),
            ("- `disk_space._var`\n- ``a`b``", vec!["• disk_space._var", "• a`b"]),
            ("# Heading\ntext", vec!["Heading", "text"]),
            (r"disk\_space \*x\*", vec!["disk_space *x*"]),
            ("[here](https://x)", vec!["here (https://x)"]),
            ("2 * 3 ` [x] \\", vec!["2 * 3 ` [x] \\"]),
            ("", vec![]),
        ] {
            assert_eq!(shown(text, 25), expected, "{text}");
        }
        let bold = &lines("a **b**", 20, THEME)[0].spans[1];
        assert!(bold.content == "b" && bold.style.add_modifier.contains(Modifier::BOLD));
        // A heading stays bold where it goes on in the next line.
        for line in lines("# one two", 4, THEME) {
            assert!(
                line.spans.iter().any(|span| span.style.add_modifier.contains(Modifier::BOLD)),
                "{line:?}"
            );
        }
    }

    proptest! {
        #![proptest_config(properties(256))]

        #[test]
        fn whatever_is_written_fits(text in "[a-zé日*`\\\\\\[\\]()#\n -]{0,80}", width in 4u16..60) {
            for line in lines(&text, width, THEME) {
                prop_assert!(line.width() <= usize::from(width), "{line}");
            }
        }
    }
}
