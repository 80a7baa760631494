//! How Netdata prints: its JSON layout, and values with their units.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Prints JSON as `buffer_json` of v2 does: members on lines of their own, arrays in line; or without white
/// space (`options=minify`).
pub(super) fn json(value: &impl Serialize, minify: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    // Writing to memory, from types whose keys are strings, cannot fail.
    let _ = if minify {
        value.serialize(&mut Serializer::new(&mut out))
    } else {
        value.serialize(&mut Serializer::with_formatter(&mut out, Layout::default()))
    };
    out.push(b'\n');
    out
}

#[derive(Default)]
struct Layout {
    depth: usize,
    /// Whether the object that is about to end has members.
    members: bool,
}

impl Layout {
    fn line<W: ?Sized + io::Write>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"    "))
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        out.write_all(b"]")
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.members = false;
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.members {
            self.line(out)?;
        }
        self.members = true;
        out.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.members = true;
        if !first {
            out.write_all(b",")?;
        }
        self.line(out)
    }
}

/// Stands for a byte of a cut character until [`uncut`]: one of the last 256 private characters.
const CUT: u32 = 0x10_ff00;

/// Cuts a text as C's `strncpy` does: half a character may be left at its end.
pub(super) fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    let Some(bytes) = text.as_bytes().get(..limit).filter(|bytes| bytes.len() < text.len()) else {
        return Cow::Borrowed(text);
    };
    let whole = (0..=limit).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let part = bytes.get(whole..).unwrap_or_default().iter();
    let part = part.filter_map(|byte| char::from_u32(CUT + u32::from(*byte)));
    Cow::Owned(text.get(..whole).unwrap_or_default().chars().chain(part).collect())
}

/// Restores the bytes that [`cut`] left, which may be invalid UTF-8.
pub(super) fn uncut(json: Vec<u8>) -> Vec<u8> {
    if !json.contains(&0xf4) {
        return json;
    }
    // U+10FF80 to U+10FFFF, as the two halves of 0x80 to 0xff.
    let byte_of = |bytes: &[u8]| match bytes {
        [0xf4, 0x8f, 0xbe, low, ..] => Some(*low),
        [0xf4, 0x8f, 0xbf, low, ..] => Some(low | 0x40),
        _ => None,
    };
    let mut out = Vec::with_capacity(json.len());
    let mut rest = json.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let byte = byte_of(rest);
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { rest.get(4..).unwrap_or_default() } else { after };
    }
    out
}

/// A value as v2 prints it: whole numbers without a point, `null` for none.
pub(super) struct Number(pub Option<f64>);

impl Serialize for Number {
    #[allow(clippy::cast_possible_truncation)] // looked at before
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                serializer.serialize_i64(value as i64)
            }
            Some(value) if value.is_finite() => serializer.serialize_f64(value),
            _ => serializer.serialize_none(),
        }
    }
}

/// A value as v1 prints it bare: at most seven decimals; `null` for none, `nan` for one that is no number.
pub(super) fn bare(value: Option<f64>) -> String {
    match value {
        None => "null".to_owned(),
        Some(value) if value.is_finite() => trim(format!("{value:.7}")),
        Some(_) => "nan".to_owned(),
    }
}

/// A value with its unit, as in `value_string`: `18.1%`, `4.25 load`, `-` for none.
pub(super) fn with_units(value: Option<f64>, units: &str) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return "-".to_owned() };
    let size = value.abs();
    let decimals = match size {
        _ if size >= 1000.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 0.1 => 2,
        _ => 4,
    };
    let number = trim(format!("{value:.decimals$}"));
    match units {
        "" => number,
        "%" => format!("{number}%"),
        _ => format!("{number} {units}"),
    }
}

fn trim(number: String) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number }
}

/// What `health_string2json` of v1.37 makes of text (`buffer_strcat_htmlescape`).
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '/' => out.push_str("&#x2F;"),
            '\'' => out.push_str("&#x27;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{bare, cut, html, json, uncut, with_units};

    #[test]
    fn lays_json_out_as_netdata_does() {
        let value = serde_json::json!({"a": [{"b": 1, "c": []}, {"b": {}}], "d": ["x", "y"]});
        let expected = "{\n    \"a\":[{\n            \"b\":1,\n            \"c\":[]\n        },{\n            \
                        \"b\":{}\n        }],\n    \"d\":[\"x\",\"y\"]\n}\n";
        assert_eq!(String::from_utf8(json(&value, false)).unwrap(), expected);
        assert_eq!(json(&serde_json::json!({"a": [1]}), true), b"{\"a\":[1]}\n");
    }

    #[test]
    fn prints_values_as_recorded() {
        for (value, units, expected) in [
            (18.078_773_6, "%", "18.1%"),
            (2.689_772_8, "%", "2.69%"),
            (0.013_72, "%", "0.0137%"),
            (0.500_488_3, "%", "0.5%"),
            (93.533_665_3, "%", "93.5%"),
            (1.109_104_7, "packets", "1.11 packets"),
            (0.134_926_7, "tcp resets/s", "0.13 tcp resets/s"),
            (4.25, "load", "4.25 load"),
            (90.0, "C", "90 C"),
        ] {
            assert_eq!(with_units(Some(value), units), expected);
        }
        assert_eq!(with_units(None, "C"), "-");
        assert_eq!(bare(Some(18.078_773_6)), "18.0787736");
        assert_eq!(bare(Some(100.0)), "100");
        assert_eq!((bare(None).as_str(), bare(Some(f64::NAN)).as_str()), ("null", "nan"));
    }

    #[test]
    fn cuts_between_bytes() {
        let left = |text: &str| uncut(cut(text, 4).into_owned().into_bytes());
        for text in ["abc", "abcd", "äb\u{10ff}"] {
            assert_eq!(left(text), text.as_bytes().iter().copied().take(4).collect::<Vec<_>>());
        }
        assert_eq!(left("abcde"), b"abcd");
        assert_eq!(left("abc\u{fc}"), b"abc\xc3");
        assert_eq!(left("a\u{1f525}"), b"a\xf0\x9f\x94");
    }

    #[test]
    fn escapes_as_html() {
        assert_eq!(html("disk / \"x\" <5"), "disk &#x2F; &quot;x&quot; &lt;5");
    }
}
