//! One `--send`, top to bottom: lock → observe → reconcile → record → dispatch → report.

use serde::Serialize;

use super::asleep::Asleep;
use super::connections::Connections;
use super::dispatch::Dispatch;
use super::heartbeat::{Ping, ping_heartbeat};
use super::job::Job;
use super::ledger::Ledger;
use super::lock::{Attempt, Lock};
use super::observe::{Reconciled, observe_and_reconcile};
use super::outage::{self, Outages};
use super::pace::Pace;
use super::plan::PlanInput;
use super::quiet::{self, Circumstances, FullLook};
use super::recall::recall;
use super::recorder::Recorder;
use super::store::{self, Commit, Continuity, Loaded, PLANNED_WITH, Store, StoreError};
use super::unrecorded::Unrecorded;
use super::untold::{self, Untold};
use super::user;
use crate::config::Config;
use crate::exit::Exit;
use crate::payload::Renderer;

pub use super::report::{CLOUD_DELIVERS, CLOUD_UNPROVEN, Report};

/// Makes ilert show what Netdata shows.
pub async fn send(job: &Job<'_>) -> Result<Report, StoreError> {
    send_through(job, &Connections::default()).await
}

/// Sends through connections that an earlier run with the same configuration and key may have opened.
pub(super) async fn send_through(job: &Job<'_>, connections: &Connections) -> Result<Report, StoreError> {
    if let Some(declined) = Report::declined(job.config) {
        return Ok(declined);
    }
    let started = (job.clock)();
    let (attempt, no_lock) = match lock(job, started) {
        Ok(attempt) => (attempt, None),
        Err(error) if error.is_unwritable() => (Lock::elsewhere(job.state, started), Some(error)),
        Err(error) => return Err(error),
    };
    let mut lock = match attempt {
        Attempt::Taken(lock) => lock,
        Attempt::Busy(since) => return Ok(Report::busy(since, started)),
    };
    match no_lock.map_or_else(|| Store::open(job.state), Err) {
        Ok(store) => with_state(job, connections, store, &mut lock, started).await,
        Err(error) if error.is_unwritable() => {
            Ok(without_state(job, connections, lock, &error, started).await)
        }
        Err(error) => Err(error),
    }
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
    let visits = job.netdata.visit().await;
    let told = visits.fingerprints();
    let found = told.as_ref().map(|told| Circumstances::of(job, &store, &key, told));
    let last = quiet::last(&store);
    let missing = connections.missing_authorities(&job.config.ilert);
    if let Some(found) = &found
        && missing.is_none()
        && user::note(&store, job.file)?.is_none()
        && let Some(look) = quiet::standing(last.as_ref(), found, &store, lock)?
    {
        return quiet::run(job, connections, store, look, report_of(job, started)).await;
    }
    let (loaded, mut asleep) = Asleep::load(&store, &key, job, lock)?;
    let Loaded { mut ledger, cursor, mut pace, previous_key } = loaded;
    let mut outages = Outages::of(&store)?;
    let clamped = pace.clamp_future(started);
    let mut report = report_of(job, started);
    let left = take_in_what_left(job, &store, lock, &mut ledger, &mut pace, &mut report)?;
    report.first = store.continuity() == Continuity::First || store.is_unused()?;
    report.continuity(store.continuity(), ledger.unrecorded.is_some(), job.invocation);
    report.key_changed(&store, previous_key.as_deref())?;

    let Reconciled { mut ledger, cursor, plan_input } = observe_and_reconcile(
        &job.observer(),
        Some(visits),
        ledger,
        &mut asleep,
        cursor.as_ref(),
        &mut report,
    )
    .await;
    asleep.end()?;

    let waits = ledger.has_waiting();
    lock.stamp(job.stamp(&plan_input));
    let mut recorder = Recorder::new(&mut store, &key, lock);
    if waits || clamped || previous_key.is_some() || !ledger.changes.is_empty() {
        let commit = Commit {
            cursor: cursor.as_ref(),
            pace: clamped.then_some(&pace),
            observed: true,
            previous_key: previous_key.as_deref(),
            ..Commit::default()
        };
        recorder.record(&mut ledger, &commit)?;
    }
    if waits {
        deliver(job, connections, &mut recorder, &mut ledger, &mut pace, plan_input, &mut report).await?;
    } else if let Some(error) = &missing {
        report.cannot_send(error);
    }
    if let Some(error) = recorder.broken() {
        report.not_recorded(&error);
        report.noted(lock);
        report.finish(&mut outages, ledger.has_waiting(), (job.clock)());
        return Ok(report);
    }
    let ping = if report.exit == Exit::Done {
        ping_heartbeat(job, connections, &store).await?
    } else {
        Ping::default()
    };
    if cursor.is_some() {
        drop_silences_over(&mut store, &ledger, started);
    }
    report.record.untold = ledger.untold;
    report.record.pending = ledger.pending;
    report.finish(&mut outages, ledger.has_waiting() || missing.is_some(), (job.clock)());
    report.record.problems.extend(ping.problem);
    // Only an agent that has answered was looked at.
    let looked = found.filter(|_| cursor.is_some());
    let looked = looked.map(|found| FullLook::new(&found, &ledger, report.is_whole(), last.as_ref()));
    let mut notes = vec![
        note(outage::NOTE, &outages),
        note(quiet::NOTE, &looked),
        note(PLANNED_WITH, &quiet::digest(job.config)),
    ];
    if ledger.untold > 0 {
        let count = Untold::after(Untold::of(&store)?, ledger.untold, started);
        notes.push(note(untold::NOTE, &count));
    }
    notes.extend(left.into_iter().chain(user::note(&store, job.file)?.map(|file| (user::NOTE, file))));
    let record = report.record.clone();
    let commit = Commit {
        cursor: cursor.as_ref(),
        heartbeat: ping.next,
        observed: true,
        run: Some(&record),
        notes: &notes,
        ..Commit::default()
    };
    let committed = store.commit(&key, &mut ledger, &commit);
    if report.recorded(store, committed)? {
        lock.all_recorded(cursor.is_some());
    }
    Ok(report)
}

fn report_of(job: &Job<'_>, started: i64) -> Report {
    let mut report = Report::new(started);
    report.record.by_hand = job.by_hand;
    report
}

/// A value to keep under this name.
fn note<T: Serialize>(name: &'static str, value: &T) -> (&'static str, String) {
    (name, serde_json::to_string(value).unwrap_or_default())
}

/// Takes in the pages that left without a record: they were told, and count for the pace. Returns the note of those that
/// are not this sender's.
fn take_in_what_left(
    job: &Job<'_>,
    store: &Store,
    lock: &Lock,
    ledger: &mut Ledger,
    pace: &mut Pace,
    report: &mut Report,
) -> Result<Option<(&'static str, String)>, StoreError> {
    let sender = job.sender();
    let others = recall(store, lock, ledger, &sender)?;
    pace.count(lock.left(&sender), (job.clock)());
    match lock.unrecorded() {
        Some(Unrecorded::Known(pages)) => report.left_for_others(pages, &sender, job.invocation),
        // Of pages from before there could be a state, that is said.
        Some(Unrecorded::Some(_)) if store.continuity() == Continuity::Whole => {
            report.lost_list(job.invocation);
        }
        _ => {}
    }
    Ok(others)
}

/// What happened during them has been read. The next run does it if this fails.
fn drop_silences_over(store: &mut Store, ledger: &Ledger, now: i64) {
    if !ledger.silences.iter().any(|silence| silence.until <= now) {
        return;
    }
    if let Err(error) = store.drop_silences_over(now) {
        tracing::debug!("cannot drop silences that are over: {error}");
    }
}

/// Sends the pages that stand when the state cannot be written, using what can be read of it.
async fn without_state(
    job: &Job<'_>,
    connections: &Connections,
    mut lock: Lock,
    error: &StoreError,
    started: i64,
) -> Report {
    let mut report = Report::new(started);
    let loaded = load(job);
    match &loaded {
        Ok(_) => report.not_recorded(error),
        Err(_) => report.not_read(error),
    }
    let mut loaded = loaded.unwrap_or_default();
    loaded.ledger.count_wall_time();
    let mut pace = loaded.pace;
    let (cursor, none) = (loaded.cursor.as_ref(), &mut Asleep::none());
    let Reconciled { mut ledger, plan_input, .. } =
        observe_and_reconcile(&job.observer(), None, loaded.ledger, none, cursor, &mut report).await;
    pace.count(lock.left(&job.sender()), plan_input.recorded);
    lock.stamp(job.stamp(&plan_input));
    let mut recorder = Recorder::without_state(&mut lock, &mut ledger, &plan_input);
    // Nothing is written to the state, so no record can fail.
    let _ = deliver(job, connections, &mut recorder, &mut ledger, &mut pace, plan_input, &mut report).await;
    report.noted(&lock);
    let mut outages = connections.outages_without_state();
    report.finish(&mut outages, ledger.has_waiting(), (job.clock)());
    connections.set_outages_without_state(outages);
    report
}

/// Sends what waits.
pub(super) async fn deliver(
    job: &Job<'_>,
    connections: &Connections,
    recorder: &mut Recorder<'_>,
    ledger: &mut Ledger,
    pace: &mut Pace,
    plan_input: PlanInput,
    report: &mut Report,
) -> Result<(), StoreError> {
    let transport = match connections.events(&job.config.ilert, job.key) {
        Ok(transport) => transport,
        Err(error) => {
            report.cannot_send(&error);
            return Ok(());
        }
    };
    let renderer = renderer(job.config, ledger);
    let dispatch = Dispatch {
        recorder,
        ledger,
        pace,
        per_minute: job.config.delivery.events_per_minute,
        plan_input,
        renderer: &renderer,
        transport,
        clock: job.clock,
        random: job.random,
        deadline: job.deadline,
    };
    let sent = dispatch.run().await?;
    report.sent(sent, recorder.is_durable(), job.invocation);
    Ok(())
}

/// Loads what a run would start from; writes nothing.
pub(super) fn load(job: &Job<'_>) -> Result<Loaded, StoreError> {
    let Some(store) = Store::open_existing(job.state)? else { return Ok(Loaded::default()) };
    match store.known_fingerprint(job.key, &job.config.ilert.endpoint)? {
        Some(key) => store.load(&key),
        None => Ok(Loaded::default()),
    }
}

/// The renderer for this configuration and the ledger's agent or parents.
pub(super) fn renderer(config: &Config, ledger: &Ledger) -> Renderer {
    let renderer = Renderer::new(config, ledger.agent.as_ref().map_or("", |agent| agent.version.as_str()))
        .with_others(ledger.others());
    if ledger.parents.len() > 1 { renderer.with_dashboards(&config.netdata, ledger.urls()) } else { renderer }
}
