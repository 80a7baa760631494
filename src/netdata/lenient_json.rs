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

use std::borrow::Cow;

/// How far a string is followed in search of its end, bytes.
const LONGEST_STRING: usize = 64 * 1024;
/// How far the look-ahead follows a possible key, bytes.
const LONGEST_KEY: usize = 1024;

/// A text after its repair.
pub(super) struct Repaired {
    pub(super) text: String,
    /// How many values are not valid in JSON (`0x10`, `1e999`) and are `null` now. `nan` and `inf` are not counted:
    /// Netdata prints them for "no value".
    pub(super) odd_values: usize,
}

/// Replaces `nan`, `inf` and every other invalid value by `null`, taking the strings as escaped. Valid JSON stays as it
/// is. Stops early once nobody waits for the result.
pub(super) fn without_odd_words(text: &str, is_wanted: &dyn Fn() -> bool) -> Repaired {
    let mut out = String::with_capacity(text.len());
    let mut odd_values = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next().filter(|_| is_wanted()) {
        let taken = match first {
            '"' => {
                let Some(end) = end_of_escaped(rest) else { break };
                push_string(&mut out, rest.get(1..end).unwrap_or_default());
                end + 1
            }
            ' ' | '\t' | '\r' | '\n' | ':' | ',' | '{' | '}' | '[' | ']' => {
                out.push(first);
                1
            }
            _ => push_word(&mut out, &mut odd_values, word(rest)),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    Repaired { text: out, odd_values }
}

/// Finds the closing quote of the escaped string that `text` begins with.
fn end_of_escaped(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().enumerate().skip(1).find_map(|(at, byte)| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end.then_some(at)
    })
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

/// The quotes that may end a string, by what follows them.
struct Ends<'a> {
    of_line: Quotes<'a>,
    within_line: Quotes<'a>,
    of_key: Quotes<'a>,
    of_element: Quotes<'a>,
}

impl<'a> Ends<'a> {
    fn new(text: &'a str, is_wanted: &'a dyn Fn() -> bool) -> Self {
        let quotes = |is_one| Quotes { text, is_one, is_wanted, looked: 0, found: None };
        Self {
            of_line: quotes(ends_line),
            within_line: quotes(ends_within_line),
            of_key: quotes(|after| after.trim_start_matches([' ', '\t']).starts_with(':')),
            of_element: quotes(element_follows),
        }
    }

    /// Finds the closing quote of the string that begins here. To be asked from left to right.
    fn of_string(&mut self, start: usize, value: bool, line: Line) -> Option<usize> {
        let of_line = self.of_line.after(start);
        if value && line == Line::Key && of_line.is_some() {
            return of_line;
        }
        let mut end = earlier(of_line, self.within_line.after(start));
        if !value {
            // A key; or text in a list, which ends as a value does.
            end = earlier(end, self.of_key.after(start));
            if line == Line::Further {
                end = earlier(end, self.of_element.after(start));
            }
        }
        end
    }
}

fn earlier(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    one.into_iter().chain(other).min()
}

/// The quotes that something particular follows. They are asked for from left to right, and none is looked at twice:
/// the one found is kept until it is passed.
struct Quotes<'a> {
    text: &'a str,
    is_one: fn(&str) -> bool,
    is_wanted: &'a dyn Fn() -> bool,
    /// Up to here there is none but the one found.
    looked: usize,
    found: Option<usize>,
}

impl Quotes<'_> {
    /// The first of them after this place, as far as a string is followed.
    fn after(&mut self, start: usize) -> Option<usize> {
        if self.found.is_none_or(|found| found <= start) {
            self.looked = self.looked.max(start + 1);
            self.found = self.next();
        }
        self.found.filter(|found| found - start <= LONGEST_STRING)
    }

    fn next(&mut self) -> Option<usize> {
        let quote = |from: usize| self.text.get(from..)?.find('"').filter(|_| (self.is_wanted)());
        while let Some(step) = quote(self.looked) {
            let quote = self.looked + step;
            self.looked = quote + 1;
            let after = self.text.get(self.looked..).unwrap_or_default();
            #[cfg(test)]
            LOOKS.set(LOOKS.get() + 1);
            if (self.is_one)(after) {
                return Some(quote);
            }
        }
        self.looked = self.text.len();
        None
    }
}

#[cfg(test)]
thread_local! {
    /// How often a quote was looked at, for the test that this grows no faster than the text.
    pub(super) static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
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

/// Whether a string begins here that ends on this line before a colon, a comma or the line's end: a key or an element
/// of a list.
fn begins_string(text: &str) -> bool {
    let Some(text) = text.strip_prefix('"') else { return false };
    let line_length = text.bytes().take(LONGEST_KEY).take_while(|byte| *byte != b'\n').count();
    let Some(line) = text.as_bytes().get(..line_length) else { return false };
    line.iter().enumerate().filter(|(_, byte)| **byte == b'"').any(|(at, _)| {
        // From the left alone: what follows one quote is not looked at for another.
        let after = line.get(at + 1..).unwrap_or_default().trim_ascii_start();
        let past_comma = after.strip_prefix(b",").map(<[u8]>::trim_ascii_start);
        after.is_empty() || after.first() == Some(&b':') || past_comma.is_some_and(<[u8]>::is_empty)
    })
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

/// A string in its quotes; escaped unless it is proper JSON already, or is but for half a surrogate pair.
fn push_string(out: &mut String, string: &str) {
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
pub(super) fn read_back(text: &str) -> Cow<'_, str> {
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
