//! Netdata's JSON, read generously: what is text, number or flag may come as any of them, as `null` or not
//! at all (1.37 says `"silenced": "false"`, 2.x says `false`), depending on the version and the endpoint.
//!
//! Text is borrowed from the answer where it has no escapes: a parent's answer has tens of megabytes. It is cut here,
//! before anything keeps or shows it ([`Text`], [`Prose`]).
//!
//! One odd thing costs that thing: an element of a list that cannot be read is left out and counted ([`Odd`]), a member
//! that cannot be read is taken as missing.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::repair::{Repaired, repaired, without_odd_words};
use crate::text::{Shown, one_line};

/// Longest text that is kept whole, bytes: host names, ids, names, roles, units.
const LONGEST_TEXT: usize = 1000;
/// Longest description or summary, bytes.
const LONGEST_PROSE: usize = 16 * 1024;
/// Longest word of the parser, which quotes what it found, characters.
const LONGEST_DETAIL: usize = 200;

/// The body of an answer with status 2xx, and where it came from.
pub(super) struct Answer {
    url: String,
    text: String,
    /// The text after a repair of its values, and of its strings, too; filled by the first [`Answer::parse`] that needs
    /// them.
    values_repaired: OnceLock<Repaired>,
    repaired: OnceLock<Repaired>,
}

impl Answer {
    /// Bytes that are no UTF-8 are replaced: Netdata passes on what charts and labels are called.
    pub(super) fn new(url: String, bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Self { url, text, values_repaired: OnceLock::new(), repaired: OnceLock::new() }
    }

    /// Reads it as JSON; where that fails, once more after [`repair`](super::repair).
    pub(super) fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        serde_json::from_str(&self.text).or_else(|strict| {
            let values = self.values_repaired.get_or_init(|| without_odd_words(&self.text));
            if let Ok(read) = serde_json::from_str(&values.text) {
                return Ok(read);
            }
            let repaired = self.repaired.get_or_init(|| repaired(&self.text));
            // Where the repair does not help, the place in the answer as it came is of more use.
            serde_json::from_str(&repaired.text).map_err(|_| Error::Unreadable {
                url: self.url.clone(),
                detail: one_line(&strict.to_string(), LONGEST_DETAIL),
            })
        })
    }

    /// How many values the repair could not read.
    pub(super) fn odd_values(&self) -> usize {
        self.repaired.get().or(self.values_repaired.get()).map_or(0, |repaired| repaired.odd_values)
    }

    /// Where it came from, without credentials.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// Any JSON value that is one word; lists and objects count as `null`.
enum Scalar<'a> {
    Null,
    Flag(bool),
    Whole(i64),
    Number(f64),
    Text(Cow<'a, str>),
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, number, flag or null")
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Flag(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Whole(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Null)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Null)
    }
}

impl<'a> Scalar<'a> {
    fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Flag(value) => Cow::Owned(value.to_string()),
            Self::Whole(value) => Cow::Owned(value.to_string()),
            Self::Number(value) => Cow::Owned(value.to_string()),
            Self::Text(text) => text,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// Text; `null` is empty. An id is identity: one that is too long keeps its beginning and gets a hash of the whole, so
/// that two which differ after the cut stay two.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn into_string(self) -> String {
        self.0.into_owned()
    }

    /// For people, and not to recognise anything by.
    pub(super) fn shown(&self) -> Shown {
        Shown::line(&self.0, LONGEST_TEXT)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Scalar::deserialize(deserializer)?.into_text();
        if text.len() <= LONGEST_TEXT {
            return Ok(Self(text));
        }
        let hash = Sha256::digest(text.as_bytes());
        let hash = hash.iter().take(8).fold(String::from("~"), |hash, byte| format!("{hash}{byte:02x}"));
        let kept = head(&text, LONGEST_TEXT - hash.len());
        Ok(Self(Cow::Owned(format!("{kept}{hash}"))))
    }
}

/// A description or a summary, which is cut where it is too long.
#[derive(Debug, Default)]
pub(super) struct Prose<'a>(Cow<'a, str>);

impl Prose<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// For people.
    pub(super) fn shown(&self) -> Shown {
        Shown::block(&self.0, LONGEST_PROSE)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Prose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Scalar::deserialize(deserializer)?.into_text();
        if text.len() <= LONGEST_PROSE {
            return Ok(Self(text));
        }
        let kept = head(&text, LONGEST_PROSE - '…'.len_utf8());
        Ok(Self(Cow::Owned(format!("{kept}…"))))
    }
}

/// As many whole characters as fit into so many bytes.
fn head(text: &str, limit: usize) -> &str {
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= limit).last();
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// A number; `null`, `"nan"`, infinities and what is no number are `None`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Number(pub(super) Option<f64>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Scalar::deserialize(deserializer)? {
            Scalar::Null | Scalar::Flag(_) => None,
            #[allow(clippy::cast_precision_loss)] // a value over 2^53 is shown to people, not counted with
            Scalar::Whole(value) => Some(value as f64),
            Scalar::Number(value) => Some(value),
            Scalar::Text(text) => text.trim().parse().ok(),
        };
        Ok(Self(number.filter(|number: &f64| number.is_finite())))
    }
}

/// A whole number: an id, a count, seconds; `null` and what is no number are `None`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Whole(pub(super) Option<i64>);

impl Whole {
    /// The number, 0 where there is none.
    pub(super) fn or_zero(self) -> i64 {
        self.0.unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[allow(clippy::cast_possible_truncation)] // `as` saturates, and a fraction of a second is dropped
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Null | Scalar::Flag(_) => None,
            Scalar::Whole(value) => Some(value),
            Scalar::Number(value) => value.is_finite().then_some(value as i64),
            Scalar::Text(text) => text.trim().parse().ok(),
        }))
    }
}

/// A flag; `null` and what is no flag are `None`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flag(pub(super) Option<bool>);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Null | Scalar::Number(_) => None,
            Scalar::Flag(value) => Some(value),
            Scalar::Whole(value) => Some(value != 0),
            Scalar::Text(text) => match text.trim() {
                word if word.eq_ignore_ascii_case("true") || word == "1" => Some(true),
                word if word.eq_ignore_ascii_case("false") || word == "0" => Some(false),
                _ => None,
            },
        }))
    }
}

/// The one label of a node that matters here; the others are passed over.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Labels {
    /// `_is_ephemeral`: the node comes and goes by design.
    #[serde(rename = "_is_ephemeral")]
    ephemeral: Flag,
}

impl Labels {
    pub(super) fn ephemeral(self) -> bool {
        self.ephemeral.0.unwrap_or(false)
    }
}

/// For members that must be what they are, or `null`.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Whether a part of an answer holds a number that is too large, or a text that is none: the repair costs but that. What
/// is nested too deep stays so.
fn can_be_repaired(error: &serde_json::Error) -> bool {
    error.is_syntax() && !error.to_string().starts_with("recursion limit")
}

/// For members that may be `null`, or anything else, where a list or an object is expected.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    match serde_json::from_str::<Option<T>>(raw.get()) {
        Err(error) if can_be_repaired(&error) => Err(serde::de::Error::custom(error)),
        read => Ok(read.ok().flatten().unwrap_or_default()),
    }
}

/// The elements of a list, without those that cannot be read. Anything else than a list is an error: it must not read
/// as "none".
pub(super) struct List<T> {
    pub(super) items: Vec<T>,
    /// How many could not be read.
    pub(super) odd: usize,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), odd: 0 }
    }
}

impl<T> List<T> {
    fn add<'de, E: serde::de::Error>(&mut self, element: &'de RawValue) -> Result<(), E>
    where
        T: Deserialize<'de>,
    {
        match serde_json::from_str(element.get()) {
            Ok(item) => self.items.push(item),
            Err(error) if can_be_repaired(&error) => return Err(E::custom(error)),
            Err(_) => self.odd += 1,
        }
        Ok(())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

/// The values of an object, whose keys say nothing that the values do not, likewise.
pub(super) struct Values<T>(pub(super) List<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Values<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

struct Elements<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<List<T>, A::Error> {
        let mut list = List::default();
        while let Some(element) = elements.next_element::<&RawValue>()? {
            list.add(element)?;
        }
        Ok(list)
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<List<T>, A::Error> {
        let mut list = List::default();
        while let Some((_, element)) = members.next_entry::<IgnoredAny, &RawValue>()? {
            list.add(element)?;
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a, T: Deserialize<'a>>(text: &'a str) -> T {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn reads_flags_however_they_are_printed() {
        for (text, flag) in [
            ("true", Some(true)),
            ("\"true\"", Some(true)),
            ("\"false\"", Some(false)),
            ("1", Some(true)),
            ("null", None),
            ("{\"a\":[1]}", None),
        ] {
            assert_eq!(read::<Flag>(text).0, flag, "{text}");
        }
    }

    #[test]
    fn reads_numbers_however_they_are_printed() {
        for (text, number) in [
            ("4.25", Some(4.25)),
            ("90", Some(90.0)),
            ("\"0.5\"", Some(0.5)),
            ("\"nan\"", None),
            ("\"inf\"", None),
            ("null", None),
            ("\"-\"", None),
        ] {
            assert_eq!(read::<Number>(text).0, number, "{text}");
        }
        assert_eq!(read::<Whole>("\"1795407230\"").0, Some(1_795_407_230));
        assert_eq!(read::<Whole>("18446744073709551615").0, Some(i64::MAX));
    }

    #[test]
    fn borrows_text_without_escapes() {
        assert!(matches!(read::<Text<'_>>("\"disk / full\"").0, Cow::Borrowed("disk / full")));
        assert_eq!(read::<Text<'_>>("\"a\\tb\"").as_str(), "a\tb");
        assert_eq!(read::<Text<'_>>("null").as_str(), "");
    }

    #[test]
    fn replaces_what_is_no_utf8() {
        let answer = Answer::new("http://x".into(), b"{\"_is_ephemeral\": \"\xff\"}".to_vec());
        assert!(!answer.parse::<Labels>().unwrap().ephemeral());
    }

    #[test]
    fn says_where_an_answer_breaks_off() {
        let answer = Answer::new("http://x/api".into(), b"{\n\"_is_ephemeral\": ".to_vec());
        let error = answer.parse::<Labels>().unwrap_err().to_string();
        assert!(error.contains("http://x/api") && error.contains("line 2 column"), "{error}");
    }
}
