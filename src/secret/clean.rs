//! Finds a secret in a text that a person or a file gave, and says what is wrong where there is none.

use zeroize::Zeroizing;

use super::Secret;
use crate::text::has_no_look;

/// What a secret may look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// A key or a token: one word.
    Key,
    /// Any text.
    Password,
    /// A URL whose path holds a key.
    Url,
}

/// No key, token or URL is that large (bytes); another text was meant.
pub const LARGEST: u64 = 64 * 1024;

/// Why a text cannot be a secret.
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
    /// Words that stand for a key in an example.
    #[error("is a placeholder from an example, not the key itself")]
    Placeholder,
    /// A key as it is shown, a part of it hidden or left out.
    #[error("is a key as it is shown, a part of it hidden")]
    Masked,
    /// A certificate, or a key of another kind.
    #[error("is a certificate or a key in PEM form (`-----BEGIN …`), which is not what is meant here")]
    Pem,
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

/// Finds the secret in a text: without blanks, invisible characters and, for a key or a URL, quotes and what a shell or
/// a header has before it. What cannot be a secret is refused, and nothing is guessed.
pub fn clean(text: &str, kind: SecretKind) -> Result<Cleaned, Flaw> {
    if text.len() as u64 > LARGEST {
        return Err(Flaw::TooLarge);
    }
    let mut visible = Zeroizing::new(String::with_capacity(text.len()));
    visible.extend(text.chars().filter(|c| !is_invisible(*c, kind)));
    let mut left_out = Vec::new();
    if visible.len() < text.len() {
        left_out.push("invisible characters in it");
    }
    let mut rest = trimmed(&visible, &mut left_out);
    while let Some((inner, what)) = stripped(rest, kind, &left_out) {
        left_out.push(what);
        rest = trimmed(inner, &mut left_out);
    }
    match flaw(rest, kind) {
        Some(flaw) => Err(flaw),
        None => Ok(Cleaned { secret: Secret::new(rest.to_owned()), left_out }),
    }
}

/// Finds the secret in what a person has pasted: as [`clean`] does, and a key also in the URL that ilert shows for an alert
/// source. In a file such a URL is refused, because nobody would read what was left out.
pub fn clean_paste(text: &str, kind: SecretKind) -> Result<Cleaned, Flaw> {
    match clean(text, kind) {
        Err(flaw @ (Flaw::Url | Flaw::NetdataUrl)) => in_url(text).ok_or(flaw),
        found => found,
    }
}

/// The key at the end of a URL that events are sent to.
fn in_url(text: &str) -> Option<Cleaned> {
    let (_, events) = text.split_once("://")?.1.split_once("/events/")?;
    let path =
        events.split(|c: char| c.is_whitespace() || "?#\"'`”’".contains(c)).next()?.trim_end_matches('/');
    let (kind, key) = path.rsplit_once('/').unwrap_or(("", path));
    let mut cleaned = clean(key, SecretKind::Key).ok().filter(|_| key != "netdata")?;
    cleaned.left_out.push(if kind == "netdata" { NETDATA_URL } else { URL });
    Some(cleaned)
}

const URL: &str = "the URL around it";
const NETDATA_URL: &str =
    "the URL around it (it is of an alert source of type Netdata, and this program needs one of type API)";
const QUOTES: &str = "the quotes around it";
const NAME: &str = "the name before it";
const BEARER: &str = "`Bearer` before it";
const STOP: &str = "the full stop after it";
const ODD_BLANKS: &str = "no-break or other unusual spaces around it";

/// Takes blanks off both ends. Those that are no usual ones look like them, and are said.
fn trimmed<'t>(text: &'t str, left_out: &mut Vec<&'static str>) -> &'t str {
    let usual = text.trim_matches(|c: char| c.is_ascii() && c.is_whitespace());
    let trimmed = usual.trim();
    if trimmed.len() < usual.len() && !left_out.contains(&ODD_BLANKS) {
        left_out.push(ODD_BLANKS);
    }
    trimmed
}

/// Takes one thing off, each at most once.
fn stripped<'t>(text: &'t str, kind: SecretKind, before: &[&str]) -> Option<(&'t str, &'static str)> {
    // A password may be in quotes of its own, but not behind a name.
    let quoted = || unquoted(text).filter(|_| kind != SecretKind::Password || before.contains(&NAME));
    let named = || unnamed(text, kind);
    let borne = || unborne(text).filter(|_| kind == SecretKind::Key);
    let stopped = || unstopped(text).filter(|_| kind == SecretKind::Key);
    let new =
        |found: Option<&'t str>, what| found.filter(|_| !before.contains(&what)).map(|inner| (inner, what));
    new(quoted(), QUOTES)
        .or_else(|| new(named(), NAME))
        .or_else(|| new(borne(), BEARER))
        .or_else(|| new(stopped(), STOP))
}

fn unquoted(text: &str) -> Option<&str> {
    [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
}

/// What comes after `NAME=`. A password can have an equals sign in it: there the name must be one of a secret's.
fn unnamed(text: &str, kind: SecretKind) -> Option<&str> {
    let (name, value) = text.strip_prefix("export ").unwrap_or(text).split_once('=')?;
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_secrets = ["KEY", "TOKEN", "PASSWORD", "SECRET"].iter().any(|word| name.ends_with(word));
    // Base64 ends with equals signs.
    let is_value = !value.trim_matches(['=', ' ']).is_empty();
    (is_name && is_value && (kind != SecretKind::Password || is_secrets)).then_some(value)
}

fn unborne(text: &str) -> Option<&str> {
    let (word, token) = text.split_once(' ')?;
    word.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The end of a sentence. Several stand for what was left out.
fn unstopped(text: &str) -> Option<&str> {
    text.strip_suffix('.').filter(|rest| !rest.ends_with('.'))
}

fn flaw(text: &str, kind: SecretKind) -> Option<Flaw> {
    if text.is_empty() {
        Some(Flaw::Empty)
    } else if kind != SecretKind::Password && text.starts_with("-----BEGIN") {
        Some(Flaw::Pem)
    } else if kind != SecretKind::Password
        && ["***", "•••", "●●●", "…", "..."].iter().any(|mask| text.contains(mask))
    {
        Some(Flaw::Masked)
    } else if kind == SecretKind::Key && is_placeholder(text) {
        Some(Flaw::Placeholder)
    } else if text.chars().any(char::is_control) {
        Some(Flaw::Control)
    } else if kind == SecretKind::Key && text.contains("://") {
        Some(if text.contains("/events/netdata/") { Flaw::NetdataUrl } else { Flaw::Url })
    } else if kind != SecretKind::Password && text.contains(char::is_whitespace) {
        Some(Flaw::Blank)
    } else if kind == SecretKind::Key && !text.chars().all(is_of_key) {
        Some(Flaw::Sign)
    } else {
        None
    }
}

/// What is written where a key is not yet, or no more.
const STAND_INS: [&str; 23] = [
    "KEY",
    "API_KEY",
    "APIKEY",
    "INTEGRATION_KEY",
    "TOKEN",
    "API_TOKEN",
    "SECRET",
    "PASSWORD",
    "CHANGEME",
    "CHANGE_ME",
    "REPLACEME",
    "REPLACE_ME",
    "PLACEHOLDER",
    "EXAMPLE",
    "TODO",
    "FIXME",
    "TBD",
    "REDACTED",
    "HIDDEN",
    "NULL",
    "NONE",
    "NIL",
    "UNDEFINED",
];

/// Whether a text stands for a key in an example, or is the name of a variable: `<your key>`, `YOUR_API_KEY`, `$KEY`,
/// `il1apixxxx`, `TODO`.
fn is_placeholder(text: &str) -> bool {
    let words: String =
        text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    let words = words.trim_matches('_');
    let named =
        ["ILERT_", "NETDATA_", "THE_"].iter().find_map(|name| words.strip_prefix(name)).unwrap_or(words);
    // What every key of ilert's begins with, and then nothing of a key.
    let rest = words.strip_prefix("IL1API").unwrap_or(words);
    let is_filler = (3..=64).contains(&rest.len()) && rest.chars().all(|c| matches!(c, 'X' | '_'));
    STAND_INS.contains(&named)
        || is_filler
        || text.starts_with('$')
        || words.starts_with("YOUR_")
        || words.ends_with("_HERE")
}

/// Keys and tokens are ASCII; what is refused here was pasted or typed around one.
fn is_of_key(c: char) -> bool {
    c.is_ascii_graphic() && !"\"'`\\<>(){}[],;".contains(c)
}

/// Pasted along, seen by nobody. A password may have emoji in it, which have some of these.
fn is_invisible(c: char, kind: SecretKind) -> bool {
    if kind != SecretKind::Password {
        return has_no_look(c);
    }
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
