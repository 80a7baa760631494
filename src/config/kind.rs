//! The kinds of settings: what a value may be, how it is read, and how it is written and shown.
//!
//! A kind is a type without values, named in a row of [`fields`](super::fields). Which value it has in a
//! [`Config`](super::Config) is [`Kind::Value`].

mod list;
mod number;
mod path;
mod print;
mod secret;
mod span;
mod switch;
mod text;
mod time;
mod url;
mod urls;
mod word;

use std::fmt;
use std::marker::PhantomData;

use super::change::Change;
use super::reader::Item;
use super::row::{SettingRow, Shape};

pub(super) use list::list;
pub(super) use number::Whole;
pub(super) use path::File;
pub(super) use print::Print;
pub use secret::SecretSource;
pub(super) use secret::{HeartbeatUrl, SecretPlace, is_pingable};
pub(super) use span::{Delay, Length, Span};
pub(super) use switch::Switch;
pub(super) use text::{HostPattern, Label, LabelPattern, OneLine, Text, Username, WordPattern};
pub(super) use time::{LocalTime, TimeZoneName, WeeklyTimes};
pub(super) use url::{Endpoint, HttpUrl, Proxy};
pub(super) use urls::HttpUrls;
pub use urls::Urls;
pub(super) use word::{Word, Words};

/// What a setting may be.
pub(super) trait Kind {
    /// The value that it has once it is read.
    type Value: Clone + PartialEq + fmt::Debug + Print;

    /// Values in TOML that it takes, and values that it refuses, for the tests of every row.
    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [&[], &[]];

    /// What is allowed, as in "a whole number from 1 up".
    const ALLOWED: &'static str;

    /// Reads a value that is there. Reports a wrong value and returns `None`.
    fn read(item: &Item<'_>) -> Option<Self::Value>;

    /// The value with what is secret in it masked; `None` where nothing is.
    fn masked(_: &Self::Value) -> Option<Self::Value> {
        None
    }

    /// Finds the secrets that the value names.
    fn secrets<'v>(_: &'v Self::Value, _: &mut Vec<&'v SecretSource>) {}

    /// Reads a value that may be there; one without a default must be.
    fn read_or(item: &Item<'_>, default: Option<Self::Value>) -> Option<Self::Value> {
        if item.is_there() { Self::read(item) } else { default.or_else(|| item.missing(Self::ALLOWED)) }
    }

    /// What has to change in the file for `old` to become `new`. `table` is dotted.
    fn changes(old: &Self::Value, new: &Self::Value, table: &str, key: &str, changes: &mut Vec<Change>) {
        if old != new {
            changes.push(Change::value(table, key, new.print()));
        }
    }

    /// A row of this kind.
    fn row(
        key: &'static str,
        help: &'static [&'static str],
        default: Option<&Self::Value>,
        example: Option<&'static str>,
    ) -> SettingRow {
        SettingRow {
            key,
            help,
            is_required: default.is_none(),
            default: default.and_then(Self::Value::print).map(|value| value.to_string()),
            example,
            shape: Self::shape(default),
            #[cfg(test)]
            samples: Self::SAMPLES,
        }
    }

    /// Whether it is a value or a table, and of what. It takes all that [`read`](Self::read) takes.
    fn shape(default: Option<&Self::Value>) -> Shape;
}

/// A setting that may be left out.
pub(super) struct Maybe<K>(PhantomData<K>);

impl<K: Kind> Kind for Maybe<K> {
    type Value = Option<K::Value>;
    const ALLOWED: &'static str = K::ALLOWED;

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = K::SAMPLES;

    fn read(item: &Item<'_>) -> Option<Self::Value> {
        K::read(item).map(Some)
    }

    fn shape(default: Option<&Self::Value>) -> Shape {
        K::shape(default.and_then(Option::as_ref))
    }

    fn masked(value: &Self::Value) -> Option<Self::Value> {
        value.as_ref().and_then(K::masked).map(Some)
    }

    fn secrets<'v>(value: &'v Self::Value, found: &mut Vec<&'v SecretSource>) {
        if let Some(value) = value {
            K::secrets(value, found);
        }
    }
}
