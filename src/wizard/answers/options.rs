//! Answers that are one of several.

/// An answer that is one of several.
pub trait Options: Copy + PartialEq + 'static {
    /// In the order in which they are offered.
    const ALL: &'static [Self];

    /// As it is offered.
    fn label(self) -> &'static str;
}
