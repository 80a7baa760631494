//! One `--send`, top to bottom: lock → observe → reconcile → record → dispatch → report.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::connections::Connections;
use super::dispatch::{Dispatch, Sent, Stop, in_order};
use super::entry::Entry;
use super::explain::explain;
use super::heartbeat::{Beat, beat};
use super::ledger::Ledger;
use super::lock::{Attempt, Lock};
use super::pace::Pace;
use super::plan::Terms;
use super::reconcile::{reconcile, reconcile_away};
use super::store::{self, Commit, Loaded, RunRecord, Store, StoreError};
use crate::alert::{Level, Observation};
use crate::config::{Config, DeliveredBy};
use crate::netdata::{self, Cursor, Followed, Interest};
use crate::payload::{Notice, Renderer};
use crate::secret::Secret;
use crate::text::one_line;

/// A run ends by then, so that the next one, a minute later, finds the lock free.
pub const DEADLINE: Duration = Duration::from_secs(50);
/// A run that is still going after this long (milliseconds) is worth a word.
const LONG: i64 = 60_000;
/// Longest note on an observation that is logged, in characters: host names in it are Netdata's.
const LONGEST_NOTE: usize = 500;

/// How a run, or any mode, ends: the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Done; for `--send`: all told, or left only by pace.
    Done = 0,
    /// Unexpected failure.
    Failure = 1,
    /// The command line was not understood.
    Usage = 2,
    /// The configuration, or a key file, cannot be used.
    Configuration = 3,
    /// ilert refused for good; a person must look.
    Refused = 4,
    /// Something is kept for the next run.
    Later = 75,
    /// Ctrl-C.
    Interrupted = 130,
}

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

/// How a run went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The exit code.
    pub exit: Exit,
    /// What a person should read, a line each; nothing when all is well.
    pub words: Vec<String>,
    /// What was recorded of it.
    pub record: RunRecord,
}

/// What ends a run before it could do anything.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The state cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lock cannot be used.
    #[error("cannot lock the state folder `{folder}`: {error}")]
    Lock {
        /// Which.
        folder: String,
        /// Why.
        error: io::Error,
    },
}

/// Makes ilert show what Netdata shows.
pub async fn send(job: &Job<'_>) -> Result<Report, RunError> {
    send_through(job, &Connections::default()).await
}

/// The same, with connections that an earlier run with the same configuration and key may have opened.
pub async fn send_through(job: &Job<'_>, connections: &Connections) -> Result<Report, RunError> {
    let started = (job.clock)();
    if let Some(declined) = Report::declined(job.config) {
        return Ok(declined);
    }
    store::prepare(job.state)?;
    let lock = Lock::attempt(job.state, started)
        .map_err(|error| RunError::Lock { folder: job.state.display().to_string(), error })?;
    let _lock = match lock {
        Attempt::Taken(lock) => lock,
        Attempt::Busy(since) => return Ok(Report::busy(since, started)),
    };
    let mut store = Store::open(job.state)?;
    let key = store.fingerprint(job.key, &job.config.ilert.endpoint)?;
    let Loaded { ledger, cursor, mut pace, adopts } = store.load(&key)?;
    let mended = pace.mend(started);
    let mut report = Report::new(started);
    if let Some(old) = &adopts {
        report.key_changed(&store, old)?;
    }

    let Stock { mut ledger, cursor, terms } = take_stock(job, ledger, cursor.as_ref(), &mut report).await;

    let waits = ledger.entries.values().any(|entry| !entry.waiting.is_empty());
    if waits || mended || adopts.is_some() || !ledger.changes.is_empty() {
        let commit = Commit {
            cursor: cursor.as_ref(),
            pace: mended.then_some(&pace),
            observed: true,
            adopts: adopts.as_deref(),
            ..Commit::default()
        };
        store.commit(&key, &mut ledger, &commit)?;
    }
    if waits {
        deliver(job, connections, &mut store, &key, &mut ledger, &mut pace, terms, &mut report).await?;
    }
    let beat =
        if report.exit == Exit::Done { beat(job, connections, &store).await? } else { Beat::default() };
    report.finish((job.clock)());
    report.record.problems.extend(beat.problem);
    let commit = Commit {
        cursor: cursor.as_ref(),
        heartbeat: beat.next,
        observed: true,
        run: Some(&report.record),
        ..Commit::default()
    };
    store.commit(&key, &mut ledger, &commit)?;
    store.close()?;
    Ok(report)
}

/// Sends what waits.
#[allow(clippy::too_many_arguments)] // all of a run's state, once
pub(super) async fn deliver(
    job: &Job<'_>,
    connections: &Connections,
    store: &mut Store,
    key: &str,
    ledger: &mut Ledger,
    pace: &mut Pace,
    terms: Terms,
    report: &mut Report,
) -> Result<(), StoreError> {
    let wire = match connections.events(&job.config.ilert, job.key) {
        Ok(wire) => wire,
        Err(error) => {
            report.later(format!("nothing can be sent, and all is kept: {error}"));
            return Ok(());
        }
    };
    let renderer = renderer(job, ledger);
    let dispatch = Dispatch {
        store,
        key,
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
pub async fn dry_run(job: &Job<'_>) -> Result<(Report, Vec<Notice>, Renderer), RunError> {
    let started = (job.clock)();
    let store = Store::open_existing(job.state)?;
    let loaded = match &store {
        Some(store) => match store.known_fingerprint(job.key, &job.config.ilert.endpoint)? {
            Some(key) => store.load(&key)?,
            None => Loaded::default(),
        },
        None => Loaded::default(),
    };
    let mut report = Report::new(started);
    let Stock { ledger, .. } = take_stock(job, loaded.ledger, loaded.cursor.as_ref(), &mut report).await;
    let renderer = renderer(job, &ledger);
    let notices = in_order(&ledger).map(|waiting| waiting.notice.clone()).collect();
    report.finish((job.clock)());
    Ok((report, notices, renderer))
}

fn renderer(job: &Job<'_>, ledger: &Ledger) -> Renderer {
    let version = ledger.agent.as_ref().map_or("", |agent| &agent.version);
    Renderer::new(job.config, version)
}

/// What there is to tell, and where the next observation goes on if there was one.
struct Stock {
    ledger: Ledger,
    cursor: Option<Cursor>,
    terms: Terms,
}

/// Observes and reconciles; an agent that does not answer is taken in as well.
async fn take_stock(job: &Job<'_>, ledger: Ledger, cursor: Option<&Cursor>, report: &mut Report) -> Stock {
    let looked = look(job, &ledger, cursor).await;
    let now = (job.clock)();
    let notify = job.config.notification.notify;
    let stock = match looked {
        Ok((seen, cursor)) => {
            report.observed(&seen, job.config);
            let terms = Terms { notify, now: seen.now, recorded: now };
            Stock { ledger: reconcile(ledger, &seen, job.config, now), cursor: Some(cursor), terms }
        }
        Err(error) => {
            report.away(&error, &ledger);
            let ledger = reconcile_away(ledger, &error.reason(), job.config, now);
            Stock { ledger, cursor: None, terms: Terms::without_agent(notify, now) }
        }
    };
    explain(&stock.ledger);
    stock
}

async fn look(
    job: &Job<'_>,
    ledger: &Ledger,
    cursor: Option<&Cursor>,
) -> Result<(Observation, Cursor), netdata::Error> {
    let followed: HashMap<_, _> =
        ledger.followed().map(|(alert, entry)| (alert.clone(), followed(entry))).collect();
    let covers = |node: &_| job.config.covers(node);
    job.netdata.observe(&Interest { cursor, followed: &followed, covers: &covers }).await
}

fn followed(entry: &Entry) -> Followed {
    Followed {
        transition: entry.transition.clone(),
        silenced: entry.silent && !entry.facts.silent_role(),
        raised: entry.last.level().is_some(),
    }
}

impl Report {
    pub(super) fn new(started: i64) -> Self {
        Self { exit: Exit::Done, words: Vec::new(), record: RunRecord { started, ..RunRecord::default() } }
    }

    /// The whole report where Netdata Cloud delivers: nothing is to be sent from here.
    #[must_use]
    pub fn declined(config: &Config) -> Option<Self> {
        if config.notification.delivered_by != DeliveredBy::NetdataCloud {
            return None;
        }
        let words = vec![
            "this configuration is delivered by Netdata Cloud (`delivered_by = \"netdata-cloud\"`): nothing is \
             sent from here, or everyone would be paged twice"
                .to_owned(),
        ];
        Some(Self { exit: Exit::Configuration, words, ..Self::new(0) })
    }

    /// A run is going: this one leaves.
    fn busy(since: Option<i64>, now: i64) -> Self {
        let mut report = Self::new(now);
        if let Some(since) = since.filter(|since| now - since > LONG) {
            let seconds = (now - since) / 1000;
            report
                .later(format!("another run has been going for {seconds} s; this one leaves the work to it"));
        }
        report
    }

    fn key_changed(&mut self, store: &Store, old: &str) -> Result<(), StoreError> {
        let open: usize = store.open_under(old)?;
        if open > 0 {
            self.words.push(format!(
                "the API key has changed: what was opened with the key before stays open in ilert until resolved \
                 there (alerts: {open}); what is raised is told under the new key"
            ));
        }
        Ok(())
    }

    fn observed(&mut self, seen: &Observation, config: &Config) {
        let raised = |level| {
            seen.sightings
                .iter()
                .filter(|one| one.facts.status.level() == Some(level) && config.covers(&one.alert.node))
                .count()
        };
        self.record.warnings = raised(Level::Warning);
        self.record.criticals = raised(Level::Critical);
        self.record.nodes = seen.nodes.len();
        self.record.agent = Some(seen.agent.clone());
        for note in &seen.notes {
            tracing::info!("{}", one_line(note, LONGEST_NOTE));
        }
    }

    fn away(&mut self, error: &netdata::Error, ledger: &Ledger) {
        let kept =
            if ledger.agent.is_some() { "what is open in ilert stays open" } else { "nothing was ever told" };
        self.later(format!("{error}; {kept}"));
    }

    fn sent(&mut self, sent: Sent) {
        self.record.accepted = sent.accepted;
        self.record.refused = sent.refused.len();
        for problem in sent.templates {
            self.words.push(format!("the built-in payload was sent instead: {problem}"));
        }
        if !sent.refused.is_empty() {
            self.exit = Exit::Refused;
        }
        self.words.extend(
            sent.refused
                .into_iter()
                .map(|line| format!("{line}; `--status` shows it, `--retry` tries it again")),
        );
        match sent.stop {
            None => {}
            Some(Stop::Pace) => tracing::info!("the pace is used up; the rest is left to the next run"),
            Some(Stop::KeyWrong(words)) => {
                self.exit = Exit::Refused;
                self.words.push(format!("{words}; all is kept"));
            }
            Some(Stop::Limited(left)) => {
                self.later(format!(
                    "ilert takes no more events for now (HTTP 429); all is kept, and sending goes on in {} s",
                    left.as_millis().div_ceil(1000)
                ));
            }
            Some(Stop::Endpoint(reason)) => self.later(format!("{reason}; all is kept for the next run")),
            Some(Stop::Deadline) => {
                self.later("the run's time is over; the rest is left to the next one".to_owned());
            }
        }
    }

    /// Something stays for the next run. A refusal, which a person must look at, beats it.
    fn later(&mut self, words: String) {
        if self.exit != Exit::Refused {
            self.exit = Exit::Later;
        }
        self.words.push(words);
    }

    fn finish(&mut self, now: i64) {
        self.record.took = u64::try_from(now - self.record.started).unwrap_or_default();
        self.record.exit = self.exit as u8;
        self.record.problems.clone_from(&self.words);
    }
}
