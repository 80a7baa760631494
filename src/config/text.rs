//! Parts of messages: values fit to be shown, keys as they are written in the file, paths quoted for a shell.

use crate::url;

/// Longer texts are cut in messages: enough to be recognized.
const LONGEST_SHOWN: usize = 60;

/// A text as a message shows it: quoted, without raw control characters, cut where it is long.
pub(super) fn shown_text(text: &str) -> String {
    let mut start: String = text.chars().take(LONGEST_SHOWN).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("`{start:?}`")
}

/// A URL as a message shows it: without what may be a password or a token.
pub(super) fn shown_url(url: &str) -> String {
    shown_text(&url::shown(url))
}

/// A name inside a dotted key: quoted where TOML would want it quoted.
pub(super) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if bare { name.to_owned() } else { shown_text(name).trim_matches('`').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{key, shown_text};

    #[test]
    fn cuts_and_escapes() {
        assert_eq!(shown_text("a\u{1b}[2J"), r#"`"a\u{1b}[2J"`"#);
        assert_eq!(shown_text(&"ж".repeat(61)), format!("`\"{}…\"`", "ж".repeat(60)));
    }

    #[test]
    fn writes_names() {
        assert_eq!(key("api_key"), "api_key");
        assert_eq!(key("a.b\n"), r#""a.b\n""#);
    }
}
