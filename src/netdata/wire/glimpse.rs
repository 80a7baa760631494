//! What can be told of an element that cannot be read.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Text;
use crate::alert::Status;

/// An alert that cannot be read, as far as its members can. A member may stand there twice.
#[derive(Default)]
pub(in crate::netdata) struct Glimpse {
    /// Its first name; empty where it has none.
    pub(in crate::netdata) name: String,
    /// Its first chart, likewise.
    pub(in crate::netdata) chart: String,
    /// It gives a status, and none that it gives is raised.
    pub(in crate::netdata) is_not_raised: bool,
}

impl Glimpse {
    pub(super) fn of(element: &RawValue) -> Self {
        serde_json::from_str(element.get()).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Glimpse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Glimpse;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Glimpse, A::Error> {
        let (mut glimpse, mut has_status, mut is_raised) = (Glimpse::default(), false, false);
        let text = |value: &'de RawValue| -> String {
            serde_json::from_str::<Text<'_>>(value.get()).unwrap_or_default().into_string()
        };
        while let Some((member, value)) = members.next_entry::<Text<'_>, &RawValue>()? {
            match member.as_str() {
                "nm" | "name" if glimpse.name.is_empty() => glimpse.name = text(value),
                "ch" | "chart" if glimpse.chart.is_empty() => glimpse.chart = text(value),
                "st" | "status" => {
                    has_status = true;
                    is_raised |= Status::parse(&text(value)).may_be_raised();
                }
                _ => {}
            }
        }
        glimpse.is_not_raised = has_status && !is_raised;
        Ok(glimpse)
    }
}
