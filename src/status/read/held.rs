//! What a state holds that does not count yet.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::alert::Status;
use crate::delivery::entry::Entry;
use crate::delivery::ledger::Ledger;
use crate::payload::{StormId, Subject};
use crate::status::model::{HeldBack, HeldStatus, Hold, SubjectNames};

/// Of alerts, nodes and storms.
pub(super) fn held(ledger: &Ledger) -> Vec<HeldBack> {
    let observed = ledger.observed_at.unwrap_or_default();
    let alerts = ledger.entries.iter().filter_map(|(subject, entry)| held_alert(subject, entry, observed));
    let looked = ledger.clocks.looked_at.unwrap_or_default();
    let nodes = ledger.nodes.iter().filter_map(|(node, record)| {
        let subject = Subject::Node(node.clone());
        let is_told = ledger.entries.get(&subject).is_some_and(Entry::is_raised);
        let away = record.away_for.filter(|_| !is_told && !record.ephemeral && !record.unseen)?;
        Some(HeldBack::new(&subject, HeldStatus::Away, Hold::UnreachableAfter, (away, looked)))
    });
    alerts.chain(nodes).chain(held_storms(ledger, observed)).collect()
}

/// The storms that are open because of members whose clear does not count yet, and nothing else.
fn held_storms(ledger: &Ledger, observed: i64) -> Vec<HeldBack> {
    let open = ledger.storms().filter(|(id, entry)| entry.keys.get(id.kind).is_open());
    let mut members: BTreeMap<&StormId, Vec<(&Subject, Option<Wait>)>> =
        open.map(|(id, _)| (id, Vec::new())).collect();
    if members.is_empty() {
        return Vec::new();
    }
    for (subject, entry) in &ledger.entries {
        let list = entry.member.as_ref().and_then(|member| members.get_mut(&*member.storm));
        if let Some(list) = list {
            list.push((subject, Wait::of(entry).filter(|wait| wait.status == HeldStatus::Clear)));
        }
    }
    let held = |(id, members): (&StormId, Vec<(&Subject, Option<Wait>)>)| {
        let waits: Option<Vec<Wait>> = members.iter().map(|(_, wait)| *wait).collect();
        // What flaps is held the longest.
        let longest =
            waits?.into_iter().max_by_key(|wait| (wait.by == Hold::Flapping, Reverse(wait.seen)))?;
        let subject = Subject::Storm(id.clone());
        let mut held = longest.held(&subject, observed);
        let state = ledger.entries.get(&subject).and_then(|entry| entry.storm.as_ref());
        held.name.storm = state.map(|state| state.storm.state(id.kind));
        held.members = members.into_iter().map(|(subject, _)| SubjectNames::from(subject)).collect();
        Some(held)
    };
    members.into_iter().filter_map(held).collect()
}

/// What does not count yet.
#[derive(Clone, Copy)]
struct Wait {
    status: HeldStatus,
    by: Hold,
    /// For how long it has been seen (milliseconds).
    seen: i64,
    /// When it counts, where Netdata says that (seconds).
    due: Option<i64>,
}

impl Wait {
    fn of(entry: &Entry) -> Option<Self> {
        if let Some(held) = &entry.held {
            let status = match held.facts.status {
                Status::Warning => HeldStatus::Warning,
                Status::Critical => HeldStatus::Critical,
                _ => HeldStatus::Clear,
            };
            return Some(Self { status, by: Hold::Delay, seen: 0, due: Some(held.due) });
        }
        let gone = entry.gone.map(|gone| (HeldStatus::Gone, Hold::RemovedAfter, gone.seen));
        let clear = || entry.clearing.map(|_| (HeldStatus::Clear, by_what(entry), entry.cleared_for));
        let (status, by, seen) = gone.or_else(clear)?;
        Some(Self { status, by, seen, due: None })
    }

    fn held(self, subject: &Subject, observed: i64) -> HeldBack {
        HeldBack { until: self.due, ..HeldBack::new(subject, self.status, self.by, (self.seen, observed)) }
    }
}

fn held_alert(subject: &Subject, entry: &Entry, observed: i64) -> Option<HeldBack> {
    let concerns_ilert = entry.keys.any_open() || !entry.waiting.is_empty();
    let wait = Wait::of(entry)?;
    let is_raise = matches!(wait.status, HeldStatus::Warning | HeldStatus::Critical);
    let is_silent = entry.held.as_ref().is_some_and(|held| held.silent) || entry.muted.is_some();
    (concerns_ilert || (is_raise && !is_silent)).then(|| wait.held(subject, observed))
}

fn by_what(entry: &Entry) -> Hold {
    if entry.flapping.on { Hold::Flapping } else { Hold::ResolveAfter }
}

impl HeldBack {
    fn new(subject: &Subject, status: HeldStatus, by: Hold, seen: (i64, i64)) -> Self {
        let name = SubjectNames::from(subject);
        Self { status, name, by, until: None, members: Vec::new(), seen }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{HeldStatus, Hold, held};
    use crate::alert::{AlertId, Level, NodeId};
    use crate::delivery::entry::{Entry, Membership, Standing, StormState};
    use crate::delivery::key::Told;
    use crate::delivery::ledger::Ledger;
    use crate::payload::{KeyKind, StormId, Subject};
    use crate::status::StatusReport;

    fn member(storm: &Arc<StormId>, name: &str, clear: bool, flaps: bool) -> (Subject, Entry) {
        let node = Arc::new(NodeId { guid: "guid".into(), host: "web-1".into() });
        let subject = Subject::Alert(AlertId { node, chart: format!("chart.{name}"), name: name.into() });
        let mut entry = Entry {
            standing: Some(Standing::Raised(Level::Critical)),
            clearing: clear.then_some(1),
            cleared_for: 60_000,
            member: Some(Membership { storm: Arc::clone(storm), told: true }),
            ..Entry::default()
        };
        entry.flapping.on = flaps;
        (subject, entry)
    }

    #[test]
    fn a_storm_that_only_flapping_members_keep_open_says_so() {
        let agent = NodeId { guid: "guid".into(), host: "parent".into() };
        let storm = Arc::new(StormId { agent, kind: KeyKind::Critical, at: 1_700_000_000 });
        let mut opened = Entry { storm: Some(Box::new(StormState::default())), ..Entry::default() };
        opened.keys.critical.told = Told::Accepted;
        let of = |is_clear: bool| {
            let members = [member(&storm, "disk", true, true), member(&storm, "ram", is_clear, false)];
            let storm = (Subject::Storm((*storm).clone()), opened.clone());
            let entries = members.into_iter().chain([storm]).collect();
            held(&Ledger { observed_at: Some(2_000_000), entries, ..Ledger::default() })
        };
        assert!(of(false).is_empty(), "one of them is raised");
        let shown = of(true);
        let [held] = &shown[..] else { panic!("{shown:?}") };
        assert_eq!((held.status, held.by, held.members.len()), (HeldStatus::Clear, Hold::Flapping, 2));
        let json = serde_json::to_value(held).unwrap();
        assert_eq!((&json["by"], &json["members"][0]["alert"]), (&"flapping".into(), &"disk".into()));
        let mut status = StatusReport { held: shown, ..StatusReport::default() };
        status.foresee(&crate::config::Delivery::default());
        assert_eq!(status.held[0].until, Some(2_000 + 14 * 60));
        let text = status.text(2_000_000, 200);
        assert!(
            text.contains("flapping") && text.contains("waits for disk (chart.disk) on web-1, ram"),
            "{text}"
        );
    }
}
