//! Reads the state folder into a status.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::model::{
    FailedEvent, HeldBack, HeldStatus, Hold, LastAnswer, Lost, NotTold, Open, OpenState, ShownParent,
    StatusReport, SubjectNames, Untellable, WaitingEvent,
};
use crate::alert::{Level, NodeId, Status};
use crate::config::Invocation;
use crate::delivery::dispatch::in_order;
use crate::delivery::entry::{self, Entry, Standing};
use crate::delivery::key::Told;
use crate::delivery::ledger::{Ledger, ParentRecord, RefusedEvent};
use crate::delivery::lock::Lock;
use crate::delivery::recall;
use crate::delivery::store::{self, Continuity, Loaded, OpenKey, Store, StoreError};
use crate::delivery::unrecorded::{Pages, Stamp, Unrecorded};
use crate::delivery::untold::Untold;
use crate::payload::{Action, KeyKind, Notice, StormId, Subject};
use crate::secret::Secret;

/// Reads the state folder, as it is for the key of its last run. One that does not exist yet is an empty status.
pub fn read(folder: &Path) -> Result<StatusReport, StoreError> {
    read_as(folder, None)
}

/// The same for a key and an endpoint, where they are known: what is open under another one is set aside.
pub fn read_as(folder: &Path, sender: Option<(&Secret, &str)>) -> Result<StatusReport, StoreError> {
    let (left, others_left) = left(folder, sender);
    let Some(store) = Store::open_existing(folder)? else {
        let lost = Lost::of(store::absent(folder), None);
        let unrecorded = lost.is_none() && Lock::tells_of_no_record(folder);
        let unwritable = unwritable(folder);
        let open = all_open(&with_left(Ledger::default(), &left));
        let set_aside = set_aside(&[], &others_left);
        return Ok(StatusReport {
            lost,
            unrecorded,
            unwritable,
            open,
            set_aside,
            absent: true,
            ..StatusReport::default()
        });
    };
    let known = sender.map(|(key, endpoint)| store.known_fingerprint(key, endpoint)).transpose()?.flatten();
    let (loaded, aside) = match known.map_or_else(|| store.last_key(), |key| Ok(Some(key)))? {
        Some(key) => (store.load(&key)?, store.set_aside(&key)?),
        None => (Loaded::default(), Vec::new()),
    };
    // Before its first run, nothing is decided under a key.
    let is_planned = loaded.previous_key.is_none();
    let ledger = with_left(loaded.ledger, &left);
    let failed = store.failed()?;
    let aside: Vec<OpenKey> = aside.into_iter().flat_map(|aside| aside.open).collect();
    let mut others = recall::of_others(&store)?;
    others.extend(&others_left);
    let set_aside = set_aside(&aside, &others);
    let subjects = ledger.entries.keys().chain(failed.values().map(|failed| &failed.notice.subject));
    let subjects = subjects.chain(aside.iter().map(|open| &open.subject));
    let subjects = subjects.chain(others.iter().map(|page| &page.subject));
    let twins = twins(ledger.nodes.keys().chain(subjects.map(Subject::node)));
    let lost = Lost::of(store.continuity(), store.lost_at()?);
    Ok(StatusReport {
        unrecorded: lost.is_none() && Lock::tells_of_no_record(folder),
        lost,
        last_run: store.last_run()?,
        parents: parents(&ledger),
        untold: Untold::of(&store)?,
        open: all_open(&ledger),
        held: held(&ledger),
        not_told: if is_planned { all_not_told(&ledger) } else { Vec::new() },
        waiting: in_order(&ledger).map(WaitingEvent::from).collect(),
        failed: failed.into_iter().map(FailedEvent::from).collect(),
        failed_dropped: store.failed_dropped()?,
        set_aside,
        silences: Vec::new(),
        by_hand: store.silences()?,
        unwritable: unwritable(folder),
        switched_off: false,
        delivered_by: None,
        idle_schedule: None,
        unusable: None,
        twins,
        absent: store.is_unused()?,
        invocation: Invocation::default(),
    })
}

/// The pages that left since the last record: this sender's, or all where none is known, and the others'.
fn left(folder: &Path, sender: Option<(&Secret, &str)>) -> (Pages, Pages) {
    match (Lock::noted(folder), sender) {
        (Some(Unrecorded::Known(pages)), Some((key, endpoint))) => pages.part(&Stamp::sender(key, endpoint)),
        (Some(Unrecorded::Known(pages)), None) => (pages, Pages::default()),
        _ => (Pages::default(), Pages::default()),
    }
}

fn with_left(mut ledger: Ledger, left: &Pages) -> Ledger {
    left.iter().for_each(|page| ledger.take_in(page));
    ledger
}

/// What is open under other keys: recorded, and left without a record.
fn set_aside(recorded: &[OpenKey], left: &Pages) -> Vec<Open> {
    let is_recorded =
        |page: &OpenKey| recorded.iter().any(|open| (&open.subject, open.kind) == (&page.subject, page.kind));
    let left: Vec<OpenKey> = left.iter().map(OpenKey::left).filter(|page| !is_recorded(page)).collect();
    recorded.iter().chain(&left).map(|open| Open::new(open, OpenState::Open)).collect()
}

fn all_open(ledger: &Ledger) -> Vec<Open> {
    ledger.entries.iter().flat_map(|(subject, entry)| open(subject, entry)).collect()
}

/// Why no run of this user's could write there, if the folder is there.
fn unwritable(folder: &Path) -> Option<String> {
    let error = folder.is_dir().then(|| store::check_writable(folder).err()).flatten()?;
    Some(error.to_string())
}

/// Each of several parents.
fn parents(ledger: &Ledger) -> Vec<ShownParent> {
    let shown = |parent: &ParentRecord| ShownParent {
        url: parent.url.clone(),
        answers: !parent.away,
        same_as: None,
        last: Some(LastAnswer {
            host: parent.agent.node.host.clone(),
            guid: parent.agent.node.guid.clone(),
            version: parent.agent.version.to_string(),
            answered_at: parent.answered_at,
        }),
    };
    ledger.parents.iter().map(shown).collect()
}

/// Host names that more than one machine bears.
fn twins<'a>(nodes: impl Iterator<Item = &'a NodeId>) -> BTreeSet<String> {
    let mut guids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in nodes {
        guids.entry(&node.host).or_default().insert(&node.guid);
    }
    guids.into_iter().filter(|(_, guids)| guids.len() > 1).map(|(host, _)| host.to_owned()).collect()
}

fn open(subject: &Subject, entry: &Entry) -> impl Iterator<Item = Open> {
    OpenKey::of(subject, entry).map(|open| {
        let mut shown = Open::new(&open, state(entry, open.kind));
        if let Some(state) = &entry.storm {
            shown.name.storm = Some(state.storm.state(open.kind));
        }
        shown
    })
}

fn state(entry: &Entry, kind: KeyKind) -> OpenState {
    let key = entry.keys.get(kind);
    let ends = entry
        .waiting
        .iter()
        .any(|one| one.notice.kind == kind && matches!(one.notice.action, Action::Resolve(_)));
    if key.refused.resolve {
        OpenState::Refused
    } else if key.is_over() && !ends {
        OpenState::Over
    } else if key.told == Told::Maybe {
        OpenState::Maybe
    } else {
        OpenState::Open
    }
}

fn held(ledger: &Ledger) -> Vec<HeldBack> {
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

/// A raise that counts, but that ilert was not told, and no event for it waits.
fn all_not_told(ledger: &Ledger) -> Vec<NotTold> {
    ledger.entries.iter().filter_map(|(subject, entry)| not_told(subject, entry)).collect()
}

fn not_told(subject: &Subject, entry: &Entry) -> Option<NotTold> {
    let level = entry.standing.and_then(Standing::level)?;
    let kind = match subject {
        Subject::Alert(_) => KeyKind::from(level),
        Subject::Node(_) => KeyKind::Unreachable,
        Subject::Storm(storm) => storm.kind,
    };
    if entry.member.is_some() {
        return None;
    }
    let (key, critical, warning) = (entry.keys.get(kind), entry.keys.critical, entry.keys.warning);
    let waits = entry.waiting.iter().any(|one| matches!(one.notice.action, Action::Alert(_)));
    if key.stands() || critical.stands() || waits {
        return None;
    }
    let why = if key.refused.alert {
        Untellable::Refused
    } else if entry.silent {
        Untellable::Silent
    } else if entry.muted.is_some() {
        Untellable::Silenced
    } else if level == Level::Critical && warning.stands() {
        // Criticals are not told as such: what was raised as a warning is followed.
        return None;
    } else {
        Untellable::Types
    };
    let silence = entry.muted.clone().filter(|_| why == Untellable::Silenced);
    Some(NotTold { kind, name: subject.into(), since: entry.facts.when, why, silence })
}

impl Lost {
    fn of(found: Continuity, at: Option<i64>) -> Option<Self> {
        match (found, at) {
            (Continuity::Lost, _) => Some(Self { at: None, older: None }),
            (Continuity::RolledBack { had, now }, _) => Some(Self { at: None, older: Some((now, had)) }),
            (Continuity::First | Continuity::Whole, at) => at.map(|at| Self { at: Some(at), older: None }),
        }
    }
}

impl Open {
    fn new(open: &OpenKey, state: OpenState) -> Self {
        let OpenKey { subject, kind, scheme, since } = open;
        Self {
            kind: *kind,
            name: subject.into(),
            since: *since,
            alert_key: scheme.key(subject, *kind),
            state,
        }
    }
}

fn name(notice: &Notice) -> SubjectNames {
    let storm = notice.storm.as_ref().map(|storm| storm.state(notice.kind));
    let named = SubjectNames::from(&notice.subject);
    SubjectNames { storm: storm.or(named.storm), ..named }
}

impl HeldBack {
    fn new(subject: &Subject, status: HeldStatus, by: Hold, seen: (i64, i64)) -> Self {
        let name = SubjectNames::from(subject);
        Self { status, name, by, until: None, members: Vec::new(), seen }
    }
}

impl From<&entry::Waiting> for WaitingEvent {
    fn from(waiting: &entry::Waiting) -> Self {
        Self {
            event: waiting.notice.name(),
            kind: waiting.notice.kind,
            name: name(&waiting.notice),
            since: waiting.since,
            tried: waiting.tried,
            faults: waiting.faults,
            rests_until: (waiting.rests_until > 0).then_some(waiting.rests_until),
        }
    }
}

impl From<(i64, RefusedEvent)> for FailedEvent {
    fn from((id, failed): (i64, RefusedEvent)) -> Self {
        Self {
            id,
            event: failed.notice.name(),
            kind: failed.notice.kind,
            name: name(&failed.notice),
            at: failed.at,
            status: failed.status,
            reason: failed.reason,
        }
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
