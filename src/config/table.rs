//! Tables of settings: a struct, and for each of its fields one row that says all there is to say of a setting.
//!
//! `table!` makes both from one text:
//!
//! ```text
//! table! {
//!     /// `[delivery]`.
//!     #[derive(Clone, PartialEq)]
//!     pub struct Delivery {
//!         /// How long an alert must be clear before ilert is told: flapping becomes one alert.
//!         resolve_after: Duration => Span<Delay> = Duration::ZERO;
//!     }
//! }
//! ```
//!
//! The comment is the setting's help in the annotated file, too. Then come the key, the type that it has in Rust, its
//! [`Kind`] and its default. A setting without a default must be in the file. `like …` gives an example in TOML, for a
//! setting that has no default, or one that is empty. `as "…"` gives the key where it is not the field's name.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use toml_edit::{InlineTable, Value};

use super::change::{Change, Tables, dotted};
use super::kind::{Kind, Print, SecretSource};
use super::reader::Item;
use super::row::{SettingRow, Shape};

/// A struct that [`table!`](table) made.
pub(super) trait Table: Clone + PartialEq + fmt::Debug {
    /// The keys, in the struct's order.
    const KEYS: &'static [&'static str];

    /// Reads every row. What the file does not say is as in `default`, or else as the row has it.
    fn read(item: &Item<'_>, default: Option<&Self>) -> Option<Self>;

    /// What the rows say of themselves, with their defaults as [`read`](Self::read) takes them.
    fn rows(default: Option<&Self>) -> Vec<SettingRow>;

    /// What has to change in the file for `old` to become `new`; `at` is the table's dotted name.
    fn changes(old: &Self, new: &Self, at: &str, changes: &mut Vec<Change>);

    /// The values as the file has them, in the order of [`KEYS`](Self::KEYS).
    fn printed(&self) -> Vec<Option<Value>>;

    /// The table with every secret in it masked; `None` where it holds none.
    fn masked(&self) -> Option<Self>;

    /// Finds the secrets that the table names.
    fn secrets<'v>(&'v self, found: &mut Vec<&'v SecretSource>);
}

/// `[name]`.
pub(super) struct One<T>(PhantomData<T>);

/// `[[name]]`, any number of them.
pub(super) struct Many<T>(PhantomData<T>);

/// `[name]` with any keys, each with a value of one kind.
pub(super) struct Map<K>(PhantomData<K>);

impl<T: Table + Print> Kind for One<T> {
    type Value = T;
    const ALLOWED: &'static str = "a table";

    fn read(item: &Item<'_>) -> Option<T> {
        Self::read_or(item, None)
    }

    fn read_or(item: &Item<'_>, default: Option<T>) -> Option<T> {
        expect_table(item);
        if item.is_table() {
            item.only(T::KEYS);
        }
        T::read(item, default.as_ref())
    }

    fn masked(value: &T) -> Option<T> {
        value.masked()
    }

    fn secrets<'v>(value: &'v T, found: &mut Vec<&'v SecretSource>) {
        value.secrets(found);
    }

    fn changes(old: &T, new: &T, table: &str, key: &str, changes: &mut Vec<Change>) {
        T::changes(old, new, &dotted(table, key), changes);
    }

    fn shape(default: Option<&T>) -> Shape {
        Shape::Table(T::rows(default))
    }
}

impl<T: Table + Print> Kind for Many<T> {
    type Value = Vec<T>;
    const ALLOWED: &'static str = "a table in double brackets";

    fn read(item: &Item<'_>) -> Option<Vec<T>> {
        let allowed = format!("`[[{}]]` in double brackets", item.key());
        let Some(elements) = item.elements() else { return item.refuse(allowed) };
        let tables = elements.iter().map(|element| {
            if !element.is_table() {
                return element.refuse_as(element.kind(), &allowed);
            }
            element.only(T::KEYS);
            T::read(element, None)
        });
        // First all of them, so that each is told what is wrong.
        tables.collect::<Vec<_>>().into_iter().collect()
    }

    fn masked(tables: &Vec<T>) -> Option<Vec<T>> {
        let masked: Vec<_> = tables.iter().map(T::masked).collect();
        let shown = |(table, masked): (&T, Option<T>)| masked.unwrap_or_else(|| table.clone());
        masked.iter().any(Option::is_some).then(|| tables.iter().zip(masked).map(shown).collect())
    }

    fn secrets<'v>(tables: &'v Vec<T>, found: &mut Vec<&'v SecretSource>) {
        for table in tables {
            table.secrets(found);
        }
    }

    fn changes(old: &Vec<T>, new: &Vec<T>, table: &str, key: &str, changes: &mut Vec<Change>) {
        if old != new {
            let printed = |tables: &[T]| tables.iter().map(T::printed).collect();
            let (old, new) = (printed(old), printed(new));
            changes.push(Change::Tables(Tables { name: dotted(table, key), keys: T::KEYS, old, new }));
        }
    }

    fn shape(_: Option<&Vec<T>>) -> Shape {
        Shape::Tables(T::rows(None))
    }
}

impl<K: Kind> Kind for Map<K> {
    type Value = BTreeMap<String, K::Value>;
    const ALLOWED: &'static str = "a table";

    fn read(item: &Item<'_>) -> Option<Self::Value> {
        expect_table(item);
        let entry = |name: &str| {
            let child = item.child(name);
            if name.trim().is_empty() {
                return child.refuse_as("a label without a name", "a name");
            }
            Some((name.to_owned(), K::read(&child)?))
        };
        Some(item.names().filter_map(entry).collect())
    }

    fn masked(map: &Self::Value) -> Option<Self::Value> {
        let masked = map.iter().filter_map(|(name, value)| Some((name.clone(), K::masked(value)?)));
        let masked: Self::Value = masked.collect();
        (!masked.is_empty()).then(|| map.clone().into_iter().chain(masked).collect())
    }

    fn secrets<'v>(map: &'v Self::Value, found: &mut Vec<&'v SecretSource>) {
        for value in map.values() {
            K::secrets(value, found);
        }
    }

    fn changes(old: &Self::Value, new: &Self::Value, table: &str, key: &str, changes: &mut Vec<Change>) {
        let table = dotted(table, key);
        for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
            if old.get(name) != new.get(name) {
                changes.push(Change::value(&table, name, new.get(name).and_then(K::Value::print)));
            }
        }
    }

    fn shape(_: Option<&Self::Value>) -> Shape {
        Shape::Map(Box::new(K::shape(None)))
    }
}

impl<V: Print> Print for BTreeMap<String, V> {
    fn print(&self) -> Option<Value> {
        if self.is_empty() {
            return None;
        }
        let entries = self.iter().filter_map(|(name, value)| Some((name.as_str(), value.print()?)));
        Some(Value::InlineTable(entries.collect::<InlineTable>()))
    }
}

/// Says what is no table, without showing it: `heartbeat = "…"` holds a secret.
fn expect_table(item: &Item<'_>) {
    if item.is_there() && !item.is_table() {
        item.refuse_as::<()>(item.kind(), format!("a table (`[{}]`)", item.key()));
    }
}

/// Makes a struct and its rows: see the module.
macro_rules! table {
    (
        $(#[$attribute:meta])*
        pub struct $Table:ident {
            $(
                $(#[doc = $help:literal])+
                $field:ident $(as $name:literal)?: $Type:ty => $Kind:ty $(= $default:expr)? $(, like $example:tt)?;
            )+
        }
    ) => {
        $(#[$attribute])*
        // The words are the comments of the file, too, which knows no links.
        #[allow(clippy::doc_markdown, rustdoc::broken_intra_doc_links, rustdoc::private_intra_doc_links)]
        pub struct $Table {
            $( $(#[doc = $help])+ pub $field: $Type, )+
        }

        impl $crate::config::table::Table for $Table {
            const KEYS: &'static [&'static str] = &[$( table!(@key $field $($name)?) ),+];

            fn read(item: &$crate::config::reader::Item<'_>, default: Option<&Self>) -> Option<Self> {
                $(
                    let $field = <$Kind as $crate::config::kind::Kind>::read_or(
                        &item.child(table!(@key $field $($name)?)),
                        default.map(|table| table.$field.clone()) $( .or_else(|| Some($default)) )?,
                    );
                )+
                Some(Self { $( $field: $field?, )+ })
            }

            fn rows(default: Option<&Self>) -> Vec<$crate::config::row::SettingRow> {
                vec![$(
                    <$Kind as $crate::config::kind::Kind>::row(
                        table!(@key $field $($name)?),
                        &[$( $help ),+],
                        default.map(|table| table.$field.clone()) $( .or_else(|| Some($default)) )?.as_ref(),
                        table!(@example $($example)?),
                    )
                ),+]
            }

            fn changes(old: &Self, new: &Self, at: &str, changes: &mut Vec<$crate::config::change::Change>) {
                $(
                    <$Kind as $crate::config::kind::Kind>::changes(
                        &old.$field, &new.$field, at, table!(@key $field $($name)?), changes,
                    );
                )+
            }

            fn printed(&self) -> $crate::config::change::TableValues {
                vec![$( $crate::config::kind::Print::print(&self.$field) ),+]
            }

            fn masked(&self) -> Option<Self> {
                $( let $field = <$Kind as $crate::config::kind::Kind>::masked(&self.$field); )+
                let secret = [$( $field.is_some() ),+].contains(&true);
                secret.then(|| Self { $( $field: $field.unwrap_or_else(|| self.$field.clone()), )+ })
            }

            fn secrets<'v>(&'v self, found: &mut Vec<&'v $crate::config::SecretSource>) {
                $( <$Kind as $crate::config::kind::Kind>::secrets(&self.$field, found); )+
            }
        }

        impl $crate::config::kind::Print for $Table {
            fn print(&self) -> Option<toml_edit::Value> {
                use $crate::config::table::Table;
                let values = Self::KEYS.iter().zip(self.printed());
                let values = values.filter_map(|(key, value)| Some((*key, value?)));
                Some(toml_edit::Value::InlineTable(values.collect()))
            }
        }

        /// Shows no secret.
        impl std::fmt::Debug for $Table {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let masked = <Self as $crate::config::table::Table>::masked(self);
                let table = masked.as_ref().unwrap_or(self);
                f.debug_struct(stringify!($Table))
                    $( .field(stringify!($field), &table.$field) )+
                    .finish()
            }
        }

        table!(@default $Table $( $field [$($default)?] )+);
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $name:literal) => { $name };
    (@example) => { None };
    (@example $example:tt) => { Some(stringify!($example)) };
    (@default $Table:ident $( $field:ident [$default:expr] )+) => {
        impl Default for $Table {
            fn default() -> Self {
                Self { $( $field: $default, )+ }
            }
        }
    };
    (@default $($required:tt)*) => {};
}

pub(super) use table;
