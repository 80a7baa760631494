//! `version`.

use toml_edit::Value;

use crate::config::kind::{Kind, Print};
use crate::config::reader::Item;
use crate::config::row::Shape;

/// The one version of the file's format so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version;

const NUMBER: i64 = 1;

impl Kind for Version {
    type Value = Self;
    const ALLOWED: &'static str = "`1`, the version of the file's format";

    fn read(item: &Item<'_>) -> Option<Self> {
        if item.integer() == Some(NUMBER) {
            return Some(Self);
        }
        item.refuse("`1`, the only version of the file's format that this program knows")
    }

    fn shape(_: Option<&Self>) -> Shape {
        Shape::Whole(1, 1)
    }
}

impl Print for Version {
    fn print(&self) -> Option<Value> {
        Some(NUMBER.into())
    }
}
