//! Reads the state folder into a status. `held`: what does not count yet.

mod held;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::model::{
    FailedEvent, LastAnswer, Lost, NotTold, Open, OpenState, ShownParent, StatusReport, SubjectNames,
    Untellable, WaitingEvent,
};
use crate::alert::{Level, NodeId};
use crate::config::{Config, Invocation};
use crate::delivery::dispatch::in_order;
use crate::delivery::entry::{self, Entry, Standing};
use crate::delivery::key::Told;
use crate::delivery::ledger::{Ledger, ParentRecord, RefusedEvent};
use crate::delivery::lock::Lock;
use crate::delivery::recall;
use crate::delivery::store::{self, Continuity, Loaded, OpenKey, Store, StoreError};
use crate::delivery::unrecorded::{Pages, Stamp, Unrecorded};
use crate::delivery::untold::Untold;
use crate::payload::{Action, KeyKind, Notice, Subject};
use crate::secret::Secret;
use held::held;

/// Reads the state folder, as it is for the key of its last run. One that does not exist yet is an empty status.
pub fn read(folder: &Path) -> Result<StatusReport, StoreError> {
    read_as(folder, None)
}

/// The same for a configuration's key and endpoint, where they are known: what is open under others is set aside.
pub fn read_as(folder: &Path, config: Option<&Config>) -> Result<StatusReport, StoreError> {
    let key = config.and_then(|config| Some((config.api_key().ok()?, config.ilert.endpoint.as_str())));
    let sender = key.as_ref().map(|(key, endpoint)| (key, *endpoint));
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

fn all_not_told(ledger: &Ledger) -> Vec<NotTold> {
    ledger.entries.iter().filter_map(|(subject, entry)| not_told(subject, entry)).collect()
}

/// A raise that counts, but that ilert was not told, and no event for it waits.
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
