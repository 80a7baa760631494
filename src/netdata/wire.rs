//! What Netdata's versions share on the wire. An element of a list that cannot be read is left out and counted; a
//! member that cannot be read is taken as missing.

mod glimpse;
mod labels;
mod list;

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::value::RawValue;

pub(super) use glimpse::Glimpse;
pub(super) use labels::HostLabels;
pub(super) use list::{List, Values};

pub(super) use crate::json::{Flag, Number, Prose, Text, Whole};

/// Whether an error is one that a repair can mend: a number that is too large, or an invalid text. Nesting that is too
/// deep cannot be mended.
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
