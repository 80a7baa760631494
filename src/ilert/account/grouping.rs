//! Alert grouping: which events of an alert source share an alert (ilert's `alertCreation`).

use serde::ser::SerializeMap;

/// What opens an alert. Grouped alerts page once for all of them, and are resolved together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Grouping {
    /// Each alert key has an alert of its own: ilert's default, and the only one that shows what Netdata shows.
    #[default]
    None,
    /// One alert that nobody has accepted yet takes all events.
    OnePending,
    /// One alert that is open takes all events.
    OneOpen,
    /// Events within a time share an alert.
    PerWindow(Window),
    /// Events within a time that are alike share an alert.
    Intelligent {
        /// The time.
        window: Window,
        /// How alike, 0 to 1.
        threshold: f64,
    },
}

/// A time of grouping: one of those that ilert knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window(&'static str);

impl Window {
    /// All, from 2 minutes to 24 hours, as ISO 8601 has them.
    pub const ALL: [Self; 10] = [
        Self("PT2M"),
        Self("PT5M"),
        Self("PT15M"),
        Self("PT30M"),
        Self("PT1H"),
        Self("PT2H"),
        Self("PT4H"),
        Self("PT8H"),
        Self("PT12H"),
        Self("PT24H"),
    ];

    /// ilert's word, such as `PT15M`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.0
    }
}

impl Grouping {
    /// Adds its members to an alert source; none where ilert's default is meant.
    pub(super) fn serialize_into<M: SerializeMap>(self, source: &mut M) -> Result<(), M::Error> {
        let (rule, window, threshold) = match self {
            Self::None => return Ok(()),
            Self::OnePending => ("ONE_PENDING_ALERT_ALLOWED", None, None),
            Self::OneOpen => ("ONE_OPEN_ALERT_ALLOWED", None, None),
            Self::PerWindow(window) => ("ONE_ALERT_GROUPED_PER_WINDOW", Some(window), None),
            Self::Intelligent { window, threshold } => {
                ("INTELLIGENT_GROUPING", Some(window), Some(threshold))
            }
        };
        source.serialize_entry("alertCreation", rule)?;
        if let Some(window) = window {
            source.serialize_entry("alertGroupingWindow", window.word())?;
        }
        if let Some(threshold) = threshold {
            source.serialize_entry("scoreThreshold", &threshold.clamp(0.0, 1.0))?;
        }
        Ok(())
    }
}
