//! The one type that holds a key: prints as `****3f9a`, is wiped when dropped, and leaves only by
//! [`Secret::expose`], which is called where a request is built and nowhere else.
//!
//! [`clean`] finds the secret in a text that a person or a file gave; nothing else does.

use std::fmt;

use zeroize::Zeroizing;

/// A key, token or password. `Debug` and `Display` show at most its last four characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Shorter secrets show no character at all: four of eight would be half of it.
const SHORTEST_WITH_TAIL: usize = 16;

impl Secret {
    /// Wraps a secret as it is; [`clean`] what a person or a file gave first.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself, for the wire.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `****3f9a`, or `****` for a short one.
    #[must_use]
    pub fn masked(&self) -> String {
        let characters = self.0.chars().count();
        if characters < SHORTEST_WITH_TAIL {
            return "****".to_owned();
        }
        let tail: String = self.0.chars().skip(characters - 4).collect();
        format!("****{tail}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// What a secret may look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key or a token: one word.
    Key,
    /// Any text.
    Password,
    /// A URL whose path holds a key.
    Url,
}

/// No key, token or URL is that large (bytes); another text was meant.
pub const LARGEST: u64 = 64 * 1024;

/// What a text has that a secret has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Nothing but blanks.
    #[error("is empty")]
    Empty,
    /// Line breaks or other control characters inside.
    #[error("has line breaks or other control characters in it")]
    Control,
    /// Blanks inside.
    #[error("has spaces in it")]
    Blank,
    /// Signs or letters that are in no key.
    #[error("has quotation marks, brackets, commas or accented letters in it, which no key has")]
    Sign,
    /// The URL of an alert source of another type.
    #[error("is the URL of an alert source of type Netdata, not the key of one of type API")]
    NetdataUrl,
    /// A URL.
    #[error("is a URL, not a key")]
    Url,
    /// Bytes that are no text.
    #[error("is not UTF-8 text")]
    NotUtf8,
    /// Over 64 KiB.
    #[error("is larger than 64 KiB")]
    TooLarge,
}

/// A secret, and what stood around it in the text that it was given in.
#[derive(Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// The secret.
    pub secret: Secret,
    /// What was left out, in words; blanks around it go without saying.
    pub left_out: Vec<&'static str>,
}

impl Cleaned {
    /// What to say of what was left out: `used without the quotes around it`; `None` where nothing was.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let (last, others) = self.left_out.split_last()?;
        let others = others.join(", ");
        Some(if others.is_empty() {
            format!("used without {last}")
        } else {
            format!("used without {others} and {last}")
        })
    }
}

/// Finds the secret in a text: without blanks, invisible characters and, for a key or a URL, quotes and what a shell or a
/// header has before it. What cannot be a secret is refused, and nothing is guessed.
pub fn clean(text: &str, kind: Kind) -> Result<Cleaned, Flaw> {
    if text.len() as u64 > LARGEST {
        return Err(Flaw::TooLarge);
    }
    let mut visible = Zeroizing::new(String::with_capacity(text.len()));
    visible.extend(text.chars().filter(|c| !is_invisible(*c)));
    let mut left_out = Vec::new();
    if visible.len() < text.len() {
        left_out.push("invisible characters in it");
    }
    let mut rest = visible.trim();
    while let Some((inner, what)) = stripped(rest, kind, &left_out) {
        rest = inner.trim();
        left_out.push(what);
    }
    match flaw(rest, kind) {
        Some(flaw) => Err(flaw),
        None => Ok(Cleaned { secret: Secret::new(rest.to_owned()), left_out }),
    }
}

const QUOTES: &str = "the quotes around it";
const NAME: &str = "the name before it";
const BEARER: &str = "`Bearer` before it";

/// Takes one thing off, each at most once.
fn stripped<'t>(text: &'t str, kind: Kind, before: &[&str]) -> Option<(&'t str, &'static str)> {
    // A password may be in quotes of its own, but not behind a name.
    let quoted = || unquoted(text).filter(|_| kind != Kind::Password || before.contains(&NAME));
    let named = || unnamed(text, kind);
    let borne = || unborne(text).filter(|_| kind == Kind::Key);
    let new =
        |found: Option<&'t str>, what| found.filter(|_| !before.contains(&what)).map(|inner| (inner, what));
    new(quoted(), QUOTES).or_else(|| new(named(), NAME)).or_else(|| new(borne(), BEARER))
}

fn unquoted(text: &str) -> Option<&str> {
    [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
}

/// What comes after `NAME=`. A password can have an equals sign in it: there the name must be one of a secret's.
fn unnamed(text: &str, kind: Kind) -> Option<&str> {
    let (name, value) = text.strip_prefix("export ").unwrap_or(text).split_once('=')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_secrets = ["KEY", "TOKEN", "PASSWORD", "SECRET"].iter().any(|word| name.ends_with(word));
    // Base64 ends with equals signs.
    let is_value = !value.trim_matches(['=', ' ']).is_empty();
    (is_name && is_value && (kind != Kind::Password || is_secrets)).then_some(value)
}

fn unborne(text: &str) -> Option<&str> {
    let (word, token) = text.split_once(' ')?;
    word.eq_ignore_ascii_case("bearer").then_some(token)
}

fn flaw(text: &str, kind: Kind) -> Option<Flaw> {
    if text.is_empty() {
        Some(Flaw::Empty)
    } else if text.chars().any(char::is_control) {
        Some(Flaw::Control)
    } else if kind == Kind::Key && text.contains("://") {
        Some(if text.contains("/events/netdata/") { Flaw::NetdataUrl } else { Flaw::Url })
    } else if kind != Kind::Password && text.contains(char::is_whitespace) {
        Some(Flaw::Blank)
    } else if kind == Kind::Key && !text.chars().all(is_of_key) {
        Some(Flaw::Sign)
    } else {
        None
    }
}

/// Keys and tokens are ASCII; what is refused here was pasted or typed around one.
fn is_of_key(c: char) -> bool {
    c.is_ascii_graphic() && !"\"'`\\<>(){}[],;".contains(c)
}

/// Byte order marks, zero-width characters, soft hyphens, and marks of direction: pasted along, seen by nobody.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{Flaw, Kind, Secret, clean};

    #[test]
    fn shows_only_the_tail() {
        let key = Secret::new("il1api0123456789abcdef3f9a".into());
        assert_eq!(format!("{key} {key:?}"), "****3f9a ****3f9a");
    }

    #[test]
    fn shows_nothing_of_a_short_one() {
        assert_eq!(Secret::new("hunter2hunter2".into()).masked(), "****");
    }

    #[test]
    fn counts_characters_not_bytes() {
        assert_eq!(Secret::new("ключ-который-длинный".into()).masked(), "****нный");
    }

    #[test]
    fn finds_the_key_in_what_was_pasted_around_it() {
        for (given, note) in [
            ("il1api-KEY", None),
            (" il1api-KEY\r\n", None),
            ("\u{feff}il1api-KEY", Some("invisible characters in it")),
            ("il1\u{200b}api\u{ad}-KEY", Some("invisible characters in it")),
            ("\"il1api-KEY\"", Some("the quotes around it")),
            ("`il1api-KEY`", Some("the quotes around it")),
            ("ILERT_API_KEY=il1api-KEY", Some("the name before it")),
            ("export ILERT_API_KEY='il1api-KEY'", Some("the name before it and the quotes around it")),
            ("api_key = \"il1api-KEY\"", Some("the name before it and the quotes around it")),
            ("Bearer il1api-KEY", Some("`Bearer` before it")),
        ] {
            let cleaned = clean(given, Kind::Key).unwrap();
            assert_eq!(cleaned.secret.expose(), "il1api-KEY", "{given:?}");
            assert_eq!(cleaned.note(), note.map(|what| format!("used without {what}")), "{given:?}");
        }
        for text in ["bG9uZw==", "a.b-c_d~e+f/g="] {
            assert_eq!(clean(text, Kind::Key).unwrap().secret.expose(), text);
        }
    }

    #[test]
    fn a_password_and_a_url_keep_what_is_theirs() {
        for text in ["two words", "a=b", "\"quoted\"", "Bearer of news", "http://x"] {
            assert_eq!(clean(text, Kind::Password).unwrap().secret.expose(), text);
        }
        assert_eq!(clean("MY_PASSWORD=\"two words\"", Kind::Password).unwrap().secret.expose(), "two words");
        let url = "https://beat.ilert.com/api/pings/abc?a=b";
        assert_eq!(clean(&format!("'{url}'"), Kind::Url).unwrap().secret.expose(), url);
    }

    #[test]
    fn refuses_what_cannot_be_one() {
        for (given, flaw) in [
            ("", Flaw::Empty),
            ("\u{feff} \n", Flaw::Empty),
            ("\"\"", Flaw::Empty),
            ("one\ntwo", Flaw::Control),
            ("one\0two", Flaw::Control),
            ("one two", Flaw::Blank),
            ("one\u{a0}two", Flaw::Blank),
            ("\"il1api-KEY", Flaw::Sign),
            ("<il1api-KEY>", Flaw::Sign),
            ("il1api-KEY,", Flaw::Sign),
            ("il1аpi-KEY", Flaw::Sign), // its `a` is Cyrillic
            ("https://api.ilert.com/api/v1/events/netdata/il1api-KEY", Flaw::NetdataUrl),
            ("https://api.ilert.com/api/events/il1api-KEY", Flaw::Url),
        ] {
            assert_eq!(clean(given, Kind::Key).unwrap_err(), flaw, "{given:?}");
            assert!(!flaw.to_string().contains("il1api"));
        }
    }
}
