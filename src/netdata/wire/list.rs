//! Lists that leave out the elements that cannot be read.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Glimpse, can_be_repaired};

/// The elements of a list, without those that cannot be read. Anything else than a list is an error: it must not read
/// as "none".
pub(in crate::netdata) struct List<T> {
    pub(in crate::netdata) items: Vec<T>,
    /// Those that could not be read.
    pub(in crate::netdata) odd: Vec<Glimpse>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), odd: Vec::new() }
    }
}

impl<T> List<T> {
    fn add<'de, E: serde::de::Error>(&mut self, element: &'de RawValue) -> Result<(), E>
    where
        T: Deserialize<'de>,
    {
        match serde_json::from_str(element.get()) {
            Ok(item) => self.items.push(item),
            Err(error) if can_be_repaired(&error) => return Err(E::custom(error)),
            Err(_) => self.odd.push(Glimpse::of(element)),
        }
        Ok(())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

/// The values of an object, whose keys say nothing that the values do not, likewise.
pub(in crate::netdata) struct Values<T>(pub(in crate::netdata) List<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Values<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

struct Elements<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<List<T>, A::Error> {
        let mut list = List::default();
        while let Some(element) = elements.next_element::<&RawValue>()? {
            list.add(element)?;
        }
        Ok(list)
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<List<T>, A::Error> {
        let mut list = List::default();
        while let Some((_, element)) = members.next_entry::<IgnoredAny, &RawValue>()? {
            list.add(element)?;
        }
        Ok(list)
    }
}
