//! JSON read generously: a text, number or flag may come as any of the three, as `null` or not at all, depending on the
//! version and the endpoint (Netdata 1.37 says `"silenced": "false"`, 2.x says `false`).
//!
//! Text is borrowed from the answer where it has no escapes: a parent's answer has tens of megabytes. It is cut here,
//! before anything keeps or shows it ([`Text`], [`Prose`]).

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use sha2::{Digest, Sha256};

use crate::text::Shown;

/// Longest text that is kept whole, bytes: host names, ids, names, roles, units.
const LONGEST_TEXT: usize = 1000;
/// Longest description or summary, bytes.
const LONGEST_PROSE: usize = 16 * 1024;

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

/// Text; `null` is empty. An id that is too long is cut and gets a hash of the whole, so that ids which differ after
/// the cut still differ.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl Text<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0.into_owned()
    }

    /// One that outlives the answer.
    pub(crate) fn into_owned(self) -> Text<'static> {
        Text(Cow::Owned(self.into_string()))
    }

    /// For people, and not to recognise anything by.
    pub(crate) fn shown(&self) -> Shown {
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
pub(crate) struct Prose<'a>(Cow<'a, str>);

impl Prose<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// For people.
    pub(crate) fn shown(&self) -> Shown {
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
pub(crate) struct Number(pub(crate) Option<f64>);

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
pub(crate) struct Whole(pub(crate) Option<i64>);

impl Whole {
    /// The number, 0 where there is none.
    pub(crate) fn or_zero(self) -> i64 {
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
pub(crate) struct Flag(pub(crate) Option<bool>);

impl Flag {
    /// The flag that a word says.
    pub(crate) fn of(word: &str) -> Self {
        Self(match word.trim() {
            word if word.eq_ignore_ascii_case("true") || word == "1" => Some(true),
            word if word.eq_ignore_ascii_case("false") || word == "0" => Some(false),
            _ => None,
        })
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Null | Scalar::Number(_) => None,
            Scalar::Flag(value) => Some(value),
            Scalar::Whole(value) => Some(value != 0),
            Scalar::Text(text) => return Ok(Self::of(&text)),
        }))
    }
}

/// For members that must be what they are, or `null`.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde::Deserialize;

    use super::{Flag, Number, Text, Whole};

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
}
