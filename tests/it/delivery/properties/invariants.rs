//! What must hold once the faults are over.

use std::collections::BTreeSet;

use netdata_ilert::alert::{AlertId, Level, Status};
use netdata_ilert::ilert::event::EventType;
use netdata_ilert::payload::{Subject, alert_key};
use proptest::prelude::*;

use super::PER_MINUTE;
use super::play::{Play, alerts};

impl Play {
    pub fn judge(&self) -> Result<(), TestCaseError> {
        let refused = self.refused();
        self.converged(&refused)?;
        if !self.patient {
            // With `resolve_after`, raises that follow a short clear are one raise.
            self.nothing_lost(&refused)?;
        }
        self.in_order()?;
        self.within_the_pace()?;
        self.without_the_key()
    }

    /// Another sender with the same history has told the same.
    pub fn told_what_was_told_by(&self, other: &Self) -> Result<(), TestCaseError> {
        prop_assert_eq!(&*self.scene.ilert.taken.borrow(), &*other.scene.ilert.taken.borrow());
        prop_assert_eq!(&*self.scene.ilert.attempts.borrow(), &*other.scene.ilert.attempts.borrow());
        prop_assert_eq!(self.scene.world.now, other.scene.world.now);
        Ok(())
    }

    fn refused(&self) -> BTreeSet<String> {
        let failed = self.scene.failed();
        failed.iter().map(|event| alert_key(&event.notice.subject, event.notice.kind)).collect()
    }

    /// Whether ilert refused an event of this alert for good, or of the storm that tells it.
    fn is_refused(&self, id: &AlertId, refused: &BTreeSet<String>) -> bool {
        let ledger = self.scene.ledger();
        let member = ledger.entries.get(&Subject::Alert(id.clone())).and_then(|entry| entry.member.clone());
        let storm = member.map(|member| {
            let kind = member.storm.kind;
            alert_key(&Subject::Storm((*member.storm).clone()), kind)
        });
        Self::keys(id).into_iter().chain(storm).any(|key| refused.contains(&key))
    }

    fn converged(&self, refused: &BTreeSet<String>) -> Result<(), TestCaseError> {
        let open = self.scene.ilert.open.borrow();
        for id in alerts() {
            if self.is_refused(&id, refused) {
                continue;
            }
            self.shows_what_netdata_shows(&id)?;
        }
        let ledger = self.scene.ledger();
        for (storm, entry) in ledger.storms() {
            let key = alert_key(&Subject::Storm(storm.clone()), storm.kind);
            prop_assert!(
                refused.contains(&key) || open.contains_key(&key) == entry.is_raised(),
                "invariant 1: storm `{key}`, raised: {}",
                entry.is_raised()
            );
        }
        let known =
            |key: &str| ledger.storms().any(|(id, _)| alert_key(&Subject::Storm(id.clone()), id.kind) == key);
        let orphan =
            open.keys().find(|key| key.contains("/storm/") && !refused.contains(*key) && !known(key));
        prop_assert_eq!(orphan, None, "invariant 1: a storm of which nothing is raised");
        let nodes =
            open.keys().filter(|key| key.ends_with("/unreachable") && !refused.contains(*key)).count();
        prop_assert_eq!(nodes, 0, "invariant 1: every node is reachable");
        Ok(())
    }

    pub fn shows_what_netdata_shows(&self, id: &AlertId) -> Result<(), TestCaseError> {
        let watched = self.scene.world.alerts.get(id).filter(|one| one.exists);
        let shown = watched.map_or(Status::Clear, |one| one.status);
        let silent = watched.is_some_and(|one| one.silent) || self.is_muted(id);
        let (warning, critical) = self.is_open(id);
        let fits = match shown {
            // What was told is followed, what was not is not told.
            _ if silent && shown.level().is_some() => !(warning && critical),
            Status::Critical => !warning && critical,
            Status::Warning if self.accounts.of[id].was_critical => warning != critical,
            Status::Warning => warning && !critical,
            _ => !warning && !critical,
        };
        prop_assert!(fits, "invariant 1: {id} is {shown}, open: warning {warning}, critical {critical}");
        Ok(())
    }

    fn nothing_lost(&self, refused: &BTreeSet<String>) -> Result<(), TestCaseError> {
        for id in alerts() {
            if self.is_refused(&id, refused) {
                continue;
            }
            let (attempts, critical) = self.attempts(&id);
            let lost = self.accounts.lost(&id, attempts, critical, self.news);
            prop_assert!(
                lost.is_none(),
                "invariant 2: a raise of {id} was never told: {lost:?} of {attempts}, critical {critical}"
            );
        }
        Ok(())
    }

    fn in_order(&self) -> Result<(), TestCaseError> {
        let mut alerted = BTreeSet::new();
        for (event_type, key) in self.scene.ilert.attempts.borrow().iter() {
            match event_type {
                EventType::Alert => {
                    alerted.insert(key.clone());
                }
                _ if self.maybe_open.contains(key) => {}
                _ => prop_assert!(
                    alerted.contains(key),
                    "invariant 3: {event_type:?} of `{key}` before its ALERT"
                ),
            }
        }
        Ok(())
    }

    pub fn within_the_pace(&self) -> Result<(), TestCaseError> {
        let arrivals = self.scene.ilert.arrivals.borrow();
        for window in arrivals.windows(PER_MINUTE + 1) {
            let (first, last) = (window[0], window[PER_MINUTE]);
            prop_assert!(
                last - first >= 60_000,
                "invariant 4: {} requests in {} ms",
                PER_MINUTE + 1,
                last - first
            );
        }
        Ok(())
    }

    /// At most twice as many alerts of a kind as a storm needs are told singly in any 15 minutes.
    pub fn few_are_told_singly(&self, storm_after: usize) -> Result<(), TestCaseError> {
        /// What a run may take between two of its requests.
        const SLACK: i64 = 10_000;
        let (attempts, arrivals) = (self.scene.ilert.attempts.borrow(), self.scene.ilert.arrivals.borrow());
        for kind in ["/warning", "/critical"] {
            let mut open = BTreeSet::new();
            let mut told = Vec::new();
            for ((kind, key), at) in
                attempts.iter().zip(arrivals.iter()).filter(|((_, key), _)| key.ends_with(kind))
            {
                match kind {
                    // On what is open it is a line in the log.
                    EventType::Alert if open.insert(key) => told.push(*at),
                    EventType::Resolve => _ = open.remove(key),
                    EventType::Alert | EventType::Comment => {}
                }
            }
            for window in told.windows(2 * storm_after + 1) {
                let took = window[2 * storm_after] - window[0];
                prop_assert!(
                    took >= 15 * 60_000 - SLACK,
                    "invariant 7: {} ALERTs of {kind} in {took} ms",
                    window.len()
                );
            }
        }
        Ok(())
    }

    /// Where nothing fails, a raise is told once.
    pub fn no_raise_is_told_twice(&self) -> Result<(), TestCaseError> {
        for id in alerts() {
            let (attempts, critical) = self.attempts(&id);
            let log = self.scene.world.log.iter().filter(|one| one.alert == id);
            let raises: Vec<Level> = log.filter_map(|one| one.facts.status.level()).collect();
            let criticals = raises.iter().filter(|level| **level == Level::Critical).count();
            prop_assert!(
                critical <= criticals && attempts <= raises.len(),
                "{id}: {attempts} ALERTs for {} raises, {critical} for {criticals} criticals",
                raises.len()
            );
        }
        Ok(())
    }

    fn without_the_key(&self) -> Result<(), TestCaseError> {
        for file in std::fs::read_dir(self.scene.folder.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let key = self.scene.key.expose().as_bytes();
            prop_assert!(
                !bytes.windows(key.len()).any(|found| found == key),
                "invariant 8: the key is in {path:?}"
            );
        }
        Ok(())
    }
}
