//! A node's host labels.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::{Flag, Text};
use crate::alert::Labels;

/// Says that a node comes and goes by design.
const EPHEMERAL: &str = "_is_ephemeral";

/// A node's host labels, as the agent prints them; `None` where it prints none at all.
#[derive(Clone, Default)]
pub(in crate::netdata) struct HostLabels<'a>(Option<Vec<(Text<'a>, Text<'a>)>>);

impl HostLabels<'_> {
    /// `_is_ephemeral`: the node comes and goes by design.
    pub(in crate::netdata) fn ephemeral(&self) -> bool {
        self.value(EPHEMERAL).is_some_and(|word| Flag::of(word).0 == Some(true))
    }

    /// The labels with these names: nothing is known of them where the agent prints no labels.
    pub(in crate::netdata) fn pick(&self, names: &BTreeSet<String>) -> Labels {
        match self.0 {
            Some(_) => Labels::pick(names, |name| self.value(name)),
            None => Labels::default(),
        }
    }

    /// Whether the agent prints any, or an empty list.
    pub(in crate::netdata) fn are_known(&self) -> bool {
        self.0.is_some()
    }

    /// The same, outliving the answer.
    pub(in crate::netdata) fn into_owned(self) -> HostLabels<'static> {
        let owned = |(name, value): (Text<'_>, Text<'_>)| (name.into_owned(), value.into_owned());
        HostLabels(self.0.map(|pairs| pairs.into_iter().map(owned).collect()))
    }

    fn value(&self, name: &str) -> Option<&str> {
        let pairs = self.0.iter().flatten();
        pairs.rev().find(|(label, _)| label.as_str() == name).map(|(_, value)| value.as_str())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for HostLabels<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs).map(|pairs| Self(Some(pairs)))
    }
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(Text<'de>, Text<'de>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = members.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}
