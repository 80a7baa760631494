//! Alert grouping: which events of an alert source share an alert (ilert's `alertCreation`).

use serde::ser::SerializeMap;

use super::GroupingWindow;

/// ilert's word for no grouping: each alert key has an alert of its own.
pub(super) const NONE: &str = "ONE_ALERT_PER_EMAIL";

/// What opens an alert. Grouped alerts page once for all of them, and are resolved together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Grouping {
    /// Each alert key has an alert of its own: ilert's default, and the only one that shows what Netdata shows.
    #[default]
    None,
    /// Events with the same summary share an alert.
    PerSummary,
    /// One alert that nobody has accepted yet takes all events.
    OnePending,
    /// One alert that is open takes all events.
    OneOpen,
    /// What the alert source's own rules extract from an event opens and resolves alerts.
    OnExtraction,
    /// Events within a time share an alert.
    PerWindow(GroupingWindow),
    /// Events within a time that are alike share an alert.
    Intelligent {
        /// The time.
        window: GroupingWindow,
        /// How alike, 0 to 1.
        threshold: f64,
    },
}

impl Grouping {
    /// ilert's word, such as `ONE_OPEN_ALERT_ALLOWED`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => NONE,
            Self::PerSummary => "ONE_ALERT_PER_EMAIL_SUBJECT",
            Self::OnePending => "ONE_PENDING_ALERT_ALLOWED",
            Self::OneOpen => "ONE_OPEN_ALERT_ALLOWED",
            Self::OnExtraction => "OPEN_RESOLVE_ON_EXTRACTION",
            Self::PerWindow(_) => "ONE_ALERT_GROUPED_PER_WINDOW",
            Self::Intelligent { .. } => "INTELLIGENT_GROUPING",
        }
    }

    /// Adds its members to an alert source; none where ilert's default is meant.
    pub(super) fn serialize_into<M: SerializeMap>(self, source: &mut M) -> Result<(), M::Error> {
        if self != Self::None {
            source.serialize_entry("alertCreation", self.word())?;
        }
        if let Self::PerWindow(window) | Self::Intelligent { window, .. } = self {
            source.serialize_entry("alertGroupingWindow", window.word())?;
        }
        if let Self::Intelligent { threshold, .. } = self {
            source.serialize_entry("scoreThreshold", &threshold.clamp(0.0, 1.0))?;
        }
        Ok(())
    }
}
