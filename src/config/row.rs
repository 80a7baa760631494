//! What a row says about a setting, for the annotated file, the JSON Schema and messages: key, help, default, example,
//! shape.

use super::change::dotted;

/// A row, as the annotated file and the JSON Schema show it.
pub(super) struct SettingRow {
    pub(super) key: &'static str,
    /// Its comment, a line each.
    pub(super) help: &'static [&'static str],
    /// Whether the file must have it.
    pub(super) is_required: bool,
    /// What holds where the file says nothing, in TOML.
    pub(super) default: Option<String>,
    /// An example, in TOML.
    pub(super) example: Option<&'static str>,
    pub(super) shape: Shape,
    /// Values that the kind takes, and values that it refuses.
    #[cfg(test)]
    pub(super) samples: [&'static [&'static str]; 2],
}

/// What stands under a key. Regular expressions are ECMAScript's, as in JSON Schema.
pub(super) enum Shape {
    /// Any text.
    Text,
    /// A text that this regular expression matches.
    Matching(&'static str),
    /// One of these words.
    Words {
        words: Vec<&'static str>,
        /// Whether they are good in letters of any case.
        in_any_case: bool,
    },
    /// `true` or `false`.
    Switch,
    /// A whole number from the one to the other.
    Whole(u32, u32),
    /// Such a value, or a list of one up to so many different ones.
    OneOrList(usize, Box<Shape>),
    /// A list of at least so many different values.
    List(usize, Box<Shape>),
    /// A text that this regular expression matches, or a table with one of these keys.
    Secret(&'static str, Vec<(&'static str, Shape)>),
    /// A table with these rows.
    Table(Vec<SettingRow>),
    /// Any number of tables with these rows.
    Tables(Vec<SettingRow>),
    /// A table with any keys, each with such a value.
    Map(Box<Shape>),
}

impl Shape {
    /// Whether it stands behind `key =`, and not under a header of its own.
    pub(super) fn is_value(&self) -> bool {
        !matches!(self, Self::Table(_) | Self::Tables(_) | Self::Map(_))
    }
}

/// The one place among the rows that a key belongs to, if there is one.
pub(super) fn home(key: &str, rows: &[SettingRow]) -> Option<String> {
    let mut homes = Vec::new();
    find(key, "", rows, &mut homes);
    if homes.len() == 1 { homes.pop() } else { None }
}

fn find(key: &str, table: &str, rows: &[SettingRow], homes: &mut Vec<String>) {
    for row in rows {
        let path = dotted(table, row.key);
        if let Shape::Table(rows) | Shape::Tables(rows) = &row.shape {
            find(key, &path, rows, homes);
        }
        if row.key == key && !table.is_empty() {
            homes.push(path);
        }
    }
}
