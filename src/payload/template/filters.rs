//! The filters for people on call: durations, quantities, times, and Markdown.

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind};

use crate::duration;
use crate::payload::quantity;

/// Adds them.
pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("duration", duration::about);
    environment.add_filter("quantity", |value: f64, units: Option<&str>| {
        quantity::value(value, units.unwrap_or_default()).unwrap_or_default()
    });
    environment.add_filter("utc", |time: &Value| written(time, quantity::utc));
    environment.add_filter("local", |time: &Value| written(time, quantity::local));
    environment.add_filter("markdown", |text: &str| markdown(text));
    environment.add_filter("code", |text: &str| code(text));
}

/// A time is seconds since the epoch or ISO 8601, as `when` is; nothing stays nothing.
fn written(time: &Value, how: fn(i64) -> String) -> Result<String, Error> {
    let seconds = match time.as_str() {
        Some("") => return Ok(String::new()),
        Some(text) => text.parse().ok().map(jiff::Timestamp::as_second),
        None => time.as_i64(),
    };
    seconds.map(how).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("{time} is no time: seconds since 1970 or ISO 8601 was expected"),
        )
    })
}

/// Escapes what Markdown would take for its own; names such as `disk_space_usage` stay readable.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let (mut before, mut line_start) = ('\n', true);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let in_word = before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
            '_' => !in_word,
            '#' | '>' | '+' | '-' => line_start,
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
        line_start = c == '\n' || (line_start && c == ' ');
        before = c;
    }
    escaped
}

/// A code span, with enough backticks round it.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    match longest {
        0 => format!("`{text}`"),
        ticks => {
            let fence = "`".repeat(ticks + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{code, markdown};

    #[test]
    fn escapes_what_markdown_would_take() {
        assert_eq!(markdown("disk_space *all* [x](y) _a_ <b>"), r"disk_space \*all\* \[x\](y) \_a\_ \<b>");
        assert_eq!(markdown("# a\n  - b 5 - 3"), "\\# a\n  \\- b 5 - 3");
        assert_eq!(code("a_b"), "`a_b`");
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
    }
}
