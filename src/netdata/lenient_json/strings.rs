//! What stands between two quotes, made proper JSON.

use std::borrow::Cow;

/// A string in its quotes; escaped unless it is proper JSON already, or is but for half a surrogate pair.
pub(super) fn push_string(out: &mut String, string: &str) {
    out.push('"');
    if let Some(escaped) = as_escaped(string) {
        out.push_str(&escaped);
    } else {
        for character in string.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\0'..='\u{1f}' => {
                    out.push_str("\\u00");
                    out.extend(char::from_digit(u32::from(character) >> 4, 16));
                    out.extend(char::from_digit(u32::from(character) & 15, 16));
                }
                _ => out.push(character),
            }
        }
    }
    out.push('"');
}

/// How a text reads once v1 has printed it without escaping: as JSON, if it happens to be valid.
pub(in crate::netdata) fn read_back(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    as_escaped(text)
        .and_then(|escaped| serde_json::from_str(&format!("\"{escaped}\"")).ok())
        .map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The text between two quotes as proper JSON, if its escapes are. Each half of a surrogate pair that stands alone
/// becomes U+FFFD.
fn as_escaped(string: &str) -> Option<Cow<'_, str>> {
    if is_escaped(string) {
        return Some(Cow::Borrowed(string));
    }
    without_lone_surrogates(string).filter(|mended| is_escaped(mended)).map(Cow::Owned)
}

/// Replaces each escape that is half a surrogate pair and stands alone. `None` if there is none.
fn without_lone_surrogates(string: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        let low = || escape.get(6..).and_then(unit).is_some_and(|unit| (0xdc00..0xe000).contains(&unit));
        // A backslash goes with what it escapes.
        let (length, is_lone) = match unit(escape) {
            Some(0xd800..0xdc00) if low() => (12, false),
            Some(unit) => (6, (0xd800..0xe000).contains(&unit)),
            None => (1 + escape.chars().nth(1).map_or(0, char::len_utf8), false),
        };
        let (escape, after) = escape.split_at(length);
        out.push_str(before);
        out.push_str(if is_lone { "\\ufffd" } else { escape });
        rest = after;
    }
    out.push_str(rest);
    (out != string).then_some(out)
}

/// The number of the `\uXXXX` that a text begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_number.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

/// Whether the text between two quotes is proper JSON.
pub(in crate::netdata) fn is_escaped(string: &str) -> bool {
    if !string.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        return true;
    }
    let mut quoted = String::with_capacity(string.len() + 2);
    quoted.push('"');
    quoted.push_str(string);
    quoted.push('"');
    serde_json::from_str::<String>(&quoted).is_ok()
}

/// Finds the closing quote of the escaped string that `text` begins with.
pub(super) fn end_of_escaped(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().enumerate().skip(1).find_map(|(at, byte)| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end.then_some(at)
    })
}
