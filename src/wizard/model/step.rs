//! The eight steps, as the list on the left has them.

/// One of the eight screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Before you start.
    Start,
    /// ilert alert source.
    Source,
    /// API key.
    Key,
    /// Netdata.
    Netdata,
    /// Notification.
    Notification,
    /// Preview.
    Preview,
    /// Live test.
    Test,
    /// Review and write.
    Review,
}

impl Step {
    /// In their order.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Source,
        Self::Key,
        Self::Netdata,
        Self::Notification,
        Self::Preview,
        Self::Test,
        Self::Review,
    ];

    /// What the list on the left calls it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Start => "Before you start",
            Self::Source => "ilert alert source",
            Self::Key => "API key",
            Self::Netdata => "Netdata",
            Self::Notification => "Notification",
            Self::Preview => "Preview",
            Self::Test => "Live test",
            Self::Review => "Review and write",
        }
    }

    /// From 1 to 8.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// The one before it.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        (self as usize).checked_sub(1).and_then(|at| Self::ALL.get(at).copied())
    }
}
