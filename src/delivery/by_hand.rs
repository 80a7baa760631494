//! What a person does by hand: try failed events again, drop them, forget a node. Each takes the lock first,
//! waiting for a run that is under way.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::connections::Connections;
use super::entry::{Entry, Standing};
use super::ledger::Ledger;
use super::lock::{Attempt, Lock};
use super::plan::Terms;
use super::reconcile;
use super::run::{Exit, Job, Report, RunError, deliver};
use super::store::{self, Commit, Failed, Store};
use crate::alert::{Facts, Level, NodeId, Status};
use crate::config::Config;
use crate::payload::{Action, Tier};
use crate::secret::Secret;

/// Between looks at whether the pace allows more.
const PACE: Duration = Duration::from_secs(1);

/// Puts failed events (all, where none is named) back into the outbox; the next run delivers them. Returns
/// those that there were.
pub fn retry(
    folder: &Path,
    key: &Secret,
    config: &Config,
    ids: &[i64],
    now: i64,
) -> Result<Vec<Failed>, RunError> {
    let _lock = lock(folder, now)?;
    let mut store = Store::open(folder)?;
    let key = store.fingerprint(key, &config.ilert.endpoint)?;
    let mut loaded = store.load(&key)?;
    let mut failed = store.failed()?;
    failed.retain(|failed| ids.is_empty() || ids.contains(&failed.id));
    for event in &failed {
        give_back(&mut loaded.ledger, event, now);
    }
    loaded.ledger.replan(&Terms::without_agent(config.notification.notify, now));
    let retried: Vec<i64> = failed.iter().map(|event| event.id).collect();
    let commit = Commit { adopts: loaded.adopts.as_deref(), retried: &retried, ..Commit::default() };
    store.commit(&key, &mut loaded.ledger, &commit)?;
    Ok(failed)
}

/// Drops failed events. Returns the ids that there were.
pub fn discard(folder: &Path, ids: &[i64], now: i64) -> Result<Vec<i64>, RunError> {
    let Some(_) = Store::open_existing(folder)? else { return Ok(Vec::new()) };
    let _lock = lock(folder, now)?;
    let mut store = Store::open(folder)?;
    Ok(store.discard(ids)?)
}

/// Resolves what is open for a node that is gone for good, at once. Returns the nodes that were meant.
pub async fn forget(job: &Job<'_>, node: &str) -> Result<(BTreeSet<NodeId>, Report), RunError> {
    let now = (job.clock)();
    let _lock = lock(job.state, now)?;
    let mut store = Store::open(job.state)?;
    let key = store.fingerprint(job.key, &job.config.ilert.endpoint)?;
    let mut loaded = store.load(&key)?;
    let nodes = reconcile::forget(&mut loaded.ledger, node, job.config, now);
    let commit = Commit { adopts: loaded.adopts.as_deref(), ..Commit::default() };
    store.commit(&key, &mut loaded.ledger, &commit)?;
    let terms = Terms::without_agent(job.config.notification.notify, now);
    let mut report = Report::new(now);
    deliver(
        job,
        &Connections::default(),
        &mut store,
        &key,
        &mut loaded.ledger,
        &mut loaded.pace,
        terms,
        &mut report,
    )
    .await?;
    Ok((nodes, report))
}

/// Resolves all that is open under a key which is not used any more, however long the pace makes that: at the latest
/// when the job ends. Returns how many alerts and nodes were open, and how many are still.
pub async fn hand_over(job: &Job<'_>) -> Result<(usize, usize, Report), RunError> {
    let now = (job.clock)();
    let mut report = Report::new(now);
    if Store::open_existing(job.state)?.is_none() {
        return Ok((0, 0, report));
    }
    let _lock = lock(job.state, now)?;
    let mut store = Store::open(job.state)?;
    let key = store.fingerprint(job.key, &job.config.ilert.endpoint)?;
    let before = store.open_under(&key)?;
    let (mut ledger, mut pace) = store.of_key(&key)?;
    reconcile::hand_over(&mut ledger, job.config, now);
    store.commit(&key, &mut ledger, &Commit::default())?;
    let terms = Terms::without_agent(job.config.notification.notify, now);
    let connections = Connections::default();
    loop {
        deliver(job, &connections, &mut store, &key, &mut ledger, &mut pace, terms, &mut report).await?;
        let waits = ledger.entries.values().any(|entry| !entry.waiting.is_empty());
        if !waits || report.exit != Exit::Done || Instant::now() >= job.deadline {
            return Ok((before, store.open_under(&key)?, report));
        }
        // The pace is used up.
        sleep(PACE).await;
    }
}

fn lock(folder: &Path, now: i64) -> Result<Lock, RunError> {
    static SAID: AtomicBool = AtomicBool::new(false);
    let failed = |error| RunError::Lock { folder: folder.display().to_string(), error };
    store::prepare(folder)?;
    match Lock::attempt(folder, now).map_err(failed)? {
        Attempt::Taken(lock) => Ok(lock),
        Attempt::Busy(_) => {
            if !SAID.swap(true, Ordering::Relaxed) {
                tracing::warn!("a run is under way: waiting for its end");
            }
            Lock::wait(folder, now).map_err(failed)
        }
    }
}

/// Makes a failed event due again: an ALERT of what is over by now goes with its RESOLVE.
fn give_back(ledger: &mut Ledger, failed: &Failed, now: i64) {
    let notice = &failed.notice;
    let is_alert = matches!(notice.action, Action::Alert { .. });
    if !is_alert && !ledger.entries.contains_key(&notice.subject) {
        return;
    }
    let entry = ledger.entries.entry(notice.subject.clone()).or_insert_with(|| Entry {
        standing: Some(Standing::Clear),
        facts: Facts { status: Status::Clear, when: now / 1000, ..notice.facts.clone() },
        last: Status::Clear,
        ..Entry::default()
    });
    let key = entry.keys.get_mut(notice.tier);
    (key.refused, key.stuck, key.commented) = (false, false, false);
    if is_alert && entry.standing == Some(Standing::Clear) && !entry.keys.any_open() {
        let level = if notice.tier == Tier::Warning { Level::Warning } else { Level::Critical };
        entry.peak = entry.peak.max(Some(level));
        entry.times = entry.times.max(1);
        entry.raised = notice.facts.clone();
    }
    ledger.changes.entries.insert(notice.subject.clone());
}
