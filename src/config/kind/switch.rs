//! Settings that are on or off.

use super::Kind;
use crate::config::reader::Item;
use crate::config::row::Shape;

/// `true` or `false`.
pub(in crate::config) struct Switch;

impl Kind for Switch {
    type Value = bool;
    const ALLOWED: &'static str = "`true` or `false`, without quotation marks";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [&["true", "false"], &[r#""true""#, "1", r#""""#]];

    fn read(item: &Item<'_>) -> Option<bool> {
        item.boolean().or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&bool>) -> Shape {
        Shape::Switch
    }
}
