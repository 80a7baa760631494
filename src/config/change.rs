//! The changes that make a file hold another configuration.

use toml_edit::Value;

/// What has to change in the file.
pub(super) enum Change {
    /// A key that is to have another value, or none.
    Value {
        /// The table's dotted name.
        table: String,
        /// The key in it.
        key: String,
        /// The new value.
        value: Option<Value>,
    },
    /// The tables of one name, `[[room]]`.
    Tables(Tables),
}

/// All tables of one name, before and after.
pub(super) struct Tables {
    /// Their name.
    pub(super) name: String,
    /// The keys that each has. The first tells one from another.
    pub(super) keys: &'static [&'static str],
    /// The values of each, in the keys' order.
    pub(super) old: Vec<TableValues>,
    /// The same, as they are to be.
    pub(super) new: Vec<TableValues>,
}

/// The values of a table, in its keys' order.
pub(super) type TableValues = Vec<Option<Value>>;

impl Change {
    pub(super) fn value(table: &str, key: &str, value: Option<Value>) -> Self {
        Self::Value { table: table.to_owned(), key: key.to_owned(), value }
    }

    /// The dotted key.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Value { table, key, .. } => dotted(table, key),
            Self::Tables(tables) => tables.name.clone(),
        }
    }
}

/// A key of a table.
pub(super) fn dotted(table: &str, key: &str) -> String {
    if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") }
}
