//! Reads of a listed alert what tells whether it is as it was, and passes over the rest: on a large parent nearly all
//! are, and reading all of each takes most of a run.

use std::str;

/// Longer than any alert that Netdata lists, bytes: it is not waited for.
const LONGEST: usize = 256 << 10;

/// What is read of an alert.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Essentials<'a> {
    pub(super) ni: i64,
    pub(super) nm: &'a str,
    pub(super) ch: &'a str,
    pub(super) st: &'a str,
    pub(super) to: &'a str,
    pub(super) tr_i: &'a str,
    pub(super) tr_t: i64,
}

/// What stands at the beginning of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scanned<'a> {
    /// An object of so many bytes. Without its essentials where one is missing, is there twice or has an escape.
    Alert(usize, Option<Essentials<'a>>),
    /// Its end is not there yet.
    Unfinished,
    /// No object, or one that is too long.
    Odd,
}

/// Scans an object. Only what decides is read: whether the rest is valid, nobody has looked.
pub(super) fn scan(bytes: &[u8]) -> Scanned<'_> {
    let mut scan = Scan { bytes, at: 0 };
    match scan.object() {
        Ok(essentials) => Scanned::Alert(scan.at, essentials),
        Err(Stop::Unfinished) if bytes.len() <= LONGEST => Scanned::Unfinished,
        Err(Stop::Unfinished | Stop::Odd) => Scanned::Odd,
    }
}

enum Stop {
    Unfinished,
    Odd,
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The members that are read, one bit each.
const ALL: u8 = 0b0111_1111;

impl<'a> Scan<'a> {
    fn object(&mut self) -> Result<Option<Essentials<'a>>, Stop> {
        self.expect(b'{')?;
        let (mut found, mut seen, mut is_plain) = (Essentials::default(), 0_u8, true);
        loop {
            match self.next()? {
                b'}' => break,
                b',' => continue,
                b'"' => {}
                _ => return Err(Stop::Odd),
            }
            let name = self.text()?;
            self.expect(b':')?;
            let value = self.value()?;
            let bit = match name {
                b"ni" => number(value).map(|number| (found.ni = number, 1)),
                b"nm" => text(value).map(|text| (found.nm = text, 2)),
                b"ch" => text(value).map(|text| (found.ch = text, 4)),
                b"st" => text(value).map(|text| (found.st = text, 8)),
                b"to" => text(value).map(|text| (found.to = text, 16)),
                b"tr_i" => text(value).map(|text| (found.tr_i = text, 32)),
                b"tr_t" => number(value).map(|number| (found.tr_t = number, 64)),
                // An escape may hide one of these names.
                other => {
                    is_plain &= !other.contains(&b'\\');
                    continue;
                }
            };
            let bit = bit.map_or(0, |((), bit)| bit);
            is_plain &= bit != 0 && seen & bit == 0;
            seen |= bit;
        }
        Ok((is_plain && seen == ALL).then_some(found))
    }

    /// The next byte that is no blank.
    fn next(&mut self) -> Result<u8, Stop> {
        loop {
            let byte = *self.bytes.get(self.at).ok_or(Stop::Unfinished)?;
            self.at += 1;
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Ok(byte);
            }
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Stop> {
        if self.next()? == wanted { Ok(()) } else { Err(Stop::Odd) }
    }

    /// A text behind its opening quote, without its quotes.
    fn text(&mut self) -> Result<&'a [u8], Stop> {
        let begin = self.at;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).ok_or(Stop::Unfinished)?;
            self.at += end;
            if rest.get(end) == Some(&b'"') {
                self.at += 1;
                return Ok(self.bytes.get(begin..self.at - 1).unwrap_or_default());
            }
            self.at += 2;
        }
    }

    /// Any value, as it is written.
    fn value(&mut self) -> Result<&'a [u8], Stop> {
        let first = self.next()?;
        let begin = self.at - 1;
        match first {
            b'"' => drop(self.text()?),
            b'{' | b'[' => self.nested()?,
            _ => {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                self.at +=
                    rest.iter().position(|byte| matches!(byte, b',' | b'}')).ok_or(Stop::Unfinished)?;
            }
        }
        Ok(self.bytes.get(begin..self.at).unwrap_or_default())
    }

    /// The rest of a list or an object.
    fn nested(&mut self) -> Result<(), Stop> {
        let mut depth = 1_u32;
        while depth > 0 {
            match self.next()? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                b'"' => drop(self.text()?),
                _ => {}
            }
        }
        Ok(())
    }
}

/// A text in quotes that stands for itself.
fn text(value: &[u8]) -> Option<&str> {
    let inner = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    str::from_utf8(inner).ok().filter(|text| !text.contains('\\'))
}

fn number(value: &[u8]) -> Option<i64> {
    str::from_utf8(value).ok()?.trim_end().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Essentials, Scanned, scan};

    const ALERT: &str = r#"{"ni": 3, "nm": "cpu }", "ch":"a\u0062", "st":"WARNING","x":{"a":["]"]}, "tr_i":"u", "v":nan,
        "tr_t": 17 , "to":"sysadmin", "info":"\"}"}"#;

    #[test]
    fn reads_what_decides_wherever_it_ends() {
        let plain = ALERT.replace(r"a\u0062", "ab");
        let found =
            Essentials { ni: 3, nm: "cpu }", ch: "ab", st: "WARNING", to: "sysadmin", tr_i: "u", tr_t: 17 };
        let more = format!("{plain}, {{");
        assert_eq!(scan(more.as_bytes()), Scanned::Alert(plain.len(), Some(found)));
        for length in 0..plain.len() {
            assert_eq!(scan(&plain.as_bytes()[..length]), Scanned::Unfinished, "{length}");
        }
    }

    #[test]
    fn leaves_what_is_not_plain_to_others() {
        let plain = ALERT.replace(r"a\u0062", "ab");
        for odd in [
            ALERT.to_owned(),
            plain.replace("\"tr_t\": 17", "\"tr_t\": null"),
            plain.replace("\"tr_t\": 17", "\"st\": \"CLEAR\""),
            plain.replace("\"x\"", "\"nm\""),
            plain.replace("\"x\"", "\"n\\u006d\""),
        ] {
            assert_eq!(scan(odd.as_bytes()), Scanned::Alert(odd.len(), None), "{odd}");
        }
        for odd in ["x", "[]", "{x", "{\"a\" 1}", "{\"a\", 1}"] {
            assert_eq!(scan(odd.as_bytes()), Scanned::Odd, "{odd}");
        }
        let long = format!("{{\"a\": \"{}", "x".repeat(super::LONGEST));
        assert_eq!(scan(long.as_bytes()), Scanned::Odd);
    }
}
