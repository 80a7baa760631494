//! Settings with a fixed list of words.

use std::fmt;
use std::marker::PhantomData;

use super::Kind;
use crate::config::reader::Item;
use crate::config::row::Shape;

/// A type of which each value has a word in the file.
pub(in crate::config) trait Words: Copy + PartialEq + fmt::Debug + 'static {
    /// The values and their words.
    const WORDS: &'static [(Self, &'static str)];

    /// All of them, in words.
    const ALLOWED: &'static str;

    /// Whether a word is also good in other letters: `high` for `HIGH`.
    const IN_ANY_CASE: bool = false;

    /// Them in quotes.
    #[cfg(test)]
    const GOOD: &'static [&'static str];
}

/// One of a few words.
pub(in crate::config) struct Word<T>(PhantomData<T>);

impl<T: Words> Kind for Word<T> {
    type Value = T;
    const ALLOWED: &'static str = T::ALLOWED;

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [T::GOOD, &[r#""other""#, r#""""#, "1", "true"]];

    fn read(item: &Item<'_>) -> Option<T> {
        let is = |word: &str, text: &str| {
            if T::IN_ANY_CASE { word.eq_ignore_ascii_case(text) } else { word == text }
        };
        let found = item.text().and_then(|text| T::WORDS.iter().find(|(_, word)| is(word, text)));
        found.map(|(value, _)| *value).or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&T>) -> Shape {
        let words = T::WORDS.iter().map(|(_, word)| *word).collect();
        Shape::Words { words, in_any_case: T::IN_ANY_CASE }
    }
}
