//! One `--send`, top to bottom: lock → observe → reconcile → record → dispatch → report.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::connections::Connections;
use super::dispatch::{Dispatch, in_order};
use super::entry::Entry;
use super::explain::explain;
use super::heartbeat::{Beat, beat};
use super::journal::Journal;
use super::ledger::Ledger;
use super::lock::{Attempt, Lock};
use super::outage::Outages;
use super::pace::Pace;
use super::plan::Terms;
use super::reconcile::{reconcile, reconcile_away};
use super::store::{self, Commit, Continuity, Loaded, Store, StoreError};
use super::untold::{self, Untold};
use crate::alert::Observation;
use crate::config::Config;
use crate::netdata::{self, Cursor, Followed, Interest};
use crate::payload::{Notice, Renderer};
use crate::secret::Secret;

pub use super::report::{Exit, Report};
pub use super::store::StoreError as RunError;

/// A run ends by then, so that the next one, a minute later, finds the lock free.
pub const DEADLINE: Duration = Duration::from_secs(50);

/// What a run works with.
pub struct Job<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The alert source's API key.
    pub key: &'a Secret,
    /// The state folder.
    pub state: &'a Path,
    /// Asks the agent.
    pub netdata: &'a netdata::Client,
    /// This machine's clock, milliseconds since the epoch.
    pub clock: &'a dyn Fn() -> i64,
    /// When it ends, whatever is left to do.
    pub deadline: Instant,
}

/// The name under which the state keeps what was said of what goes on.
const OUTAGES: &str = "outages";

/// Makes ilert show what Netdata shows.
pub async fn send(job: &Job<'_>) -> Result<Report, StoreError> {
    send_through(job, &Connections::default()).await
}

/// The same, with connections that an earlier run with the same configuration and key may have opened.
pub async fn send_through(job: &Job<'_>, connections: &Connections) -> Result<Report, StoreError> {
    if let Some(declined) = Report::declined(job.config) {
        return Ok(declined);
    }
    let started = (job.clock)();
    let (lock, error) = match lock(job, started) {
        Ok(Attempt::Busy(since)) => return Ok(Report::busy(since, started)),
        Ok(Attempt::Taken(mut lock)) => match Store::open(job.state) {
            Ok(store) => return with_state(job, connections, store, &mut lock, started).await,
            Err(error) => (Some(lock), error),
        },
        Err(error) => (None, error),
    };
    if error.is_unwritable() {
        return Ok(without_state(job, connections, lock, &error, started).await);
    }
    Err(error)
}

fn lock(job: &Job<'_>, started: i64) -> Result<Attempt, StoreError> {
    store::prepare(job.state)?;
    Lock::attempt(job.state, started).map_err(|error| StoreError::lock(job.state, error))
}

async fn with_state(
    job: &Job<'_>,
    connections: &Connections,
    mut store: Store,
    lock: &mut Lock,
    started: i64,
) -> Result<Report, StoreError> {
    let key = store.fingerprint(job.key, &job.config.ilert.endpoint)?;
    let Loaded { mut ledger, cursor, mut pace, adopts } = store.load(&key)?;
    ledger.unrecorded = lock.unrecorded();
    let mut outages: Outages = store.note(OUTAGES)?.unwrap_or_default();
    let mended = pace.mend(started);
    let mut report = Report::new(started);
    report.first = store.continuity() == Continuity::First;
    report.continuity(store.continuity());
    if let Some(old) = &adopts {
        report.key_changed(&store, old)?;
    }

    let Reconciled { mut ledger, cursor, terms } =
        observe_and_reconcile(job, ledger, cursor.as_ref(), &mut report).await;

    let waits = ledger.has_waiting();
    let mut journal = Journal::new(&mut store, &key);
    if waits || mended || adopts.is_some() || !ledger.changes.is_empty() {
        let commit = Commit {
            cursor: cursor.as_ref(),
            pace: mended.then_some(&pace),
            observed: true,
            adopts: adopts.as_deref(),
            ..Commit::default()
        };
        journal.record(&mut ledger, &commit)?;
    }
    if waits {
        deliver(job, connections, &mut journal, &mut ledger, &mut pace, terms, &mut report).await?;
    }
    let broken = journal.broken();
    if let Some(error) = broken {
        lock.set_unrecorded(true);
        report.not_recorded(&error);
        report.finish(&mut outages, ledger.has_waiting(), (job.clock)());
        return Ok(report);
    }
    let beat =
        if report.exit == Exit::Done { beat(job, connections, &store).await? } else { Beat::default() };
    report.record.untold = ledger.untold;
    report.record.pending = ledger.pending;
    report.finish(&mut outages, ledger.has_waiting(), (job.clock)());
    report.record.problems.extend(beat.problem);
    let mut notes = vec![(OUTAGES, serde_json::to_string(&outages).unwrap_or_default())];
    if ledger.untold > 0 {
        let count = Untold::after(Untold::of(&store)?, ledger.untold, started);
        notes.push((untold::NOTE, serde_json::to_string(&count).unwrap_or_default()));
    }
    let commit = Commit {
        cursor: cursor.as_ref(),
        heartbeat: beat.next,
        observed: true,
        run: Some(&report.record),
        notes: &notes,
        ..Commit::default()
    };
    match store.commit(&key, &mut ledger, &commit) {
        Err(error) if error.is_unwritable() => {
            let words = Report::unwritable(&error);
            report.exit = Exit::Failure;
            report.words.push(words);
        }
        result => {
            result?;
            lock.set_unrecorded(false);
            // Nothing is lost where this fails: what it says is that the next records may find no room.
            report.words.extend(store.close().err().map(|error| {
                format!("everything is recorded, but no room could be kept for the next records: {error}")
            }));
        }
    }
    Ok(report)
}

/// The state cannot be written: what stands and pages leaves all the same, by what the state says as far as it can be
/// read.
async fn without_state(
    job: &Job<'_>,
    connections: &Connections,
    lock: Option<Lock>,
    error: &StoreError,
    started: i64,
) -> Report {
    let mut report = Report::new(started);
    report.not_recorded(error);
    let mut loaded = load(job).unwrap_or_default();
    loaded.ledger.trust_the_wall();
    let mut pace = loaded.pace;
    let Reconciled { mut ledger, terms, .. } =
        observe_and_reconcile(job, loaded.ledger, loaded.cursor.as_ref(), &mut report).await;
    let mut unrecorded = connections.unrecorded();
    unrecorded.told.retain(|subject| ledger.entries.get(subject).is_some_and(Entry::is_raised));
    ledger.keep_pages(&unrecorded.told);
    let due = ledger.waiting();
    let mut journal = Journal::without_state();
    // Nothing is recorded, so nothing can fail to be.
    let _ = deliver(job, connections, &mut journal, &mut ledger, &mut pace, terms, &mut report).await;
    unrecorded.told.extend(due.difference(&ledger.waiting()).cloned());
    if let Some(mut lock) = lock {
        lock.set_unrecorded(lock.unrecorded() || report.record.accepted > 0);
    }
    report.finish(&mut unrecorded.outages, ledger.has_waiting(), (job.clock)());
    connections.set_unrecorded(unrecorded);
    report
}

/// Sends what waits.
pub(super) async fn deliver(
    job: &Job<'_>,
    connections: &Connections,
    journal: &mut Journal<'_>,
    ledger: &mut Ledger,
    pace: &mut Pace,
    terms: Terms,
    report: &mut Report,
) -> Result<(), StoreError> {
    let wire = match connections.events(&job.config.ilert, job.key) {
        Ok(wire) => wire,
        Err(error) => {
            report.cannot_send(&error);
            return Ok(());
        }
    };
    let renderer = renderer(job, ledger);
    let dispatch = Dispatch {
        journal,
        ledger,
        pace,
        per_minute: job.config.delivery.events_per_minute,
        terms,
        renderer: &renderer,
        wire,
        clock: job.clock,
        deadline: job.deadline,
    };
    report.sent(dispatch.run().await?);
    Ok(())
}

/// What a run would send now, in the order in which it would; changes nothing.
pub async fn dry_run(job: &Job<'_>) -> Result<(Report, Vec<Notice>, Renderer), StoreError> {
    let loaded = load(job)?;
    let mut report = Report::new((job.clock)());
    let Reconciled { ledger, .. } =
        observe_and_reconcile(job, loaded.ledger, loaded.cursor.as_ref(), &mut report).await;
    let renderer = renderer(job, &ledger);
    let notices = in_order(&ledger).map(|waiting| waiting.notice.clone()).collect();
    report.finish(&mut Outages::default(), ledger.has_waiting(), (job.clock)());
    Ok((report, notices, renderer))
}

/// What a run would start from, for whoever writes nothing.
fn load(job: &Job<'_>) -> Result<Loaded, StoreError> {
    let Some(store) = Store::open_existing(job.state)? else { return Ok(Loaded::default()) };
    match store.known_fingerprint(job.key, &job.config.ilert.endpoint)? {
        Some(key) => store.load(&key),
        None => Ok(Loaded::default()),
    }
}

fn renderer(job: &Job<'_>, ledger: &Ledger) -> Renderer {
    let version = ledger.agent.as_ref().map_or("", |agent| &agent.version);
    Renderer::new(job.config, version)
}

/// What is due, and where the next observation goes on if there was one.
struct Reconciled {
    ledger: Ledger,
    cursor: Option<Cursor>,
    terms: Terms,
}

/// Observes and reconciles; an agent that does not answer is taken in as well.
async fn observe_and_reconcile(
    job: &Job<'_>,
    mut ledger: Ledger,
    cursor: Option<&Cursor>,
    report: &mut Report,
) -> Reconciled {
    ledger.reasons = tracing::enabled!(tracing::Level::INFO).then(Vec::new);
    let seen = observe(job, &ledger, cursor).await;
    let now = (job.clock)();
    let notify = job.config.notification.notify;
    let reconciled = match seen {
        Ok((seen, cursor)) => {
            report.observed(&seen, job.config);
            let terms = Terms { notify, now: seen.now, recorded: now };
            Reconciled { ledger: reconcile(ledger, &seen, job.config, now), cursor: Some(cursor), terms }
        }
        Err(error) => {
            report.away(&error, &ledger);
            let ledger = reconcile_away(ledger, &error.reason(), job.config, now);
            Reconciled { ledger, cursor: None, terms: Terms::without_agent(notify, now) }
        }
    };
    explain(&reconciled.ledger, now);
    reconciled
}

async fn observe(
    job: &Job<'_>,
    ledger: &Ledger,
    cursor: Option<&Cursor>,
) -> Result<(Observation, Cursor), netdata::Error> {
    let followed: HashMap<_, _> =
        ledger.followed().map(|(alert, entry)| (alert.clone(), followed(entry))).collect();
    let config = job.config.clone();
    let covers = Arc::new(move |node: &_| config.covers(node));
    job.netdata.observe(&Interest { cursor, followed: Arc::new(followed), covers }).await
}

fn followed(entry: &Entry) -> Followed {
    Followed {
        transition: entry.transition.clone(),
        silenced: entry.silent && !entry.facts.silent_role(),
        raised: entry.last.level().is_some(),
    }
}
