//! `[severity]`: how each kind of event is weighted.

use serde::{Deserialize, Serialize};

use crate::config::kind::{Kind, Word, Words};
use crate::config::reader::Item;
use crate::config::row::Shape;
use crate::config::table::{One, table};

table! {
    /// `[severity]`.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct Severities {
        /// Alerts that are critical.
        critical: Severity => One<Severity> = Severity { priority: Priority::High, severity: 1 };
        /// Alerts that are warnings.
        warning: Severity => One<Severity> = Severity { priority: Priority::Low, severity: 3 };
        /// Nodes that are away.
        unreachable: Severity => One<Severity> = Severity { priority: Priority::High, severity: 2 };
    }
}

table! {
    /// `[severity.…]`: one of them.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub struct Severity {
        /// "HIGH" (pages) or "LOW". ilert uses it only if the alert source's priority rule is HIGH.
        priority: Priority => Word<Priority>;

        /// ilert's severity, from 1 (worst) to 5.
        severity: u8 => SeverityNumber;
    }
}

/// ilert's two priorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Priority {
    /// Escalates: pages.
    High,
    /// Does not.
    Low,
}

impl Priority {
    /// ilert's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "HIGH",
            Self::Low => "LOW",
        }
    }
}

impl Words for Priority {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::High, "HIGH"), (Self::Low, "LOW")];
    const ALLOWED: &'static str = "`\"HIGH\"` or `\"LOW\"`";
    const IN_ANY_CASE: bool = true;

    #[cfg(test)]
    const GOOD: &'static [&'static str] = &[r#""HIGH""#, r#""LOW""#, r#""low""#];
}

/// ilert's severities.
struct SeverityNumber;

impl Kind for SeverityNumber {
    type Value = u8;
    const ALLOWED: &'static str = "a whole number from 1 (worst) to 5";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [&["1", "5"], &["0", "6", r#""3""#, "2.0"]];

    fn read(item: &Item<'_>) -> Option<u8> {
        match item.integer().map(u8::try_from) {
            Some(Ok(number @ 1..=5)) => Some(number),
            _ => item.refuse(Self::ALLOWED),
        }
    }

    fn shape(_: Option<&u8>) -> Shape {
        Shape::Whole(1, 5)
    }
}
