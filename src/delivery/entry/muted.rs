//! What a silence of this program's own holds back.

use super::Entry;
use crate::alert::AlertDetails;
use crate::delivery::silences::Muted;

impl Entry {
    /// Whether it is silenced now, by Netdata or by a silence of ours.
    #[must_use]
    pub fn is_silenced(&self) -> bool {
        self.silent || self.muted.is_some()
    }

    /// Whether there is anything that a silence could hold back.
    #[must_use]
    pub fn may_be_told(&self) -> bool {
        self.is_raised() || self.held.is_some() || self.peak.is_some() || !self.waiting.is_empty()
    }

    /// Begins, goes on with or ends a silence. What was not told before it began need not be told.
    pub fn mute(&mut self, muted: Option<Muted>) {
        if muted.is_some() {
            (self.peak, self.peak_ended) = (None, None);
        }
        self.muted = muted;
    }

    /// What Netdata said last with a context and recipients: an answer about the present state alone may lack them.
    pub(in crate::delivery) fn fullest_facts(&self) -> &AlertDetails {
        let held = self.held.as_ref().map(|held| &held.facts);
        let known = held.into_iter().chain([&self.facts, &self.peak_facts]);
        let mut whole = known.filter(|facts| !facts.context.is_empty() && !facts.role.is_empty());
        whole.next().or(held).unwrap_or(&self.facts)
    }
}
