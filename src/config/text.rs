//! Words for messages: values as they may be shown, keys as they are written, paths for a shell.

use std::path::Path;

use toml_edit::{Item, Value};

use crate::url;

/// Longer texts are cut in messages: enough to be recognized.
const LONGEST_SHOWN: usize = 60;

/// What a value is, without the value: all that may be said of a secret.
pub(super) fn kind(item: &Item) -> &'static str {
    match item {
        Item::Value(Value::String(_)) => "a text",
        Item::Value(Value::Integer(_)) => "a whole number",
        Item::Value(Value::Float(_)) => "a fraction",
        Item::Value(Value::Boolean(_)) => "a boolean",
        Item::Value(Value::Datetime(_)) => "a date or time",
        Item::Value(Value::Array(_)) | Item::ArrayOfTables(_) => "a list",
        Item::Value(Value::InlineTable(_)) | Item::Table(_) => "a table",
        Item::None => "nothing",
    }
}

/// A value as a message shows it.
pub(super) fn shown(item: &Item) -> String {
    match item {
        Item::Value(Value::String(text)) => shown_text(text.value()),
        Item::Value(Value::Integer(number)) => format!("`{}`", number.value()),
        Item::Value(Value::Float(number)) => format!("`{:?}`", number.value()),
        Item::Value(Value::Boolean(truth)) => format!("`{}`", truth.value()),
        Item::Value(Value::Datetime(time)) => format!("`{}`", time.value()),
        other => kind(other).to_owned(),
    }
}

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

/// `` `a`, `b` or `c` ``.
pub(super) fn either<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match (names.pop(), names.is_empty()) {
        (None, _) => String::new(),
        (Some(only), true) => only,
        (Some(last), false) => format!("{} or {last}", names.join(", ")),
    }
}

/// The known name that was probably meant, if one is near.
pub(super) fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_ascii_lowercase().replace('-', "_");
    let near = |name: &str| (name.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&found, name), name))
        .filter(|(distance, name)| *distance <= near(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%,=".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{either, key, nearest, quoted, shown_text};

    #[test]
    fn cuts_and_escapes() {
        assert_eq!(shown_text("a\u{1b}[2J"), r#"`"a\u{1b}[2J"`"#);
        assert_eq!(shown_text(&"ж".repeat(61)), format!("`\"{}…\"`", "ж".repeat(60)));
    }

    #[test]
    fn finds_what_was_meant() {
        let known = ["api_key", "url", "priority", "resolve_after"];
        for (found, meant) in [
            ("apikey", Some("api_key")),
            ("API-KEY", Some("api_key")),
            ("ulr", Some("url")),
            ("prioritty", Some("priority")),
            ("resolve_afer", Some("resolve_after")),
            ("timeout", None),
            ("x", None),
        ] {
            assert_eq!(nearest(found, known), meant, "{found}");
        }
    }

    #[test]
    fn writes_names() {
        assert_eq!(either(["a"]), "`a`");
        assert_eq!(either(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(key("api_key"), "api_key");
        assert_eq!(key("a.b\n"), r#""a.b\n""#);
        assert_eq!(quoted(Path::new("/etc/it's")), r"'/etc/it'\''s'");
        assert_eq!(quoted(Path::new("/etc/api-key")), "/etc/api-key");
    }
}
