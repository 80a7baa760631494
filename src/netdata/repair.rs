//! Makes JSON of what v1 of Netdata's API prints where its strings are not escaped and its numbers are `nan`.
//!
//! Called only after a strict parse failed. Netdata prints one key per line there, so a string that is the
//! first value of its line ends at the `"` after which, past an optional comma, a new line begins a key or
//! closes a bracket. Quotes, backslashes, tabs and line breaks before that belong to the text. Where several
//! values share a line (`{ "guid": "…", "hostname": "…" }`) the next key or bracket on the line ends it.
//!
//! A text that is proper JSON as it stands is left alone; any other is taken literally and escaped.

use std::borrow::Cow;

/// How far a string is followed in search of its end, bytes. Without a bound, text that is no JSON at all
/// would be searched to its end for each of its quotes.
const LONGEST_STRING: usize = 64 * 1024;
/// How far the look ahead follows what may be a key, bytes.
const LONGEST_KEY: usize = 1024;

/// The text with its strings escaped and `nan` and `inf` turned into `null`. What cannot be made out is left
/// as it is, for the parser to complain about.
pub(super) fn repaired(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut line = Line::Start;
    let mut after_colon = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => {
                let Some(end) = end_of_string(rest, after_colon, line) else { break };
                let (string, key) = (rest.get(1..end).unwrap_or_default(), !after_colon);
                push_string(&mut out, string);
                line = if key && line == Line::Start { Line::Key } else { Line::Further };
                end + 1
            }
            '+' | '-' | 'a'..='z' | 'A'..='Z' => {
                let word = word(rest);
                out.push_str(if is_no_number(word) { "null" } else { word });
                line = Line::Further;
                word.len()
            }
            _ => {
                out.push(first);
                line = match first {
                    '\n' => Line::Start,
                    ':' | ' ' | '\t' | '\r' => line,
                    _ => Line::Further,
                };
                first.len_utf8()
            }
        };
        after_colon = match first {
            ':' => true,
            ' ' | '\t' | '\r' | '\n' => after_colon,
            _ => false,
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// What stood on the line so far.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    /// Nothing.
    Start,
    /// One key: a string value that follows is alone on its line.
    Key,
    /// Something else.
    Further,
}

/// Where the string that `text` begins with ends: the offset of its closing quote.
fn end_of_string(text: &str, value: bool, line: Line) -> Option<usize> {
    let quotes = || {
        text.bytes()
            .enumerate()
            .skip(1)
            .take(LONGEST_STRING)
            .filter(|(_, byte)| *byte == b'"')
            .map(|(at, _)| at)
    };
    let after = |at: usize| text.get(at + 1..).unwrap_or_default();
    if !value {
        // A key; or text in a list, which ends as a value does.
        let key = quotes().find(|at| after(*at).trim_start_matches([' ', '\t']).starts_with(':'));
        let element = quotes().find(|at| {
            let after = after(*at);
            ends_line(after) || ends_within_line(after) || (line == Line::Further && element_follows(after))
        });
        return match (key, element) {
            (Some(key), Some(element)) => Some(key.min(element)),
            (key, element) => key.or(element),
        };
    }
    let ends = |at: &usize| ends_line(after(*at));
    if line == Line::Key {
        return quotes().find(ends).or_else(|| quotes().find(|at| ends_within_line(after(*at))));
    }
    quotes().find(|at| ends(at) || ends_within_line(after(*at)))
}

/// `"` was the last of its line, and the next line is one that Netdata would print.
fn ends_line(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    let after = after.strip_prefix(',').unwrap_or(after).trim_start_matches([' ', '\t', '\r']);
    if after.is_empty() {
        return true;
    }
    let Some(next) = after.strip_prefix('\n') else { return false };
    let next = next.trim_start();
    next.is_empty() || next.starts_with(['}', ']', '{']) || begins_string(next)
}

/// What follows `"` on its own line is the next key, or a bracket that closes.
fn ends_within_line(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    if let Some(next) = after.strip_prefix(',') {
        let next = next.trim_start_matches([' ', '\t']);
        return next.starts_with(['{', '[']) || key_follows(next);
    }
    after.strip_prefix(['}', ']']).is_some_and(|next| {
        let next = next.trim_start();
        next.is_empty() || next.starts_with([',', '}', ']'])
    })
}

/// What follows `"` on its own line is the next text of a list.
fn element_follows(after: &str) -> bool {
    after
        .trim_start_matches([' ', '\t'])
        .strip_prefix(',')
        .is_some_and(|next| next.trim_start_matches([' ', '\t']).starts_with('"'))
}

/// `"word":`, as Netdata's keys within a line are.
fn key_follows(text: &str) -> bool {
    let Some(text) = text.strip_prefix('"') else { return false };
    let key = text
        .bytes()
        .take(LONGEST_KEY)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte));
    let length = key.count();
    length > 0
        && text
            .get(length..)
            .and_then(|text| text.strip_prefix('"'))
            .is_some_and(|text| text.trim_start_matches([' ', '\t']).starts_with(':'))
}

/// A string on this line, with a colon, a comma or the line's end after it: a key or an element of a list.
fn begins_string(text: &str) -> bool {
    let Some(text) = text.strip_prefix('"') else { return false };
    let line_length = text.bytes().take(LONGEST_KEY).take_while(|byte| *byte != b'\n').count();
    let Some(line) = text.as_bytes().get(..line_length) else { return false };
    line.iter().enumerate().filter(|(_, byte)| **byte == b'"').any(|(at, _)| {
        let after = line.get(at + 1..).unwrap_or_default().trim_ascii_start();
        after.is_empty() || after.first() == Some(&b':') || after.trim_ascii_end() == b","
    })
}

/// `nan`, `-inf` and their like, which JSON does not have.
fn is_no_number(word: &str) -> bool {
    let word = word.trim_start_matches(['+', '-']);
    ["nan", "inf", "infinity"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// A sign and the letters after it.
fn word(text: &str) -> &str {
    let signed = text.bytes().take_while(|byte| b"+-".contains(byte)).take(1).count();
    let letters = text.bytes().skip(signed).take_while(u8::is_ascii_alphabetic).count();
    text.get(..signed + letters).unwrap_or_default()
}

/// A string in its quotes; escaped unless it is proper JSON already.
fn push_string(out: &mut String, string: &str) {
    out.push('"');
    if is_escaped(string) {
        out.push_str(string);
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

/// What a text that was printed without escaping is read as.
pub(super) fn read_back(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    serde_json::from_str(&format!("\"{text}\"")).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Whether the text between two quotes is proper JSON.
pub(super) fn is_escaped(string: &str) -> bool {
    if !string.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        return true;
    }
    let mut quoted = String::with_capacity(string.len() + 2);
    quoted.push('"');
    quoted.push_str(string);
    quoted.push('"');
    serde_json::from_str::<String>(&quoted).is_ok()
}
