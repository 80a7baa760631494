//! Numbers.

use super::Kind;
use crate::config::reader::Item;
use crate::config::row::Shape;

/// A whole number from `LEAST` up, which is 0 or 1.
pub(in crate::config) struct Whole<const LEAST: u32>;

impl<const LEAST: u32> Kind for Whole<LEAST> {
    type Value = u32;
    const ALLOWED: &'static str = if LEAST == 0 { "a whole number" } else { "a whole number from 1 up" };

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] =
        [&["1", "0x2d", "4294967295"], &["-1", "4294967296", r#""45""#, "1.0"]];

    fn read(item: &Item<'_>) -> Option<u32> {
        match item.integer().map(u32::try_from) {
            Some(Ok(number)) if number >= LEAST => Some(number),
            Some(Err(_)) if item.integer() > Some(0) => {
                item.refuse(format!("a whole number up to {}", u32::MAX))
            }
            _ => item.refuse(Self::ALLOWED),
        }
    }

    fn shape(_: Option<&u32>) -> Shape {
        Shape::Whole(LEAST, u32::MAX)
    }
}
