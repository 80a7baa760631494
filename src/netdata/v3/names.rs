//! Finds the alert that a transition of the log belongs to.
//!
//! 2.11's log cuts alert names to 47 bytes and `info` to 511, in the middle of a character if need be, and prints a
//! value that is none as 0; the list of alerts does none of this. So the list gives the names. Match by the alert's
//! last transition id. Failing that, match the cut name, if only one alert fits.

use std::collections::{HashMap, HashSet};

use super::alerts::Listing;
use super::cut::{left_of, may_be_cut};
use crate::alert::{AlertId, NodeId, Sighting, Transition};
use crate::netdata::Interest;

/// The alerts that a cut name may belong to.
pub(super) struct Names<'a> {
    /// Those whose last transition the list has named, by its id.
    by_transition: HashMap<&'a str, &'a AlertId>,
    by_chart: HashMap<(&'a NodeId, &'a str), HashSet<&'a AlertId>>,
    sighted: HashMap<&'a AlertId, &'a Sighting>,
}

impl<'a> Names<'a> {
    /// Collects the listed and followed alerts with names long enough to be cut.
    pub(super) fn new(listing: &'a Listing, interest: &'a Interest<'_>) -> Self {
        let followed = interest.followed.keys().filter(|alert| may_be_cut(&alert.name));
        let mut by_chart: HashMap<_, HashSet<_>> = HashMap::new();
        for alert in listing.long.iter().map(|(alert, _)| alert).chain(followed) {
            by_chart.entry((&*alert.node, alert.chart.as_str())).or_default().insert(alert);
        }
        Self {
            by_transition: listing
                .long
                .iter()
                .filter(|(_, last)| !last.is_empty())
                .map(|(alert, last)| (last.as_str(), alert))
                .collect(),
            by_chart,
            sighted: listing.sightings.iter().map(|seen| (&seen.alert, seen)).collect(),
        }
    }

    /// The alert that a transition is of, where its name in the log was `cut`.
    pub(super) fn of(&self, transition: &Transition, cut: &str) -> Option<&'a AlertId> {
        if let Some(alert) = self.by_transition.get(transition.facts.transition.as_str()) {
            return Some(alert);
        }
        let left = left_of(cut);
        let candidates = self.by_chart.get(&(&*transition.alert.node, transition.alert.chart.as_str()))?;
        let mut fitting = candidates.iter().filter(|alert| alert.name.starts_with(left));
        let alert = fitting.next().filter(|_| fitting.next().is_none())?;
        // The list is newer than the log. If it has an older change or another status, the transition is of another
        // alert.
        let is_its = |seen: &&Sighting| {
            transition.facts.when <= seen.facts.when || transition.facts.status == seen.facts.status
        };
        self.sighted.get(*alert).is_none_or(is_its).then_some(*alert)
    }
}
