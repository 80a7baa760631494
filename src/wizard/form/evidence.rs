//! What speaks for the answers of a step, and what against them.

/// How far what a step holds is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It is.
    Proven,
    /// Nothing speaks against it, but it was not tried, or not looked at; why, without a full stop.
    Untried(&'static str),
    /// Something speaks against it, or was left out. The last screen says each again.
    Doubtful(Vec<Caveat>),
}

impl Evidence {
    /// What speaks against it; where nothing does, the other.
    #[must_use]
    pub fn unless(caveats: impl IntoIterator<Item = Caveat>, otherwise: Self) -> Self {
        let caveats: Vec<Caveat> = caveats.into_iter().collect();
        if caveats.is_empty() { otherwise } else { Self::Doubtful(caveats) }
    }

    /// What speaks against it.
    #[must_use]
    pub fn caveats(self) -> Vec<Caveat> {
        match self {
            Self::Proven | Self::Untried(_) => Vec::new(),
            Self::Doubtful(caveats) => caveats,
        }
    }
}

/// Something that speaks against what a step holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caveat {
    /// What is not proven, without a full stop.
    pub what: String,
    /// What to do about it, in a sentence.
    pub fix: String,
}
