//! Repairs the JSON of v1 of Netdata's API, which prints unescaped strings and `nan` as a number.
//!
//! Called only after a strict parse failed. Netdata prints one key per line there, so a string that is the
//! first value of its line ends at the `"` after which, past an optional comma, a new line begins a key or
//! closes a bracket. Quotes, backslashes, tabs and line breaks before that belong to the text. Where several
//! values share a line (`{ "guid": "…", "hostname": "…" }`) the next key or bracket on the line ends it.
//!
//! Newer APIs escape their strings. There only a word that is no value can be wrong ([`without_odd_words`]), and that
//! repair is tried first.
//!
//! A string that is valid JSON is left alone. Half a surrogate pair (`\ud800`) costs that character alone. Any other
//! string is taken literally and escaped.

mod quotes;
mod strings;

use serde::de::IgnoredAny;

#[cfg(test)]
pub(super) use quotes::LOOKS;
use quotes::{Ends, Line};
#[cfg(test)]
pub(super) use strings::is_escaped;
pub(super) use strings::read_back;
use strings::{end_of_escaped, push_string};

/// Repairs the values alone if that makes a text JSON, else the strings, too. Stops early once nobody waits for the
/// result.
pub(super) fn repair(text: &str, is_wanted: &dyn Fn() -> bool) -> Repaired {
    let values = without_odd_words(text, is_wanted);
    let is_json = |values: &Repaired| serde_json::from_str::<IgnoredAny>(&values.text).is_ok();
    // What did not help is dropped first: one copy beside the text, not two.
    values.filter(is_json).unwrap_or_else(|| repaired(text, is_wanted))
}

/// A text after its repair.
pub(super) struct Repaired {
    pub(super) text: String,
    /// How many values are not valid in JSON (`0x10`, `1e999`) and are `null` now. `nan` and `inf` are not counted:
    /// Netdata prints them for "no value".
    pub(super) odd_values: usize,
}

/// Replaces `nan`, `inf` and every other invalid value by `null`, taking the strings as escaped. Valid JSON stays as it
/// is. `None` as soon as that cannot make it JSON: a string does not end, or a value stands right behind another, as
/// where a string holds quotes. Stops early once nobody waits for the result.
pub(super) fn without_odd_words(text: &str, is_wanted: &dyn Fn() -> bool) -> Option<Repaired> {
    let mut out = String::with_capacity(text.len());
    let mut odd_values = 0;
    let mut rest = text;
    let mut after_value = false;
    while let Some(first) = rest.chars().next().filter(|_| is_wanted()) {
        let is_blank = matches!(first, ' ' | '\t' | '\r' | '\n');
        let begins_value = !is_blank && !matches!(first, ':' | ',' | '{' | '}' | '[' | ']');
        if begins_value && after_value {
            return None;
        }
        after_value = begins_value || (is_blank && after_value);
        let taken = match first {
            '"' => {
                let end = end_of_escaped(rest)?;
                push_string(&mut out, rest.get(1..end).unwrap_or_default());
                end + 1
            }
            _ if begins_value => push_word(&mut out, &mut odd_values, word(rest)),
            _ => {
                out.push(first);
                1
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    Some(Repaired { text: out, odd_values })
}

/// Appends a word, or `null` if it is no value. Returns its length.
fn push_word(out: &mut String, odd_values: &mut usize, word: &str) -> usize {
    let is_value = is_value(word);
    *odd_values += usize::from(!is_value && !is_no_number(word));
    out.push_str(if is_value { word } else { "null" });
    word.len()
}

/// Escapes the strings, and replaces `nan`, `inf` and every other invalid value by `null`. What it cannot make out
/// stays as it is, for the parser to complain about. Stops early once nobody waits for the result.
///
/// Takes time in proportion to the text's length, whatever is in it.
pub(super) fn repaired(text: &str, is_wanted: &dyn Fn() -> bool) -> Repaired {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut odd_values = 0;
    let mut ends = Ends::new(text, is_wanted);
    let mut line = Line::Start;
    let mut after_colon = false;
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()).filter(|_| is_wanted()) {
        match first {
            '"' => {
                let Some(end) = ends.of_string(at, after_colon, line) else { break };
                push_string(&mut out, text.get(at + 1..end).unwrap_or_default());
                let key = !after_colon;
                line = if key && line == Line::Start { Line::Key } else { Line::Further };
                at = end + 1;
            }
            ' ' | '\t' | '\r' | '\n' | ':' | ',' | '{' | '}' | '[' | ']' => {
                out.push(first);
                line = match first {
                    '\n' => Line::Start,
                    ':' | ' ' | '\t' | '\r' => line,
                    _ => Line::Further,
                };
                at += 1;
            }
            _ => {
                let word = word(text.get(at..).unwrap_or_default());
                at += push_word(&mut out, &mut odd_values, word);
                line = Line::Further;
            }
        }
        after_colon = match first {
            ':' => true,
            ' ' | '\t' | '\r' | '\n' => after_colon,
            _ => false,
        };
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Repaired { text: out, odd_values }
}

/// `nan`, `-inf` and their like, which JSON does not have.
fn is_no_number(word: &str) -> bool {
    let word = word.trim_start_matches(['+', '-']);
    ["nan", "inf", "infinity"].iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Whether a word is a JSON value that this program can hold.
fn is_value(word: &str) -> bool {
    matches!(word, "true" | "false" | "null") || serde_json::from_str::<f64>(word).is_ok()
}

/// Everything up to a blank, a quote or a JSON delimiter.
fn word(text: &str) -> &str {
    let end = text.find([' ', '\t', '\r', '\n', '"', ':', ',', '{', '}', '[', ']']);
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}
