//! The error text of an answer other than 2xx, made fit to be shown.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{Failure, bare};
use crate::secret::Secret;
use crate::text::Shown;

/// Longest message that is repeated, in characters.
const LONGEST_MESSAGE: usize = 200;

/// An answer other than 2xx, made fit to be shown: `403 KEY_ERROR: no such key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// HTTP status.
    pub status: u16,
    /// The service's code for it; empty where it gave none.
    pub code: Shown,
    /// Its words, one line, without what was secret in the request; empty where it gave none.
    pub message: Shown,
}

impl fmt::Display for ErrorAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.code.is_empty() {
            write!(f, " {}", self.code)?;
        }
        if !self.message.is_empty() && self.message != self.code {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

/// The words of an error body, one line, with the secrets that were sent masked: the first of these members of a JSON
/// object that says something, or a text as it is. Empty where it says nothing.
#[must_use]
pub fn words(body: Result<&[u8], &Failure>, members: &[&str], secrets: &[&Secret]) -> Shown {
    let body = match body {
        Ok(body) => String::from_utf8_lossy(bare(body)),
        Err(failure) => return failure.to_string().into(),
    };
    if body.starts_with('<') {
        return "an HTML page".into();
    }
    let words = match serde_json::from_str::<Value>(&body) {
        Ok(Value::Object(error)) => members
            .iter()
            .filter_map(|member| error.get(*member)?.as_str())
            .find(|words| !words.trim().is_empty())
            .unwrap_or_default()
            .to_owned(),
        _ => body.into_owned(),
    };
    shown(words, LONGEST_MESSAGE, secrets)
}

/// Words that came from elsewhere, such as a header's, made fit to be shown: one line of so many characters at most,
/// with the secrets that were sent masked before anything is cut.
#[must_use]
pub fn shown(words: String, longest: usize, secrets: &[&Secret]) -> Shown {
    Shown::line(&masked(words, secrets), longest)
}

/// Whether a text has one of these secrets in it, or a part of one: as it is, or percent-encoded as in a URL.
#[must_use]
pub fn tells<S: Borrow<Secret>>(text: &str, secrets: &[S]) -> bool {
    let mut text = text.to_owned();
    loop {
        if masked(text.clone(), secrets) != text {
            return true;
        }
        // It may be encoded more than once. Each time it gets shorter.
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded.len() >= text.len() {
            return false;
        }
        text = decoded;
    }
}

fn masked<S: Borrow<Secret>>(words: String, secrets: &[S]) -> String {
    // Whole ones first: a part of one may be in another.
    let secrets = || secrets.iter().map(Borrow::borrow);
    let words = secrets().fold(words, |words, secret| without_whole(&words, secret));
    secrets().fold(words, |words, secret| without_parts(&words, secret))
}

/// So many letters and digits of a key in a row are recognised as a part of it.
const PART: usize = 12;

/// Masks the parts of a key, with anything between its letters and digits that is none: what is left out later would
/// join them again.
fn without_parts(text: &str, key: &Secret) -> String {
    let letters = letters(key.expose());
    let part = letters.len().min(PART);
    if part < PART.div_ceil(2) {
        return text.to_owned();
    }
    let parts: HashSet<String> =
        letters.windows(part).map(|part| part.iter().map(|(_, letter)| letter).collect()).collect();
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for found in self::letters(text).windows(part) {
        let word: String = found.iter().map(|(_, letter)| letter).collect();
        let (Some((start, _)), Some((end, _))) = (found.first(), found.last()) else { continue };
        if !parts.contains(&word) {
            continue;
        }
        // What overlaps the part before belongs to it.
        if *start >= from {
            clean.push_str(text.get(from..*start).unwrap_or_default());
            clean.push_str(&key.masked());
        }
        from = end + 1;
    }
    clean.push_str(text.get(from..).unwrap_or_default());
    clean
}

/// The letters and digits of a text in lower case, and where they are.
fn letters(text: &str) -> Vec<(usize, char)> {
    let letters = text.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric());
    letters.map(|(at, c)| (at, c.to_ascii_lowercase())).collect()
}

/// Masks a secret wherever it stands, in any case.
fn without_whole(text: &str, secret: &Secret) -> String {
    let exposed = secret.expose();
    if exposed.is_empty() {
        return text.to_owned();
    }
    // Lower-casing ASCII alone keeps every byte where it was.
    let (lower, needle) = (text.to_ascii_lowercase(), exposed.to_ascii_lowercase());
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in lower.match_indices(&needle) {
        clean.push_str(text.get(from..at).unwrap_or_default());
        clean.push_str(&secret.masked());
        from = at + needle.len();
    }
    clean.push_str(text.get(from..).unwrap_or_default());
    clean
}

#[cfg(test)]
mod tests {
    use super::{Failure, Secret};

    fn words(body: &str) -> String {
        super::words(
            Ok(body.as_bytes()),
            &["message", "code"],
            &[&Secret::new("il1api0123456789abcdef3f9a".into())],
        )
        .to_string()
    }

    #[test]
    fn finds_a_secret_however_it_is_written() {
        let secrets =
            [Secret::new("0b9a2c5e-1111-4d2f-8e1f-aa55bb66cc77".into()), Secret::new("p/ss wörd".into())];
        for text in [
            "http://x/0b9a2c5e-1111-4d2f-8e1f-aa55bb66cc77",
            "http://x/0B9A2C5E11114D2F8E1FAA55BB66CC77/y",
            "http://x/0b9a2c5e%2D1111%2D4d2f%2D8e1f",
            "http://x/%30%62%39%61%32%63%35%65%2d1111%2d4d2f",
            "http://x/%2530b9a2c5e-1111-4d2f",
            "http://x/p%2Fss%20w%C3%B6rd",
        ] {
            assert!(super::tells(text, &secrets), "{text}");
        }
        for text in ["http://x/login", "http://x/0b9a2c5e", "100%", "%zz", ""] {
            assert!(!super::tells(text, &secrets), "{text}");
        }
        assert!(!super::tells::<Secret>("anything", &[]));
    }

    #[test]
    fn repeats_only_what_can_be_shown() {
        for (body, expected) in [
            (r#"{"status":400,"message":"Summary is missing","code":"VALIDATION"}"#, "Summary is missing"),
            (r#"{"status":400,"message":" ","code":"VALIDATION"}"#, "VALIDATION"),
            (r#"{"status":400,"code":7}"#, ""),
            ("", ""),
            (" <!DOCTYPE html><p>no", "an HTML page"),
            ("\u{feff}{\"message\":\"no\"}", "no"),
            ("upstream\n\u{1b}[31mdied", "upstream [31mdied"),
            (r#"{"message":"no source IL1API0123456789abcdef3f9a."}"#, "no source ****3f9a."),
            ("ж il1api0123456789abcdef3f9a ж", "ж ****3f9a ж"),
        ] {
            assert_eq!(words(body), expected, "{body}");
        }
        for between in ["\u{200b}", "\u{ad}", " ", "\u{1b}", "\u{1b}[31m", "\u{202e}", "-"] {
            for at in [1, 6, 13, 24] {
                let (head, tail) = "il1api0123456789abcdef3f9a".split_at(at);
                let said = words(&format!("no source {head}{between}{tail}."));
                let bare: String = said.chars().filter(char::is_ascii_alphanumeric).collect();
                assert!(!bare.contains("0123456789ab"), "{said}");
            }
        }
        assert_eq!(words(&"x".repeat(9_999)).chars().count(), 200);
        // What is cut through the middle of the key must not leave half of it.
        let late = format!("{}il1api0123456789abcdef3f9a", "x".repeat(190));
        assert!(!words(&late).contains("il1api"));
        let nothing = Secret::new(String::new());
        assert_eq!(super::words(Ok(b"as it is"), &[], &[&nothing]), "as it is");
        assert_eq!(
            super::words(Err(&Failure::TooLarge(9)), &[], &[&nothing]),
            "the answer is larger than 9 bytes"
        );
    }
}
