//! What a person does by hand: try failed events again, drop them, forget a node. Each takes the lock first,
//! waiting for a run that is under way; silences ([`silence`]) need not.

pub mod silence;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::connections::Connections;
use super::entry::{Entry, OLD_NEWS, Standing, StormState, UntoldEnd};
use super::job::Job;
use super::key::{Since, Told};
use super::ledger::{Ledger, RefusedEvent};
use super::lock::{Attempt, Lock};
use super::plan::PlanInput;
use super::recall::{self, recall};
use super::reconcile::{self, Forgotten};
use super::recorder::Recorder;
use super::report::key_changed;
use super::run::{Report, deliver};
use super::store::{self, Commit, Store, StoreError};
use crate::alert::{AlertDetails, Status};
use crate::config::Config;
use crate::exit::Exit;
use crate::payload::Action;
use crate::secret::Secret;

/// How often to check whether the pace allows more.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What became of events that were to be tried again.
#[derive(Debug)]
pub struct Retried {
    /// Those that wait again, by their ids.
    pub events: BTreeMap<i64, RefusedEvent>,
    /// Those that failed under another key: they wait for that.
    pub others: Vec<i64>,
    /// What is to be said of a key that has changed since the last run.
    pub notice: Option<String>,
}

/// Puts failed events of this key (all, where none is named) back into the outbox; the next run delivers them.
pub async fn retry(
    folder: &Path,
    key: &Secret,
    config: &Config,
    ids: &[i64],
    now: i64,
) -> Result<Retried, StoreError> {
    let _lock = lock(folder, now).await?;
    let mut store = Store::open(folder)?;
    let key = store.fingerprint(key, &config.ilert.endpoint)?;
    let mut loaded = store.load(&key)?;
    let is_meant = |id: &i64| ids.is_empty() || ids.contains(id);
    let mut failed = store.failed_of(Some(&key))?;
    failed.retain(|id, _| is_meant(id));
    let others = store.failed()?.into_keys().filter(|id| is_meant(id) && !failed.contains_key(id)).collect();
    let notice = key_changed(&store, loaded.previous_key.as_deref())?;
    for event in failed.values() {
        give_back(&mut loaded.ledger, event, now);
    }
    loaded.ledger.replan(&PlanInput::without_agent(config.notification.notify, now));
    let retried: Vec<i64> = failed.keys().copied().collect();
    let commit =
        Commit { previous_key: loaded.previous_key.as_deref(), retried: &retried, ..Commit::default() };
    store.commit(&key, &mut loaded.ledger, &commit)?;
    store.close()?;
    Ok(Retried { events: failed, others, notice })
}

/// Drops failed events. Returns the ids that were found.
pub async fn discard(folder: &Path, ids: &[i64], now: i64) -> Result<Vec<i64>, StoreError> {
    let Some(_) = Store::open_existing(folder)? else { return Ok(Vec::new()) };
    let _lock = lock(folder, now).await?;
    let mut store = Store::open(folder)?;
    let discarded = store.discard(ids)?;
    store.close()?;
    Ok(discarded)
}

/// Drops all failed events and the record of what is open under former keys; it stays open in ilert. Returns how many
/// there were of each.
pub async fn discard_all(folder: &Path, now: i64) -> Result<(usize, usize), StoreError> {
    let Some(_) = Store::open_existing(folder)? else { return Ok((0, 0)) };
    let _lock = lock(folder, now).await?;
    let mut store = Store::open(folder)?;
    let failed = store.discard_all()?;
    let set_aside = match store.last_key()? {
        Some(key) => store.forget_set_aside(&key)?,
        None => 0,
    };
    let left = recall::of_others(&store)?.iter().count();
    store.drop_note(recall::NOTE)?;
    store.close()?;
    Ok((failed, set_aside + left))
}

/// Resolves what is open for a node that is gone for good, at once. One that was reachable when last seen is left
/// alone.
pub async fn forget(job: &Job<'_>, node: &str) -> Result<(Forgotten, Report), StoreError> {
    let now = (job.clock)();
    let mut lock = lock(job.state, now).await?;
    let mut store = Store::open(job.state)?;
    let key = store.fingerprint(job.key, &job.config.ilert.endpoint)?;
    let mut loaded = store.load(&key)?;
    let mut report = Report::new(now);
    report.key_changed(&store, loaded.previous_key.as_deref())?;
    let left = recall(&store, &lock, &mut loaded.ledger, &job.sender())?;
    let forgotten = reconcile::forget(&mut loaded.ledger, node, job.config, now);
    let commit =
        Commit { previous_key: loaded.previous_key.as_deref(), notes: left.as_slice(), ..Commit::default() };
    store.commit(&key, &mut loaded.ledger, &commit)?;
    lock.all_recorded(false);
    let plan_input = PlanInput::without_agent(job.config.notification.notify, now);
    let mut recorder = Recorder::new(&mut store, &key, &mut lock);
    let (ledger, pace) = (&mut loaded.ledger, &mut loaded.pace);
    deliver(job, &Connections::default(), &mut recorder, ledger, pace, plan_input, &mut report).await?;
    report.close(&mut recorder, ledger.has_waiting(), (job.clock)());
    store.close()?;
    Ok((forgotten, report))
}

/// Resolves everything that is open under a key that is no longer used, within the pace and until the job's deadline.
/// Returns how many alerts and nodes were open, and how many still are.
pub async fn resolve_under_old_key(job: &Job<'_>) -> Result<(usize, usize, Report), StoreError> {
    let now = (job.clock)();
    if Store::open_existing(job.state)?.is_none() {
        return Ok((0, 0, Report::of_the_last(now)));
    }
    let mut lock = lock(job.state, now).await?;
    let mut store = Store::open(job.state)?;
    let key = store.fingerprint(job.key, &job.config.ilert.endpoint)?;
    let before = store.open_under(&key)?;
    let (mut ledger, mut pace) = store.of_key(&key)?;
    let left = recall(&store, &lock, &mut ledger, &job.sender())?;
    reconcile::resolve_under_old_key(&mut ledger, job.config, now);
    store.commit(&key, &mut ledger, &Commit { notes: left.as_slice(), ..Commit::default() })?;
    lock.all_recorded(false);
    let plan_input = PlanInput::without_agent(job.config.notification.notify, now);
    let connections = Connections::default();
    loop {
        let mut report = Report::of_the_last(now);
        let mut recorder = Recorder::new(&mut store, &key, &mut lock);
        deliver(job, &connections, &mut recorder, &mut ledger, &mut pace, plan_input, &mut report).await?;
        report.close(&mut recorder, ledger.has_waiting(), (job.clock)());
        if !ledger.has_waiting() || report.exit != Exit::Done || Instant::now() >= job.deadline {
            let left = store.open_under(&key)?;
            store.close()?;
            return Ok((before, left, report));
        }
        // The pace is used up.
        sleep(LOOK_AGAIN).await;
    }
}

/// Takes the lock, waiting for a run that is under way.
pub(super) async fn lock(folder: &Path, now: i64) -> Result<Lock, StoreError> {
    // Once for each configuration that a thread works on.
    thread_local! {
        static SAID: Cell<bool> = const { Cell::new(false) };
    }
    let failed = |error| StoreError::lock(folder, error);
    store::prepare(folder)?;
    if let Attempt::Taken(lock) = Lock::attempt(folder, now).map_err(failed)? {
        return Ok(lock);
    }
    if !SAID.replace(true) {
        tracing::warn!("a run is under way: waiting for its end");
    }
    let path = folder.to_owned();
    // Waiting blocks: on a thread of its own, so that Ctrl-C ends it.
    let waited = tokio::task::spawn_blocking(move || Lock::wait(&path, now)).await;
    waited.unwrap_or_else(|error| Err(std::io::Error::other(error))).map_err(failed)
}

/// Opens the state beside a run that may be under way. Only what makes the database takes the lock.
pub(super) async fn open(folder: &Path, now: i64) -> Result<Store, StoreError> {
    let is_there = Store::open_existing(folder)?.is_some();
    let _lock = if is_there { None } else { Some(lock(folder, now).await?) };
    Store::open(folder)
}

/// Makes a failed event due again. An ALERT of what is over by now is followed by its RESOLVE.
fn give_back(ledger: &mut Ledger, failed: &RefusedEvent, now: i64) {
    let notice = &failed.notice;
    let Action::Alert(raise) = notice.action else {
        if let Some(entry) = ledger.entries.get_mut(&notice.subject) {
            entry.keys.get_mut(notice.kind).refused.set(&notice.action, false);
            ledger.changes.entries.insert(notice.subject.clone());
        }
        return;
    };
    let entry = ledger.entries.entry(notice.subject.clone()).or_insert_with(|| Entry {
        standing: Some(Standing::Clear),
        facts: AlertDetails { status: Status::Clear, ..notice.facts.clone() },
        last: Status::Clear,
        storm: notice
            .storm
            .clone()
            .map(|storm| Box::new(StormState { storm: *storm, ..StormState::default() })),
        ..Entry::default()
    });
    let is_raised = entry.is_raised();
    let key = entry.keys.get_mut(notice.kind);
    key.refused.set(&notice.action, false);
    if !is_raised {
        // Told again, it is told whole; ilert may have taken it before, so a RESOLVE is due whether it is told or not.
        key.refused.resolve = false;
        if key.is_open() {
            key.since = Since::Over;
            key.told = Told::Maybe;
        }
        // Only an event that was late news already knows when its alert ended. However old, a person asks for it.
        let ended = raise.cleared.filter(|at| now / 1000 - at <= OLD_NEWS).unwrap_or_default();
        entry.peak_ended = Some(UntoldEnd { at: ended, cleared: true });
        entry.peak = entry.peak.max(Some(notice.kind.level()));
        entry.times = entry.times.max(1);
        entry.peak_facts = notice.facts.clone();
    }
    ledger.changes.entries.insert(notice.subject.clone());
}
